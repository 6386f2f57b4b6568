package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/markup"
	"kabar/internal/media"
	"kabar/internal/pagecache"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
	"kabar/web"
	"kabar/web/fedi"
	"kabar/web/feed"
	"kabar/web/page"
	"kabar/web/site"
)

// world is a blog that is served over HTTP from a database of its own.
type world struct {
	t      *testing.T
	origin string
	store  *postgres.Store
	blog   *blog.Service
	fed    *federation.Service
	maker  *page.Maker
	actor  blog.Actor
	client *http.Client
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldAt(t, pgtest.URL(t))
}

// newWorldAt is a world on a database that the test has made.
func newWorldAt(t *testing.T, database string) *world {
	t.Helper()
	return newWorldOn(t, database, "")
}

// newWorldOn is a world on a primary and a replica of it; "" = there is none.
func newWorldOn(t *testing.T, database, replica string) *world {
	t.Helper()
	ctx := t.Context()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	w := &world{t: t, origin: "http://" + listener.Addr().String()}
	w.store, err = postgres.Open(ctx, database)
	check(t, err)
	t.Cleanup(w.store.Close)
	_, err = w.store.InitSite(ctx, blog.DefaultSite(w.origin, "blog.example"))
	check(t, err)
	log := slog.New(slog.DiscardHandler)
	w.blog = &blog.Service{Reader: w.store, Store: w.store, Now: time.Now, NewID: newID}
	remote := client.New(client.Options{AllowPrivate: true, Self: w.origin})
	w.fed = &federation.Service{Store: w.store, Blog: w.blog, Client: remote, Now: time.Now, NewID: newID, Log: log}
	check(t, w.fed.EnsureActors(ctx))
	w.actor, err = w.store.LocalActor(ctx, blog.BlogActor, "")
	check(t, err)
	w.maker = &page.Maker{Blog: w.blog, Origin: w.origin, Now: time.Now, Log: log, Cache: pagecache.New(16<<20, time.Minute)}
	w.maker.Sessions = auth.NewSessions(w.store.Pool(), false, w.maker.Fail)
	w.maker.Auth = auth.New(w.store, w.maker.Sessions, time.Now)
	if replica != "" {
		w.follow(replica)
	}
	w.serve(listener, remote)
	w.client = &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w
}

func (w *world) serve(listener net.Listener, remote *client.Client) {
	log := slog.New(slog.DiscardHandler)
	keys := &inbox.Keys{Stored: w.fed.StoredKey, Fetch: w.fed.FetchKey}
	folder, err := media.OpenFolder(w.t.TempDir())
	check(w.t, err)
	w.t.Cleanup(func() { _ = folder.Close() })
	hub := site.NewHub(w.maker)
	hub.Every = time.Millisecond
	w.store.Changed = func(tags ...string) {
		w.maker.Changed(tags...)
		for _, tag := range tags {
			if id, ok := blog.PagedArticle(tag); ok {
				hub.Changed(id)
			}
		}
	}
	readers := &site.Part{
		Page: w.maker, Federation: w.fed, Numbers: w.store, WebFinger: remote.WebFinger, Setup: w.store, Mail: true,
		Media: media.Handler{Store: folder}, Live: hub,
	}
	server := (&web.Server{
		Page: w.maker, Log: log, Ready: w.store.Ping, Live: readers.Watch(),
		Parts: []web.Part{
			&fedi.Part{
				Page: w.maker, Federation: w.fed, Numbers: w.store, Keys: keys, Policy: httpsig.Policy{}, Version: "1.0.0",
				Inbox: &inbox.Handler{Keys: keys, Known: w.fed.Known, Accept: w.fed.Accept, Log: log},
			},
			&feed.Part{Page: w.maker, Numbers: w.store, Sitemap: w.store},
			readers,
		},
	}).HTTP()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.t.Error(err)
		}
	}()
	w.t.Cleanup(func() {
		hub.Close()
		_ = server.Shutdown(context.Background())
		<-done
	})
}

// answer is a response with its body unpacked.
type answer struct {
	*http.Response
	body string
}

// do sends a request; header are pairs of name and value.
func (w *world) do(method, target string, body io.Reader, header ...string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.origin+target, body)
	check(w.t, err)
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	res, err := w.client.Do(r)
	check(w.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	check(w.t, err)
	if res.Header.Get("Content-Encoding") == "gzip" && len(raw) > 0 {
		unpack, err := gzip.NewReader(bytes.NewReader(raw))
		check(w.t, err)
		raw, err = io.ReadAll(unpack)
		check(w.t, err)
	}
	return answer{res, string(raw)}
}

func (w *world) get(target string, header ...string) answer {
	w.t.Helper()
	return w.do(http.MethodGet, target, nil, header...)
}

func (w *world) post(target string, form url.Values, header ...string) answer {
	w.t.Helper()
	header = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)
	return w.do(http.MethodPost, target, strings.NewReader(form.Encode()), header...)
}

func (a answer) page(t *testing.T) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	check(t, err)
	return doc
}

func (w *world) publish(in blog.DraftInput) blog.Article {
	w.t.Helper()
	a, err := w.blog.Save(w.t.Context(), uuid.Nil, blog.Save{Input: in, Publish: true})
	check(w.t, err)
	return a
}

// stranger is a remote actor that is stored.
func (w *world) stranger(name string) blog.Actor {
	w.t.Helper()
	uri := "https://remote.example/users/" + name
	id, err := w.store.SaveRemoteActor(w.t.Context(), federation.RemoteActor{
		URI: uri, Type: "Person", Handle: name, Domain: "remote.example", Name: "The " + name,
		URL: "https://remote.example/@" + name, Inbox: uri + "/inbox",
	})
	check(w.t, err)
	return blog.Actor{ID: id, URI: uri}
}

// comment stores what somebody answers; change may be nil.
func (w *world) comment(a blog.Article, parent *blog.Comment, by blog.Actor, text string, change func(*blog.Comment)) blog.Comment {
	w.t.Helper()
	id := newID()
	c := blog.Comment{
		ID: id, ObjectURI: "https://remote.example/notes/" + id.String(), ArticleID: a.ID, RootID: id, InReplyTo: a.ObjectURI,
		Actor: by, HTML: markup.Sanitize("<p>" + text + "</p>"), Text: text, Language: "en",
		URL: "https://remote.example/@x/" + id.String(), Visibility: blog.Public, State: blog.Visible,
		Published: time.Now(), Created: time.Now(),
	}
	if parent != nil {
		c.ParentID, c.RootID, c.Depth, c.InReplyTo = parent.ID, parent.RootID, parent.Depth+1, parent.ObjectURI
	}
	if change != nil {
		change(&c)
	}
	check(w.t, w.store.AddComments(w.t.Context(), federation.NewComment{Comment: c}))
	return c
}
