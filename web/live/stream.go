package live

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/google/uuid"
)

const (
	// beat is the time between two signs of life: shorter than what proxies
	// take for a dead connection.
	beat = 25 * time.Second
	// writeTime is what a line may take for one event.
	writeTime = 10 * time.Second
	// longAgo is how far back a reader is told what it missed.
	longAgo = time.Hour
)

// Watch is one page that is opened: what it shows, up to when it knows all
// (milliseconds of Unix time; "" = now), and where it is opened.
type Watch struct {
	Article uuid.UUID
	Lang    string
	Since   string
	From    netip.Addr // not valid = nobody counts it
}

// Stream answers a request with events until the reader goes or the Hub is
// closed. Errors come before anything was written: ErrCrowded, or those of
// Changes.
func (h *Hub) Stream(w http.ResponseWriter, r *http.Request, watch Watch) error {
	since := known(r, watch)
	t, me, err := h.join(subject{watch.Article, watch.Lang}, watch.From)
	if err != nil {
		return err
	}
	defer h.leave(t, me, watch.From)
	now := time.Now()
	missed, err := h.missed(r.Context(), watch, since)
	if err != nil {
		return fmt.Errorf("open stream: %w", err)
	}
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would hold the events back
	line := &line{out: http.NewResponseController(w), w: w}
	// Readers of a server that was restarted do not all come back at once.
	line.write(fmt.Appendf(nil, "retry: %d\n\n", 2000+rand.IntN(4000)))
	if missed != nil {
		line.write(frame(now, missed))
	}
	line.follow(r.Context(), t, me)
	return nil
}

// known is the time up to which a reader knows everything.
func known(r *http.Request, watch Watch) time.Time {
	told := watch.Since
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		told = last
	}
	millis, err := strconv.ParseInt(told, 10, 64)
	at := time.UnixMilli(millis)
	if now := time.Now(); err != nil || at.After(now) {
		return now
	} else if earliest := now.Add(-longAgo); at.Before(earliest) {
		return earliest
	}
	return at
}

// missed is what came between the page and its stream; nil = nothing.
func (h *Hub) missed(ctx context.Context, watch Watch, since time.Time) ([]byte, error) {
	changes, err := h.Changes(ctx, watch.Article, since.Add(-overlap), maxNews)
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	return h.News(ctx, watch.Article, watch.Lang, ids(changes))
}

// line is the connection to a reader.
type line struct {
	out *http.ResponseController
	w   http.ResponseWriter
	err error
}

func (l *line) write(p []byte) {
	if l.err != nil {
		return
	}
	// Not all writers have deadlines; without one a dead line ends by TCP.
	if err := l.out.SetWriteDeadline(time.Now().Add(writeTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		l.err = err
		return
	}
	if _, l.err = l.w.Write(p); l.err == nil {
		l.err = l.out.Flush()
	}
}

func (l *line) follow(ctx context.Context, t *topic, me *reader) {
	alive := time.NewTicker(beat)
	defer alive.Stop()
	for l.err == nil {
		select {
		case event := <-me.events:
			l.write(event)
		case <-alive.C:
			l.write([]byte(":\n\n"))
		case <-me.lost:
			return
		case <-t.over:
			return
		case <-ctx.Done():
			return
		}
	}
}
