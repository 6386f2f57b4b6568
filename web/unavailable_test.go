package web_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/blog"
	"kabar/internal/pgserver"
	"kabar/migrations"
)

// A database that goes away is told as such, and what comes back is served
// without a restart.
func TestDatabaseGoesAndComesBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	options := pgserver.Options{Dir: t.TempDir(), Unsafe: true}
	database, err := pgserver.Start(ctx, options)
	check(t, err)
	pool, err := pgxpool.New(ctx, database.URL())
	check(t, err)
	check(t, migrations.Up(ctx, pool))
	pool.Close()
	w := newWorldAt(t, database.URL())
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	object := strings.TrimPrefix(article.ObjectURI, w.origin)
	type probe struct {
		path, accept string
		up           int
	}
	probes := []probe{
		{"/kabar?lang=en", asBrowser, 200},
		{"/", asActivity, 303},
		{"/tidak-ada", asBrowser, 404},
		{object + "/replies", asActivity, 200},
		{"/readyz", "", 200},
		{"/.well-known/webfinger?resource=acct:blog@blog.example", "", 200},
		{"/nodeinfo/2.1", "", 200},
	}
	look := func(name string, down bool) {
		for _, p := range probes {
			a := w.get(p.path, "Accept", p.accept)
			want := p.up
			if down {
				want = 503
			}
			if a.StatusCode != want || down && a.Header.Get("Retry-After") == "" {
				t.Errorf("%s: %s: %d, Retry-After %q", name, p.path, a.StatusCode, a.Header.Get("Retry-After"))
			}
			if down && (strings.Contains(a.body, "connect") || strings.Contains(a.body, "socket")) {
				t.Errorf("%s: %s tells what is inside: %s", name, p.path, a.body)
			}
		}
	}
	w.get("/") // the settings are known
	look("up", false)
	check(t, database.Stop(ctx))
	look("down", true)
	if a := w.get("/livez"); a.StatusCode != 200 {
		t.Errorf("live: %d", a.StatusCode)
	}
	if a := w.get("/kabar?lang=en"); a.page(t).Find("html").AttrOr("lang", "") != "en" {
		t.Error("the page that says so is not in the reader's language")
	}
	database, err = pgserver.Start(ctx, options)
	check(t, err)
	defer func() { check(t, database.Stop(ctx)) }()
	look("up again", false)
}
