package federation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// read gives what is served, or fails the test.
func (w *writer) read(doc []byte, err error) []byte {
	w.Helper()
	w.check(err)
	return doc
}

var firstPage = federation.Page{Asked: true}

// pages follows a collection from page to page and returns all items and how
// many pages there were.
func (w *writer) pages(serve func(federation.Page) ([]byte, error)) (items []string, count int) {
	w.Helper()
	for p := firstPage; ; count++ {
		var page struct {
			ID, Next            string
			OrderedItems, Items []string
		}
		w.check(json.Unmarshal(w.read(serve(p)), &page))
		items = append(items, append(page.OrderedItems, page.Items...)...)
		if page.Next == "" {
			return items, count + 1
		}
		next, err := url.Parse(page.Next)
		w.check(err)
		p, err = federation.ParsePage(next.Query())
		w.check(err)
	}
}

// TestFollowersPages walks along 130 followers, some of whom came in the same
// moment.
func TestFollowersPages(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	w.exec(`
		with people as (
			insert into actors (id, uri, kind, type, inbox, created)
			select ('01937a00-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'https://h.example/u/' || n, 'remote', 'Person',
				'https://h.example/u/' || n || '/inbox', $2
			from generate_series(1001, 1130) n
			returning id, substring(uri from '[0-9]+$')::int as n
		)
		insert into followers (target_id, actor_id, follow_uri, created)
		select $1, id, '', $2::timestamptz + interval '1.5 seconds' * ((n - 1000) / 7) from people`, w.actor.ID, w.now())
	serve := func(p federation.Page) ([]byte, error) { return w.service.Followers(t.Context(), w.actor.ID, p) }
	w.golden("followers", w.read(serve(federation.Page{})))
	var want []string
	for n := 1130; n > 1000; n-- {
		want = append(want, fmt.Sprint("https://h.example/u/", n))
	}
	got, count := w.pages(serve)
	w.differ("followers", want, got)
	w.differ("pages", 3, count)
	last := federation.Page{Asked: true, After: blog.Cursor{
		At: w.now().Add(1500 * time.Millisecond), ID: uuid.MustParse("01937a00-0000-7000-8000-000000001010"),
	}}
	w.golden("followers-page", w.read(serve(last)))
}

func TestEmptyCollections(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	ctx := t.Context()
	w.golden("following", w.read(w.service.Following(ctx, w.actor.ID, federation.Page{})))
	w.golden("following-page", w.read(w.service.Following(ctx, w.actor.ID, firstPage)))
	w.golden("featured", w.read(w.service.Featured(ctx, w.actor.ID, federation.Page{})))

	type paged func(uuid.UUID, federation.Page) ([]byte, error)
	stranger := w.person("mika", "danau.example").ID
	for name, serve := range map[string]paged{
		"followers": func(id uuid.UUID, p federation.Page) ([]byte, error) { return w.service.Followers(ctx, id, p) },
		"following": func(id uuid.UUID, p federation.Page) ([]byte, error) { return w.service.Following(ctx, id, p) },
		"featured":  func(id uuid.UUID, p federation.Page) ([]byte, error) { return w.service.Featured(ctx, id, p) },
		"outbox":    func(id uuid.UUID, p federation.Page) ([]byte, error) { return w.service.Outbox(ctx, id, p) },
		"replies":   func(id uuid.UUID, p federation.Page) ([]byte, error) { return w.service.Replies(ctx, id, p) },
		"context":   func(id uuid.UUID, p federation.Page) ([]byte, error) { return w.service.Context(ctx, id, p) },
	} {
		for _, id := range []uuid.UUID{stranger, w.id()} {
			if doc, err := serve(id, firstPage); !errors.Is(err, blog.ErrNotFound) {
				t.Errorf("%s of a stranger: %s, %v", name, doc, err)
			}
		}
	}
}

