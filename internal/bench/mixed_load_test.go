package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
)

// mixed is the world around a program that is under mixed load.
type mixed struct {
	b       *testing.B
	program *program
	world   *aptest.World
	dir     string
	inbox   string
	client  *http.Client
	done    deeds

	mu       sync.Mutex
	articles []published
	said     []said // the newest replies
	failures []string
	count    int // of failures
}

// said is a reply that stands.
type said struct {
	by *aptest.Person
	id string
}

// deeds counts what was done.
type deeds struct{ read, wrote, published, opened atomic.Int64 }

func (d *deeds) String() string {
	return fmt.Sprintf("%d reads, %d activities, %d articles, %d open pages",
		d.read.Load(), d.wrote.Load(), d.published.Load(), d.opened.Load())
}

// act is something that happens so often in a second.
type act struct {
	often float64
	do    func(ctx context.Context) error
}

func newMixed(b *testing.B, p *program, w *aptest.World) *mixed {
	b.Helper()
	m := &mixed{
		b: b, program: p, world: w, dir: b.TempDir(), inbox: p.origin + "/ap/inbox",
		client: &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	for range 5 {
		check(b, m.publish(context.Background()))
	}
	for i := range mixedFollowers {
		sent, err := m.person(i).Follow(context.Background(), p.blogActor(b))
		check(b, err)
		if sent.Status() != http.StatusAccepted {
			b.Fatalf("follow answered %+v", sent.Answers)
		}
	}
	return m
}

// blogActor is the id of the actor that is followed.
func (p *program) blogActor(b *testing.B) string {
	b.Helper()
	body, _ := get(b, p.origin+"/.well-known/webfinger?resource=acct:blog@"+p.listen, "application/jrd+json")
	start := strings.Index(string(body), p.origin+"/ap/actors/")
	if start < 0 {
		b.Fatalf("WebFinger names no actor: %s", body)
	}
	id, _, _ := strings.Cut(string(body[start:]), `"`)
	return id
}

// everything happens until ctx ends.
func (m *mixed) everything(ctx context.Context, acts *sync.WaitGroup) {
	for _, a := range []act{
		{30, m.read},
		{10, m.fetch},
		{2, m.search},
		{10, m.reply},
		{2, m.newcomer},
		{2, m.edit},
		{1, m.remove},
		{5, m.like},
		{1, m.forge},
		{0.2, m.thread},
		{1, m.openPage},
		{0.05, m.publish},
		{0.05, m.revise},
		{0.02, m.forget},
	} {
		acts.Go(func() { m.keep(ctx, a) })
	}
}

// keep does something at its rate; what is late is left out.
func (m *mixed) keep(ctx context.Context, a act) {
	tick := time.NewTicker(time.Duration(float64(time.Second) / a.often))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := a.do(ctx); err != nil && ctx.Err() == nil {
			m.failed(err)
		}
	}
}

func (m *mixed) failed(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.count++; len(m.failures) < 10 {
		m.failures = append(m.failures, err.Error())
	}
}

func (m *mixed) reportFailures(b *testing.B) {
	b.Helper()
	if m.count > 0 {
		b.Errorf("%d things failed, among them:\n%s", m.count, strings.Join(m.failures, "\n"))
	}
}

// person is one of those who are known.
func (m *mixed) person(i int) *aptest.Person {
	servers := m.world.Servers()
	return servers[i%len(servers)].Person(fmt.Sprint("p", i))
}

func (m *mixed) someone() *aptest.Person { return m.person(rand.IntN(mixedFollowers)) }

// article is one of the newest twenty.
func (m *mixed) article() published {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest := m.articles[max(0, len(m.articles)-20):]
	return newest[rand.IntN(len(newest))]
}

// recent is one of the replies that stand.
func (m *mixed) recent() (said, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.said) == 0 {
		return said{}, false
	}
	return m.said[rand.IntN(len(m.said))], true
}

func (m *mixed) remember(s said) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.said = append(m.said, s); len(m.said) > 200 {
		m.said = m.said[1:]
	}
}

// ask reads an address to its end.
func (m *mixed) ask(ctx context.Context, address, accept string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", accept)
	r.Header.Set("Accept-Language", []string{"id", "en"}[rand.IntN(2)])
	res, err := m.client.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	m.done.read.Add(1)
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%s: %s", address, res.Status)
	}
	return nil
}

func (m *mixed) read(ctx context.Context) error {
	o := m.program.origin
	paths := []string{
		m.article().URL, m.article().URL, m.article().URL, o + "/", o + "/archive", o + "/tags/kopi", o + "/feed.atom",
		o + "/sitemap.xml", o + "/robots.txt", o + "/no-such-page", fmt.Sprintf("%s/?page=%d", o, rand.IntN(50)),
		m.article().URL + "?utm_source=" + fmt.Sprint(rand.Int()),
	}
	return m.ask(ctx, paths[rand.IntN(len(paths))], "text/html")
}

func (m *mixed) fetch(ctx context.Context) error {
	a := m.article()
	paths := []string{a.ID, a.ID, a.ID + "/replies", a.ID + "/likes", m.program.origin + "/ap/actor", m.program.origin + "/nodeinfo/2.1"}
	return m.ask(ctx, paths[rand.IntN(len(paths))], activitypub.ContentType)
}

