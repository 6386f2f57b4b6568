package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"kabar/internal/blog"
	"kabar/internal/config"
)

// stepTime bounds each of the three steps of sending: to connect, to agree on
// TLS and who we are, and to hand the letter over. All of them fit into a job.
const stepTime = 15 * time.Second

// ErrNotConfigured says that the owner named no SMTP server.
var ErrNotConfigured error = &Error{Step: "send", Err: errors.New("KABAR_SMTP_URL is not set"), permanent: true}

// Sender delivers letters to one SMTP server. The zero value sends none. It is
// safe for concurrent use.
type Sender struct {
	Server config.SMTP
	From   string // "Name <address>"; a name that is missing is Name's
	// Name returns the title of the blog.
	Name  func(context.Context) (string, error)
	Roots *x509.CertPool // nil = the machine's
}

// Configured reports whether there is a server to send through.
func (s *Sender) Configured() bool { return s != nil && s.Server.Host != "" }

// Error is a letter that was not taken.
type Error struct {
	Step      string // connect or send
	Err       error
	permanent bool
}

func (e *Error) Error() string { return "mail: " + e.Step + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Permanent reports whether the same letter would be refused again (5yz of RFC
// 5321, 4.2.1). What is wrong with the server or with the account there may be
// put right and is not permanent.
func (e *Error) Permanent() bool { return e.permanent }

// Send hands a letter to the server and returns when that has taken it. Errors:
// *Error.
func (s *Sender) Send(ctx context.Context, m blog.Mail) error {
	if !s.Configured() {
		return ErrNotConfigured
	}
	msg, err := s.message(ctx, m)
	if err != nil {
		return err
	}
	return s.session(ctx, func(c *gomail.Client) error {
		if err := c.Send(msg); err != nil && !msg.IsDelivered() {
			var refused *gomail.SendError
			return &Error{"send", err, errors.As(err, &refused) && refused.ErrorCode()/100 == 5}
		}
		return nil
	})
}

// Check connects and signs in, and sends nothing.
func (s *Sender) Check(ctx context.Context) error {
	if !s.Configured() {
		return ErrNotConfigured
	}
	if _, err := s.sender(ctx); err != nil {
		return err
	}
	return s.session(ctx, func(*gomail.Client) error { return nil })
}

// session does something on a connection of its own. The end of ctx cuts it.
func (s *Sender) session(ctx context.Context, do func(*gomail.Client) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := gomail.NewClient(s.Server.Host, s.options(ctx)...)
	if err != nil {
		return &Error{"connect", err, false}
	}
	if err := c.DialWithContext(ctx); err != nil {
		return &Error{"connect", err, false}
	}
	err = do(c)
	_ = c.Close() // the letter is there, or the error says why not
	return err
}

func (s *Sender) options(life context.Context) []gomail.Option {
	secure := &tls.Config{ServerName: s.Server.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	options := []gomail.Option{
		gomail.WithPort(s.Server.Port), gomail.WithTimeout(stepTime), gomail.WithTLSConfig(secure),
		gomail.WithDialContextFunc(dialer(life, s.Server.TLS == config.SMTPImplicit, secure)),
	}
	ways := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin}
	switch s.Server.TLS {
	case config.SMTPImplicit:
		options = append(options, gomail.WithSSL())
	case config.SMTPNone:
		// The settings allow it on private addresses only.
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
		ways = []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc}
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.Server.User != "" {
		options = append(options, gomail.WithOpportunisticSMTPAuth(ways...),
			gomail.WithUsername(s.Server.User), gomail.WithPassword(s.Server.Password))
	}
	return options
}

// dialer makes connections that end with life: what go-mail reads knows of a
// deadline only.
func dialer(life context.Context, implicit bool, secure *tls.Config) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(life, func() { _ = conn.Close() })
		if !implicit {
			return conn, nil
		}
		encrypted := tls.Client(conn, secure)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return encrypted, nil
	}
}

// sender is who the letters are from.
func (s *Sender) sender(ctx context.Context) (*mail.Address, error) {
	from, err := address(s.From)
	if err != nil {
		return nil, err
	}
	if from.Name == "" && s.Name != nil {
		name, err := s.Name(ctx)
		if err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
		from.Name = oneLine(name)
	}
	return from, nil
}

// address reads one address. Line breaks, which would begin a header of their
// own, are in none that it takes.
func address(text string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress(text)
	if err == nil && strings.ContainsFunc(parsed.Address+parsed.Name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		err = errors.New("mail: control characters in an address")
	}
	if err != nil {
		return nil, &Error{"send", fmt.Errorf("%q is no address: %w", text, err), true}
	}
	return parsed, nil
}

// message builds the mail of RFC 5322: plain text, and the same as HTML.
func (s *Sender) message(ctx context.Context, m blog.Mail) (*gomail.Msg, error) {
	from, err := s.sender(ctx)
	if err != nil {
		return nil, err
	}
	to, err := address(m.To)
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(m.Subject+m.Language+m.Unsubscribe+m.List+m.From+m.ReplyTo, "\r\n\x00") {
		return nil, &Error{"send", errors.New("a line break in a header"), true}
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if m.From != "" {
		from.Name = m.From
	}
	msg.FromMailAddress(from)
	if m.List != "" {
		msg.SetGenHeader("List-Id", listID(m.List, from.Address))
		msg.SetGenHeader("Precedence", "list")
	}
	if m.ReplyTo != "" {
		if err := msg.ReplyTo(m.ReplyTo); err != nil {
			return nil, &Error{"send", errors.New("the address for replies is none"), true}
		}
	}
	msg.ToMailAddress(to)
	msg.Subject(m.Subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(m.ID.String() + "@" + from.Address[strings.LastIndexByte(from.Address, '@')+1:])
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday note comes back
	if m.Language != "" {
		msg.SetGenHeader("Content-Language", m.Language)
	}
	if u, err := url.Parse(m.Unsubscribe); err == nil && u.Host != "" {
		msg.SetListUnsubscribe(m.Unsubscribe)
		if u.Scheme == "https" {
			msg.SetListUnsubscribePost()
		}
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return msg, nil
}

// listID is the name of a list with its id below the sender's domain (RFC 2919).
// What a quoted string cannot hold as it is is left out of the name.
func listID(name, from string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, name)
	id := "<newsletter." + from[strings.LastIndexByte(from, '@')+1:] + ">"
	if name = oneLine(name); name == "" {
		return id
	}
	return `"` + name + `" ` + id
}

// Status is the answer of the server in an error, 0 without one.
func Status(err error) int {
	var refused *gomail.SendError
	if errors.As(err, &refused) {
		return refused.ErrorCode()
	}
	var answer *textproto.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}
