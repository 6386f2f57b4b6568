package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// typed is a filled-in editor.
func typed(do string, more ...string) url.Values {
	form := url.Values{
		"do": {do}, "title": {"Rumah"}, "source": {"Pintu *kayu* dan #jendela."}, "summary": {"Tentang rumah."},
		"tags": {"arsitektur, desa"}, "language": {"id"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = []string{more[i+1]}
	}
	return form
}

// stored is what matters of a saved article.
type stored struct {
	Status         blog.Status
	Title, Slug    string
	Tags           string
	Language       string
	Revision       int
	Public, Edited bool
}

func (w *world) stored(location string) stored {
	w.t.Helper()
	id, err := uuid.Parse(strings.TrimPrefix(location, "/studio/articles/"))
	check(w.t, err)
	a, err := w.blog.Article(w.t.Context(), id)
	check(w.t, err)
	return stored{a.Status, a.Title, a.Slug, strings.Join(a.Tags, " "), a.Language, a.Revision, a.ObjectURI != "", !a.Updated.IsZero()}
}

func differ(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestWriteAndPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)

	saved := b.send("/studio/articles/new", typed("draft"), nil)
	differ(t, "draft", stored{blog.Draft, "Rumah", "rumah", "arsitektur desa jendela", "id", 1, false, false}, w.stored(saved.location))
	editor := b.get(saved.location)
	differ(t, "said", "Draft saved.", editor.say(".studio-main > .notice"))
	differ(t, "tags typed", "arsitektur, desa", editor.doc.Find("#tags").AttrOr("value", ""))
	differ(t, "said once", "", b.get(saved.location).say(".studio-main > .notice"))

	published := b.send(saved.location, typed("publish", "revision", "1"), nil)
	differ(t, "published", stored{blog.Published, "Rumah", "rumah", "arsitektur desa jendela", "id", 2, true, false}, w.stored(published.location))

	changed := b.send(saved.location, typed("update", "revision", "2", "title", "Rumah kayu", "tags", "desa"), nil)
	differ(t, "edited", stored{blog.Published, "Rumah kayu", "rumah", "desa jendela", "id", 3, true, true}, w.stored(changed.location))
	differ(t, "page", "/rumah", b.get(saved.location).doc.Find(".editor-foot a").First().AttrOr("href", ""))

	gone := b.send(saved.location, typed("delete", "revision", "3"), nil)
	differ(t, "deleted", "303 /studio/articles", gone.String())
	differ(t, "said", "Deleted. Other servers are being told.", b.get(gone.location).say(".notice"))
	differ(t, "editor", http.StatusGone, b.get(saved.location).status)

	audit, err := w.store.Audit(t.Context(), blog.AuditQuery{Limit: 4})
	check(t, err)
	var done []string
	for _, e := range audit {
		if e.AccountID == me.ID {
			done = append(done, e.Action)
		}
	}
	differ(t, "audit", []string{"article.delete", "article.update", "article.create", "article.save"}, done)
}

func TestEditConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	a := w.publish(me.ID, "Rumah")
	path := "/studio/articles/" + a.ID.String()
	_, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Theirs", Markdown: "x"}})
	check(t, err)

	got := b.send(path, typed("update", "revision", "1", "source", "Mine, kept."), nil)
	differ(t, "status", http.StatusConflict, got.status)
	differ(t, "says", "Somebody else changed this meanwhile. Check it and save again. Open the other version", got.say("form .notice"))
	differ(t, "text", "Mine, kept.", got.doc.Find("#source").Text())
	differ(t, "revision", "2", got.doc.Find("[name=revision]").AttrOr("value", ""))
	differ(t, "stored", "Theirs", w.stored(path).Title)

	again := b.send(path, typed("update", "revision", "2", "source", "Mine, kept."), nil)
	differ(t, "again", http.StatusSeeOther, again.status)
	differ(t, "stored", "Rumah", w.stored(path).Title)

	check(t, w.blog.Delete(t.Context(), uuid.Nil, a.ID))
	late := b.send(path, typed("update", "revision", "3", "source", "Not lost."), nil)
	differ(t, "after a deletion", http.StatusConflict, late.status)
	differ(t, "text", "Not lost.", late.doc.Find("#source").Text())
	differ(t, "goes to", "/studio/articles/new", late.doc.Find("form.editor-form").AttrOr("action", ""))
}

// What cannot be saved comes back as it was typed, with the reason at its field.
func TestEditorProblems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	w.publish(me.ID, "Taken")
	tests := []struct {
		name  string
		in    url.Values
		field string
		want  string
	}{
		{"long title", typed("draft", "title", strings.Repeat("x", 301)), "title", "Too long (at most 300)."},
		{"long summary", typed("publish", "summary", strings.Repeat("x", 1001)), "summary", "Too long (at most 1000)."},
		{"nothing to publish", typed("publish", "source", " "), "source", "This is required."},
		{"picture without description", typed("publish", "source", "![](/-/media/x.webp)"), "source", "Describe this image for people who cannot see it: /-/media/x.webp"},
		{"address of another", typed("publish", "slug", "taken"), "slug", "Another article has this address: taken"},
		{"reserved address", typed("publish", "slug", "studio"), "slug", "This address is used by Kabar itself: studio"},
		{"unknown language", typed("publish", "language", "?"), "language", "This language is not known: ?"},
		{"too many tags", typed("publish", "tags", strings.Join(strings.Split("abcdefghijklmnopqrstuvwxyz0123456789", ""), ",")), "tags", "Too many (at most 30)."},
		{"a tag that is too long", typed("publish", "tags", strings.Repeat("t", 301)), "tags", "Too long (at most 300)."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.send("/studio/articles/new", tt.in, nil)
			differ(t, "status", http.StatusUnprocessableEntity, got.status)
			differ(t, "problem", tt.want, got.say("#"+tt.field+"-problem"))
			differ(t, "title", tt.in.Get("title"), got.doc.Find("#title").Text())
			differ(t, "source", tt.in.Get("source"), got.doc.Find("#source").Text())
			differ(t, "summary", tt.in.Get("summary"), got.doc.Find("#summary").Text())
			differ(t, "tags", tt.in.Get("tags"), got.doc.Find("#tags").AttrOr("value", ""))
		})
	}
	articles, err := w.blog.Articles(t.Context(), blog.ArticleQuery{Statuses: []blog.Status{blog.Draft, blog.Published}, Limit: 10})
	check(t, err)
	differ(t, "articles", 1, len(articles))
}

func TestPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	got := b.send("/studio/articles/new", typed("preview", "source", "Pintu *kayu*.\n\n<script>alert(1)</script>"), nil)
	differ(t, "status", http.StatusOK, got.status)
	differ(t, "emphasis", "kayu", got.say("#preview em"))
	differ(t, "script", 0, got.doc.Find("#preview script").Length())
	differ(t, "title", "Rumah", got.doc.Find("#title").Text())
	differ(t, "marked as unsaved", 1, got.doc.Find("form[data-changed]").Length())
	counts, err := w.blog.ArticleCounts(t.Context())
	check(t, err)
	differ(t, "articles", map[blog.Status]int{}, counts)
}

func TestNoSuchArticle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	differ(t, "no id", http.StatusNotFound, b.get("/studio/articles/x").status)
	differ(t, "unknown", http.StatusNotFound, b.get("/studio/articles/"+newID().String()).status)
	differ(t, "unknown button", http.StatusBadRequest, b.send("/studio/articles/new", typed("fly"), nil).status)
	differ(t, "delete nothing", http.StatusBadRequest, b.send("/studio/articles/new", typed("delete"), nil).status)
}
