package inbox

import (
	"sync"
	"time"
)

// cache keeps at most limit values, each until its time. When it is full some
// value makes room, whichever: what is lost is looked up again.
type cache[V any] struct {
	mu      sync.Mutex
	limit   int
	entries map[string]entry[V]
}

type entry[V any] struct {
	value V
	until time.Time
}

func (c *cache[V]) get(key string, now time.Time) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok || !now.Before(e.until) {
		var none V
		return none, false
	}
	return e.value, true
}

func (c *cache[V]) put(key string, value V, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = make(map[string]entry[V])
	}
	if _, there := c.entries[key]; !there && len(c.entries) >= c.limit {
		for other := range c.entries {
			delete(c.entries, other)
			break
		}
	}
	c.entries[key] = entry[V]{value, until}
}

// drop removes the values that match.
func (c *cache[V]) drop(match func(V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.entries {
		if match(e.value) {
			delete(c.entries, key)
		}
	}
}
