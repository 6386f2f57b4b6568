package web_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// told is an event as an open page reads it.
type told struct {
	Title, Likes string
	Comments     []struct {
		ID, Parent, HTML string
		Gone             bool
	}
}

// watch opens the stream that the page of an article names.
func (w *world) watch(a blog.Article) (next func() told) {
	w.t.Helper()
	address := w.get("/"+a.Slug).page(w.t).Find("[data-live]").AttrOr("data-live", "")
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.origin+address, nil)
	check(w.t, err)
	answer, err := w.client.Do(req)
	check(w.t, err)
	w.t.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/event-stream" {
		w.t.Fatalf("the stream answers %d %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	return func() (event told) {
		w.t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				check(w.t, json.Unmarshal([]byte(data), &event))
				return event
			}
		}
		w.t.Fatal("the stream ended")
		return event
	}
}

// An open page hears of a new comment, of the answer to it, of an edit, and of
// one that goes, in its place and as the page itself shows it.
func TestOpenPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	next := w.watch(a)

	first, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Article: a.ID, Markdown: "Halo."})
	check(t, err)
	event := next()
	if len(event.Comments) != 1 || event.Comments[0].ID != first.ID.String() || event.Comments[0].Parent != "" {
		t.Fatalf("a new comment is told as %+v", event)
	}
	onPage, err := w.get("/" + a.Slug).page(t).Find("#c-" + first.ID.String()).Html()
	check(t, err)
	if diff := cmp.Diff(onPage, inner(t, event.Comments[0].HTML)); diff != "" {
		t.Errorf("it differs from the page (-page +event):\n%s", diff)
	}
	if event.Title != w.get("/"+a.Slug).page(t).Find("#responses-title").Text() {
		t.Errorf("the number of responses is told as %q", event.Title)
	}

	answer, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: first.ID, Markdown: "Ya."})
	check(t, err)
	if event = next(); len(event.Comments) != 1 || event.Comments[0].ID != answer.ID.String() || event.Comments[0].Parent != first.ID.String() {
		t.Errorf("an answer is told as %+v", event)
	}
	_, err = w.blog.EditReply(t.Context(), uuid.Nil, answer.ID, blog.Reply{Markdown: "Ya, baik."})
	check(t, err)
	if event = next(); len(event.Comments) != 1 || !strings.Contains(event.Comments[0].HTML, "Ya, baik.") {
		t.Errorf("an edit is told as %+v", event)
	}
	check(t, w.blog.DeleteReply(t.Context(), uuid.Nil, answer.ID))
	if event = next(); len(event.Comments) != 1 || !event.Comments[0].Gone || strings.Contains(event.Comments[0].HTML, "baik") {
		t.Errorf("a comment that went is told as %+v", event)
	}
}

// inner is what stands inside the list item of a comment.
func inner(t *testing.T, html string) string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	check(t, err)
	inside, err := doc.Find("li").First().Html()
	check(t, err)
	return inside
}

// What was never shown is not told of: neither what it says nor that it is there.
func TestHiddenIsNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	ask := func() []blog.ChangedComment {
		changed, err := w.store.ChangedComments(t.Context(), a.ID, time.Now().Add(-time.Hour), 100)
		check(t, err)
		return changed
	}
	c, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Article: a.ID, Markdown: "Halo."})
	check(t, err)
	for _, never := range []string{"state = 'waiting'", "state = 'spam'", "visibility = 'direct'", "visibility = 'followers'"} {
		_, err := w.store.Pool().Exec(t.Context(), `update comments set `+never+`, gone = null where id = $1`, c.ID)
		check(t, err)
		_, err = w.store.Pool().Exec(t.Context(), `update comments set gone = null, html = 'changed' where id = $1`, c.ID)
		check(t, err)
		if changed := ask(); len(changed) != 0 {
			t.Errorf("%s: %v is told", never, changed)
		}
		_, err = w.store.Pool().Exec(t.Context(), `update comments set state = 'visible', visibility = 'public' where id = $1`, c.ID)
		check(t, err)
	}
	check(t, w.blog.Moderate(t.Context(), uuid.Nil, c.ID, blog.Hidden))
	if changed := ask(); len(changed) != 1 {
		t.Errorf("one that was shown and goes: %v", changed)
	}
}

func TestNoStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draft, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: "Konsep", Markdown: "Belum."}})
	check(t, err)
	for name, path := range map[string]string{
		"a draft": draft.ID.String(), "no article": newID().String(), "no id": "x", "nothing": "",
	} {
		if got := w.get("/-/live/" + path).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", name, got)
		}
	}
}
