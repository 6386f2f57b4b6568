package federation_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// translate publishes a translation.
func (w *writer) translate(of blog.Article, in blog.DraftInput) blog.Article {
	w.Helper()
	in.Details = &blog.Details{TranslationOf: of.ID}
	return w.save(blog.Save{Input: in, Publish: true})
}

// told are the languages and times of edits that the Updates of an object told,
// the oldest first.
func (w *writer) told(object string) (languages []string, updated []string) {
	w.Helper()
	rows, err := w.store.Pool().Query(w.Context(),
		`select json from activities where object_uri = $1 and type = 'Update' order by id`, object)
	w.check(err)
	defer rows.Close()
	for rows.Next() {
		var body []byte
		w.check(rows.Scan(&body))
		var sent struct {
			Object struct {
				Updated    string
				ContentMap map[string]string
				NameMap    map[string]string
			}
		}
		w.check(json.Unmarshal(body, &sent))
		texts := sent.Object.ContentMap
		if texts == nil {
			texts = sent.Object.NameMap
		}
		list := ""
		for _, lang := range []string{"id", "en", "de"} {
			if _, ok := texts[lang]; ok {
				list += lang + " "
			}
		}
		languages, updated = append(languages, strings.TrimSpace(list)), append(updated, sent.Object.Updated)
	}
	w.check(rows.Err())
	return languages, updated
}

// TestTranslationIsTold sends the object anew with each change of a
// translation, and each time as newer than before: Mastodon passes over an
// Update that is not.
func TestTranslationIsTold(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	a := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "id"})
	w.run()
	draft := w.save(blog.Save{Input: blog.DraftInput{
		Title: "Haus", Markdown: "Tür.", Language: "de", Details: &blog.Details{TranslationOf: a.ID},
	}})
	w.run()
	english := w.translate(a, blog.DraftInput{Title: "House", Markdown: "A door.", Language: "en", Published: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)})
	w.run()
	w.save(blog.Save{ID: english.ID, Input: blog.DraftInput{Title: "House", Markdown: "A wooden door.", Language: "en"}})
	w.run()
	w.save(blog.Save{ID: draft.ID, Input: blog.DraftInput{Title: "Haus", Markdown: "Tür.", Language: "de"}, Publish: true})
	w.run()
	w.remove(english)
	w.run()

	languages, updated := w.told(a.ObjectURI)
	w.differ("languages", []string{"id en", "id en", "id en de", "id de"}, languages)
	last := a.Published.UTC().Format(time.RFC3339)
	for i, at := range updated {
		if at <= last {
			t.Errorf("Update %d: updated %q, before %q", i, at, last)
		}
		last = at
	}
	w.differ("activities", []string{"Create", "Update", "Update", "Update", "Update"}, w.activities(a.ObjectURI))
}

// TestStaticIsNotTold keeps pages by themselves, and their translations, here.
func TestStaticIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	about := w.save(blog.Save{Input: blog.DraftInput{
		Title: "Tentang", Markdown: "Kami.", Language: "id", Details: &blog.Details{Static: true},
	}, Publish: true})
	english := w.translate(about, blog.DraftInput{Title: "About", Markdown: "Us.", Language: "en"})
	w.remove(english)
	w.remove(about)
	w.run()
	var told int
	w.check(w.store.Pool().QueryRow(t.Context(), `select count(*) from activities`).Scan(&told))
	w.differ("activities", 0, told)
}

// TestLongTranslation gives way like one long text: the titles tell the
// languages, and the text is that of the original.
func TestLongTranslation(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	a := w.publish(blog.DraftInput{Title: "Kopi", Summary: "Pagi.", Markdown: strings.Repeat("kopi ", 4000), Language: "id"})
	w.translate(a, blog.DraftInput{Title: "Coffee", Summary: "Morning.", Markdown: strings.Repeat("coffee ", 5000), Language: "en"})
	w.run()
	var sent struct{ Object map[string]any }
	w.check(json.Unmarshal(w.made("Update", a.ObjectURI), &sent))
	w.differ("names", any(map[string]any{"id": "Kopi", "en": "Coffee"}), sent.Object["nameMap"])
	w.differ("texts", any(nil), sent.Object["contentMap"])
	w.differ("summaries", any(nil), sent.Object["summaryMap"])
	if text, _ := sent.Object["content"].(string); !strings.HasPrefix(text, "<p>kopi") {
		t.Errorf("the text begins %.20q", text)
	}
}

// TestTwiceInALanguage refuses that an original takes the language of one of
// its translations.
func TestTwiceInALanguage(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	a := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "id"})
	w.translate(a, blog.DraftInput{Title: "House", Markdown: "A door.", Language: "en"})
	_, err := w.service.Blog.Save(t.Context(), uuid.Nil, blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "en"}})
	var invalid *blog.Invalid
	if !errors.As(err, &invalid) || invalid.Field != "language" || invalid.Problem != "translation-taken" {
		t.Errorf("the language of a translation: %v", err)
	}
	w.save(blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Language: "jv"}})
}
