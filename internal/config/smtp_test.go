package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSMTP(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     SMTP
	}{
		{"STARTTLS", "smtp://ana%40x:p%3As@Mail.example", SMTP{"mail.example", 587, SMTPStartTLS, "ana@x", "p:s"}},
		{"TLS", "smtps://u:p@mail.example", SMTP{"mail.example", 465, SMTPImplicit, "u", "p"}},
		{"a port", "smtp://mail.example:2525/", SMTP{"mail.example", 2525, SMTPStartTLS, "", ""}},
		{"plain on loopback", "smtp://127.0.0.1:25?tls=none", SMTP{"127.0.0.1", 25, SMTPNone, "", ""}},
		{"plain in a network of one's own", "smtp://10.1.2.3?tls=none", SMTP{"10.1.2.3", 587, SMTPNone, "", ""}},
		{"plain to a container", "smtp://mailpit:1025?tls=none", SMTP{"mailpit", 1025, SMTPNone, "", ""}},
		{"IPv6", "smtp://[::1]:25?tls=none", SMTP{"::1", 25, SMTPNone, "", ""}},
	}
	for _, tt := range tests {
		c, err := parse(t, "--smtp-url="+tt.in, "--mail-from=Kabar <blog@blog.example>")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, c.SMTP()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestSMTPRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, url, from, want string
	}{
		{"without a sender", "smtp://mail.example", "", "KABAR_SMTP_URL: set without KABAR_MAIL_FROM"},
		{"without a server", "", "blog@blog.example", "KABAR_MAIL_FROM: set without KABAR_SMTP_URL"},
		{"no address", "mail.example:25", "b@b.example", "KABAR_SMTP_URL:"},
		{"of another kind", "https://u:s3cret@mail.example", "b@b.example", `KABAR_SMTP_URL: "https" is none of`},
		{"no host", "smtp://", "b@b.example", "KABAR_SMTP_URL: not an address"},
		{"a password with strange characters", "smtp://u:s3cret%zz@mail.example", "b@b.example", "KABAR_SMTP_URL: not an address"},
		{"a line break", "smtp://u:s3cret%0D%0AX@mail.example", "b@b.example", "KABAR_SMTP_URL: a line break"},
		{"no port", "smtp://mail.example:99999", "b@b.example", "KABAR_SMTP_URL:"},
		{"plain in public", "smtp://u:s3cret@mail.example?tls=none", "b@b.example", "KABAR_SMTP_URL: ?tls=none: only for servers at loopback"},
		{"plain to a public address", "smtp://192.0.2.1?tls=none", "b@b.example", "KABAR_SMTP_URL: ?tls=none"},
		{"another setting", "smtp://mail.example?tls=maybe", "b@b.example", "KABAR_SMTP_URL: ?tls=maybe"},
		{"a sender that is none", "smtp://mail.example", "blog", "KABAR_MAIL_FROM:"},
		{"a sender with a header", "smtp://mail.example", "b@b.example\r\nBcc: e@e.example", "KABAR_MAIL_FROM:"},
	}
	for _, tt := range tests {
		_, err := parse(t, "--smtp-url="+tt.url, "--mail-from="+tt.from)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.ContainsAny(err.Error(), "\r\n") {
			t.Errorf("%s: %v, want %s…", tt.name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the password is told: %v", tt.name, err)
		}
	}
}
