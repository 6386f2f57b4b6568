package live

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// topic is one subject with those who watch it. Its goroutine makes the events.
type topic struct {
	subject
	hub  *Hub
	wake chan struct{} // something is pending
	over chan struct{} // closed at the end

	mu      sync.Mutex
	readers map[*reader]struct{}
	pending []uuid.UUID // comments that changed, in order
	ended   bool
}

// reader is an open page. What it cannot take in time ends it: the browser
// comes back and asks for what it missed.
type reader struct {
	events chan []byte
	lost   chan struct{} // closed when it was too slow
}

// waiting is how many events a slow line may be behind.
const waiting = 16

func newTopic(h *Hub, s subject) *topic {
	return &topic{
		subject: s, hub: h, wake: make(chan struct{}, 1), over: make(chan struct{}), readers: map[*reader]struct{}{},
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

// add notes what changed. Of more than can be told soon the oldest are left
// out: the number is right all the same, and the page has them.
func (t *topic) add(comments []uuid.UUID) {
	t.mu.Lock()
	for _, id := range comments {
		if !slices.Contains(t.pending, id) {
			t.pending = append(t.pending, id)
		}
	}
	t.pending = t.pending[max(0, len(t.pending)-maxPending):]
	t.mu.Unlock()
	t.nudge()
}

func (t *topic) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// take hands out what the next event tells.
func (t *topic) take() (comments []uuid.UUID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := min(len(t.pending), maxNews)
	comments = slices.Clone(t.pending[:n])
	t.pending = slices.Delete(t.pending, 0, n)
	if len(t.pending) > 0 {
		t.nudge()
	}
	return comments
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
		t.tell()
		pause.Reset(every)
	}
}

// again is when what could not be read is tried anew.
const again = time.Second

// tell sends one event.
func (t *topic) tell() {
	ctx, cancel := context.WithTimeout(context.Background(), newsTime)
	defer cancel()
	comments, now := t.take(), time.Now()
	data, err := t.hub.News(ctx, t.article, t.lang, comments)
	if err != nil {
		t.hub.Log.WarnContext(ctx, "tell open pages of changes", "article", t.article, "error", err)
		t.mu.Lock()
		t.pending = append(comments, t.pending...)
		t.mu.Unlock()
		time.AfterFunc(again, t.nudge)
		return
	}
	t.send(frame(now, data))
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
