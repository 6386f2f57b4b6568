package live

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"github.com/google/uuid"
)

// ErrCrowded is the answer to one reader too many.
var ErrCrowded = errors.New("too many open pages")

// ErrOver is what Changes says of an article that nobody may watch any more.
var ErrOver = errors.New("nothing to watch")

// Change is something of an article that changed, and when.
type Change struct {
	ID uuid.UUID
	At time.Time
}

// Hub knows who watches which article. News, Changes and Log are required.
type Hub struct {
	// News makes the data of an event: the numbers of an article, and what
	// changed as it is now.
	News func(ctx context.Context, article uuid.UUID, lang string, changed []uuid.UUID) ([]byte, error)
	// Changes are those of a public article after a time, the earliest first,
	// at most limit. Its errors refuse a reader; ErrOver also ends the streams that
	// are open.
	Changes func(ctx context.Context, article uuid.UUID, after time.Time, limit int) ([]Change, error)
	// Every is the least time between two events of an article; 0 = 200 ms.
	Every time.Duration
	// Readers and PerAddress are how many may watch in all, and from one
	// address; 0 = any number.
	Readers, PerAddress int
	Log                 *slog.Logger

	mu       sync.Mutex
	topics   map[subject]*topic
	watchers map[netip.Addr]int
	total    int
	closed   bool
}

// subject is what readers watch: an article in a language.
type subject struct {
	article uuid.UUID
	lang    string
}

// Changed says that an article changed: its text, its numbers or its comments.
func (h *Hub) Changed(article uuid.UUID) {
	h.nudge(func(s subject) bool { return s.article == article })
}

// Missed says that changes of any article may have been missed.
func (h *Hub) Missed() {
	h.nudge(func(subject) bool { return true })
}

func (h *Hub) nudge(concerns func(subject) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s, t := range h.topics {
		if concerns(s) {
			t.nudge()
		}
	}
}

// Watching is how many pages are open.
func (h *Hub) Watching() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.total
}

// Close ends all streams and takes no more readers.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s, t := range h.topics {
		t.end()
		delete(h.topics, s)
	}
}

// join takes a reader in; leave lets it go.
func (h *Hub) join(s subject, from netip.Addr) (*topic, *reader, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.Readers > 0 && h.total >= h.Readers || h.PerAddress > 0 && from.IsValid() && h.watchers[from] >= h.PerAddress {
		return nil, nil, ErrCrowded
	}
	if h.topics == nil {
		h.topics, h.watchers = map[subject]*topic{}, map[netip.Addr]int{}
	}
	t := h.topics[s]
	if t == nil {
		t = newTopic(h, s)
		h.topics[s] = t
		go t.run()
	}
	h.total++
	h.watchers[from]++
	return t, t.join(), nil
}

func (h *Hub) leave(t *topic, r *reader, from netip.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.total--
	if h.watchers[from]--; h.watchers[from] == 0 {
		delete(h.watchers, from)
	}
	if t.leave(r) == 0 && h.topics[t.subject] == t {
		t.end()
		delete(h.topics, t.subject)
	}
}
