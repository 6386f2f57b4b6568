package web_test

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kabar/internal/blog"
)

func (w *world) page(path string) *goquery.Document {
	w.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.get(path, "Accept", asBrowser, "Accept-Language", "id").body))
	check(w.t, err)
	return doc
}

// metas are the values of meta elements, by their names or properties.
func metas(doc *goquery.Document) map[string]string {
	values := map[string]string{}
	doc.Find("head meta[content]").Each(func(_ int, s *goquery.Selection) {
		values[s.AttrOr("property", s.AttrOr("name", ""))] += s.AttrOr("content", "")
	})
	return values
}

func (w *world) linkedData(doc *goquery.Document) (data map[string]any) {
	w.t.Helper()
	script := doc.Find("script[type='application/ld+json']")
	if script.Length() != 1 {
		w.t.Fatalf("%d blocks of JSON-LD", script.Length())
	}
	check(w.t, json.Unmarshal([]byte(script.Text()), &data))
	return data
}

// What others show of an article is what it is, whatever stands in its title.
func TestMetaOfArticle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	title := `</script><script>alert(1)</script> "Rumah" & \u2028 kayu`
	a := w.publish(blog.DraftInput{Title: title, Slug: "rumah", Summary: "Tentang <rumah>.", Markdown: "Pintu kayu dan jendela.", Language: "id", Tags: []string{"desa", "kayu"}})
	w.comment(a, nil, w.stranger("mika"), "Selamat pagi", nil)
	doc := w.page("/rumah")
	got := metas(doc)
	for name, want := range map[string]string{
		"og:type": "article", "og:url": w.origin + "/rumah", "og:locale": "id_ID", "og:description": "Tentang <rumah>.", "og:site_name": "Kabar",
		"article:section": "desa", "article:tag": "desakayu", "twitter:card": "summary", "fediverse:creator": "@blog@blog.example",
		"article:author": w.origin + "/authors/blog",
	} {
		w.differ(name, want, got[name])
	}
	data := w.linkedData(doc)
	w.differ("JSON-LD", []any{"BlogPosting", got["og:title"], w.origin + "/rumah", "id", 4.0, 1.0, []any{"desa", "kayu"}, "Kabar"}, []any{
		data["@type"], data["headline"], data["mainEntityOfPage"], data["inLanguage"], data["wordCount"], data["commentCount"], data["keywords"],
		data["publisher"].(map[string]any)["name"],
	})
	author := data["author"].([]any)[0].(map[string]any)
	w.differ("author", map[string]any{"@type": "Person", "name": "Kabar", "url": w.origin + "/authors/blog"}, author)
	if doc.Find("head script:not([src]):not([type='application/ld+json'])").Length() > 0 {
		t.Error("something of the title runs")
	}
}

func TestMetaOfOthers(t *testing.T) {
	t.Parallel()
	w, _, _, _ := routed(t)
	w.changeSite(func(s *blog.Site) {
		s.Description = "Cerita"
		s.Fields = []blog.Field{{Name: "Web", Value: "https://ratri.example/"}, {Name: "Kota", Value: "Yogyakarta"}}
	})
	for path, kind := range map[string]string{"/": "Blog", "/authors/blog": "ProfilePage"} {
		doc := w.page(path)
		w.differ(path, kind, w.linkedData(doc)["@type"])
		w.differ(path+" me", "https://ratri.example/", doc.Find("link[rel=me]").AttrOr("href", ""))
	}
	for _, path := range []string{"/", "/tags/kopi", "/authors/blog", "/archive", "/catatan"} {
		doc := w.page(path)
		canonical := doc.Find("link[rel=canonical]")
		w.differ(path+" canonical", w.origin+path, canonical.AttrOr("href", ""))
		if canonical.Length() != 1 || doc.Find("link[rel=manifest]").Length() != 1 {
			t.Errorf("%s: %d canonical addresses", path, canonical.Length())
		}
	}
	if w.page("/archive").Find("script[type='application/ld+json']").Length() > 0 {
		t.Error("a list is described as something else")
	}
}

func TestManifest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.changeSite(func(s *blog.Site) { s.Title = "Ruang Tengah Kami" })
	a := w.get("/manifest.webmanifest")
	w.differ("type", "application/manifest+json", a.Header.Get("Content-Type"))
	var m struct {
		Name, Lang, Dir string
		Short           string `json:"short_name"`
		Start           string `json:"start_url"`
		Icons           []struct{ Src, Sizes, Type string }
	}
	check(t, json.Unmarshal([]byte(a.body), &m))
	w.differ("names", []string{"Ruang Tengah Kami", "Ruang Tengah…", "id", "ltr", "/"}, []string{m.Name, m.Short, m.Lang, m.Dir, m.Start})
	for _, icon := range m.Icons {
		got := w.get(icon.Src)
		picture, kind, err := image.DecodeConfig(bytes.NewReader([]byte(got.body)))
		check(t, err)
		if got.StatusCode != http.StatusOK || "image/"+kind != icon.Type || !strings.HasPrefix(icon.Sizes, strings.TrimSuffix(strings.TrimPrefix(icon.Src, "/-/icon-"), ".png")+"x") || picture.Width != picture.Height {
			t.Errorf("%+v: %s %+v", icon, kind, picture)
		}
	}
	if len(m.Icons) < 2 {
		t.Error("no icons")
	}
}
