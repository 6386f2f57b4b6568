package aptest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Received is one request to an inbox.
type Received struct {
	At       time.Time
	Path     string // of the inbox
	Header   http.Header
	Body     []byte
	Activity *activitypub.Object // nil if the body could not be read
	KeyID    string
	Kind     httpsig.Kind
	// Forwarder is who signed an activity of somebody else that carries a
	// signature or proof of its own, which nobody here verifies.
	Forwarder string
	// Err is nil if the signature was verified with a key of the activity's
	// actor, or of the Forwarder (or if the world does not verify).
	Err error
	// Status is what was answered, 0 if nothing was.
	Status int
}

// Forwarded finds activities that somebody passed on for their actor.
func Forwarded(r Received) bool { return r.Err == nil && r.Forwarder != "" }

// Type finds verified activities of a type.
func Type(name string) func(Received) bool {
	return func(r Received) bool { return r.Err == nil && r.Activity != nil && r.Activity.Is(name) }
}

// About finds verified activities of a type whose object has the id.
func About(name, object string) func(Received) bool {
	return func(r Received) bool { return Type(name)(r) && r.Activity.Object.ID() == object }
}

// recorder keeps what came in.
type recorder struct {
	arrived broadcast
	mu      sync.Mutex
	all     []Received
}

func (c *recorder) record(r Received) {
	c.mu.Lock()
	c.all = append(c.all, r)
	c.mu.Unlock()
	c.arrived.changed()
}

// Received returns everything that came in, in the order of arrival.
func (c *recorder) Received() []Received {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Received(nil), c.all...)
}

// Forget drops what came in, for long runs.
func (c *recorder) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = nil
}

// Matching returns what came in and matches.
func (c *recorder) Matching(match func(Received) bool) []Received {
	var found []Received
	for _, r := range c.Received() {
		if match(r) {
			found = append(found, r)
		}
	}
	return found
}

// Wait returns the first activity that matches, when it has come.
func (c *recorder) Wait(ctx context.Context, match func(Received) bool) (Received, error) {
	found, err := c.WaitN(ctx, 1, match)
	if err != nil {
		return Received{}, err
	}
	return found[0], nil
}

// WaitN returns when n activities that match have come.
func (c *recorder) WaitN(ctx context.Context, n int, match func(Received) bool) ([]Received, error) {
	var found []Received
	err := c.arrived.until(ctx, func() bool {
		found = c.Matching(match)
		return len(found) >= n
	})
	if err != nil {
		return nil, fmt.Errorf("aptest: %d of %d awaited activities came, among %s: %w", len(found), n, c.summary(), err)
	}
	return found, nil
}

// summary names what came, for an error.
func (c *recorder) summary() string {
	var lines []string
	for _, r := range c.Received() {
		line := "no activity"
		if r.Activity != nil {
			line = r.Activity.Type() + " of " + r.Activity.Object.ID()
		}
		if r.Err != nil {
			line += " (" + r.Err.Error() + ")"
		}
		lines = append(lines, line)
	}
	return "[" + strings.Join(lines, ", ") + "]"
}
