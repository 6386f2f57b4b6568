package mail_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"kabar/internal/config"
)

// postOffice is an SMTP server on loopback. What it answers to a verb can be
// set; "" cuts the connection, "hang" never answers.
type postOffice struct {
	t        *testing.T
	listener net.Listener
	tls      *tls.Config
	implicit bool
	plain    bool // no STARTTLS
	password string
	answers  map[string]string

	mu      sync.Mutex
	letters []string
	from    []string
	to      []string
	secure  []bool
	closed  chan struct{}
}

func newPostOffice(t *testing.T, set func(*postOffice)) *postOffice {
	t.Helper()
	web := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(web.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{
		t: t, listener: l, tls: &tls.Config{Certificates: web.TLS.Certificates}, answers: map[string]string{}, closed: make(chan struct{}),
	}
	set(p)
	t.Cleanup(func() { close(p.closed); l.Close() })
	go p.run()
	return p
}

func (p *postOffice) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	cert, err := x509.ParseCertificate(p.tls.Certificates[0].Certificate[0])
	if err != nil {
		p.t.Fatal(err)
	}
	pool.AddCert(cert)
	return pool
}

func (p *postOffice) server(how config.SMTPTLS) config.SMTP {
	return config.SMTP{Host: "127.0.0.1", Port: p.listener.Addr().(*net.TCPAddr).Port, TLS: how}
}

func (p *postOffice) run() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.serve(conn)
	}
}

// session is one connection.
type session struct {
	*postOffice
	conn   net.Conn
	in     *bufio.Reader
	secure bool
}

func (p *postOffice) serve(conn net.Conn) {
	defer conn.Close()
	s := &session{postOffice: p, conn: conn}
	if p.implicit {
		s.encrypt()
	}
	s.in = bufio.NewReader(s.conn)
	if !s.say("greeting", "220 post.example ESMTP") {
		return
	}
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if !s.take(strings.ToUpper(verb), rest) {
			return
		}
	}
}

func (s *session) encrypt() {
	s.conn, s.secure = tls.Server(s.conn, s.tls), true
	s.in = bufio.NewReader(s.conn)
}

// say answers as usual, or as was set for the step.
func (s *session) say(step, usual string) bool {
	answer, set := s.answers[step]
	switch {
	case !set:
		answer = usual
	case answer == "":
		return false
	case answer == "hang":
		<-s.closed
		return false
	}
	_, err := s.conn.Write([]byte(answer + "\r\n"))
	return err == nil
}

func (s *session) take(verb, rest string) bool {
	switch verb {
	case "EHLO":
		answer := "250-post.example\r\n"
		if !s.plain && !s.secure {
			answer += "250-STARTTLS\r\n"
		}
		return s.say("EHLO", answer+"250 AUTH PLAIN LOGIN")
	case "STARTTLS":
		if !s.say("STARTTLS", "220 go") {
			return false
		}
		s.encrypt()
		return true
	case "AUTH":
		if given, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN ")); err != nil || string(given) != "\x00user\x00"+s.password {
			return s.say("AUTH", "535 wrong")
		}
		return s.say("AUTH", "235 welcome")
	case "MAIL":
		s.note(&s.from, rest)
		return s.say("MAIL", "250 ok")
	case "RCPT":
		s.note(&s.to, rest)
		return s.say("RCPT", "250 ok")
	case "DATA":
		return s.say("DATA", "354 go") && (s.answers["DATA"] != "" || s.letter())
	case "QUIT":
		s.say("QUIT", "221 bye")
		return false
	}
	return s.say(verb, "250 ok")
}

func (s *session) note(list *[]string, rest string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, rest)
}

// letter reads a mail to its end.
func (s *session) letter() bool {
	var b strings.Builder
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		b.WriteString(line)
	}
	s.note(&s.letters, b.String())
	s.mu.Lock()
	s.postOffice.secure = append(s.postOffice.secure, s.secure)
	s.mu.Unlock()
	return s.say("end", "250 taken")
}

// taken are the letters so far.
func (p *postOffice) taken() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.letters
}
