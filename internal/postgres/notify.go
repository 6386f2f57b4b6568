package postgres

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// The channels by which nodes wake each other.
const (
	pagesChannel = "kabar_pages" // tags of pages whose content changed
	queueChannel = "kabar_queue" // names of queues that have something to do
)

const (
	// notifyEvery is the least time between two notifications of a node. A
	// NOTIFY in every transaction would serialise their commits.
	notifyEvery = 50 * time.Millisecond
	// notifyRetry is the pause after one that could not be sent.
	notifyRetry = time.Second
	// maxPayload keeps a notification below PostgreSQL's limit of 8000 bytes.
	maxPayload = 7000
)

// Notifier tells the other nodes what changed here, many things in one NOTIFY.
// It is safe for concurrent use.
type Notifier struct {
	store *Store
	node  string
	log   *slog.Logger

	sending sync.Mutex // held while a notification is on its way
	mu      sync.Mutex
	waiting map[message]struct{}
	armed   bool      // a timer is set or its send is running
	sent    time.Time // last time anything was sent
}

type message struct{ channel, text string }

// NewNotifier makes the notifier of a node. node is a name without spaces, by
// which the node's own Listener knows what it need not hear.
func (s *Store) NewNotifier(node string, log *slog.Logger) *Notifier {
	return &Notifier{store: s, node: node, log: log, waiting: map[message]struct{}{}}
}

// Pages says that pages with these tags (package blog, page_tags.go) changed.
func (n *Notifier) Pages(tags ...string) { n.add(pagesChannel, tags) }

// Queue says that the named queue has something to do.
func (n *Notifier) Queue(name string) { n.add(queueChannel, []string{name}) }

func (n *Notifier) add(channel string, texts []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, text := range texts {
		n.waiting[message{channel, text}] = struct{}{}
	}
	if !n.armed && len(n.waiting) > 0 {
		n.arm(notifyEvery - time.Since(n.sent))
	}
}

// arm sets the timer of the next send; n.mu is held.
func (n *Notifier) arm(after time.Duration) {
	n.armed = true
	time.AfterFunc(after, n.sendWaiting)
}

func (n *Notifier) sendWaiting() {
	err := n.Flush(context.Background())
	pause := notifyEvery
	if err != nil {
		pause = notifyRetry
		n.log.Warn("other nodes could not be told of changes; trying again", "error", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.waiting) > 0 {
		n.arm(pause)
	} else {
		n.armed = false
	}
}

// Flush sends what waits now, and returns after what was on its way already
// has arrived too. Call it before the store is closed.
func (n *Notifier) Flush(ctx context.Context) error {
	n.sending.Lock()
	defer n.sending.Unlock()
	n.mu.Lock()
	batch := n.waiting
	n.waiting, n.sent = map[message]struct{}{}, time.Now()
	n.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := n.send(ctx, batch)
	if err != nil {
		n.keep(batch)
	}
	return wrap("notify", err)
}

func (n *Notifier) keep(batch map[message]struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for m := range batch {
		n.waiting[m] = struct{}{}
	}
}

func (n *Notifier) send(ctx context.Context, batch map[message]struct{}) error {
	var channels, payloads []string
	for _, channel := range []string{pagesChannel, queueChannel} {
		for _, payload := range n.payloads(channel, batch) {
			channels, payloads = append(channels, channel), append(payloads, payload)
		}
	}
	_, err := n.store.pool.Exec(ctx, `
		select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as t (channel, payload)`,
		channels, payloads)
	return err
}

// payloads are the node's name and the texts, all with a space between.
func (n *Notifier) payloads(channel string, batch map[message]struct{}) (payloads []string) {
	var b strings.Builder
	for m := range batch {
		if m.channel != channel {
			continue
		}
		if b.Len() > 0 && b.Len()+len(m.text) > maxPayload {
			payloads = append(payloads, b.String())
			b.Reset()
		}
		if b.Len() == 0 {
			b.WriteString(n.node)
		}
		b.WriteString(" " + m.text)
	}
	if b.Len() > 0 {
		payloads = append(payloads, b.String())
	}
	return payloads
}
