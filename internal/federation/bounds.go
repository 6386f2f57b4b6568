package federation

import (
	"fmt"
	"sync"
	"time"

	"kabar/activitypub/inbox"
)

// Limits bound what one verified sender may cause. They count actors and
// hosts, never addresses: those belong to hosting companies and proxies.
// Zero is no limit.
type Limits struct {
	ActorPerMinute   int // activities of one actor
	HostPerMinute    int // activities of one server
	NewActorsPerHour int // actors of one server that were not known
}

// DefaultLimits is what a blog starts with.
func DefaultLimits() Limits {
	return Limits{ActorPerMinute: 300, HostPerMinute: 1000, NewActorsPerHour: 200}
}

// Bounds of what we do for others.
const (
	fetchesPerMinute = 300         // to one host
	downTime         = time.Minute // a host that did not answer is left alone
	maxCounted       = 10_000      // hosts or actors that are counted at a time
	maxStale         = 1_000       // actors that wait to be read anew
)

// tooMany asks a sender to come again later.
type tooMany struct {
	what string
	wait time.Duration
}

func (e *tooMany) Error() string { return fmt.Sprintf("too many %s, again in %s", e.what, e.wait) }

// RetryAfter is how long to wait.
func (e *tooMany) RetryAfter() time.Duration { return e.wait }

// bounds is the memory behind the limits, itself bounded. The zero value is
// ready for use.
type bounds struct {
	mu      sync.Mutex
	counts  map[string]window
	down    map[string]time.Time
	waiting map[string]bool // stale actors
	met     map[string]bool // new actors that no signature has proved yet
}

// window counts what happened since its start.
type window struct {
	until time.Time
	n     int
}

// mayDeliver counts an activity, and its signer if that one is new. Both are
// counted when a signature has proved who it is: else anybody could use up
// what a server may do by naming its people.
func (b *bounds) mayDeliver(l Limits, d inbox.Delivery, now time.Time) error {
	if err := b.take("activities of "+d.Signer, l.ActorPerMinute, time.Minute, now); err != nil {
		return err
	}
	if err := b.take("activities from "+d.Host, l.HostPerMinute, time.Minute, now); err != nil {
		return err
	}
	if !b.isNew(d.Signer) {
		return nil
	}
	if err := b.take("new actors of "+d.Host, l.NewActorsPerHour, time.Hour, now); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.met, d.Signer)
	return nil
}

// mayAsk counts a key that is fetched from a host for somebody who has proved
// nothing yet.
func (b *bounds) mayAsk(host string, now time.Time) error {
	return b.take("keys fetched from "+host, fetchesPerMinute, time.Minute, now)
}

// meets notes an actor that is new here, to be counted by mayDeliver.
func (b *bounds) meets(actor string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.met == nil || len(b.met) >= maxCounted {
		b.met = map[string]bool{}
	}
	b.met[actor] = true
}

func (b *bounds) isNew(actor string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.met[actor]
}

// mayFetch counts a fetch from a host, and refuses one that is down.
func (b *bounds) mayFetch(host string, now time.Time) error {
	b.mu.Lock()
	until := b.down[host]
	b.mu.Unlock()
	if now.Before(until) {
		return &tooMany{"fetches from " + host + ", which does not answer", until.Sub(now)}
	}
	return b.take("fetches from "+host, fetchesPerMinute, time.Minute, now)
}

// unanswered leaves a host alone for a while.
func (b *bounds) unanswered(host string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down == nil || len(b.down) >= maxCounted {
		b.down = map[string]time.Time{}
	}
	b.down[host] = now.Add(downTime)
}

func (b *bounds) take(what string, limit int, per time.Duration, now time.Time) error {
	if limit == 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	w := b.counts[what]
	if !now.Before(w.until) {
		b.makeRoom(now)
		w = window{until: now.Add(per)}
	}
	if w.n >= limit {
		return &tooMany{what, w.until.Sub(now)}
	}
	w.n++
	b.counts[what] = w
	return nil
}

// makeRoom forgets windows that are over, and all of them when somebody made
// too many at once.
func (b *bounds) makeRoom(now time.Time) {
	if b.counts != nil && len(b.counts) < maxCounted {
		return
	}
	for what, w := range b.counts {
		if !now.Before(w.until) {
			delete(b.counts, what)
		}
	}
	if b.counts == nil || len(b.counts) >= maxCounted {
		b.counts = map[string]window{}
	}
}

// stale notes an actor to be read anew.
func (b *bounds) stale(actor string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[string]bool{}
	}
	if len(b.waiting) < maxStale {
		b.waiting[actor] = true
	}
}

// takeStale hands out what was noted.
func (b *bounds) takeStale() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	actors := make([]string, 0, len(b.waiting))
	for actor := range b.waiting {
		actors = append(actors, actor)
	}
	b.waiting = nil
	return actors
}
