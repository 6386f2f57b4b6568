package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/i18n"
)

func TestAccept(t *testing.T) {
	t.Parallel()
	const profile = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
	type want struct{ Activity, Page bool }
	tests := []struct {
		name, in string
		want     want
	}{
		{"nothing", "", want{false, false}},
		{"any", "*/*", want{false, false}},
		{"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", want{false, true}},
		{"activity", "application/activity+json", want{true, false}},
		{"in capitals", "Application/Activity+JSON", want{true, false}},
		{"ld+json", profile, want{true, false}},
		{"Mastodon's fetch", "application/activity+json, application/ld+json", want{true, false}},
		{"Mastodon's search", profile + ", application/activity+json, text/html;q=0.1", want{true, false}},
		{"other json", "application/json", want{false, false}},
		{"weighed less", "text/html, application/activity+json;q=0.9", want{false, true}},
		{"weighed more", "text/html;q=0.8, application/activity+json;q=0.9", want{true, false}},
		{"refused", "application/activity+json;q=0", want{false, false}},
		{"a weight that is none", "application/activity+json;q=x, text/html;q=0.1", want{false, true}},
		{"html of any kind first", "text/*, application/activity+json", want{false, false}},
		{"a comma in a parameter", `text/html;x=",application/activity+json,"`, want{false, true}},
		{"an open quote", `text/html;x="`, want{false, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("Accept", tt.in)
			if diff := cmp.Diff(tt.want, want{WantsActivity(r), WantsPage(r)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForwarded(t *testing.T) {
	t.Parallel()
	proxies := netip.MustParsePrefix("10.0.0.0/8")
	tests := []struct {
		name, from string
		hops       []string
		want       string
	}{
		{"direct", "192.0.2.1:1234", nil, "192.0.2.1"},
		{"direct, with a lie", "192.0.2.1:1234", []string{"198.51.100.1"}, "192.0.2.1"},
		{"one proxy", "10.0.0.1:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		{"one proxy, with a lie", "10.0.0.1:1234", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"},
		{"two proxies", "10.0.0.1:1234", []string{"203.0.113.9", "198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"IPv6 with a port", "10.0.0.1:1234", []string{"[2001:db8::1]:99"}, "2001:db8::1"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1234", []string{"198.51.100.1"}, "198.51.100.1"},
		{"nonsense", "10.0.0.1:1234", []string{"unknown"}, "10.0.0.1"},
		{"only proxies", "10.0.0.1:1234", nil, "10.0.0.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr, r.Header["X-Forwarded-For"] = tt.from, tt.hops
			if diff := cmp.Diff(tt.want, Forwarded(r, proxies.Contains).String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

type later struct{}

func (later) Error() string             { return "later" }
func (later) RetryAfter() time.Duration { return 1500 * time.Millisecond }

func TestStatusOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   error
		want int
		wait time.Duration
	}{
		{"not found", blog.ErrNotFound, 404, 0},
		{"gone, wrapped", fmt.Errorf("article: %w", blog.ErrGone), 410, 0},
		{"forbidden", blog.ErrForbidden, 403, 0},
		{"conflict", blog.ErrConflict, 409, 0},
		{"no database", fmt.Errorf("%w: %w", blog.ErrUnavailable, errors.New("dial")), 503, unavailableWait},
		{"out of time", context.DeadlineExceeded, 503, unavailableWait},
		{"invalid", &blog.Invalid{Field: "title"}, 400, 0},
		{"too much", &http.MaxBytesError{Limit: 1}, 413, 0},
		{"too often", later{}, 429, 1500 * time.Millisecond},
		{"a used link", auth.ErrSetup, 403, 0},
		{"a status", fmt.Errorf("x: %w", Status(405)), 405, 0},
		{"anything else", errors.New("nil pointer"), 500, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := StatusOf(tt.in); got != tt.want || retryAfter(tt.in) != tt.wait {
				t.Errorf("got %d, %v", got, retryAfter(tt.in))
			}
		})
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"a path", "/studio/articles?q=x", "/studio/articles?q=x"},
		{"nothing", "", "/studio"},
		{"another host", "https://evil.example/", "/studio"},
		{"another host without scheme", "//evil.example/", "/studio"},
		{"a backslash", `/\evil.example/`, "/studio"},
		{"a new line", "/a\r\nSet-Cookie: x", "/studio"},
		{"a script", "javascript:alert(1)", "/studio"},
		{"relative", "studio", "/studio"},
	}
	for _, tt := range tests {
		if got := LocalPath(tt.in, "/studio"); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	want := blog.Cursor{At: time.Date(2026, 1, 2, 3, 4, 5, 678_000, time.UTC), ID: uuid.New()}
	got, err := ParseCursor(Cursor(want))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, bad := range []string{"x", "1.2", ".", Cursor(want) + "0", "-." + want.ID.String()} {
		var invalid *blog.Invalid
		if _, err := ParseCursor(bad); !errors.As(err, &invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   blog.Invalid
		want i18n.Message
	}{
		{"with a place for the detail", blog.Invalid{Problem: "too-long", Detail: "200"}, i18n.M("problem.too-long", "200")},
		{"without", blog.Invalid{Problem: "required", Detail: "x"}, i18n.M("problem.required")},
		{"unknown", blog.Invalid{Problem: "odd", Detail: "x"}, i18n.M("problem.other", "odd x")},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Problem(&tt.in)); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// A render that failed, or that belongs to one reader, is not for others.
func TestCacheKey(t *testing.T) {
	t.Parallel()
	site := blog.DefaultSite("https://blog.example", "")
	tests := []struct {
		name, target string
		header       []string
		want         bool
	}{
		{"page", "/kabar", nil, true},
		{"page of a list", "/archive?before=x", nil, true},
		{"object", "/ap/objects/1", nil, true},
		{"object for a browser", "/ap/objects/1", []string{"Accept", "text/html"}, false},
		{"page for a server", "/kabar", []string{"Accept", "application/activity+json"}, false},
		{"language chosen", "/kabar?lang=en", nil, false},
		{"any query", "/kabar?utm=x", nil, false},
		{"session", "/kabar", []string{"Cookie", "kabar=x"}, false},
		{"secure session", "/kabar", []string{"Cookie", "__Host-kabar=x"}, false},
		{"other cookie", "/kabar", []string{"Cookie", "lang=en"}, true},
		{"by time", "/feed.atom", []string{"If-Modified-Since", "Thu, 01 Jan 2015 00:00:00 GMT"}, false},
	}
	m := keeping(site)
	for _, tt := range tests {
		r := httptest.NewRequest("GET", tt.target, nil)
		r.Host = "blog.example"
		for i := 0; i+1 < len(tt.header); i += 2 {
			r.Header.Set(tt.header[i], tt.header[i+1])
		}
		if got := m.CacheKey(r) != ""; got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	r := httptest.NewRequest("GET", "/kabar", nil)
	r.Host = "www.blog.example"
	if m.CacheKey(r) != "" {
		t.Error("another host has a key")
	}
	m.Changed(blog.PageSite)
	r.Host = "blog.example"
	if m.CacheKey(r) != "" {
		t.Error("there is a key before the changed settings are read")
	}
}
