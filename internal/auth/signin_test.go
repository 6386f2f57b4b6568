package auth_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/postgres"
)

func TestClient(t *testing.T) {
	t.Parallel()
	const like = "Mozilla/5.0 (X) AppleWebKit/537.36 (KHTML, like Gecko) "
	tests := []struct{ name, agent, addr, device, network string }{
		{"Firefox", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "192.0.2.77", "Firefox, Linux", "192.0.2.0/24"},
		{"Chrome", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "::ffff:192.0.2.77", "Chrome, Windows", "192.0.2.0/24"},
		{"Edge", like + "Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "2001:db8:1:2::3", "Edge", "2001:db8:1::/48"},
		{"phone", "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "", "Chrome, Android", ""},
		{"Safari", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "", "Safari, macOS", ""},
		{"iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1", "", "Safari, iPhone", ""},
		{"a system alone", "X (Windows)", "", "Windows", ""},
		{"nothing", "", "", "", ""},
		{"hostile", "<script>alert(1)</script>", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := auth.Client{Agent: tt.agent}
			if tt.addr != "" {
				c.Addr = netip.MustParseAddr(tt.addr)
			}
			if diff := cmp.Diff([]string{tt.device, tt.network}, []string{c.Device(), c.Network()}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Sign-ins are listed, and end one by one or all but this, in whatever node
// they are looked up.
func TestSignIns(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	_, first := s.from("192.0.2.1", "Firefox/140 Linux", loginPath(password), nil)
	s.pass(time.Minute)
	_, second := s.from("198.51.100.1", "Chrome/140 Android", loginPath(password), nil)
	s.pass(time.Minute)
	_, third := s.from("2001:db8::1", "", loginPath(password), nil)
	s.wants(t, " 2001:db8::/48 password\nChrome, Android 198.51.100.0/24 password (this)\nFirefox, Linux 192.0.2.0/24 password", "/sign-ins", second)
	list, err := s.auth.SignInsOf(t.Context(), s.ani.ID)
	check(t, err)
	s.wants(t, "done", typed("/end", list[0].ID.String()), second)
	s.wants(t, auth.ErrSignedOut.Error(), "/", third)
	got, _ := s.get(typed("/end", uuid.NewString()), second)
	if want := "auth: end sign-ins: " + blog.ErrNotFound.Error(); got != want {
		t.Errorf("one that is not there: %s", got)
	}
	s.wants(t, "done", typed("/end", uuid.Nil.String()), second)
	s.wants(t, auth.ErrSignedOut.Error(), "/", first)
	s.wants(t, "ani welcome", "/", second)
	check(t, s.auth.EndAll(t.Context(), s.ani))
	s.wants(t, auth.ErrSignedOut.Error(), "/", second)
}

// What was used lately is seen so, to within minutes.
func TestSeen(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	cookie := s.wants(t, "done", loginPath(password), nil)
	begun := s.clock()
	for _, step := range []struct{ after, want time.Duration }{{4 * time.Minute, 0}, {2 * time.Minute, 6 * time.Minute}} {
		s.pass(step.after)
		s.get("/", cookie)
		list, err := s.auth.SignInsOf(t.Context(), s.ani.ID)
		check(t, err)
		if got := list[0].Seen.Sub(begun); got != step.want {
			t.Errorf("seen after %v, want %v", got, step.want)
		}
	}
	n, err := s.store.DeleteExpiredSessions(t.Context(), begun.Add(31*24*time.Hour))
	check(t, err)
	if list, err := s.auth.SignInsOf(t.Context(), s.ani.ID); err != nil || len(list) > 0 || n == 0 {
		t.Errorf("after a month: %v, %v", list, err)
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	cookie := s.wants(t, "done", loginPath(password), nil)
	s.wants(t, "done", "/confirmed", cookie)
	s.pass(auth.ConfirmLife + time.Second)
	s.wants(t, auth.ErrUnconfirmed.Error(), "/confirmed", cookie)
	s.wants(t, auth.ErrWrong.Error(), typed("/confirm", "salah"), cookie)
	s.wants(t, auth.ErrUnconfirmed.Error(), "/confirmed", cookie)
	s.wants(t, "done", typed("/confirm", password), cookie)
	s.wants(t, "done", "/confirmed", cookie)
	s.wants(t, auth.ErrSignedOut.Error(), "/confirmed", nil)
	for range 5 {
		s.get(typed("/confirm", "salah"), cookie)
	}
	if got, _ := s.get(typed("/confirm", password), cookie); len(got) < 8 || got[:8] != "too many" {
		t.Errorf("after many tries: %s", got)
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	other := s.wants(t, "done", loginPath(password), nil)
	cookie := s.wants(t, "done", loginPath(password), nil)
	s.wants(t, auth.ErrWrong.Error(), typed("/password", "salah|kata sandi baru"), cookie)
	s.wants(t, "password: password-too-short", typed("/password", password+"|pendek"), cookie)
	s.wants(t, "ani welcome", "/", other)
	next := s.wants(t, "done", typed("/password", password+"|kata sandi baru"), cookie)
	if next.Value == cookie.Value {
		t.Error("the token outlived the password")
	}
	s.wants(t, "ani welcome", "/", next)
	s.wants(t, auth.ErrSignedOut.Error(), "/", other)
	s.wants(t, auth.ErrSignedOut.Error(), "/", cookie)
	s.wants(t, auth.ErrWrong.Error(), loginPath(password), nil)
}

var _ auth.Store = (*postgres.Store)(nil)
