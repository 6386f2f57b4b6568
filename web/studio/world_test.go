package studio_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/media"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
	"kabar/web"
	"kabar/web/page"
	"kabar/web/studio"
)

const password = "rumah kayu di tepi sungai"

// world is a blog with the Studio, served over HTTP.
type world struct {
	t      *testing.T
	url    string
	store  *postgres.Store
	blog   *blog.Service
	actor  uuid.UUID // the blog's
	nudges int
	later  atomic.Int64 // how far the clock of sign-ins is ahead
}

// clock is that of sign-ins.
func (w *world) clock() time.Time { return time.Now().Add(time.Duration(w.later.Load())) }

func newWorld(t *testing.T) *world {
	t.Helper()
	store, err := postgres.Open(t.Context(), pgtest.URL(t))
	check(t, err)
	t.Cleanup(store.Close)
	server := httptest.NewUnstartedServer(nil)
	w := &world{t: t, url: "http://" + server.Listener.Addr().String(), store: store}
	_, err = store.InitSite(t.Context(), blog.DefaultSite(w.url, "blog.test"))
	check(t, err)
	w.blog = &blog.Service{Reader: store, Store: store, Now: time.Now, NewID: newID}
	w.actor = w.addActor("blog", "blog", "blog.test")
	folder, err := media.OpenFolder(t.TempDir())
	check(t, err)
	m := &page.Maker{Blog: w.blog, Origin: w.url, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	m.Sessions = auth.NewSessions(store.Pool(), false, m.Fail)
	m.Auth = auth.New(store, m.Sessions, w.clock)
	m.Auth.Origin = "https://blog.test"
	part := &studio.Studio{
		Page: m, Store: store, Uploads: uploads{media.Intake{Store: folder}, store}, Fonts: uploads{media.Intake{Store: folder}, store}, Nudge: func() { w.nudges++ },
	}
	server.Config.Handler = (&web.Server{Page: m, Parts: []web.Part{part}, Ready: store.Ping, Log: m.Log}).Handler()
	server.Start()
	t.Cleanup(server.Close)
	return w
}

// uploads takes pictures in as the program does, in one size.
type uploads struct {
	media.Intake
	store *postgres.Store
}

func (u uploads) Add(ctx context.Context, by uuid.UUID, filename, description string, data []byte) (blog.Media, error) {
	p, err := u.Take(ctx, bytes.NewReader(data))
	if err != nil {
		return blog.Media{}, &blog.Invalid{Field: "file", Problem: "image"}
	}
	m := blog.Media{
		Name: p.Full.Name, Type: p.Full.ContentType, Width: p.Full.Width, Height: p.Full.Height, Description: description,
		Filename: filename, AccountID: by, Created: time.Now(),
	}
	return m, u.store.InsertMedia(ctx, m)
}

// AddFont takes a font in as the program does.
func (u uploads) AddFont(ctx context.Context, filename string, data []byte) (blog.ThemeFont, error) {
	stored, font, err := u.Font(ctx, bytes.NewReader(data))
	return blog.ThemeFont{Name: stored.Name, Label: blog.FontLabel(filename), Variable: font.Variable}, blog.FontProblem(err)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.store.Pool().Exec(w.t.Context(), sql, args...)
	check(w.t, err)
}

func (w *world) addActor(kind, handle, domain string) uuid.UUID {
	w.t.Helper()
	id := newID()
	uri := "https://" + domain + "/users/" + handle
	w.exec(`
		insert into actors (id, uri, kind, type, handle, domain, name, url, inbox, shared_inbox, created)
		values ($1, $2, $3, 'Person', $4, $5, $6, $2, $7, $8, now())`,
		id, uri, kind, handle, domain, strings.ToUpper(handle[:1])+handle[1:], uri+"/inbox", "https://"+domain+"/inbox")
	w.exec(`insert into hosts (host, software) values ($1, 'Mastodon') on conflict do nothing`, domain)
	return id
}

// addAccount makes somebody who may sign in with password.
func (w *world) addAccount(name string, role blog.Role) blog.Account {
	w.t.Helper()
	hash, err := auth.Hash(w.t.Context(), password)
	check(w.t, err)
	a, err := w.blog.CreateAccount(w.t.Context(), uuid.Nil, blog.Account{
		Name: name, Email: name + "@blog.test", Password: hash, Role: role, Language: "en",
	})
	check(w.t, err)
	return a
}

// publish makes a public article.
func (w *world) publish(by uuid.UUID, title string) blog.Article {
	w.t.Helper()
	a, err := w.blog.Save(w.t.Context(), by, blog.Save{
		Input: blog.DraftInput{Title: title, Markdown: "Text of " + title + ".", Language: "en"}, Publish: true,
	})
	check(w.t, err)
	return a
}

// comment is one from another server.
type comment struct {
	article    uuid.UUID // uuid.Nil = unattached
	actor      uuid.UUID
	text       string
	state      blog.State
	visibility blog.Visibility
}

func (w *world) addComment(c comment) uuid.UUID {
	w.t.Helper()
	id := newID()
	var article, root *uuid.UUID
	if c.article != uuid.Nil {
		article, root = &c.article, &id
	}
	w.exec(`
		insert into comments (id, object_uri, article_id, root_id, actor_id, in_reply_to, html, text, language, url, visibility, state, published, created)
		values ($1, $2, $3, $4, $5, '', $6, $7, 'en', $2, $8, $9, now(), now())`,
		id, "https://danau.example/notes/"+id.String(), article, root, c.actor, "<p>"+c.text+"</p>", c.text, c.visibility, c.state)
	return id
}

// browser is somebody in front of the Studio. It follows no redirect.
type browser struct {
	w      *world
	client *http.Client
}

func (w *world) browser() *browser {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &browser{w, &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn is a browser in which somebody of the role has signed in.
func (w *world) signedIn(role blog.Role) (*browser, blog.Account) {
	w.t.Helper()
	a := w.addAccount("x"+string(role), role)
	b := w.browser()
	got := b.post("/studio/login", url.Values{"email": {a.Name}, "password": {password}})
	if got.status != http.StatusSeeOther {
		w.t.Fatalf("sign in as %s: %d\n%s", role, got.status, got.text)
	}
	return b, a
}

// answer is what a server said.
type answer struct {
	status   int
	location string // without the origin
	header   http.Header
	text     string
	doc      *goquery.Document
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, a.location) }

// say is the trimmed text of what a selector finds.
func (a answer) say(selector string) string {
	return strings.Join(strings.Fields(a.doc.Find(selector).Text()), " ")
}

func (b *browser) do(req *http.Request) answer {
	b.w.t.Helper()
	req.Header.Set("Accept-Language", "en")
	resp, err := b.client.Do(req)
	check(b.w.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(b.w.t, err)
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	check(b.w.t, err)
	return answer{
		resp.StatusCode, strings.TrimPrefix(resp.Header.Get("Location"), b.w.url), resp.Header, string(body), doc,
	}
}

func (b *browser) get(path string) answer {
	b.w.t.Helper()
	req, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodGet, b.w.url+path, nil)
	check(b.w.t, err)
	return b.do(req)
}

func (b *browser) post(path string, form url.Values) answer {
	b.w.t.Helper()
	req, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodPost, b.w.url+path, strings.NewReader(form.Encode()))
	check(b.w.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// send posts a form with files, by the name of their field.
func (b *browser) send(path string, form url.Values, files map[string][]byte) answer {
	b.w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		for _, value := range values {
			check(b.w.t, m.WriteField(name, value))
		}
	}
	for name, data := range files {
		part, err := m.CreateFormFile(name, name+".png")
		check(b.w.t, err)
		_, err = part.Write(data)
		check(b.w.t, err)
	}
	check(b.w.t, m.Close())
	req, err := http.NewRequestWithContext(b.w.t.Context(), http.MethodPost, b.w.url+path, &body)
	check(b.w.t, err)
	req.Header.Set("Content-Type", m.FormDataContentType())
	return b.do(req)
}

// submit sends a form as its page does: with those that take files, in parts.
func (b *browser) submit(path string, form url.Values) answer {
	b.w.t.Helper()
	withFiles := []string{"/studio/appearance", "/studio/newsletter", "/studio/profile", "/studio/settings"}
	if strings.HasPrefix(path, "/studio/articles/") || slices.Contains(withFiles, path) {
		return b.send(path, form, nil)
	}
	return b.post(path, form)
}

// drawing is a PNG picture.
func drawing(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))))
	return b.Bytes()
}
