package auth_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

// doings are what the site does at its other paths; "q" is what was typed.
var doings = map[string]func(*site, *http.Request) string{
	"/login/budi": func(s *site, r *http.Request) string {
		_, err := s.auth.Login(r.Context(), "budi", r.URL.Query().Get("password"), client(r))
		return said(err)
	},
	"/second": func(s *site, r *http.Request) string {
		_, err := s.auth.Second(r.Context(), r.URL.Query().Get("q"), client(r))
		return said(err)
	},
	"/app": func(s *site, r *http.Request) string {
		if err := s.auth.BeginApp(r.Context()); err != nil {
			return err.Error()
		}
		app, err := s.auth.AppInSetup(r.Context(), "Ruang: Tengah")
		if err != nil {
			return err.Error()
		}
		return app.Secret + " " + app.URL
	},
	"/app/confirm": func(s *site, r *http.Request) string {
		codes, err := s.auth.ConfirmApp(r.Context(), r.URL.Query().Get("q"), client(r))
		return listed(codes, err)
	},
	"/app/remove": func(s *site, r *http.Request) string { return said(s.auth.RemoveApp(r.Context(), client(r))) },
	"/codes": func(s *site, r *http.Request) string {
		codes, err := s.auth.NewCodes(r.Context(), client(r))
		return listed(codes, err)
	},
	"/confirmed": func(s *site, r *http.Request) string { return said(s.auth.Confirmed(r.Context())) },
	"/confirm": func(s *site, r *http.Request) string {
		return said(s.auth.Confirm(r.Context(), r.URL.Query().Get("q"), client(r)))
	},
	"/password": func(s *site, r *http.Request) string {
		present, next, _ := strings.Cut(r.URL.Query().Get("q"), "|")
		return said(s.auth.ChangePassword(r.Context(), present, next, client(r)))
	},
	"/sign-ins": func(s *site, r *http.Request) string {
		list, this, err := s.auth.SignIns(r.Context())
		if err != nil {
			return err.Error()
		}
		var lines []string
		for _, in := range list {
			line := strings.Join([]string{in.Device, in.Network, string(in.Method)}, " ")
			if in.ID == this {
				line += " (this)"
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n")
	},
	"/end": func(s *site, r *http.Request) string {
		_, err := s.auth.End(r.Context(), uuid.MustParse(r.URL.Query().Get("q")), client(r))
		return said(err)
	},
	"/passkey/make": func(s *site, r *http.Request) string { return asked(s.auth.MakePasskey(r.Context())) },
	"/passkey/add": func(s *site, r *http.Request) string {
		codes, err := s.auth.AddPasskey(r.Context(), r.URL.Query().Get("name"), []byte(r.URL.Query().Get("q")), client(r))
		return listed(codes, err)
	},
	"/passkey/ask": func(s *site, r *http.Request) string { return asked(s.auth.AskPasskey(r.Context(), client(r))) },
	"/passkey/login": func(s *site, r *http.Request) string {
		_, err := s.auth.LoginPasskey(r.Context(), []byte(r.URL.Query().Get("q")), client(r))
		return meant(err)
	},
	"/passkey/confirm": func(s *site, r *http.Request) string {
		return meant(s.auth.ConfirmPasskey(r.Context(), []byte(r.URL.Query().Get("q")), client(r)))
	},
}

func asked(options []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(options)
}

// meant is the error by meaning: what the library says of it differs.
func meant(err error) string {
	for _, meaning := range []error{auth.ErrPasskey, auth.ErrCopied} {
		if errors.Is(err, meaning) {
			return meaning.Error()
		}
	}
	return said(err)
}

func listed(codes []string, err error) string {
	if err != nil {
		return meant(err)
	}
	return "done " + strings.Join(codes, " ")
}

func typed(path, text string) string { return path + "?" + url.Values{"q": {text}}.Encode() }

// enrolled has an authenticator app: it returns the secret, the recovery codes
// and the cookie of who set it up.
func (s *site) enrolled() (secret string, codes []string, cookie *http.Cookie) {
	s.Helper()
	cookie = s.wants(s.T, "done", loginPath(password), nil)
	begun, _ := s.get("/app", cookie)
	secret, _, _ = strings.Cut(begun, " ")
	got, _ := s.get(typed("/app/confirm", s.code(secret)), cookie)
	codes = strings.Fields(got)[1:]
	if len(codes) != 10 {
		s.Fatalf("recovery codes: %q", got)
	}
	s.pass(time.Minute) // the code is used up
	return secret, codes, cookie
}

func (s *site) code(secret string) string {
	s.Helper()
	code, err := totp.GenerateCode(secret, s.clock())
	check(s.T, err)
	return code
}

// half is a browser that has given the password.
func (s *site) half() *http.Cookie {
	s.Helper()
	return s.wants(s.T, auth.ErrSecondFactor.Error(), loginPath(password), nil)
}

func TestAuthenticatorApp(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	secret, _, _ := s.enrolled()
	half := s.half()
	s.wants(t, auth.ErrSignedOut.Error(), "/", half)
	s.wants(t, auth.ErrWrong.Error(), typed("/second", "000000"), half)
	code := s.code(secret)
	whole := s.wants(t, "done", typed("/second", code[:3]+" "+code[3:]), half)
	s.wants(t, "ani welcome", "/", whole)
	s.wants(t, auth.ErrSignedOut.Error(), "/", half)
	// The same code is good once, whoever comes with it.
	s.wants(t, auth.ErrWrong.Error(), typed("/second", code), s.half())
	// A clock may differ by one step, not by two.
	s.pass(time.Minute)
	old := s.code(secret)
	s.pass(30 * time.Second)
	s.wants(t, "done", typed("/second", old), s.half())
	s.pass(time.Minute)
	old = s.code(secret)
	s.pass(time.Minute)
	s.wants(t, auth.ErrWrong.Error(), typed("/second", old), s.half())
}

// What was begun and never confirmed is asked of nobody.
func TestAppInSetup(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	cookie := s.wants(t, "done", loginPath(password), nil)
	first, _ := s.get("/app", cookie)
	begun, _ := s.get("/app", cookie)
	secret, address, _ := strings.Cut(begun, " ")
	if first == begun {
		t.Error("the secret stayed")
	}
	if want := "otpauth://totp/Ruang%20%20Tengah:ani?issuer=Ruang%20%20Tengah&secret=" + secret; address != want {
		t.Errorf("%s, want %s", address, want)
	}
	s.wants(t, auth.ErrWrong.Error(), typed("/app/confirm", "12345"), cookie)
	s.wants(t, "done", loginPath(password), nil)
	s.get(typed("/app/confirm", s.code(secret)), cookie)
	if got, _ := s.get("/app", cookie); !strings.Contains(got, blog.ErrConflict.Error()) {
		t.Errorf("a second app: %s", got)
	}
	s.wants(t, "done", "/app/remove", cookie)
	s.wants(t, "done", loginPath(password), nil)
	if f, err := s.auth.Factors(t.Context(), s.ani.ID); err != nil || f != (auth.Factors{}) {
		t.Errorf("afterwards: %+v, %v", f, err)
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	_, codes, cookie := s.enrolled()
	s.wants(t, "done", typed("/second", strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))), s.half())
	s.wants(t, auth.ErrWrong.Error(), typed("/second", codes[3]), s.half())
	s.wants(t, auth.ErrWrong.Error(), typed("/second", ""), s.half())
	if f, err := s.auth.Factors(t.Context(), s.ani.ID); err != nil || f.Codes != 9 {
		t.Errorf("left: %+v, %v", f, err)
	}
	got, _ := s.get("/codes", cookie)
	s.wants(t, auth.ErrWrong.Error(), typed("/second", codes[0]), s.half())
	s.wants(t, "done", typed("/second", strings.Fields(got)[1]), s.half())
	var stored string
	check(t, s.store.Pool().QueryRow(t.Context(), `select string_agg(hash, ' ') from recovery_codes`).Scan(&stored))
	for _, code := range codes {
		if strings.Contains(stored, strings.ReplaceAll(code, "-", "")) {
			t.Error("the code itself is stored")
		}
	}
}

// Of many who come at once with one code, one gets in.
func TestCodeOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		code func(s *site, secret string, codes []string) string
	}{
		{"of the app", func(s *site, secret string, _ []string) string { return s.code(secret) }},
		{"for recovery", func(_ *site, _ string, codes []string) string { return codes[0] }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, false)
			secret, codes, _ := s.enrolled()
			code, halves := tt.code(s, secret, codes), []*http.Cookie{s.half(), s.half(), s.half(), s.half()}
			var in sync.WaitGroup
			outcomes := make([]string, len(halves))
			for i, half := range halves {
				in.Go(func() { outcomes[i], _ = s.get(typed("/second", code), half) })
			}
			in.Wait()
			slices.Sort(outcomes)
			wrong := auth.ErrWrong.Error()
			if diff := cmp.Diff([]string{"done", wrong, wrong, wrong}, outcomes); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestSecondIsBraked(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	secret, _, _ := s.enrolled()
	half := s.half()
	for range 5 {
		s.wants(t, auth.ErrWrong.Error(), typed("/second", "000000"), half)
	}
	if got, _ := s.get(typed("/second", s.code(secret)), s.half()); !strings.HasPrefix(got, "too many tries") {
		t.Errorf("got %q", got)
	}
}

func TestPendingEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	secret, _, _ := s.enrolled()
	half := s.half()
	s.pass(5 * time.Minute)
	s.wants(t, auth.ErrTooLate.Error(), typed("/second", s.code(secret)), half)
	s.wants(t, auth.ErrTooLate.Error(), typed("/second", s.code(secret)), nil)
	// A new password ends what the old one began.
	half = s.half()
	hash, err := auth.Hash(t.Context(), "kata sandi baru")
	check(t, err)
	check(t, s.store.SetPassword(t.Context(), s.ani.ID, hash, entry("account.password")))
	s.wants(t, auth.ErrTooLate.Error(), typed("/second", s.code(secret)), half)
	// The new password does not get by the second factor.
	s.wants(t, auth.ErrSecondFactor.Error(), loginPath("kata sandi baru"), nil)
}

