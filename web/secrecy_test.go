package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// secret is something that is there and not for everybody.
type secret struct {
	name string
	id   uuid.UUID
	slug string
}

// secrets are a draft, and answers of ours that are hidden, that wait, that
// are for one person and for followers.
func (w *world) secrets() []secret {
	w.t.Helper()
	draft, err := w.blog.Save(w.t.Context(), uuid.Nil, blog.Save{Input: blog.DraftInput{Title: "Rahasia besar", Markdown: "Tersembunyi."}})
	check(w.t, err)
	list := []secret{{"draft", draft.ID, draft.Slug}}
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	for _, set := range []string{"state = 'hidden'", "state = 'waiting'", "visibility = 'direct'", "visibility = 'followers'"} {
		c, err := w.blog.Reply(w.t.Context(), uuid.Nil, blog.Reply{Article: a.ID, Markdown: "Rahasia besar."})
		check(w.t, err)
		_, err = w.store.Pool().Exec(w.t.Context(), `update comments set `+set+` where id = $1`, c.ID)
		check(w.t, err)
		list = append(list, secret{"answer with " + set, c.ID, c.ID.String()})
	}
	return list
}

// heard is all that somebody who asks can tell answers apart by, but for the
// time and what they asked for themselves.
func (w *world) heard(a answer, s secret) string {
	var lines []string
	for name, values := range a.Header {
		if name != "Date" && name != "X-Request-Id" {
			lines = append(lines, name+": "+strings.Join(values, ", "))
		}
	}
	slices.Sort(lines)
	text := fmt.Sprintf("%d\n%s\n%s", a.StatusCode, strings.Join(lines, "\n"), a.body)
	words := func(name string) string { return strings.ReplaceAll(name, "-", " ") } // to look for instead
	number := a.page(w.t).Find("main p.quiet code").Text()                          // of the request
	return strings.NewReplacer(
		s.id.String(), "ID", words(s.id.String()), "ID", s.slug, "SLUG", words(s.slug), "SLUG", "<code>"+number+"</code>", "NUMBER",
	).Replace(text)
}

// Whether something is not there or not for whoever asks is answered alike, to
// the byte, by every address that it might have.
func TestSecretsAreAnsweredLikeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paths := []string{
		"/ap/objects/ID", "/ap/objects/ID/replies", "/ap/objects/ID/context", "/ap/objects/ID/likes", "/ap/objects/ID/shares",
		"/ap/activities/ID", "/ap/stamps/ID", "/SLUG", "/-/reactions/ID", "/-/history/ID", "/-/history/ID/1", "/-/respond/ID", "/-/live/ID",
		"/SLUG/feed.atom",
	}
	for _, s := range w.secrets() {
		nothing := secret{"nothing", newID(), strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return 'z' - (r - 'a')
			}
			return r
		}, s.slug)}
		if nothing.slug == s.slug || s.slug == s.id.String() {
			nothing.slug = nothing.id.String()
		}
		for _, path := range paths {
			for _, accept := range []string{asActivity, asBrowser} {
				ask := func(what secret) answer {
					return w.get(strings.NewReplacer("ID", what.id.String(), "SLUG", what.slug).Replace(path), "Accept", accept)
				}
				got := ask(s)
				if diff := cmp.Diff(w.heard(ask(nothing), nothing), w.heard(got, s)); diff != "" {
					t.Errorf("%s at %s as %s, beside nothing (-nothing +secret):\n%s", s.name, path, accept, diff)
				}
				if got.StatusCode < 400 || strings.Contains(got.body, "Rahasia") {
					t.Errorf("%s at %s as %s: %d\n%s", s.name, path, accept, got.StatusCode, got.body)
				}
			}
		}
	}
}

// What secret texts say is in no list, feed, collection or search.
func TestSecretsAreInNoList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secrets()
	actor := strings.TrimPrefix(w.actor.URI, w.origin)
	paths := []string{
		"/", "/kabar", "/archive", "/search?q=rahasia", "/search?q=tersembunyi", "/feed.atom", "/feed.rss", "/feed.json", "/kabar/feed.atom",
		"/sitemap.xml", "/authors/blog", "/rahasia-besa", actor, actor + "/outbox", actor + "/outbox?page=true", actor + "/featured",
	}
	for _, path := range paths {
		for _, accept := range []string{asActivity, asBrowser} {
			got := w.get(path, "Accept", accept)
			for _, word := range []string{"Rahasia", "rahasia-besar", "Tersembunyi"} {
				if strings.Contains(got.body, word) {
					t.Errorf("%s as %s tells %q", path, accept, word)
				}
			}
			if got.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%s: %d", path, got.StatusCode)
			}
		}
	}
}
