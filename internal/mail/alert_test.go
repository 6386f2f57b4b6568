package mail_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/mail"
)

// TestAlert says what happened, where, and what to do, in the language of who
// gets it, and nothing that is secret.
func TestAlert(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	a := &mail.Alerts{Blog: d.blog, Sender: d.digests.Sender, Page: "/studio/security"}
	e := blog.AuditEntry{
		ID: uuid.New(), At: d.clock(), Subject: d.owner.ID.String(),
		Detail: map[string]string{"device": "Firefox, Linux", "network": "192.0.2.0/24", "name": "ponsel\r\nBcc: x@evil.example"},
	}
	indonesian := d.owner
	indonesian.Language = "id"
	tests := []struct {
		action string
		to     blog.Account
		want   string
	}{
		{auth.EventSignIn, d.owner, "Kabar: Sign-in from a new device or network"},
		{auth.EventPassword, indonesian, "Kabar: Kata sandi diganti"},
		{auth.EventPasskeyAdd, d.owner, "Kabar: A passkey was added"},
	}
	for _, tt := range tests {
		e.Action = tt.action
		m, err := a.Alert(t.Context(), tt.to, e)
		d.check(err)
		if m.Subject != tt.want || m.To != "ana@rumah.example" || m.ID != e.ID || m.Unsubscribe != "" {
			t.Errorf("%s: %+v", tt.action, m)
		}
		for _, part := range []string{"Firefox, Linux · 192.0.2.0/24", "https://blog.example/studio/security", "ana"} {
			if !strings.Contains(m.Text, part) {
				t.Errorf("%s: no %q in\n%s", tt.action, part, m.Text)
			}
		}
	}
	nobody := d.owner
	nobody.Email = ""
	if m, err := a.Alert(t.Context(), nobody, e); err != nil || m != nil {
		t.Errorf("without an address: %v, %v", m, err)
	}
	a.Sender = nil
	if m, err := a.Alert(t.Context(), d.owner, e); err != nil || m != nil {
		t.Errorf("without a server: %v, %v", m, err)
	}
}
