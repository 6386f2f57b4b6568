package studio_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// TestTranslate writes a translation from the original: what stays the same is
// filled in, and afterwards each leads to the other.
func TestTranslate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	original, err := w.blog.Save(t.Context(), me.ID, blog.Save{Publish: true, Input: blog.DraftInput{
		Title: "House", Markdown: "A door.", Language: "en", Tags: []string{"village"}, Details: &blog.Details{Series: "Homes"},
	}})
	check(t, err)
	editor := "/studio/articles/" + original.ID.String()
	begin := b.get(editor).doc.Find(`a[href*="translate="]`).AttrOr("href", "")
	if begin == "" {
		t.Fatal("the editor offers no translation")
	}
	form := b.get(begin)
	differ(t, "language", "id", form.doc.Find("#language option[selected]").AttrOr("value", ""))
	differ(t, "original", original.ID.String(), form.doc.Find("#translation_of option[selected]").AttrOr("value", ""))
	differ(t, "tags", "village", form.doc.Find("#tags").AttrOr("value", ""))
	differ(t, "series", "Homes", form.doc.Find("#series").AttrOr("value", ""))

	saved := b.send("/studio/articles/new", typed("publish", "translation_of", original.ID.String(), "tags", "desa"), nil)
	differ(t, "saved", stored{blog.Published, "Rumah", "rumah", "desa jendela", "id", 1, false, false}, w.stored(saved.location))
	differ(t, "back", editor, b.get(saved.location).doc.Find(".box p a[href^='/studio/articles/']").First().AttrOr("href", ""))
	differ(t, "forth", saved.location, b.get(editor).doc.Find(".box li a[href^='/studio/articles/']").First().AttrOr("href", ""))
	rows := b.get("/studio/articles")
	differ(t, "in the list", saved.location, rows.doc.Find(`tbody td a[lang="id"]`).AttrOr("href", ""))

	again := b.send("/studio/articles/new", typed("publish", "translation_of", original.ID.String(), "slug", "rumah-lagi"), nil)
	differ(t, "twice", http.StatusUnprocessableEntity, again.status)
	differ(t, "kept", "Pintu *kayu* dan #jendela.", again.doc.Find("#source").Text())
	same := b.send(editor, typed("update", "revision", "1", "title", "House", "language", "id"), nil)
	differ(t, "the language of its translation", http.StatusUnprocessableEntity, same.status)
	differ(t, "said at the field", 1, same.doc.Find("#language[aria-invalid]").Length())
}

// TestTranslateOthers keeps authors from changing the objects of each other's
// articles.
func TestTranslateOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs := w.publish(w.addAccount("ratri", blog.Author).ID, "House")
	b, me := w.signedIn(blog.Author)
	mine := w.publish(me.ID, "Garden")
	id := theirs.ID.String()
	differ(t, "begin", http.StatusForbidden, b.get("/studio/articles/new?translate="+id).status)
	for _, do := range []string{"draft", "publish"} {
		differ(t, do, http.StatusForbidden, b.send("/studio/articles/new", typed(do, "translation_of", id), nil).status)
	}
	differ(t, "my own", http.StatusSeeOther, b.send("/studio/articles/new", typed("publish", "translation_of", mine.ID.String()), nil).status)
	differ(t, "no article", http.StatusNotFound, b.send("/studio/articles/new", typed("publish", "translation_of", "x"), nil).status)
	found, err := w.blog.Translations(t.Context(), theirs.ID)
	check(t, err)
	differ(t, "translations", map[uuid.UUID][]blog.Article{}, found)
}

// TestStaticSwitch makes a page that stands by itself, for good.
func TestStaticSwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	saved := b.send("/studio/articles/new", typed("publish", "static", "1"), nil)
	differ(t, "no object", stored{blog.Published, "Rumah", "rumah", "arsitektur desa jendela", "id", 1, false, false}, w.stored(saved.location))
	differ(t, "no switch any more", 0, b.get(saved.location).doc.Find("[name=static]").Length())
	b.send(saved.location, typed("update", "revision", "1"), nil)
	a, err := w.blog.ArticleBySlug(t.Context(), "rumah")
	check(t, err)
	differ(t, "kind", blog.KindStatic, a.Kind())
}
