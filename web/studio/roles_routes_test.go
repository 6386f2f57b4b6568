package studio_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/studio"
)

// routeRoles says of each route of the Studio who passes: the first letters of
// owner, editor, author and moderator; "all" is everybody, signed in or not.
// ARTICLE and COMMENT are nobody's, COMMENT is from another server.
var routeRoles = []struct{ route, who, path, form string }{
	{"GET /studio/login", "all", "/studio/login", ""},
	{"POST /studio/login", "all", "/studio/login", "email=nobody&password=nothing"},
	{"GET /studio/login/second", "all", "/studio/login/second", ""},
	{"POST /studio/login/second", "all", "/studio/login/second", "code=123456"},
	{"POST /studio/login/passkey", "all", "/studio/login/passkey", ""},
	{"GET /studio/confirm", "oeam", "/studio/confirm", ""},
	{"POST /studio/confirm", "oeam", "/studio/confirm", "password=" + password},
	{"GET /studio/security", "oeam", "/studio/security", ""},
	{"POST /studio/security", "oeam", "/studio/security", "do=nothing"},
	{"POST /studio/security/passkey", "oeam", "/studio/security/passkey", ""},
	{"POST /studio/logout", "all", "/studio/logout", "stay=1"},
	{"GET /studio", "oeam", "/studio", ""},
	{"GET /studio/articles", "oea-", "/studio/articles", ""},
	{"GET /studio/articles/new", "oea-", "/studio/articles/new", ""},
	{"POST /studio/articles/new", "oea-", "/studio/articles/new", "do=draft&title=Draft&markdown=Text"},
	{"GET /studio/articles/{id}", "oe--", "/studio/articles/ARTICLE", ""},
	{"POST /studio/articles/{id}", "oe--", "/studio/articles/ARTICLE", "do=preview&revision=1"},
	{"GET /studio/comments", "oeam", "/studio/comments", ""},
	{"POST /studio/comments", "oe-m", "/studio/comments", "do=approve&id=COMMENT"},
	{"POST /studio/comments/undo", "oe-m", "/studio/comments/undo", "batch=" + uuid.Nil.String()},
	{"GET /studio/comments/{id}", "oeam", "/studio/comments/COMMENT", ""},
	{"POST /studio/comments/{id}", "oeam", "/studio/comments/COMMENT", "do=preview&text=Hi"},
	{"POST /studio/comments/{id}", "oe-m", "/studio/comments/COMMENT", "do=approve"},
	{"POST /studio/comments/{id}", "oe-m", "/studio/comments/COMMENT", "do=approve-reply&text=Hi"},
	{"GET /studio/comments/{id}/{about:person|server|report}", "oe-m", "/studio/comments/COMMENT/person", ""},
	{"GET /studio/comments/{id}/{about:person|server|report}", "oe-m", "/studio/comments/COMMENT/server", ""},
	{"GET /studio/comments/{id}/{about:person|server|report}", "oe-m", "/studio/comments/COMMENT/report", ""},
	{"POST /studio/comments/{id}/{about:person|server|report}", "oe-m", "/studio/comments/COMMENT/person", "do=approve"},
	{"POST /studio/comments/{id}/{about:person|server|report}", "o--m", "/studio/comments/COMMENT/person", "do=silence"},
	{"POST /studio/comments/{id}/{about:person|server|report}", "o--m", "/studio/comments/COMMENT/server", "do=unrule"},
	{"POST /studio/comments/{id}/{about:person|server|report}", "oe-m", "/studio/comments/COMMENT/report", "text=Rude"},
	{"GET /studio/people", "oeam", "/studio/people?q=mi", ""},
	{"GET /studio/quotes", "oe-m", "/studio/quotes", ""},
	{"POST /studio/quotes", "oe-m", "/studio/quotes", "do=approve&id=" + uuid.Nil.String()},
	{"GET /studio/notifications", "oeam", "/studio/notifications", ""},
	{"POST /studio/notifications", "oeam", "/studio/notifications", "do=read"},
	{"GET /studio/followers", "oe-m", "/studio/followers", ""},
	{"POST /studio/followers", "oe-m", "/studio/followers", "do=remove&actor=" + uuid.Nil.String() + "." + uuid.Nil.String()},
	{"POST /studio/followers", "o--m", "/studio/followers", "do=block&actor=" + uuid.Nil.String() + "." + uuid.Nil.String()},
	{"GET /studio/deliveries", "oe--", "/studio/deliveries", ""},
	{"POST /studio/deliveries", "oe--", "/studio/deliveries", "do=retry&all=1"},
	{"GET /studio/profile", "oeam", "/studio/profile", ""},
	{"POST /studio/profile", "oeam", "/studio/profile", "display=Me"},
	{"GET /studio/moderation", "oe-m", "/studio/moderation", ""},
	{"POST /studio/moderation", "o---", "/studio/moderation", "do=save&comments=nobody"},
	{"GET /studio/words", "o--m", "/studio/words", ""},
	{"POST /studio/words", "o--m", "/studio/words", "do=add&kind=word&severity=silence&value=pinjol"},
	{"GET /studio/blocks", "o--m", "/studio/blocks", ""},
	{"POST /studio/blocks", "o--m", "/studio/blocks", "do=add&severity=block&value=evil.example"},
	{"GET /studio/blocks/export", "o--m", "/studio/blocks/export", ""},
	{"GET /studio/blocks/import", "o--m", "/studio/blocks/import", ""},
	{"POST /studio/blocks/import", "o--m", "/studio/blocks/import", "do=import&list=x.example"},
	{"GET /studio/reports", "oe-m", "/studio/reports", ""},
	{"POST /studio/reports/{id}", "oe-m", "/studio/reports/" + uuid.Nil.String(), "do=resolve"},
	{"GET /studio/audit", "oe-m", "/studio/audit", ""},
	{"GET /studio/appearance", "o---", "/studio/appearance", ""},
	{"POST /studio/appearance", "o---", "/studio/appearance", "do=reset"},
	{"GET /studio/appearance/preview", "o---", "/studio/appearance/preview", ""},
	{"GET /studio/appearance/preview.css", "o---", "/studio/appearance/preview.css", ""},
	{"GET /studio/newsletter", "oe--", "/studio/newsletter", ""},
	{"POST /studio/newsletter", "oe--", "/studio/newsletter", "do=remove&subscriber=" + uuid.Nil.String()},
	{"POST /studio/newsletter", "o---", "/studio/newsletter", "do=save"},
	{"GET /studio/newsletter/subscribers.csv", "oe--", "/studio/newsletter/subscribers.csv", ""},
	{"GET /studio/statistics", "oeam", "/studio/statistics", ""},
	{"GET /studio/statistics/views.csv", "oeam", "/studio/statistics/views.csv", ""},
	{"GET /studio/settings", "o---", "/studio/settings", ""},
	{"POST /studio/settings", "o---", "/studio/settings", "title=+"},
	{"GET /studio/settings/reading", "o---", "/studio/settings/reading", ""},
	{"POST /studio/settings/reading", "o---", "/studio/settings/reading", "crawlers=nobody"},
}