func TestReset(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	_, codes, cookie := s.enrolled()
	check(t, s.auth.Reset(t.Context(), s.ani))
	s.wants(t, auth.ErrSignedOut.Error(), "/", cookie)
	s.wants(t, "done", loginPath(password), nil)
	s.wants(t, auth.ErrTooLate.Error(), typed("/second", codes[0]), nil)
}

func TestDraw(t *testing.T) {
	t.Parallel()
	d, err := auth.Draw("otpauth://totp/x:ani?secret=JBSWY3DPEHPK3PXP")
	check(t, err)
	// A finder pattern stands in the corner: seven dark ones, then a light one.
	if !strings.HasPrefix(d.Path, "M0 0h1v1h-1zM1 0h1v1h-1z") || strings.Contains(d.Path, "M7 0h") || d.Size < 21 || (d.Size-17)%4 != 0 {
		t.Errorf("%d: %.60s", d.Size, d.Path)
	}
	if _, err := auth.Draw(strings.Repeat("x", 5000)); err == nil {
		t.Error("too much was drawn")
	}
}

// letters keeps what would be mailed.
type letters struct {
	mu   sync.Mutex
	made []string
}

func (l *letters) Alert(_ context.Context, to blog.Account, e blog.AuditEntry) (*blog.Mail, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.made = append(l.made, e.Action)
	return &blog.Mail{ID: e.ID, To: to.Email, Subject: e.Action}, nil
}