func TestOutbox(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	kept := w.publish(blog.DraftInput{Markdown: "Pagi."})
	w.run()
	w.edit(kept, "Siang.") // an Update is not listed
	gone := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	w.run()
	serve := func(p federation.Page) ([]byte, error) { return w.service.Outbox(t.Context(), w.actor.ID, p) }
	total := func() int {
		var head struct{ TotalItems int }
		w.check(json.Unmarshal(w.read(serve(federation.Page{})), &head))
		return head.TotalItems
	}
	w.differ("total", 2, total())
	w.remove(gone)
	w.run()
	w.differ("total after a deletion", 1, total())
	w.golden("outbox", w.read(serve(federation.Page{})))
	w.golden("outbox-page", w.read(serve(firstPage)))

	for n := range 60 {
		w.publish(blog.DraftInput{Markdown: fmt.Sprint("Catatan ", n)})
	}
	w.run()
	var first, second struct {
		Next         string
		OrderedItems []struct{ ID string }
	}
	w.check(json.Unmarshal(w.read(serve(firstPage)), &first))
	next, err := url.Parse(first.Next)
	w.check(err)
	p, err := federation.ParsePage(next.Query())
	w.check(err)
	w.check(json.Unmarshal(w.read(serve(p)), &second))
	w.differ("items", []int{60, 1}, []int{len(first.OrderedItems), len(second.OrderedItems)})
}

// TestThreadCollections serves the same conversation as replies to each part
// of it and as a whole.
func TestThreadCollections(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	ctx := t.Context()
	mika := w.person("mika", "danau.example")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	first := w.comment(mika, a, uuid.Nil)
	w.pass(time.Minute)
	own := w.reply(blog.Reply{Comment: first, Markdown: "Terima kasih."})
	w.pass(time.Minute)
	w.comment(mika, a, own.ID)
	hidden := w.comment(mika, a, uuid.Nil)
	w.exec(`update comments set state = 'hidden' where id = $1`, hidden)
	private := w.comment(mika, a, uuid.Nil)
	w.exec(`update comments set visibility = 'direct' where id = $1`, private)
	w.exec(`update articles set likes = 3, boosts = 2, comments = 3 where id = $1`, a.ID)
	w.exec(`update comments set likes = 1 where id = $1`, own.ID)
	article, answer := w.object(a.ObjectURI), w.object(own.ObjectURI)

	w.golden("replies", w.read(w.service.Replies(ctx, article, federation.Page{})))
	w.golden("replies-page", w.read(w.service.Replies(ctx, article, firstPage)))
	w.golden("reply-replies", w.read(w.service.Replies(ctx, answer, federation.Page{})))
	w.golden("context", w.read(w.service.Context(ctx, article, federation.Page{})))
	w.golden("context-page", w.read(w.service.Context(ctx, article, firstPage)))
	w.golden("likes", w.read(w.service.Counter(ctx, article, "likes")))
	w.golden("shares", w.read(w.service.Counter(ctx, article, "shares")))
	w.golden("reply-likes", w.read(w.service.Counter(ctx, answer, "likes")))
	if _, err := w.service.Context(ctx, answer, firstPage); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("context of an answer: %v", err)
	}

	for range 128 {
		w.comment(mika, a, uuid.Nil)
	}
	replies, count := w.pages(func(p federation.Page) ([]byte, error) { return w.service.Replies(ctx, article, p) })
	w.differ("replies and their pages", []int{129, 3}, []int{len(replies), count})
	all, count := w.pages(func(p federation.Page) ([]byte, error) { return w.service.Context(ctx, article, p) })
	w.differ("conversation and its pages", []int{132, 3}, []int{len(all), count})
	slices.Sort(all)
	w.differ("each once", len(all), len(slices.Compact(all)))

	w.remove(a)
	for name, serve := range map[string]func() ([]byte, error){
		"replies": func() ([]byte, error) { return w.service.Replies(ctx, article, firstPage) },
		"context": func() ([]byte, error) { return w.service.Context(ctx, article, firstPage) },
		"likes":   func() ([]byte, error) { return w.service.Counter(ctx, article, "likes") },
	} {
		if _, err := serve(); !errors.Is(err, blog.ErrGone) {
			t.Errorf("%s of a deleted article: %v", name, err)
		}
	}
}

func TestParsePage(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("01937a00-0000-7000-8000-000000000001")
	at := time.Date(2026, 11, 21, 7, 30, 0, 123456000, time.UTC)
	tests := []struct {
		name, in string
		want     federation.Page
		ok       bool
	}{
		{"the collection", "", federation.Page{}, true},
		{"the first page", "page=true", federation.Page{Asked: true}, true},
		{
			"a later page", "page=true&id=" + id.String() + "&at=2026-11-21T07:30:00.123456Z",
			federation.Page{Asked: true, After: blog.Cursor{At: at, ID: id}},
			true,
		},
		{"no id", "page=true&id=x", federation.Page{}, false},
		{"no time", "id=" + id.String() + "&at=x", federation.Page{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := federation.ParsePage(q)
			var invalid *blog.Invalid
			if tt.ok != (err == nil) || err != nil && !errors.As(err, &invalid) {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
