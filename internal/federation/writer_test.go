package federation_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

var updateGolden = flag.Bool("update", false, "write the golden files anew")

// writer is a blog that publishes, with a clock and ids of its own, so that
// every document it makes is always the same.
type writer struct {
	*testing.T
	store   *postgres.Store
	blog    *blog.Service
	service *federation.Service
	actor   blog.Actor
	jobs    int64 // the last that was run

	mu  sync.Mutex
	at  time.Time
	ids int
}

func newWriter(t *testing.T) *writer {
	t.Helper()
	w := &writer{T: t, at: time.Date(2026, 11, 21, 7, 30, 0, 0, time.UTC)}
	var err error
	w.store, err = postgres.Open(t.Context(), pgtest.URL(t))
	w.check(err)
	t.Cleanup(w.store.Close)
	w.blog = &blog.Service{Reader: w.store, Store: w.store, Now: w.now, NewID: w.id}
	w.service = &federation.Service{
		Store: w.store, Blog: w.blog, Now: w.now, NewID: w.id, Log: slog.New(slog.DiscardHandler),
		Client: client.New(client.Options{AllowPrivate: true, Self: origin}),
	}
	_, err = w.store.InitSite(t.Context(), blog.DefaultSite(origin, "blog.example"))
	w.check(err)
	w.addActor(blog.BlogActor, "blog")
	w.addActor(blog.InstanceActor, "blog.example")
	w.actor, err = w.store.LocalActor(t.Context(), blog.BlogActor, "")
	w.check(err)
	return w
}

// localKeys are those of all actors of ours: an RSA key takes its time.
var localKeys = sync.OnceValues(func() (keys federation.LocalKeys, err error) {
	rsa, err := httpsig.GenerateRSA()
	if err != nil {
		return keys, err
	}
	ed, err := httpsig.GenerateEd25519()
	if err != nil {
		return keys, err
	}
	if keys.RSA, err = httpsig.MarshalPrivateKey(rsa); err != nil {
		return keys, err
	}
	keys.Ed25519, err = httpsig.MarshalPrivateKey(ed)
	return keys, err
})

func (w *writer) addActor(kind blog.Kind, handle string) {
	w.Helper()
	keys, err := localKeys()
	w.check(err)
	id := w.id()
	a := federation.NewLocalActor{
		ID: id, URI: blog.Address{Origin: origin}.Actor(id), Kind: string(kind), Type: "Person", Handle: handle,
		Domain: "blog.example", Inbox: origin + "/ap/inbox", Keys: keys, Created: w.now(),
	}
	if kind == blog.InstanceActor {
		a.URI, a.Type = blog.Address{Origin: origin}.InstanceActor(), "Application"
	}
	w.check(w.store.InsertLocalActor(w.Context(), a))
}

func (w *writer) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *writer) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *writer) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

// id counts, in the form of a UUIDv7.
func (w *writer) id() uuid.UUID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return uuid.MustParse(fmt.Sprintf("01937a00-0000-7000-8000-%012d", w.ids))
}

func (w *writer) save(s blog.Save) blog.Article {
	w.Helper()
	a, err := w.blog.Save(w.Context(), uuid.Nil, s)
	w.check(err)
	return a
}

func (w *writer) publish(in blog.DraftInput) blog.Article {
	w.Helper()
	return w.save(blog.Save{Input: in, Publish: true})
}

func (w *writer) edit(a blog.Article, markdown string) blog.Article {
	w.Helper()
	in := blog.Input(a)
	in.Markdown = markdown
	return w.save(blog.Save{ID: a.ID, Input: in})
}

func (w *writer) remove(a blog.Article) {
	w.Helper()
	w.check(w.blog.Delete(w.Context(), uuid.Nil, a.ID))
}

// job is what waits to be run.
type job struct{ kind, args string }

// waiting takes the jobs that were not taken yet, oldest first.
func (w *writer) waiting() (jobs []job) {
	w.Helper()
	rows, err := w.store.Pool().Query(w.Context(), `select id, kind, args::text from river_job where id > $1 order by id`, w.jobs)
	w.check(err)
	var j job
	_, err = pgx.ForEachRow(rows, []any{&w.jobs, &j.kind, &j.args}, func() error {
		jobs = append(jobs, j)
		return nil
	})
	w.check(err)
	return jobs
}

// run does what the change of an article, an answer or a profile leaves to be
// done.
func (w *writer) run() {
	w.Helper()
	for _, j := range w.waiting() {
		w.do(j)
	}
}

func (w *writer) do(j job) {
	w.Helper()
	switch j.kind {
	case blog.ArticleChanged{}.Kind():
		work(w, j, w.service.ArticleChanged)
	case blog.CommentChanged{}.Kind():
		work(w, j, w.service.CommentChanged)
	case blog.ActorChanged{}.Kind():
		work(w, j, w.service.ActorChanged)
	case blog.FollowerRemoved{}.Kind():
		work(w, j, w.service.FollowerRemoved)
	case blog.ReactionChanged{}.Kind():
		work(w, j, w.service.ReactionChanged)
	case blog.QuoteDecided{}.Kind():
		work(w, j, w.service.QuoteDecided)
	}
}

