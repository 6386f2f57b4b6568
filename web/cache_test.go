package web_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

func TestConditionalRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: strings.Repeat("Halo dunia. ", 200)})
	const page, document = "public, max-age=0, s-maxage=5, must-revalidate", "public, max-age=0, must-revalidate"
	for _, kept := range []struct{ name, path, cache string }{
		{"article", "/kabar", page},
		{"front page", "/", page},
		{"feed", "/feed.atom", document},
		{"object", strings.TrimPrefix(article.ObjectURI, w.origin), document},
	} {
		t.Run(kept.name, func(t *testing.T) {
			t.Parallel()
			path := kept.path
			plain := w.get(path)
			packed := w.get(path, "Accept-Encoding", "gzip")
			if packed.Header.Get("Content-Encoding") != "gzip" || packed.body != plain.body {
				t.Errorf("gzip: %v, same body: %v", packed.Header, packed.body == plain.body)
			}
			if plain.Header.Get("Cache-Control") != kept.cache {
				t.Errorf("Cache-Control: %q", plain.Header.Get("Cache-Control"))
			}
			if !strings.Contains(packed.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("Vary: %q", packed.Header.Get("Vary"))
			}
			tests := []struct {
				name, method, tag string
				want              int
			}{
				{"the same", "GET", packed.Header.Get("Etag"), 304},
				{"the same, head", "HEAD", packed.Header.Get("Etag"), 304},
				{"one of several", "GET", `"x", ` + packed.Header.Get("Etag"), 304},
				{"any", "GET", "*", 304},
				{"another", "GET", `"x"`, 200},
			}
			for _, tt := range tests {
				a := w.do(tt.method, path, nil, "If-None-Match", tt.tag, "Accept-Encoding", "gzip")
				if a.StatusCode != tt.want || (tt.want == 304 && a.body != "") {
					t.Errorf("%s: %d, %d bytes", tt.name, a.StatusCode, len(a.body))
				}
			}
		})
	}
}

// What somebody changes is on the page that is asked for next.
func TestCacheFollowsChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	object := strings.TrimPrefix(article.ObjectURI, w.origin)
	stranger := w.stranger("mika")
	steps := []struct {
		name   string
		change func()
		path   string
		want   string // in the body
	}{
		{"as published", func() {}, "/kabar", "Satu."},
		{"again", func() {}, "/kabar", "Satu."},
		{"edited", func() {
			_, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{ID: article.ID, Input: blog.DraftInput{Title: "Kabar", Markdown: "Dua."}})
			check(t, err)
		}, "/kabar", "Dua."},
		{"edited, object", func() {}, object, "Dua."},
		{"edited, feed", func() {}, "/feed.atom", "Dua."},
		{"answered", func() { w.comment(article, nil, stranger, "Selamat pagi", nil) }, "/kabar", "Selamat pagi"},
		{"renamed", func() {
			_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Title = "Ruang Tengah"; return nil })
			check(t, err)
		}, "/kabar", "Ruang Tengah"},
		{"listed", func() { w.publish(blog.DraftInput{Title: "Baru", Markdown: "Tiga."}) }, "/", "Baru"},
	}
	for _, s := range steps {
		s.change()
		for range 2 {
			if a := w.get(s.path); !strings.Contains(a.body, s.want) {
				t.Errorf("%s: %d, %q is missing", s.name, a.StatusCode, s.want)
			}
		}
	}
	check(t, w.blog.Delete(t.Context(), uuid.Nil, article.ID))
	for path, want := range map[string]int{"/kabar": 410, object: 410} {
		if a := w.get(path); a.StatusCode != want {
			t.Errorf("%s after deletion: %d", path, a.StatusCode)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu.", Tags: []string{"x.atom"}})
	tests := []struct{ name, path, accept, cookie, want string }{
		{"the site's", "/kabar", "", "", "id"},
		{"the browser's", "/kabar", "en-GB,en;q=0.9", "", "en"},
		{"the second best", "/kabar", "fr,en;q=0.5", "", "en"},
		{"unknown", "/kabar", "fr", "", "id"},
		{"chosen", "/kabar?lang=en", "id", "", "en"},
		{"chosen before", "/kabar", "id", "lang=en", "en"},
		{"named like a feed", "/tags/x.atom", "", "", "id"},
		{"named like a feed, the browser's", "/tags/x.atom", "en", "", "en"},
		{"chosen nonsense", "/kabar?lang=xx", "en", "lang=yy", "en"},
	}
	for range 2 { // once rendered, once from the cache
		for _, tt := range tests {
			header := []string{"Accept-Language", tt.accept}
			if tt.cookie != "" {
				header = append(header, "Cookie", tt.cookie)
			}
			a := w.get(tt.path, header...)
			if got := a.page(t).Find("html").AttrOr("lang", ""); got != tt.want || a.Header.Get("Content-Language") != tt.want {
				t.Errorf("%s: %q, said to be %q", tt.name, got, a.Header.Get("Content-Language"))
			}
			if vary := a.Header.Get("Vary"); !strings.Contains(vary, "Accept-Language") || !strings.Contains(vary, "Cookie") {
				t.Errorf("%s: caches between may mix the languages: Vary: %s", tt.name, vary)
			}
		}
	}
	a := w.get("/kabar?lang=en")
	if !strings.HasPrefix(a.Header.Get("Set-Cookie"), "lang=en;") {
		t.Errorf("the choice is not remembered: %q", a.Header.Get("Set-Cookie"))
	}
	if got := a.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("others may get the cookie: %q", got)
	}
}

func TestSetUpAndSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	token, err := auth.NewSetup(t.Context(), w.store)
	check(t, err)
	if a := w.get("/setup?token=" + token); a.StatusCode != 200 || a.page(t).Find("h1").Length() != 1 {
		t.Fatalf("the first page: %d", a.StatusCode)
	}
	form := url.Values{
		"token": {token}, "name": {"Ratri Wulandari"}, "email": {"ratri@blog.example"}, "password": {"pendek"},
		"title": {"Ruang <Tengah>"}, "handle": {"ruang"}, "language": {"en"}, "zone": {"Asia/Makassar"},
	}
	bad := w.post("/setup", form)
	if got := bad.page(t).Find("#password-problem").Length(); bad.StatusCode != 422 || got != 1 {
		t.Errorf("a short password: %d, %d problems", bad.StatusCode, got)
	}
	form.Set("password", "kata sandi yang baik")
	w.client.Jar, err = cookiejar.New(nil)
	check(t, err)
	if a := w.post("/setup", form); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/studio" {
		t.Fatalf("set up: %d %s %s", a.StatusCode, a.Header.Get("Location"), a.body)
	}
	if a := w.post("/setup", form); a.StatusCode != http.StatusForbidden {
		t.Errorf("the token again: %d", a.StatusCode)
	}
	if a := w.get("/setup?token=" + token); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/studio/login" {
		t.Errorf("the link once there is an owner: %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	site, err := w.blog.Site(t.Context())
	check(t, err)
	got := []string{site.Title, site.Handle, site.Language, site.TimeZone}
	if diff := cmp.Diff([]string{"Ruang <Tengah>", "ruang", "en", "Asia/Makassar"}, got); diff != "" || !site.Ready {
		t.Error(diff, site.Ready)
	}
	own := w.get("/kabar")
	if own.page(t).Find(`a[href^="/studio/articles/"]`).Length() != 1 || own.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("who is signed in gets the page of visitors, or one that is kept: %v", own.Header)
	}
	w.client.Jar = nil
	if a := w.get("/kabar"); a.page(t).Find(`a[href^="/studio/articles/"]`).Length() != 0 {
		t.Error("a visitor gets the page of who is signed in")
	}
}
