package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/client"
	"kabar/internal/blog"
)

// crawl is one crawl of one thread. What there is to ask waits in a queue for
// each host, so that a slow one holds up only itself.
type crawl struct {
	*pass
	thread Crawl
	ours   string // origin

	mu       sync.Mutex // over what follows
	changed  *sync.Cond
	queues   map[string][]task
	busy     map[string]int // tasks under way, by host
	underway int
	ended    bool
	seen     map[string]bool // addresses that are or were in a queue
	left     map[string]bool // hosts that are left alone
	failures map[string]int  // by host
	perHost  map[string]int  // requests
	requests int
	posts    int
	pages    int
	found    int
	looked   []uuid.UUID
	fault    error // of the database
}

// task is an address to be asked: of a post, or of a collection or page.
type task struct {
	address string
	post    bool
	object  *activitypub.Object // a post that came with its page
	depth   int                 // below what was known
	pages   int                 // of the same collection, before this one
	idle    int                 // of them the last, without anything new
	met     map[string]bool     // items of the pages before this one
	seed    uuid.UUID           // the comment whose collection it is
}

func newCrawl(p *pass, t Crawl) *crawl {
	c := &crawl{
		thread: t, ours: origin(p.site.Origin), queues: map[string][]task{}, busy: map[string]int{},
		seen: map[string]bool{}, left: map[string]bool{}, failures: map[string]int{}, perHost: map[string]int{},
	}
	c.changed = sync.NewCond(&c.mu)
	gated := *p
	gated.Client = p.Client.Through(gate{c})
	c.pass = &gated
	return c
}

// add puts a task into the queue of its host, unless its address was there
// already, is one of ours or of a blocked server.
func (c *crawl) add(t task) bool {
	host := Host(t.address)
	o := origin(t.address)
	if o == "" || o == c.ours || blog.Blocked(c.blocks, t.address, host) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[t.address] {
		return false
	}
	c.seen[t.address] = true
	if c.left[host] || !c.affords(t) {
		return true
	}
	c.queues[host] = append(c.queues[host], t)
	c.changed.Signal()
	return true
}

// affords counts a task, with c.mu held.
func (c *crawl) affords(t task) bool {
	if t.post {
		c.posts++
		return c.posts <= maxCrawlPosts && t.depth <= maxCrawlDepth
	}
	c.pages++
	return c.pages <= maxCrawlPages
}

// run works until nothing is left to be asked or ctx ends.
func (c *crawl) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ended = true
		c.changed.Broadcast()
	})
	defer stop()
	var workers sync.WaitGroup
	for range crawlWidth {
		workers.Go(func() {
			for t, ok := c.next(); ok; t, ok = c.next() {
				c.settle(t, c.doSafely(ctx, t))
			}
		})
	}
	workers.Wait()
}

// next waits for a task; false when there will be none any more.
func (c *crawl) next() (task, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.ended {
		for host, list := range c.queues {
			if c.busy[host] >= hostAtOnce {
				continue
			}
			if len(list) == 1 {
				delete(c.queues, host)
			} else {
				c.queues[host] = list[1:]
			}
			c.busy[host]++
			c.underway++
			return list[0], true
		}
		if c.underway == 0 {
			c.ended = true
			break
		}
		c.changed.Wait()
	}
	c.changed.Broadcast()
	return task{}, false
}

// settle ends a task. A host that does not answer, or not well, is left alone
// for the rest of the crawl.
func (c *crawl) settle(t task, err error) {
	host := Host(t.address)
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.changed.Broadcast()
	c.underway--
	if c.busy[host]--; c.busy[host] == 0 {
		delete(c.busy, host)
	}
	if t.seed != uuid.Nil && t.pages == 0 && !errors.Is(err, errSpent) {
		c.looked = append(c.looked, t.seed)
	}
	var temporary *unreachable
	switch {
	case errors.Is(err, blog.ErrUnavailable):
		c.fault, c.ended = err, true
	case errors.As(err, &temporary):
		if c.failures[host]++; !isAnswer(err) || c.failures[host] >= maxFailures {
			c.left[host] = true
			delete(c.queues, host)
		}
	}
}

// isAnswer reports whether a server answered at all, and did not ask to be
// left alone.
func isAnswer(err error) bool {
	var status *client.StatusError
	return errors.As(err, &status) && status.Status != http.StatusTooManyRequests && status.Status != http.StatusServiceUnavailable
}

// doSafely turns a panic into the failure of this one task.
func (c *crawl) doSafely(ctx context.Context, t task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.Log.ErrorContext(ctx, "panic while crawling", "address", t.address, "value", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if t.post {
		err = c.doPost(ctx, t)
	} else {
		err = c.doPage(ctx, t)
	}
	if ctx.Err() != nil {
		return nil // the end of the crawl is nobody's fault
	}
	c.Log.DebugContext(ctx, "crawled", "address", t.address, "err", err)
	return err
}
