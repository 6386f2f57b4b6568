package mail_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/config"
	"kabar/internal/mail"
)

var id = uuid.MustParse("01937a00-0000-7000-8000-000000000001")

func letter(t *testing.T) blog.Mail {
	t.Helper()
	m, err := mail.Letter{
		Language: "id", Blog: "Kabar <Desa>", Subject: "Ada 2 hal baru — <b>kopi</b>\r\ndi blog Anda",
		Entries: []mail.Entry{{Title: "Mika & Joko menjawab", Text: "Enak <sekali>", URL: "https://blog.example/kopi#c-1"}},
		More:    &mail.Link{Text: "Buka", URL: "https://blog.example/studio"}, Reason: "Karena Anda memintanya.",
		Leave: "https://blog.example/-/leave/abc",
	}.Mail(id, "ana@rumah.example")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func sender(p *postOffice, how config.SMTPTLS) *mail.Sender {
	return &mail.Sender{
		Server: p.server(how), From: "blog@blog.example", Roots: p.roots(),
		Name: func(context.Context) (string, error) { return "Kabar \"Desa\" é", nil },
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		set    func(*postOffice)
		how    config.SMTPTLS
		user   string
		secure bool
	}{
		{"STARTTLS", func(*postOffice) {}, config.SMTPStartTLS, "", true},
		{"STARTTLS and a password", func(p *postOffice) { p.password = "s3cret" }, config.SMTPStartTLS, "user", true},
		{"TLS from the start", func(p *postOffice) { p.implicit, p.password = true, "s3cret" }, config.SMTPImplicit, "user", true},
		{"plain", func(p *postOffice) { p.plain = true }, config.SMTPNone, "", false},
		{"plain and a password", func(p *postOffice) { p.plain, p.password = true, "s3cret" }, config.SMTPNone, "user", false},
		{"a rude good-bye", func(p *postOffice) { p.answers["RSET"], p.answers["QUIT"] = "", "" }, config.SMTPStartTLS, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPostOffice(t, tt.set)
			s := sender(p, tt.how)
			s.Server.User, s.Server.Password = tt.user, p.password
			if err := s.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.Send(t.Context(), letter(t)); err != nil {
				t.Fatal(err)
			}
			if len(p.taken()) != 1 || p.secure[0] != tt.secure {
				t.Errorf("%d letters, encrypted: %v", len(p.letters), p.secure)
			}
			if diff := cmp.Diff([]string{"FROM:<blog@blog.example>", "TO:<ana@rumah.example>"}, append(p.from, p.to...)); diff != "" {
				t.Errorf("envelope (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLetter reads a letter as a mail program does.
func TestLetter(t *testing.T) {
	t.Parallel()
	p := newPostOffice(t, func(*postOffice) {})
	if err := sender(p, config.SMTPStartTLS).Send(t.Context(), letter(t)); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(p.taken()[0]))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"From": `Kabar "Desa" é <blog@blog.example>`, "To": "<ana@rumah.example>", "Subject": "Ada 2 hal baru — <b>kopi</b> di blog Anda",
		"Message-ID": "<" + id.String() + "@blog.example>", "Auto-Submitted": "auto-generated", "Content-Language": "id",
		"List-Unsubscribe": "<https://blog.example/-/leave/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Mime-Version": "1.0",
	} {
		got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
		if name == "From" {
			got = strings.NewReplacer(`"Kabar \"Desa\" é"`, `Kabar "Desa" é`).Replace(got)
		}
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	parts := bodies(t, m)
	for _, want := range []string{"Enak <sekali>", "https://blog.example/kopi#c-1", "Berhenti menerima surel ini: https://blog.example/-/leave/abc"} {
		if !strings.Contains(parts["text/plain"], want) {
			t.Errorf("the text has no %q:\n%s", want, parts["text/plain"])
		}
	}
	for _, want := range []string{"Enak &lt;sekali&gt;", `<a href="https://blog.example/kopi#c-1"`, "Mika &amp; Joko", `lang="id"`} {
		if !strings.Contains(parts["text/html"], want) {
			t.Errorf("the HTML has no %q:\n%s", want, parts["text/html"])
		}
	}
}

func bodies(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		found[kind] = string(body)
	}
}

// TestNotTaken tells what to try again from what not.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	answers := func(step, answer string) func(*postOffice) {
		return func(p *postOffice) { p.answers[step] = answer }
	}
	tests := []struct {
		name      string
		set       func(*postOffice)
		permanent bool
		status    int
	}{
		{"no such person", answers("RCPT", "550 5.1.1 nobody"), true, 550},
		{"a full box", answers("RCPT", "452 4.2.2 full"), false, 452},
		{"greylisting", answers("MAIL", "451 4.7.1 later"), false, 451},
		{"not from us", answers("MAIL", "553 no"), true, 553},
		{"refused content", answers("end", "554 spam"), true, 554},
		{"a busy server", answers("greeting", "421 busy"), false, 421},
		{"cut at the greeting", answers("greeting", ""), false, 0},
		{"cut after the letter", answers("end", ""), false, 0},
		{"no STARTTLS", func(p *postOffice) { p.plain = true }, false, 0},
		{"a STARTTLS that fails", answers("STARTTLS", "454 no"), false, 454},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := sender(newPostOffice(t, tt.set), config.SMTPStartTLS).Send(t.Context(), letter(t))
			var refused *mail.Error
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			if refused.Permanent() != tt.permanent || mail.Status(err) != tt.status {
				t.Errorf("%v: permanent %t, status %d", err, refused.Permanent(), mail.Status(err))
			}
		})
	}
}

