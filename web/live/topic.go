package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Bounds of what is told at a time.
const (
	defaultEvery = 200 * time.Millisecond
	maxNews      = 100 // changes of one event; the rest follows in the next
	newsTime     = 10 * time.Second
	// again is when what could not be read is tried anew.
	again = time.Second
	// waiting is how many events a slow line may be behind.
	waiting = 16
	// overlap is how far back changes are looked for again: a row is seen a
	// little after the time it carries, once its transaction has ended.
	overlap = 10 * time.Second
	// maxOverlap is how many changes are looked at.
	maxOverlap = 5000
)

// topic is one subject with those who watch it. Its goroutine makes the events.
type topic struct {
	subject
	hub  *Hub
	wake chan struct{} // there may be something to tell
	over chan struct{} // closed at the end

	// Of the goroutine alone: what was told already, by time.
	told map[uuid.UUID]time.Time
	upTo time.Time

	mu      sync.Mutex
	readers map[*reader]struct{}
	ended   bool
}

// reader is an open page. What it cannot take in time ends it: the browser
// comes back and asks for what it missed.
type reader struct {
	events chan []byte
	lost   chan struct{} // closed when it was too slow
}

func newTopic(h *Hub, s subject) *topic {
	return &topic{
		subject: s, hub: h, wake: make(chan struct{}, 1), over: make(chan struct{}),
		told: map[uuid.UUID]time.Time{}, upTo: time.Now(), readers: map[*reader]struct{}{},
	}
}

func (t *topic) join() *reader {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := &reader{events: make(chan []byte, waiting), lost: make(chan struct{})}
	t.readers[r] = struct{}{}
	return r
}

func (t *topic) leave(r *reader) (left int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.readers, r)
	return len(t.readers)
}

func (t *topic) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.ended = true
		close(t.over)
	}
}

func (t *topic) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// run makes events until the topic is over: the first change is told at once,
// what follows it together.
func (t *topic) run() {
	every := t.hub.Every
	if every == 0 {
		every = defaultEvery
	}
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-t.over:
			return
		case <-pause.C:
		}
		select {
		case <-t.over:
			return
		case <-t.wake:
		}
		err := t.tell()
		if errors.Is(err, ErrOver) {
			t.end()
			return
		}
		if err != nil {
			t.hub.Log.Warn("tell open pages of changes", "article", t.article, "error", err)
			time.AfterFunc(again, t.nudge)
		}
		pause.Reset(every)
	}
}

// tell sends one event.
func (t *topic) tell() error {
	ctx, cancel := context.WithTimeout(context.Background(), newsTime)
	defer cancel()
	now := time.Now()
	changes, err := t.hub.Changes(ctx, t.article, t.upTo.Add(-overlap), maxOverlap)
	if err != nil {
		return err
	}
	fresh := t.fresh(changes)
	if len(fresh) > maxNews {
		fresh = fresh[:maxNews]
		t.nudge()
	}
	data, err := t.hub.News(ctx, t.article, t.lang, ids(fresh))
	if err != nil {
		return err
	}
	t.remember(fresh)
	t.send(frame(now, data))
	return nil
}

// fresh are the changes that were not told yet.
func (t *topic) fresh(changes []Change) (fresh []Change) {
	for _, c := range changes {
		if at, known := t.told[c.ID]; !known || c.At.After(at) {
			fresh = append(fresh, c)
		}
	}
	return fresh
}

// remember notes what was told for as long as it is looked at again.
func (t *topic) remember(changes []Change) {
	for _, c := range changes {
		t.told[c.ID] = c.At
		if c.At.After(t.upTo) {
			t.upTo = c.At
		}
	}
	forgotten := t.upTo.Add(-2 * overlap)
	maps.DeleteFunc(t.told, func(_ uuid.UUID, at time.Time) bool { return at.Before(forgotten) })
}

func ids(changes []Change) []uuid.UUID {
	list := make([]uuid.UUID, len(changes))
	for i, c := range changes {
		list[i] = c.ID
	}
	return list
}

func (t *topic) send(event []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for r := range t.readers {
		select {
		case r.events <- event:
		default:
			close(r.lost)
			delete(t.readers, r)
		}
	}
}

// frame is one event. Its id is the time up to which a reader knows all.
func frame(at time.Time, data []byte) []byte {
	return fmt.Appendf(nil, "id: %d\nevent: news\ndata: %s\n\n", at.UnixMilli(), bytes.ReplaceAll(data, []byte("\n"), nil))
}
