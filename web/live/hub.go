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

// Bounds of what a Hub does at a time.
const (
	defaultEvery = 200 * time.Millisecond
	maxNews      = 100 // comments of one event; the rest follows in the next
	maxPending   = 1000
	newsTime     = 10 * time.Second
)

// ErrCrowded is the answer to one reader too many.
var ErrCrowded = errors.New("too many open pages")

// Hub knows who watches which article. News, Since and Log are required.
type Hub struct {
	// News makes the data of an event, one line: the numbers of an article and
	// the named comments as they are now, or that they are gone.
	News func(ctx context.Context, article uuid.UUID, lang string, comments []uuid.UUID) ([]byte, error)
	// Since names the newest comments that came to a public article after a
	// time, at most limit; blog.ErrNotFound for one that is not public.
	Since func(ctx context.Context, article uuid.UUID, after time.Time, limit int) ([]uuid.UUID, error)
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

// Changed says that an article changed, and which of its comments did: none if
// it was only a number.
func (h *Hub) Changed(article uuid.UUID, comments ...uuid.UUID) {
	for _, t := range h.about(article) {
		t.add(comments)
	}
}

// Missed says that changes may have been missed since a time: everybody is
// told what has come meanwhile.
func (h *Hub) Missed(ctx context.Context, since time.Time) {
	for _, article := range h.articles() {
		comments, err := h.Since(ctx, article, since, maxNews)
		if err != nil {
			h.Log.WarnContext(ctx, "find out what open pages missed", "article", article, "error", err)
			continue
		}
		h.Changed(article, comments...)
	}
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

func (h *Hub) about(article uuid.UUID) (found []*topic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s, t := range h.topics {
		if s.article == article {
			found = append(found, t)
		}
	}
	return found
}

func (h *Hub) articles() []uuid.UUID {
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[uuid.UUID]bool{}
	var ids []uuid.UUID
	for s := range h.topics {
		if !seen[s.article] {
			seen[s.article] = true
			ids = append(ids, s.article)
		}
	}
	return ids
}

// join takes a reader in; leave lets it go.
func (h *Hub) join(s subject, from netip.Addr) (*topic, *reader, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed, h.Readers > 0 && h.total >= h.Readers, h.PerAddress > 0 && h.watchers[from] >= h.PerAddress:
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