func TestWhoTheServerIs(t *testing.T) {
	t.Parallel()
	p := newPostOffice(t, func(p *postOffice) { p.password = "s3cret" })
	strange := sender(p, config.SMTPStartTLS)
	strange.Roots = x509.NewCertPool()
	wrong := sender(p, config.SMTPStartTLS)
	wrong.Server.User, wrong.Server.Password = "user", "gu3ss"
	for name, s := range map[string]*mail.Sender{"a certificate of nobody": strange, "a wrong password": wrong} {
		err := s.Send(t.Context(), letter(t))
		var refused *mail.Error
		if !errors.As(err, &refused) || refused.Permanent() {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "gu3ss") {
			t.Errorf("%s: the error tells the password: %v", name, err)
		}
	}
	if len(p.taken()) != 0 {
		t.Error("a letter was handed over")
	}
}

// TestHang gives up when its time is over.
func TestHang(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"greeting", "EHLO", "STARTTLS", "MAIL", "DATA", "end"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			p := newPostOffice(t, func(p *postOffice) { p.answers[step] = "hang" })
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			var refused *mail.Error
			if err := sender(p, config.SMTPStartTLS).Send(ctx, letter(t)); !errors.As(err, &refused) || refused.Permanent() {
				t.Errorf("got %v", err)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("gave up after %s", took)
			}
		})
	}
}

// TestHeaderInjection: nothing that is given begins a header of its own.
func TestHeaderInjection(t *testing.T) {
	t.Parallel()
	p := newPostOffice(t, func(*postOffice) {})
	const evil = "\r\nBcc: eve@evil.example\r\n\r\nbody"
	tests := []struct {
		name string
		do   func(*mail.Sender, *blog.Mail)
	}{
		{"to", func(_ *mail.Sender, m *blog.Mail) { m.To += evil }},
		{"two people", func(_ *mail.Sender, m *blog.Mail) { m.To += ", eve@evil.example" }},
		{"a name", func(_ *mail.Sender, m *blog.Mail) { m.To = "\"Ana" + evil + "\" <ana@rumah.example>" }},
		{"an encoded name", func(_ *mail.Sender, m *blog.Mail) {
			m.To = "=?utf-8?Q?Ana=0D=0ABcc:_eve@evil.example?= <ana@rumah.example>"
		}},
		{"subject", func(_ *mail.Sender, m *blog.Mail) { m.Subject += evil }},
		{"subject, bare", func(_ *mail.Sender, m *blog.Mail) { m.Subject += "\nBcc: eve@evil.example" }},
		{"language", func(_ *mail.Sender, m *blog.Mail) { m.Language += evil }},
		{"leave", func(_ *mail.Sender, m *blog.Mail) { m.Unsubscribe += evil }},
		{"from", func(s *mail.Sender, _ *blog.Mail) { s.From += evil }},
		{"empty", func(_ *mail.Sender, m *blog.Mail) { m.To = "" }},
	}
	for _, tt := range tests {
		s, m := sender(p, config.SMTPStartTLS), letter(t)
		tt.do(s, &m)
		var refused *mail.Error
		if err := s.Send(t.Context(), m); !errors.As(err, &refused) || !refused.Permanent() {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	// The blog's title stands in a header as text.
	s := sender(p, config.SMTPStartTLS)
	s.Name = func(context.Context) (string, error) { return "Kabar" + evil, nil }
	if err := s.Send(t.Context(), letter(t)); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(p.taken()[0]))
	if err != nil || m.Header.Get("Bcc") != "" || len(p.to) != 1 {
		t.Errorf("the title added a header: %v, to %v", m.Header, p.to)
	}
}

func TestNotConfigured(t *testing.T) {
	t.Parallel()
	for _, s := range []*mail.Sender{nil, {}} {
		if err := s.Send(t.Context(), letter(t)); !errors.Is(err, mail.ErrNotConfigured) || s.Configured() {
			t.Errorf("got %v", err)
		}
	}
}
