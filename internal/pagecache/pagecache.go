// Package pagecache keeps rendered pages: compressed once, with their headers
// ready, and dropped the moment what they show has changed.
//
// A page names what it depends on by tags ("site", "article:…"). Time is a
// counter of invalidations: a page remembers the count from before its data was
// read, a tag the count of its last invalidation, and a page is good as long as
// none of its tags has a later one. So a change that happens during a render
// is never missed, whichever of the two is first to end, and tags may be
// found while rendering.
package pagecache

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
)

// maxTags is how many tags are remembered before all is forgotten: each is a
// name and a number for every article and actor that ever changed.
const maxTags = 100_000

// Cache is a bounded set of pages; make it with New. It is safe for use by
// several goroutines.
type Cache struct {
	// Rendered hears how long each page took that was made; nil = nobody. Set
	// it before the first use.
	Rendered func(took time.Duration)
	// Replica is where renders may read, too; nil = nowhere else. Set it before
	// the first use.
	Replica Replica

	hits    atomic.Uint64 // answers without a render
	pages   *otter.Cache[string, *entry]
	flights singleflight.Group
	changes atomic.Uint64 // how many invalidations there have been
	emptied atomic.Uint64 // the count at the last Empty

	mu   sync.Mutex
	tags map[string]*tag
}

// tag holds the count at its last invalidation.
type tag struct{ changed atomic.Uint64 }

// New makes a cache of at most so many bytes, whose pages live at most so long;
// the lifetime bounds what no tag tells, such as "5 minutes ago".
func New(bytes uint64, lifetime time.Duration) *Cache {
	return &Cache{
		pages: otter.Must(&otter.Options[string, *entry]{
			MaximumWeight:    bytes,
			Weigher:          func(key string, e *entry) uint32 { return uint32(len(key) + e.size()) },
			ExpiryCalculator: otter.ExpiryWriting[string, *entry](lifetime),
		}),
		tags: map[string]*tag{},
	}
}

// Close ends what the cache does by itself: dropping pages whose time is over.
// It can be used on.
func (c *Cache) Close() { c.pages.StopAllGoroutines() }

// Invalidate drops every page that carries one of the tags. Call it after the
// change is committed: a page whose data is read later is good again.
func (c *Cache) Invalidate(tags ...string) {
	now := c.changes.Add(1)
	for _, t := range c.find(tags) {
		t.raise(now)
	}
}

// raise sets the count of a tag, never back.
func (t *tag) raise(to uint64) {
	for {
		old := t.changed.Load()
		if old >= to || t.changed.CompareAndSwap(old, to) {
			return
		}
	}
}

// Empty drops every page, as when invalidations of other nodes were missed.
func (c *Cache) Empty() {
	c.mu.Lock()
	c.tags = map[string]*tag{}
	c.emptied.Store(c.changes.Add(1))
	c.mu.Unlock()
	c.pages.InvalidateAll()
}

// Changes is how many invalidations there have been.
func (c *Cache) Changes() uint64 { return c.changes.Load() }

// find gives the tags of these names, making those not seen before.
func (c *Cache) find(names []string) []*tag {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tags) > maxTags {
		c.tags = map[string]*tag{}
		c.emptied.Store(c.changes.Add(1))
	}
	found := make([]*tag, len(names))
	for i, name := range names {
		t, ok := c.tags[name]
		if !ok {
			t = &tag{}
			c.tags[name] = t
		}
		found[i] = t
	}
	return found
}

// good reports whether nothing that the page depends on has changed since its
// data was read.
func (c *Cache) good(e *entry) bool { return c.unchanged(e.tags, e.read) }

// unchanged reports whether none of the tags has changed since that count.
func (c *Cache) unchanged(tags []*tag, since uint64) bool {
	if since < c.emptied.Load() {
		return false
	}
	for _, t := range tags {
		if t.changed.Load() > since {
			return false
		}
	}
	return true
}

// lookup is the page for a key, if there is a good one.
func (c *Cache) lookup(key string) (*entry, bool) {
	e, ok := c.pages.GetIfPresent(key)
	if !ok || !c.good(e) {
		return nil, false
	}
	c.hits.Add(1)
	return e, true
}

// State is what a cache holds, and how often it served.
type State struct {
	Hits    uint64
	Entries int
	Bytes   uint64
}

// State may be called at any time; the sizes are estimates.
func (c *Cache) State() State {
	return State{c.hits.Load(), c.pages.EstimatedSize(), c.pages.WeightedSize()}
}
