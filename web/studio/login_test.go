package studio_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addAccount("ratri", blog.Owner)
	tests := []struct {
		name string
		in   url.Values
		want string
	}{
		{"by name", url.Values{"email": {"ratri"}, "password": {password}}, "303 /studio"},
		{"by name in another case", url.Values{"email": {" Ratri "}, "password": {password}}, "303 /studio"},
		{"by address", url.Values{"email": {"ratri@blog.test"}, "password": {password}}, "303 /studio"},
		{"back to where one was", url.Values{"email": {"ratri"}, "password": {password}, "next": {"/studio/comments?show=spam"}}, "303 /studio/comments?show=spam"},
		{"never to another site", url.Values{"email": {"ratri"}, "password": {password}, "next": {"//evil.example/"}}, "303 /studio"},
		{"nor by a scheme", url.Values{"email": {"ratri"}, "password": {password}, "next": {"https://evil.example/"}}, "303 /studio"},
		{"wrong password", url.Values{"email": {"ratri"}, "password": {"salah"}}, "403 "},
		{"unknown name", url.Values{"email": {"siapa"}, "password": {password}}, "403 "},
		{"nothing", url.Values{}, "403 "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.browser().post("/studio/login", tt.in)
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Both fields get the same answer, and what was typed stays.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addAccount("ratri", blog.Owner)
	b := w.browser()
	for range 5 {
		got := b.post("/studio/login", url.Values{"email": {"ratri"}, "password": {"salah"}})
		if got.status != http.StatusForbidden || got.say("[role=alert]") != "The name or the password is wrong." {
			t.Fatalf("%d: %s", got.status, got.say("[role=alert]"))
		}
		if name := got.doc.Find("#email").AttrOr("value", ""); name != "ratri" {
			t.Errorf("the name is %q", name)
		}
	}
	got := b.post("/studio/login", url.Values{"email": {"ratri"}, "password": {password}})
	wait, err := strconv.Atoi(got.header.Get("Retry-After"))
	if got.status != http.StatusTooManyRequests || err != nil || wait < 1 {
		t.Errorf("sixth try: %d, Retry-After %q", got.status, got.header.Get("Retry-After"))
	}
	if said := got.say("[role=alert]"); said != "Too many tries. Try again in 10 seconds." {
		t.Errorf("it says %q", said)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	if got := b.get("/studio/login?next=/studio/settings"); got.String() != "303 /studio/settings" {
		t.Errorf("sign-in page when signed in: %v", got)
	}
	got := b.post("/studio/logout", nil)
	if got.String() != "303 /studio/login" {
		t.Errorf("sign out: %v", got)
	}
	if said := b.get(got.location).say(".notice"); said != "You have signed out." {
		t.Errorf("it says %q", said)
	}
	if got := b.get("/studio/comments?show=spam"); got.String() != "303 /studio/login?next=%2Fstudio%2Fcomments%3Fshow%3Dspam" {
		t.Errorf("afterwards: %v", got)
	}
}

// Nothing of the Studio is kept by browsers, caches or search engines.
func TestPrivate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	for _, path := range []string{
		"/studio", "/studio/articles", "/studio/articles/new", "/studio/comments", "/studio/followers", "/studio/deliveries", "/studio/settings",
	} {
		got := b.get(path)
		want := []string{"200", "private, no-store", "noindex", "noindex", "1"}
		if diff := cmp.Diff(want, []string{
			strconv.Itoa(got.status), got.header.Get("Cache-Control"), got.header.Get("X-Robots-Tag"),
			got.doc.Find("meta[name=robots]").AttrOr("content", ""), strconv.Itoa(got.doc.Find("h1").Length()),
		}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", path, diff)
		}
	}
}

// A form that another site sends is refused, whoever is signed in.
func TestOtherSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	tests := []struct {
		name, header, value string
	}{
		{"fetch metadata", "Sec-Fetch-Site", "cross-site"},
		{"a sister site", "Sec-Fetch-Site", "same-site"},
		{"origin", "Origin", "https://evil.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/studio/logout", nil)
			check(t, err)
			req.Header.Set(tt.header, tt.value)
			if got := b.do(req); got.status != http.StatusForbidden {
				t.Errorf("got %v", got)
			}
		})
	}
	if got := b.get("/studio"); got.status != http.StatusOK {
		t.Errorf("still signed in: %v", got)
	}
}
