package federation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kabar/internal/blog"
)

// What a crawl may cost at most. Whatever other servers answer, it ends inside
// all of these. Requests are counted one by one, redirects and WebFinger too.
const (
	crawlTime        = 3 * time.Minute
	crawlLease       = 10 * time.Minute // one may be claimed two rounds before it begins
	crawlsAtOnce     = 3                // threads
	crawlWidth       = 24               // requests of one crawl at once
	hostAtOnce       = 2                // requests to one host at once, of all crawls
	maxCrawlRequests = 5000
	threadPerHour    = 10_000 // requests for one thread, in all nodes
	blogPerHour      = 40_000 // requests for all threads, of this node
	hostPerCrawl     = 200    // requests to one host
	hostPerHour      = 1000   // requests to one host, of this node
	maxSeeds         = 1000   // comments whose replies are looked for
	maxContexts      = 50     // of them, whose conversation is looked at as well
	maxCrawlPosts    = 2000   // posts looked at
	maxCrawlPages    = 4000   // collections and pages of them
	maxPagesEach     = 50     // pages of one collection
	maxIdlePages     = 2      // pages in a row without anything new
	maxCrawlDepth    = 100    // how far below what was known
	maxFailures      = 3      // bad answers of a host until it is left alone
)

// errSpent says that a budget is used up, and not that a server is to blame.
var errSpent = errors.New("budget of the crawl is spent")

// gate is client.Gate for one crawl.
type gate struct{ *crawl }

func (g gate) Enter(ctx context.Context, host string) (leave func(), err error) {
	if blog.Blocked(g.blocks, "", host) {
		return nil, fmt.Errorf("%w: %s is blocked", errSpent, host)
	}
	if err := g.spend(host); err != nil {
		return nil, err
	}
	return g.slots.enter(ctx, host)
}

// spend counts one request.
func (c *crawl) spend(host string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.requests >= c.thread.Requests || c.perHost[host] >= hostPerCrawl {
		return fmt.Errorf("%w: %d requests, %d to %s", errSpent, c.requests, c.perHost[host], host)
	}
	now := c.Now()
	err := c.bounds.take("requests of crawls", blogPerHour, time.Hour, now)
	if err == nil {
		err = c.bounds.take("requests of crawls to "+host, hostPerHour, time.Hour, now)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errSpent, err)
	}
	c.requests++
	c.perHost[host]++
	return nil
}

// slots bounds how many requests are under way to each host. The zero value is
// ready for use.
type slots struct {
	mu    sync.Mutex
	hosts map[string]*slot
}

type slot struct {
	free  chan struct{} // holds one for each request under way
	users int           // under way, or waiting
}

// enter waits for its turn.
func (s *slots) enter(ctx context.Context, host string) (leave func(), err error) {
	s.mu.Lock()
	if s.hosts == nil {
		s.hosts = map[string]*slot{}
	}
	mine := s.hosts[host]
	if mine == nil {
		mine = &slot{free: make(chan struct{}, hostAtOnce)}
		s.hosts[host] = mine
	}
	mine.users++
	s.mu.Unlock()
	select {
	case mine.free <- struct{}{}:
		return func() { <-mine.free; s.leave(host, mine) }, nil
	case <-ctx.Done():
		s.leave(host, mine)
		return nil, fmt.Errorf("%w: too much is asked of %s at once", errSpent, host)
	}
}

func (s *slots) leave(host string, mine *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(s.hosts, host)
	}
}
