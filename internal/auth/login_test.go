package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

const password = "kata sandi yang baik"

// site is a page that signs in at /login, out at /logout, and elsewhere says
// who is signed in. Its clock stands still until it is moved.
type site struct {
	*testing.T
	handler  http.Handler
	store    *postgres.Store
	sessions *auth.Sessions
	auth     *auth.Service
	ani      blog.Account

	mu  sync.Mutex
	now time.Time
}

func newSite(t *testing.T, secure bool) *site {
	t.Helper()
	store, err := postgres.Open(t.Context(), pgtest.URL(t))
	check(t, err)
	t.Cleanup(store.Close)
	hash, err := auth.Hash(t.Context(), password)
	check(t, err)
	s := &site{T: t, store: store, now: time.Now().Truncate(time.Second)}
	s.ani = blog.Account{ID: uuid.New(), Name: "ani", Email: "ani@rumah.example", Password: hash, Role: blog.Owner, Created: s.now}
	check(t, store.InsertAccount(t.Context(), s.ani, entry("account.create")))
	failed := func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
	s.sessions = auth.NewSessions(store.Pool(), secure, failed)
	s.auth = auth.New(store, s.sessions, s.clock)
	s.auth.Origin = "https://blog.example"
	s.handler = s.sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(s.answer(r)))
	}))
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func entry(action string) blog.AuditEntry {
	return blog.AuditEntry{ID: uuid.New(), At: time.Now(), Action: action}
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// client is who asks in these tests.
func client(r *http.Request) auth.Client {
	from := r.Header.Get("From")
	if from == "" {
		from = "192.0.2.1"
	}
	return auth.Client{Addr: netip.MustParseAddr(from), Agent: r.UserAgent()}
}

func (s *site) answer(r *http.Request) string {
	var err error
	switch ctx, q := r.Context(), r.URL.Query(); r.URL.Path {
	case "/login":
		s.sessions.SetNotice(ctx, "welcome")
		_, err = s.auth.Login(ctx, "ani", q.Get("password"), client(r))
	case "/logout":
		err = s.auth.Logout(ctx)
	default:
		if do := doings[r.URL.Path]; do != nil {
			return do(s, r)
		}
		a, current := s.auth.Current(ctx)
		if current == nil {
			return a.Name + " " + s.sessions.Notice(ctx)
		}
		err = current
	}
	return said(err)
}

func said(err error) string {
	if err != nil {
		return err.Error()
	}
	return "done"
}

// get returns the answer and the cookie to send from then on.
func (s *site) get(path string, cookie *http.Cookie) (string, *http.Cookie) {
	return s.from("", "", path, cookie)
}

// from is get from an address with a browser.
func (s *site) from(addr, agent, path string, cookie *http.Cookie) (string, *http.Cookie) {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("From", addr)
	r.Header.Set("User-Agent", agent)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if set := w.Result().Cookies(); len(set) > 0 {
		cookie = set[0]
	}
	return w.Body.String(), cookie
}

func (s *site) wants(t *testing.T, want, path string, cookie *http.Cookie) *http.Cookie {
	t.Helper()
	got, next := s.get(path, cookie)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
	return next
}

func loginPath(password string) string {
	return "/login?password=" + strings.ReplaceAll(password, " ", "+")
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	if c := s.wants(t, auth.ErrSignedOut.Error(), "/", nil); c != nil {
		t.Errorf("a visitor got the cookie %v", c)
	}
	planted := s.wants(t, auth.ErrWrong.Error(), loginPath("salah"), nil)
	cookie := s.wants(t, "done", loginPath(password), planted)
	if planted.Value == cookie.Value {
		t.Error("the token outlived the login")
	}
	s.wants(t, auth.ErrSignedOut.Error(), "/", planted)
	s.wants(t, "ani welcome", "/", cookie)
	s.wants(t, "ani ", "/", cookie)
	if a, err := s.store.Account(t.Context(), s.ani.ID); err != nil || a.LastLogin.IsZero() {
		t.Error("the login was not noted", err)
	}
	s.wants(t, "done", "/logout", cookie)
	s.wants(t, auth.ErrSignedOut.Error(), "/", cookie)
}

func TestCookie(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		secure bool
		want   string
	}{
		{"https", true, "__Host-kabar"},
		{"http", false, "kabar"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, tt.secure)
			c := s.wants(t, "done", loginPath(password), nil)
			want := http.Cookie{Name: tt.want, Path: "/", Secure: tt.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
			got := http.Cookie{
				Name: c.Name, Path: c.Path, Domain: c.Domain, Secure: c.Secure, HttpOnly: c.HttpOnly, SameSite: c.SameSite,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var found bool
			err := s.store.Pool().QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM sessions WHERE token = $1)", c.Value).Scan(&found)
			if err != nil || found {
				t.Errorf("the token itself is stored: %v, %v", found, err)
			}
		})
	}
}

func TestNewPasswordEndsSessions(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	cookie := s.wants(t, "done", loginPath(password), nil)
	hash, err := auth.Hash(t.Context(), "kata sandi baru")
	if err != nil {
		t.Fatal(err)
	}
	check(t, s.store.SetPassword(t.Context(), s.ani.ID, hash, entry("account.password")))
	s.wants(t, auth.ErrSignedOut.Error(), "/", cookie)
}

func TestLoginIsBraked(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for range 5 {
		s.wants(t, auth.ErrWrong.Error(), loginPath("salah"), nil)
	}
	got, _ := s.get(loginPath(password), nil)
	if !strings.HasPrefix(got, "too many tries") {
		t.Errorf("got %q", got)
	}
}

// link is a setup store in memory.
type link struct{ hash string }

func (l *link) SetupHash(context.Context) (string, error) { return l.hash, nil }

func (l *link) SetSetupHash(_ context.Context, hash string) error {
	l.hash = hash
	return nil
}

func (l *link) TakeSetupHash(_ context.Context, hash string) (bool, error) {
	ours := hash == l.hash
	if ours {
		l.hash = ""
	}
	return ours, nil
}

func TestSetup(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), &link{}
	var tokens []string
	for range 2 {
		token, err := auth.NewSetup(ctx, store)
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	check := func(token string) error { return auth.CheckSetup(ctx, store, token) }
	use := func(token string) error { return auth.UseSetup(ctx, store, token) }
	tests := []struct {
		name string
		do   func(string) error
		in   string
		want error
	}{
		{"replaced", check, tokens[0], auth.ErrSetup},
		{"replaced", use, tokens[0], auth.ErrSetup},
		{"empty", check, "", auth.ErrSetup},
		{"present", check, tokens[1], nil},
		{"present", use, tokens[1], nil},
		{"used", check, tokens[1], auth.ErrSetup},
		{"used", use, tokens[1], auth.ErrSetup},
		{"empty, used", check, "", auth.ErrSetup},
	}
	for _, tt := range tests { // in this order
		if err := tt.do(tt.in); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if strings.Contains(store.hash, tokens[1]) {
		t.Error("the token itself is stored")
	}
}
