package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/markup"
)

// richest stores a comment with all that comments can have, and copies of its
// files.
func (w *world) richest(a blog.Article) blog.Comment {
	w.t.Helper()
	id, err := w.store.SaveRemoteActor(w.t.Context(), federation.RemoteActor{
		URI: "https://remote.example/users/sekar", Type: "Person", Handle: "sekar", Domain: "remote.example",
		Name: "Sekar :kawung: <b>", Emojis: []blog.Emoji{{Shortcode: "kawung", URL: "https://remote.example/e/kawung.png"}},
		URL: "https://remote.example/@sekar", Inbox: "https://remote.example/users/sekar/inbox",
	})
	check(w.t, err)
	c := w.comment(a, nil, blog.Actor{ID: id}, "x", func(c *blog.Comment) {
		c.HTML = markup.Sanitize(`<p>Halo :kopi: <a href="https://remote.example/@mika" class="u-url mention">@mika</a> <code>:kopi:</code> :none:</p>` + strings.Repeat("<p>baris</p>", 30))
		c.Emojis = []blog.Emoji{{Shortcode: "kopi", URL: "https://remote.example/e/kopi.png"}}
		c.Language, c.Warning, c.Type, c.Quotes = "ar", "kopi :kopi: <i>", "Question", a.ObjectURI
		c.Edited = time.Now()
		c.Attachments = []blog.Attachment{
			{URL: "https://remote.example/a.png", Type: "image/png", Description: `Papan "x" <b>`},
			{URL: "https://remote.example/v.mp4", Type: "video/mp4", Description: "Kopi dituang", Width: 640, Height: 360},
			{URL: "https://remote.example/a.ogg", Type: "audio/ogg"},
			{URL: "https://remote.example/later.png", Type: "image/png", Description: "Belum ada"},
			{URL: "javascript:alert(1)", Type: "image/png"},
		}
	})
	for url, kind := range map[string]string{"e/kawung.png": "image/webp", "e/kopi.png": "image/webp", "a.png": "image/webp", "v.mp4": "video/mp4", "a.ogg": "audio/ogg"} {
		_, err := w.store.Pool().Exec(w.t.Context(), `
			insert into remote_media (id, url, host, server, used) values (gen_random_uuid(), $1, 'remote.example', 'remote.example', now())
			on conflict do nothing`, "https://remote.example/"+url)
		check(w.t, err)
		_, err = w.store.Pool().Exec(w.t.Context(), `
			update remote_media set name = $2, type = $3, placeholder = $4, width = 800, height = 600, next_at = null where url = $1`,
			"https://remote.example/"+url, strings.ReplaceAll(url, "/", "-"), kind, "blur-"+strings.ReplaceAll(url, "/", "-"))
		check(w.t, err)
	}
	return c
}

// A comment is shown as richly as it was said, and nothing of it is loaded from
// elsewhere.
func TestRichComment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	c := w.richest(article)
	doc := w.get("/kabar", "Accept-Language", "en").page(t)
	own := doc.Find("#c-" + c.ID.String() + " > article")
	tests := []struct{ name, selector, attr, want string }{
		{"emoji in the name", ".p-author .p-name img.emoji", "src", "/-/media/e-kawung.png"},
		{"the name is text", ".p-author .p-name", "", "Sekar  <b>"},
		{"emoji in the text", ".e-content p > img.emoji", "alt", ":kopi:"},
		{"a mention", ".e-content a.mention", "href", "https://remote.example/@mika"},
		{"code stays", ".e-content code", "", ":kopi:"},
		{"what is no emoji stays", ".e-content p:first-child", "", "Halo  @mika :kopi: :none:"},
		{"language", ".e-content", "lang", "ar"},
		{"direction", ".e-content", "dir", "rtl"},
		{"emoji in the warning", ".warning > summary img.emoji", "src", "/-/media/e-kopi.png"},
		{"the warning is text", ".warning > summary", "", "kopi  <i>"},
		{"picture", "figure img.u-photo", "src", "/-/media/a.png"},
		{"its description", "figure img.u-photo", "alt", `Papan "x" <b>`},
		{"below it too", "figure figcaption", "", `Papan "x" <b>Kopi dituang`},
		{"its size", "figure img.u-photo", "width", "800"},
		{"its blur", "figure img.blur", "src", "/-/media/blur-a.png"},
		{"film", "video[controls][preload=none]", "src", "/-/media/v.mp4"},
		{"film in words", "video", "aria-label", "Kopi dituang"},
		{"sound", "audio[controls][preload=none]", "src", "/-/media/a.ogg"},
		{"what we have not is linked", "p.attachment a[href$='later.png'] + br + span", "", "Belum ada"},
		{"poll", "p.attachment a[href='" + c.URL + "']", "", " A poll: vote at the original"},
		{"quote", ".u-quotation-of", "href", w.origin + "/kabar"},
		{"long", "input.unfold[type=checkbox] + .e-content + label", "", "Show the whole response"},
		{"edited", ".dt-updated", "", "edited just now"},
		{"files", "figure, p.attachment", "", ""},
	}
	for _, tt := range tests {
		found := own.Find(tt.selector)
		got := found.AttrOr(tt.attr, "")
		if tt.attr == "" {
			got = found.Text()
		}
		if tt.name == "files" {
			got, tt.want = fmt.Sprint(found.Length()), "5"
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if html, _ := doc.Html(); strings.Contains(html, "javascript:") {
		t.Error("the page has an address that runs something")
	}
}

// A sensitive picture lies under a cover of its own size.
func TestSensitivePicture(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	c := w.richest(article)
	_, err := w.store.Pool().Exec(t.Context(), `update comments set warning = '', sensitive = true where id = $1`, c.ID)
	check(t, err)
	w.maker.Missed()
	own := w.get("/kabar").page(t).Find("#c-" + c.ID.String())
	for selector, want := range map[string]int{
		"details.covered:not([open]) > img.u-photo": 1, "details.covered > summary > img.blur[width='800'][height='600']": 1,
		"details:not([open]) > video": 1, "details:not([open]) > audio": 1,
	} {
		if got := own.Find(selector).Length(); got != want {
			t.Errorf("%s: %d", selector, got)
		}
	}
}
