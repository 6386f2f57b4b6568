package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// theme makes a look that of the blog.
func (w *world) theme(t blog.Theme) {
	w.t.Helper()
	check(w.t, w.blog.ChangeTheme(w.t.Context(), uuid.Nil, t))
}

// themeSheet is the address of the theme's sheet on a page, "" for none.
func (w *world) themeSheet(at string) string {
	w.t.Helper()
	return w.get(at).page(w.t).Find(`link[rel=stylesheet][href^="/-/theme."]`).AttrOr("href", "")
}

// A change of the look is on every page at once; the sheet is kept for ever by
// its content, and whoever asks with an old address gets the present one.
func TestTheme(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Pagi.", Language: "id"})
	for _, at := range []string{"/", "/kopi", "/archive", "/nothing-here"} {
		if sheet := w.themeSheet(at); sheet != "" {
			t.Errorf("%s has %s before there is a theme", at, sheet)
		}
	}
	w.theme(blog.Theme{Dye: "#004400", CSS: ".card{color:red}"})
	first := w.themeSheet("/kopi")
	got := w.get(first)
	want := []string{"200 OK", "text/css; charset=utf-8", "public, max-age=31536000, immutable", "@layer tokens{:root{--dye:#004400}}\n.card{color:red}"}
	if diff := cmp.Diff(want, []string{got.Status, got.Header.Get("Content-Type"), got.Header.Get("Cache-Control"), got.body}); diff != "" {
		t.Error(diff)
	}
	again := w.get(first, "If-None-Match", got.Header.Get("Etag"))
	if again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("asked again: %s", again.Status)
	}
	w.theme(blog.Theme{Dye: "#440000"})
	second := w.themeSheet("/kopi")
	if second == first || second == "" || second != w.themeSheet("/") {
		t.Errorf("after the change: %s, %s", second, w.themeSheet("/"))
	}
	old := w.get(first)
	if diff := cmp.Diff([]string{"no-cache", w.get(second).body}, []string{old.Header.Get("Cache-Control"), old.body}); diff != "" {
		t.Error(diff)
	}
	w.theme(blog.Theme{})
	if diff := cmp.Diff([]string{"", "200 OK", ""}, []string{w.themeSheet("/"), w.get(first).Status, w.get(first).body}); diff != "" {
		t.Error(diff)
	}
}

// Whatever the owner wrote, a page can be seen without it, and the Studio's
// pages never have it.
func TestThemeSafe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.theme(blog.Theme{Dye: "#004400", CSS: "html{display:none !important}"})
	safe := w.themeSheet("/?safe=1")
	if got := w.get(safe); strings.Contains(got.body, "display") || !strings.Contains(got.body, "#004400") ||
		!strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %s", safe, got.body)
	}
	if said := w.get("/?safe=1").page(t).Find(".notice").Text(); !strings.Contains(said, "mode aman") {
		t.Errorf("says %q", said)
	}
	if safe == w.themeSheet("/") || w.themeSheet("/nothing-here?safe=1") != safe {
		t.Error("safe mode has the sheet of the owner")
	}
	w.theme(blog.Theme{CSS: "html{display:none !important}"})
	if sheet := w.themeSheet("/?safe=1"); sheet != "" {
		t.Errorf("nothing but rules of the owner: %s", sheet)
	}
	if sheet := w.themeSheet("/?look=tried"); sheet != w.themeSheet("/") {
		t.Error("who is not signed in sees a look that is tried")
	}
}

// What stands around the content follows the theme.
func TestThemeFrame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	usual := w.get("/").page(t)
	if diff := cmp.Diff(4, usual.Find(".site-nav a").Length()); diff != "" {
		t.Error(diff)
	}
	file := strings.Repeat("0a", 32) + ".webp"
	w.theme(blog.Theme{
		Ground: "leaf", Logo: blog.ThemePicture{Name: file, Width: 90, Height: 30}, Header: blog.ThemePicture{Name: file, Alt: "Kebun", Width: 1600, Height: 400},
		Navigation: []blog.ThemeLink{
			{Kind: "archive"},
			{Kind: "articles", Labels: map[string]string{"id": "Depan"}},
			{Kind: "page", Target: "tentang kami", Labels: map[string]string{"en": "About"}},
			{Kind: "tag", Target: "kopi"},
			{Kind: "address", Target: "https://toko.example/?a=1&b=2", Labels: map[string]string{"id": `<b>"Toko"`}},
		},
		Footer: "CC BY 4.0 <script>", FooterLinks: []blog.ThemeLink{{Kind: "page", Target: "imprint"}},
	})
	doc := w.get("/").page(t)
	var nav []string
	for _, a := range doc.Find(".site-nav a").EachIter() {
		nav = append(nav, a.Text()+" "+a.AttrOr("href", "")+" "+a.AttrOr("aria-current", ""))
	}
	want := []string{"Arsip /archive ", "Depan / page", "About /tentang%20kami ", "kopi /tags/kopi ", `<b>"Toko" https://toko.example/?a=1&b=2 `}
	if diff := cmp.Diff(want, nav); diff != "" {
		t.Error(diff)
	}
	got := []string{
		doc.Find(".brand img").AttrOr("src", ""), doc.Find("img.header-picture").AttrOr("alt", ""),
		doc.Find(`meta[name=theme-color][media*=dark]`).AttrOr("content", ""), doc.Find(".site-foot p span").Text(),
		doc.Find(`.site-foot a[href="/imprint"]`).Text(),
	}
	if diff := cmp.Diff([]string{blog.MediaPath + file, "Kebun", "#111612", "CC BY 4.0 <script>", "imprint"}, got); diff != "" {
		t.Error(diff)
	}
	if archive := w.get("/archive").page(t); archive.Find(".header-picture").Length() > 0 || archive.Find(`.site-nav [aria-current]`).Text() != "Arsip" {
		t.Error("the picture stands on other pages, or the archive is not marked")
	}
}

// Readers choose without a cookie: the controls are hidden until the script
// that keeps the choice has run, which is the first thing a page loads.
func TestReadersLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.get("/")
	doc := got.page(t)
	if doc.Find("details.look[hidden] input[type=radio]").Length() != 6 || doc.Find("details.look fieldset > legend").Length() != 2 {
		t.Error("no controls, or controls that do nothing without script")
	}
	script := doc.Find("head script[src]").First()
	if _, later := script.Attr("type"); later || script.NextAllFiltered("link[rel=stylesheet]").Length() != 1 {
		t.Error("the choice is applied after the first paint")
	}
	if got.Header.Get("Set-Cookie") != "" || doc.Find("script:not([src], [type='application/ld+json'])").Length() > 0 {
		t.Error("a cookie, or an inline script")
	}
}