// inNavigation are the pages that the navigation leads to, for those who may
// open them.
var inNavigation = []string{
	"/studio", "/studio/articles", "/studio/articles/new", "/studio/comments", "/studio/notifications", "/studio/moderation",
	"/studio/followers", "/studio/deliveries", "/studio/settings",
}

// Every route has a row, so that nobody adds one without saying whom it is for.
func TestEveryRouteHasRoles(t *testing.T) {
	t.Parallel()
	router := mux.NewRouter()
	(&studio.Studio{Page: &page.Maker{}}).Routes(router)
	want := map[string]bool{}
	check(t, router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		want[methods[0]+" "+path] = true
		return err
	}))
	got := map[string]bool{}
	for _, row := range routeRoles {
		got[row.route] = true
	}
	differ(t, "routes", slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
}

// Whoever a route is not for gets 403, and whoever is not signed in the way to
// sign in.
func TestRolesOfRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(uuid.Nil, "Nobody's").ID
	comment := w.addComment(comment{article, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	names := strings.NewReplacer("ARTICLE", article.String(), "COMMENT", comment.String())
	stranger := w.browser()
	for _, role := range everyRole {
		b, _ := w.signedIn(role)
		links := b.get("/studio").doc.Find("#studio-nav a").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
		for _, row := range routeRoles {
			method, _, _ := strings.Cut(row.route, " ")
			path, form := names.Replace(row.path), names.Replace(row.form)
			if row.who == "all" {
				continue
			}
			passes := strings.Contains(row.who, string(role[0]))
			got := b.ask(method, path, form)
			if refused := got.status == http.StatusForbidden; refused == passes || got.status >= 500 || strings.HasPrefix(got.location, "/studio/login") {
				t.Errorf("%s, %s %s %s: %s", role, method, path, form, got)
			}
			if method == http.MethodGet && slices.Contains(inNavigation, path) {
				differ(t, "navigation of "+string(role)+" leads to "+path, passes, slices.Contains(links, path))
			}
			got = stranger.ask(method, path, form)
			if got.status != http.StatusForbidden && !strings.HasPrefix(got.location, "/studio/login") {
				t.Errorf("signed out, %s %s %s: %s", method, path, form, got)
			}
		}
	}
}

// ask gets a page, or sends its form as the browser does.
func (b *browser) ask(method, path, form string) answer {
	b.w.t.Helper()
	if method == http.MethodGet {
		return b.get(path)
	}
	values, err := url.ParseQuery(form)
	check(b.w.t, err)
	return b.submit(path, values)
}
