package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

const (
	asActivity = "application/activity+json"
	asMastodon = `application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json, text/html;q=0.1`
	asBrowser  = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	htmlType   = "text/html; charset=utf-8"
)

// asked is what a route is asked for, and want what it answers.
type asked struct {
	name, method, path, accept string
	want                       want
}

type want struct {
	Status int
	Type   string
	To     string
}

// routed is a world with an article, a note and an article that is deleted.
func routed(t *testing.T) (w *world, article, note, gone blog.Article) {
	t.Helper()
	w = newWorld(t)
	article = w.publish(blog.DraftInput{Title: "Kabar baik", Markdown: "Halo, *dunia*.", Tags: []string{"Kopi"}, Language: "id"})
	note = w.publish(blog.DraftInput{Markdown: "Sebuah catatan pendek.", Slug: "catatan"})
	gone = w.publish(blog.DraftInput{Title: "Sudah hilang", Markdown: "Dulu ada."})
	check(t, w.blog.Delete(t.Context(), uuid.Nil, gone.ID))
	return w, article, note, gone
}

func TestRoutesForReaders(t *testing.T) {
	t.Parallel()
	w, article, _, _ := routed(t)
	page := want{200, htmlType, ""}
	w.askAll([]asked{
		{"front page", "GET", "/", asBrowser, page},
		{"front page, head", "HEAD", "/", asBrowser, page},
		{"front page for servers", "GET", "/", asActivity, want{303, htmlType, w.actor.URI}},
		{"front page, post", "POST", "/", "", want{405, htmlType, ""}},
		{"article", "GET", "/kabar-baik", asBrowser, page},
		{"article, any", "GET", "/kabar-baik", "*/*", page},
		{"article, none", "GET", "/kabar-baik", "", page},
		{"article for servers", "GET", "/kabar-baik", asActivity, want{303, htmlType, article.ObjectURI}},
		{"article, ld+json without profile", "GET", "/kabar-baik", "application/ld+json", want{303, htmlType, article.ObjectURI}},
		{"article, Mastodon's search", "GET", "/kabar-baik", asMastodon, want{303, htmlType, article.ObjectURI}},
		{"article, html preferred", "GET", "/kabar-baik", "application/activity+json;q=0.5, text/html", page},
		{"article, html first", "GET", "/kabar-baik", "text/html, application/activity+json", page},
		{"article, activity refused", "GET", "/kabar-baik", "application/activity+json;q=0, */*", page},
		{"article, any but activity", "GET", "/kabar-baik", "application/activity+json, */*;q=0.1", want{303, htmlType, article.ObjectURI}},
		{"article with a slash", "GET", "/kabar-baik/", asBrowser, want{301, htmlType, "/kabar-baik"}},
		{"article with a slash, head", "HEAD", "/kabar-baik/", asBrowser, want{301, htmlType, "/kabar-baik"}},
		{"article, put", "PUT", "/kabar-baik", "", want{405, htmlType, ""}},
		{"note", "GET", "/catatan", asBrowser, page},
		{"deleted", "GET", "/sudah-hilang", asBrowser, want{410, htmlType, ""}},
		{"deleted for servers", "GET", "/sudah-hilang", asActivity, want{410, asActivity, ""}},
		{"unknown", "GET", "/tidak-ada", asBrowser, want{404, htmlType, ""}},
		{"unknown, deep", "GET", "/tidak/ada/sama/sekali", asBrowser, want{404, htmlType, ""}},
		{"escaped slash", "GET", "/a%2Fb", asBrowser, want{404, htmlType, ""}},
		{"two slashes", "GET", "//evil.example/", asBrowser, want{404, htmlType, ""}},
		{"tag", "GET", "/tags/kopi", asBrowser, page},
		{"tag in capitals", "GET", "/tags/Kopi", asBrowser, want{301, htmlType, "/tags/kopi"}},
		{"tag of no letter", "GET", "/tags/%23", asBrowser, want{404, htmlType, ""}},
		{"tag without articles", "GET", "/tags/teh", asBrowser, want{404, htmlType, ""}},
		{"author", "GET", "/authors/blog", asBrowser, page},
		{"author for servers", "GET", "/authors/blog", asActivity, want{303, htmlType, w.actor.URI}},
		{"author unknown", "GET", "/authors/nobody", asBrowser, want{404, htmlType, ""}},
		{"archive", "GET", "/archive", asBrowser, page},
		{"page of a list that cannot be", "GET", "/?before=x", asBrowser, want{400, htmlType, ""}},
		{"follow", "GET", "/follow", asBrowser, page},
		{"interact", "GET", "/-/interact?uri=https%3A%2F%2Fa.example%2F1", asBrowser, page},
		{"interact with a script", "GET", "/-/interact?uri=javascript:alert(1)", asBrowser, want{400, htmlType, ""}},
		{"follow, no address", "GET", "/follow?account=nobody", asBrowser, want{422, htmlType, ""}},
		{"set-up without the token", "GET", "/setup", asBrowser, want{403, htmlType, ""}},
		{"feed", "GET", "/feed.atom", "", want{200, "application/atom+xml; charset=utf-8", ""}},
		{"feed of a tag", "GET", "/tags/kopi/feed.atom", "", want{200, "application/atom+xml; charset=utf-8", ""}},
		{"icon", "GET", "/-/icon.png", "", want{200, "image/png", ""}},
		{"robots", "GET", "/robots.txt", "", want{200, "text/plain; charset=utf-8", ""}},
		{"media unknown", "GET", "/-/media/x.webp", "", want{404, "text/plain; charset=utf-8", ""}},
		{"live", "GET", "/livez", "", want{200, "text/plain; charset=utf-8", ""}},
		{"ready", "GET", "/readyz", "", want{200, "text/plain; charset=utf-8", ""}},
	})
}

