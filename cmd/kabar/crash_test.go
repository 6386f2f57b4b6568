package main_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
)

// TestCrash kills the whole house, its database too, in the middle of
// receiving and publishing. What was acknowledged must have its effect after
// the next start, once.
func TestCrash(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.serve()
	article := h.publish("Sebelum", "Isi.")
	c := newCrowd(t, h)

	acknowledged := c.replyUntil(60, article.ID, func() { p.signal(syscall.SIGKILL) })
	published := c.published()
	p.wait()
	if len(acknowledged) < 60 {
		t.Fatalf("only %d replies were acknowledged", len(acknowledged))
	}
	h.serve()

	type inbound struct{ Outcome string }
	eventually(t, "everything that came in is done", func() bool {
		return len(ask[[]inbound](h, "inbound", "list", "--outcome", "waiting")) == 0
	})
	type comment struct{ Text string }
	seen := map[string]int{}
	for _, one := range ask[[]comment](h, "comment", "list", "--article", article.URL, "--limit", "1000") {
		seen[one.Text]++
	}
	for _, text := range acknowledged {
		if seen[text] != 1 {
			t.Errorf("%q stands %d times", text, seen[text])
		}
	}
	for _, made := range append(published, h.publish("Sesudah", "Isi.")) {
		c.gotOnce(made.ID)
	}
}

// crowd are people on other servers, each of whom follows the blog.
type crowd struct {
	t      *testing.T
	h      *house
	world  *aptest.World
	people []*aptest.Person
	made   chan []reference
}

func newCrowd(t *testing.T, h *house) *crowd {
	t.Helper()
	world, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	must(t, err)
	t.Cleanup(world.Close)
	c := &crowd{t: t, h: h, world: world, made: make(chan []reference, 1)}
	for i := range 4 {
		c.join(aptest.Options{}, fmt.Sprintf("p%d", i))
	}
	return c
}

// join adds somebody on a server of their own.
func (c *crowd) join(o aptest.Options, name string) *aptest.Person {
	c.t.Helper()
	server, err := c.world.Start(o)
	must(c.t, err)
	who := server.Person(name)
	actor, err := server.Resolve(c.t.Context(), "blog@"+c.h.host)
	must(c.t, err)
	sent, err := who.Follow(c.t.Context(), actor)
	must(c.t, err)
	_, err = server.Wait(c.t.Context(), aptest.About("Accept", sent.ID))
	must(c.t, err)
	c.people = append(c.people, who)
	return who
}

// replyUntil lets everybody answer an article, while others are published,
// until so many replies are acknowledged; then it calls end. It returns the
// texts of all that were.
func (c *crowd) replyUntil(n int, article string, end func()) []string {
	over := make(chan struct{})
	defer close(over)
	go c.publishOn(over)
	var (
		mu    sync.Mutex
		texts []string
		once  sync.Once
		all   sync.WaitGroup
	)
	for _, who := range c.people {
		all.Go(func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("Balasan %d dari %s.", i, who.Name())
				sent, err := who.Reply(context.Background(), article, text)
				if err != nil || sent.Status() != http.StatusAccepted {
					return // the house is gone
				}
				mu.Lock()
				texts = append(texts, text)
				enough := len(texts) >= n
				mu.Unlock()
				if enough {
					once.Do(end)
				}
			}
		})
	}
	all.Wait()
	return texts
}

// publishOn publishes from the command line, which needs no server, until the
// crash is over. One that hits the crash may fail.
func (c *crowd) publishOn(over <-chan struct{}) {
	var made []reference
	for i := 0; ; i++ {
		select {
		case <-over:
			c.made <- made
			return
		default:
		}
		file := c.h.file("more.md", fmt.Sprintf("---\ntitle: Kabar %d\n---\n\nIsi.\n", i))
		var r reference
		if c.h.try(&r, "article", "publish", file) {
			made = append(made, r)
		}
	}
}

// published are the articles that the command line said were.
func (c *crowd) published() []reference { return <-c.made }

// gotOnce checks that every server got an article, by one activity, and that
// the ledger has one row for each.
func (c *crowd) gotOnce(object string) {
	c.t.Helper()
	created := aptest.About("Create", object)
	for _, s := range c.world.Servers() {
		ctx, cancel := context.WithTimeout(c.t.Context(), patience)
		defer cancel()
		if _, err := s.Wait(ctx, created); err != nil {
			c.t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, got := range s.Matching(created) {
			ids[got.Activity.ID] = true
		}
		if len(ids) != 1 {
			c.t.Errorf("%s got %d activities that create %s", s.URL(), len(ids), object)
		}
	}
	type row struct{ Inbox, State string }
	var rows []row
	eventually(c.t, "the ledger is done with "+object, func() bool {
		rows = ask[[]row](c.h, "delivery", "list", "--article", object)
		for _, r := range rows {
			if r.State != "delivered" {
				return false
			}
		}
		return true
	})
	inboxes := map[string]int{}
	for _, r := range rows {
		inboxes[r.Inbox]++
	}
	want := map[string]int{}
	for _, s := range c.world.Servers() {
		want[s.SharedInbox()] = 1
	}
	if diff := cmp.Diff(want, inboxes); diff != "" {
		c.t.Error(diff)
	}
}