func (m *mixed) search(ctx context.Context) error {
	words := []string{"kopi", "pagi", "kaba", "toraja", "nga", "tidak-ada"}
	return m.ask(ctx, m.program.origin+"/search?q="+words[rand.IntN(len(words))]+"+"+words[rand.IntN(len(words))], "text/html")
}

// took looks at what an inbox answered: 429 is the program's good right.
func (m *mixed) took(s *aptest.Sent, err error) error {
	if err != nil {
		return err
	}
	m.done.wrote.Add(1)
	if status := s.Status(); status >= http.StatusInternalServerError {
		return fmt.Errorf("%v answered %+v", s.Activity["type"], s.Answers)
	}
	return nil
}

func (m *mixed) reply(ctx context.Context) error { return m.say(ctx, m.someone()) }

// newcomer is somebody who was never heard of.
func (m *mixed) newcomer(ctx context.Context) error { return m.say(ctx, m.person(rand.Int())) }

func (m *mixed) say(ctx context.Context, by *aptest.Person) error {
	parent := m.article().ID
	if to, ok := m.recent(); ok && rand.IntN(2) == 0 {
		parent = to.id
	}
	sent, err := by.Post(ctx, aptest.Note{Content: prose(40), InReplyTo: parent, Inboxes: []string{m.inbox}})
	if err == nil && sent.Status() == http.StatusAccepted {
		m.remember(said{by, sent.ObjectID})
	}
	return m.took(sent, err)
}

func (m *mixed) edit(ctx context.Context) error {
	s, ok := m.recent()
	if !ok {
		return nil
	}
	return m.took(s.by.Edit(ctx, s.id, prose(50)))
}

func (m *mixed) remove(ctx context.Context) error {
	m.mu.Lock()
	if len(m.said) < 100 {
		m.mu.Unlock()
		return nil
	}
	s := m.said[0]
	m.said = m.said[1:]
	m.mu.Unlock()
	return m.took(s.by.Delete(ctx, s.id))
}

func (m *mixed) like(ctx context.Context) error {
	by, a := m.someone(), m.article()
	activity := aptest.Doc{"type": []string{"Like", "Announce"}[rand.IntN(2)], "object": a.ID}
	sent, err := by.Send(ctx, activity, m.inbox)
	if err == nil && rand.IntN(4) == 0 {
		return m.took(by.Undo(ctx, sent))
	}
	return m.took(sent, err)
}

func (m *mixed) forge(ctx context.Context) error {
	liar := m.someone().Forging(aptest.Forgery{WrongKey: true})
	sent, err := liar.Post(ctx, aptest.Note{Content: "forged", InReplyTo: m.article().ID, Inboxes: []string{m.inbox}})
	if err == nil && sent.Status() == http.StatusAccepted {
		err = errors.New("a forgery was taken")
	}
	return m.took(sent, err)
}

// thread is a reply below which its server lists others, to be crawled.
func (m *mixed) thread(ctx context.Context) error {
	top := m.someone()
	create := top.Compose(aptest.Note{Content: prose(30), InReplyTo: m.article().ID})
	id := create["object"].(aptest.Doc)["id"].(string)
	for range 5 {
		answer := m.someone().Compose(aptest.Note{Content: prose(20), InReplyTo: id})
		top.Server().List(id, answer["object"].(aptest.Doc)["id"].(string))
	}
	return m.took(top.Send(ctx, create, m.inbox))
}

// openPage holds the stream of a page for a while.
func (m *mixed) openPage(ctx context.Context) error {
	page, err := m.client.Get(m.article().URL)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(page.Body)
	page.Body.Close()
	found := liveAttribute.FindSubmatch(body)
	if err != nil || found == nil {
		return err
	}
	m.done.opened.Add(1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
		defer cancel()
		address := m.program.origin + strings.ReplaceAll(string(found[1]), "&amp;", "&")
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			m.failed(err)
			return
		}
		r.Header.Set("Accept", "text/event-stream")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			if ctx.Err() == nil {
				m.failed(err)
			}
			return
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body) // it ends with ctx
	}()
	return nil
}

func (m *mixed) publish(context.Context) error {
	n := m.done.published.Add(1)
	a, err := m.write(n, "article", "publish")
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.articles = append(m.articles, a)
	return nil
}

func (m *mixed) revise(context.Context) error {
	_, err := m.write(rand.Int64(), "article", "edit", m.article().URL)
	return err
}

// write runs a command with an article's file.
func (m *mixed) write(n int64, args ...string) (a published, err error) {
	file := filepath.Join(m.dir, fmt.Sprintf("%d.md", n))
	text := fmt.Sprintf("---\ntitle: Kopi pagi di Toraja, %d\ntags: [kopi]\n---\n", n) + prose(300+int(n%600))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return a, err
	}
	defer os.Remove(file)
	out, err := m.program.command(m.b, append(args, file, "--json")...).Output()
	if err != nil {
		return a, fmt.Errorf("%v: %w", args, err)
	}
	return a, json.Unmarshal(out, &a)
}

// forget keeps the world's own memory bounded.
func (m *mixed) forget(context.Context) error {
	for _, s := range m.world.Servers() {
		s.Forget()
	}
	return nil
}