func TestRoutesForServers(t *testing.T) {
	t.Parallel()
	w, article, note, gone := routed(t)
	object := strings.TrimPrefix(article.ObjectURI, w.origin)
	goneObject := strings.TrimPrefix(gone.ObjectURI, w.origin)
	actor := strings.TrimPrefix(w.actor.URI, w.origin)
	ap := want{200, asActivity, ""}
	w.askAll([]asked{
		{"actor", "GET", actor, asActivity, ap},
		{"actor, head", "HEAD", actor, asActivity, ap},
		{"actor, none", "GET", actor, "", ap},
		{"actor for a browser", "GET", actor, asBrowser, want{303, htmlType, w.origin + "/"}},
		{"actor unknown", "GET", "/ap/actors/" + uuid.NewString(), asActivity, want{404, "application/json", ""}},
		{"actor, no id", "GET", "/ap/actors/me", asActivity, want{404, "application/json", ""}},
		{"instance actor", "GET", "/ap/actor", asActivity, ap},
		{"instance outbox", "GET", "/ap/actor/outbox", asActivity, ap},
		{"outbox", "GET", actor + "/outbox", asActivity, ap},
		{"outbox, page", "GET", actor + "/outbox?page=true", asActivity, ap},
		{"followers", "GET", actor + "/followers", asActivity, ap},
		{"followers, page", "GET", actor + "/followers?page=true", asActivity, ap},
		{"followers, page that cannot be", "GET", actor + "/followers?page=true&id=x", asActivity, want{400, "application/json", ""}},
		{"following", "GET", actor + "/following", asActivity, ap},
		{"featured", "GET", actor + "/featured", asActivity, ap},
		{"inbox, get", "GET", actor + "/inbox", asActivity, want{405, "text/plain; charset=utf-8", ""}},
		{"shared inbox, get", "GET", "/ap/inbox", asActivity, want{405, "text/plain; charset=utf-8", ""}},
		{"object", "GET", object, asActivity, ap},
		{"object for a browser", "GET", object, asBrowser, want{303, htmlType, w.origin + "/kabar-baik"}},
		{"object of a note", "GET", strings.TrimPrefix(note.ObjectURI, w.origin), "", ap},
		{"object deleted", "GET", goneObject, asActivity, want{410, asActivity, ""}},
		{"object deleted, for a browser", "GET", goneObject, asBrowser, want{410, htmlType, ""}},
		{"object unknown", "GET", "/ap/objects/" + uuid.NewString(), asActivity, want{404, "application/json", ""}},
		{"replies", "GET", object + "/replies", asActivity, ap},
		{"context", "GET", object + "/context", asActivity, ap},
		{"likes", "GET", object + "/likes", asActivity, ap},
		{"shares", "GET", object + "/shares", asActivity, ap},
		{"replies of a deleted one", "GET", goneObject + "/replies", asActivity, want{410, asActivity, ""}},
		{"activity unknown", "GET", "/ap/activities/" + uuid.NewString(), asActivity, want{404, "application/json", ""}},
		{"unknown below ap", "GET", "/ap/nothing", asActivity, want{404, "text/plain; charset=utf-8", ""}},
		{"host-meta", "GET", "/.well-known/host-meta", "", want{200, "application/xrd+xml; charset=utf-8", ""}},
		{"nodeinfo index", "GET", "/.well-known/nodeinfo", "", want{200, "application/json", ""}},
		{"webfinger, none", "GET", "/.well-known/webfinger", "", want{400, "text/plain; charset=utf-8", ""}},
	})
}

func (w *world) askAll(tests []asked) {
	for _, tt := range tests {
		w.t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var header []string
			if tt.accept != "" {
				header = []string{"Accept", tt.accept}
			}
			a := w.do(tt.method, tt.path, nil, header...)
			got := want{a.StatusCode, a.Header.Get("Content-Type"), a.Header.Get("Location")}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Content-Security-Policy") == "" {
				t.Error("the headers of security are missing")
			}
			if tt.method == "GET" && tt.want.Type == htmlType && a.StatusCode != 301 && a.StatusCode != 303 {
				isPage(t, a)
			}
		})
	}
}

// isPage looks for what every page must have for those who listen to it.
func isPage(t *testing.T, a answer) {
	t.Helper()
	doc := a.page(t)
	type basics struct {
		Lang       string
		H1, Inline int
	}
	got := basics{doc.Find("html").AttrOr("lang", ""), doc.Find("h1").Length(), doc.Find("[style], script:not([src]):not([type='application/ld+json'])").Length()}
	if diff := cmp.Diff(basics{"id", 1, 0}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := []struct{ name, method, path, want string }{
		{"page", "POST", "/archive", "GET, HEAD"},
		{"inbox", "GET", "/ap/inbox", "POST"},
		{"form", "DELETE", "/follow", "GET, HEAD, POST"},
		{"set-up", "PUT", "/setup", "GET, HEAD, POST"},
	}
	for _, tt := range tests {
		a := w.do(tt.method, tt.path, nil)
		if diff := cmp.Diff(tt.want, a.Header.Get("Allow")); diff != "" || a.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d %s", tt.name, a.StatusCode, diff)
		}
	}
}