// mailed takes the subjects of the letters that were enqueued.
func (s *site) mailed() (subjects []string) {
	s.Helper()
	rows, err := s.store.Pool().Query(s.Context(), `
		with taken as (delete from river_job where kind = 'mail' returning id, args)
		select args::text from taken order by id`)
	check(s.T, err)
	defer rows.Close()
	for rows.Next() {
		var args string
		check(s.T, rows.Scan(&args))
		var m blog.Mail
		check(s.T, json.Unmarshal([]byte(args), &m))
		subjects = append(subjects, m.Subject)
	}
	check(s.T, rows.Err())
	return subjects
}

func (s *site) told(what string, want ...string) {
	s.Helper()
	if diff := cmp.Diff(want, s.mailed()); diff != "" {
		s.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.auth.Letters = &letters{}
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	login := func(addr, agent, password string) { s.from(addr, agent, loginPath(password), nil) }
	login("192.0.2.1", "", password)
	s.told("the first time of all")
	login("192.0.2.200", "", password)
	s.told("the same network")
	login("192.0.2.1", firefox, password)
	s.told("another browser", auth.EventSignIn)
	login("198.51.100.1", firefox, password)
	s.told("another network", auth.EventSignIn)
	login("198.51.100.7", firefox, password)
	s.told("known by now")
	for range 30 {
		login("203.0.113.9", "", "salah")
		s.pass(2 * time.Hour)
	}
	s.told("many tries", auth.EventTries)
	s.pass(24 * time.Hour)
	secret, codes, cookie := s.enrolled()
	s.told("an app", auth.EventAppOn)
	s.get(typed("/second", codes[0]), s.half())
	s.get(typed("/second", s.code(secret)), s.half())
	s.told("a recovery code", auth.EventCodeUsed)
	s.get("/codes", cookie)
	s.get("/app/remove", cookie)
	s.get(typed("/password", password+"|kata sandi baru"), cookie)
	s.told("changes", auth.EventCodes, auth.EventAppOff, auth.EventPassword)
	check(t, s.auth.Reset(t.Context(), s.ani))
	s.told("a reset", auth.EventReset)
	events, err := s.auth.Events(t.Context(), s.ani.ID, 100)
	check(t, err)
	if len(events) != 9 || events[0].Action != auth.EventReset || events[0].AccountID != uuid.Nil {
		t.Errorf("%d events, the newest %+v", len(events), events[0])
	}
}
