package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/pgtest"
)

const password = "kata sandi yang baik"

// people are accounts kept in memory.
type people map[string]*blog.Account

func (p people) AccountByName(_ context.Context, name string) (blog.Account, error) {
	if a := p[name]; a != nil {
		return *a, nil
	}
	return blog.Account{}, blog.ErrNotFound
}

func (p people) Account(_ context.Context, id uuid.UUID) (blog.Account, error) {
	for _, a := range p {
		if a.ID == id {
			return *a, nil
		}
	}
	return blog.Account{}, blog.ErrNotFound
}

func (p people) LoggedIn(_ context.Context, id uuid.UUID, at time.Time) error {
	for _, a := range p {
		if a.ID == id {
			a.LastLogin = at
		}
	}
	return nil
}

// site is a page that signs in at /login, out at /logout, and elsewhere says
// who is signed in.
type site struct {
	handler http.Handler
	pool    *pgxpool.Pool
	people  people
}

func newSite(t *testing.T, secure bool) *site {
	t.Helper()
	hash, err := auth.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{pool: pgtest.New(t), people: people{"ani": {ID: uuid.New(), Name: "ani", Password: hash}}}
	failed := func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
	sessions := auth.NewSessions(s.pool, secure, failed)
	service := auth.New(s.people, sessions, time.Now)
	s.handler = sessions.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(answer(service, sessions, r)))
	}))
	return s
}

func answer(service *auth.Service, sessions *auth.Sessions, r *http.Request) string {
	var err error
	switch ctx := r.Context(); r.URL.Path {
	case "/login":
		sessions.SetNotice(ctx, "welcome")
		_, err = service.Login(ctx, "ani", r.URL.Query().Get("password"), netip.MustParseAddr("192.0.2.1"))
	case "/logout":
		err = service.Logout(ctx)
	default:
		a, current := service.Current(ctx)
		if current == nil {
			return a.Name + " " + sessions.Notice(ctx)
		}
		err = current
	}
	if err != nil {
		return err.Error()
	}
	return "done"
}

// get returns the answer and the cookie to send from then on.
func (s *site) get(path string, cookie *http.Cookie) (string, *http.Cookie) {
	r := httptest.NewRequest("GET", path, nil)
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
	if s.people["ani"].LastLogin.IsZero() {
		t.Error("the login was not noted")
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
			err := s.pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM sessions WHERE token = $1)", c.Value).Scan(&found)
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
	s.people["ani"].Password = hash
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
