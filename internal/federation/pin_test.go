package federation_test

import (
	"encoding/json"
	"testing"
	"time"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// pinned are the ids that the featured collection of the blog has.
func (w *writer) pinned() []string {
	w.Helper()
	var collection struct {
		TotalItems   int
		OrderedItems []string
	}
	w.check(json.Unmarshal(w.read(w.service.Featured(w.Context(), w.actor.ID, federation.Page{})), &collection))
	w.differ("total", len(collection.OrderedItems), collection.TotalItems)
	return collection.OrderedItems
}

func TestPin(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.follows(w.person("mika", "danau.example"))
	first := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi.", Details: &blog.Details{Pinned: w.now()}})
	w.run()
	w.differ("activities", []string{"Create", "Add"}, w.activities(first.ObjectURI))
	w.golden("pin-add", w.made("Add", first.ObjectURI))
	w.golden("featured-pinned", w.read(w.service.Featured(t.Context(), w.actor.ID, federation.Page{})))
	w.differ("ledger", []string{
		"Create https://danau.example/inbox waiting", "Add https://danau.example/inbox waiting",
	}, w.ledger(first.ObjectURI))
	w.pass(time.Minute)
	second := w.publish(blog.DraftInput{Title: "Teh", Markdown: "Isi.", Details: &blog.Details{Pinned: w.now()}})
	w.run()
	w.differ("pinned", []string{second.ObjectURI, first.ObjectURI}, w.pinned())

	w.pass(time.Minute)
	w.save(blog.Save{ID: first.ID, Input: blog.DraftInput{Title: "Kopi", Markdown: "Isi.", Details: &blog.Details{}}})
	w.run()
	w.differ("activities after", []string{"Create", "Add", "Update", "Remove"}, w.activities(first.ObjectURI))
	w.golden("pin-remove", w.made("Remove", first.ObjectURI))
	w.differ("pinned after", []string{second.ObjectURI}, w.pinned())

	w.pass(time.Minute)
	w.edit(second, "Lain.")
	w.remove(second)
	w.run()
	w.differ("an edit says nothing of a pin", []string{"Create", "Add", "Delete"}, w.activities(second.ObjectURI))
	w.differ("nothing is left", []string{}, w.pinned())
}

// TestLatePin runs the jobs of a pin and of its end in the wrong order, and
// twice.
func TestLatePin(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.follows(w.person("mika", "danau.example"))
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.run()
	for _, d := range []*blog.Details{{Pinned: w.now()}, {}} {
		w.pass(time.Minute)
		w.save(blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Kopi", Markdown: "Isi.", Details: d}})
	}
	jobs := w.waiting()
	for i := len(jobs) - 1; i >= 0; i-- {
		w.do(jobs[i])
		w.do(jobs[i])
	}
	w.differ("nobody is told of a pin that is past", []string{"Create", "Update", "Remove", "Update", "Remove"}, w.activities(a.ObjectURI))
}

// TestPinnedOfOthers leaves out what another actor of ours published.
func TestPinnedOfOthers(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.addActor(blog.AuthorActor, "ratri")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi.", Details: &blog.Details{Pinned: w.now()}})
	w.exec(`update articles set actor_id = (select id from actors where handle = 'ratri') where id = $1`, a.ID)
	w.differ("pinned", []string{}, w.pinned())
}