func work[A any](w *writer, j job, do func(ctx context.Context, args A) error) {
	w.Helper()
	var args A
	w.check(json.Unmarshal([]byte(j.args), &args))
	w.check(do(w.Context(), args))
}

// person is somebody of another server, whose server has a shared inbox.
func (w *writer) person(handle, domain string) federation.RemoteActor {
	w.Helper()
	uri := "https://" + domain + "/users/" + handle
	a := federation.RemoteActor{
		URI: uri, Type: "Person", Handle: handle, Domain: domain, Name: "The " + handle, URL: "https://" + domain + "/@" + handle,
		Inbox: uri + "/inbox", SharedInbox: "https://" + domain + "/inbox", Followers: uri + "/followers",
	}
	var err error
	a.ID, err = w.store.SaveRemoteActor(w.Context(), a)
	w.check(err)
	return a
}

// known stores somebody who lives on a server that runs.
func (w *writer) known(p *aptest.Person) federation.RemoteActor {
	w.Helper()
	a, err := w.service.RemoteActor(w.Context(), p.ID())
	w.check(err)
	return a
}

func (w *writer) exec(sql string, args ...any) {
	w.Helper()
	_, err := w.store.Pool().Exec(w.Context(), sql, args...)
	w.check(err)
}

func (w *writer) follows(people ...federation.RemoteActor) {
	w.Helper()
	for _, p := range people {
		w.exec(`insert into followers (target_id, actor_id, follow_uri, created) values ($1, $2, $3, $4)`,
			w.actor.ID, p.ID, p.URI+"#follow", w.now())
	}
}

// comment puts a comment under an article; parent is uuid.Nil for one that
// answers the article itself.
func (w *writer) comment(by federation.RemoteActor, a blog.Article, parent uuid.UUID) uuid.UUID {
	w.Helper()
	id := w.id()
	w.exec(`
		insert into comments (id, object_uri, article_id, parent_id, root_id, depth, in_reply_to, actor_id, html, text,
			language, visibility, state, published, created)
		select $1, $2, $3, p.id, coalesce(p.root_id, $1), coalesce(p.depth + 1, 0), '', $5, '<p>x</p>', 'x', 'en',
			'public', 'visible', $6, $6
		from (select 1) one left join comments p on p.id = $4`,
		id, "https://"+by.Domain+"/notes/"+id.String(), a.ID, parent, by.ID, w.now())
	return id
}

func (w *writer) reply(r blog.Reply) blog.Comment {
	w.Helper()
	c, err := w.blog.Reply(w.Context(), uuid.Nil, r)
	w.check(err)
	return c
}

// texts reads one column of text.
func (w *writer) texts(sql string, args ...any) []string {
	w.Helper()
	rows, err := w.store.Pool().Query(w.Context(), sql, args...)
	w.check(err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	w.check(err)
	return list
}

// activities are the types of what was made about an object, oldest first.
func (w *writer) activities(object string) []string {
	w.Helper()
	return w.texts(`select type from activities where object_uri = $1 order by id`, object)
}

// ledger is the rows about an object, in the order in which they were planned.
func (w *writer) ledger(object string) []string {
	w.Helper()
	return w.texts(`select type || ' ' || inbox || ' ' || state from deliveries where object_uri = $1 order by id`, object)
}

// made is the JSON of the newest activity of a type about an object.
func (w *writer) made(kind, object string) []byte {
	w.Helper()
	var body []byte
	w.check(w.store.Pool().QueryRow(w.Context(), `
		select json from activities where type = $1 and object_uri = $2 order by id desc limit 1`, kind, object).Scan(&body))
	return body
}

// object is the id of an object in its address.
func (w *writer) object(uri string) uuid.UUID {
	w.Helper()
	id, err := uuid.Parse(uri[strings.LastIndexByte(uri, '/')+1:])
	w.check(err)
	return id
}

func (w *writer) differ(what string, want, got any) {
	w.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// keyTexts are what no golden file can hold: the keys are made for each run.
var keyTexts = regexp.MustCompile(`"(publicKeyPem|publicKeyMultibase)": "[^"]+"`)

// longText would fill a golden file with what says nothing.
var longText = regexp.MustCompile(`"content": "(kopi ?|[<>/p])+(\\n)?"`)

// golden compares a document with testdata/{name}.json.
func (w *writer) golden(name string, doc []byte) {
	w.Helper()
	var b bytes.Buffer
	w.check(json.Indent(&b, doc, "", "  "))
	got := keyTexts.ReplaceAllString(b.String(), `"$1": "…"`)
	got = longText.ReplaceAllString(got, `"content": "…"`) + "\n"
	path := filepath.Join("testdata", name+".json")
	if *updateGolden {
		w.check(os.MkdirAll("testdata", 0o755))
		w.check(os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	w.check(err)
	w.differ(name, string(want), got)
}
