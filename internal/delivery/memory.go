package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub/httpsig"
)

// messages keeps the bytes of the activities that are being sent, so that a
// thousand rows of one article read them once.
type messages struct {
	mu   sync.Mutex
	byID map[uuid.UUID]*message
}

type message struct {
	once sync.Once
	msg  Message
	err  error
}

// maxMessages bounds the memory: activities in flight at once are few.
const maxMessages = 256

func (m *messages) get(ctx context.Context, store Store, id uuid.UUID) (Message, error) {
	m.mu.Lock()
	entry := m.byID[id]
	if entry == nil {
		if m.byID == nil || len(m.byID) >= maxMessages {
			m.byID = map[uuid.UUID]*message{}
		}
		entry = &message{}
		m.byID[id] = entry
	}
	m.mu.Unlock()
	entry.once.Do(func() { entry.msg, entry.err = store.Outgoing(ctx, id) })
	if entry.err != nil {
		m.forget(id, entry)
		return Message{}, fmt.Errorf("read activity %s: %w", id, entry.err)
	}
	return entry.msg, nil
}

func (m *messages) forget(id uuid.UUID, entry *message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byID[id] == entry {
		delete(m.byID, id)
	}
}

// keys keeps the parsed private keys of our actors: parsing one costs as much
// as a signature.
type keys struct {
	mu   sync.Mutex
	byID map[uuid.UUID]httpsig.Signer
}

func (k *keys) get(ctx context.Context, store Store, actor uuid.UUID) (httpsig.Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if signer, ok := k.byID[actor]; ok {
		return signer, nil
	}
	id, pem, err := store.SigningKey(ctx, actor)
	if err != nil {
		return httpsig.Signer{}, fmt.Errorf("read key of actor %s: %w", actor, err)
	}
	private, err := httpsig.ParsePrivateKey(pem)
	if err != nil {
		return httpsig.Signer{}, fmt.Errorf("parse key of actor %s: %w", actor, err)
	}
	if k.byID == nil {
		k.byID = map[uuid.UUID]httpsig.Signer{}
	}
	k.byID[actor] = httpsig.Signer{KeyID: id, Private: private}
	return k.byID[actor], nil
}

// Spoken tells the ledger that a host is alive when something verified comes
// from it, at most once per host in a while: a busy host costs one write.
type Spoken struct {
	Store Store
	Now   func() time.Time
	// Nudge wakes the loop after a host became due; nil = none.
	Nudge func()

	mu   sync.Mutex
	last map[string]time.Time
}

const (
	spokenEvery = 2 * time.Second
	maxSpoken   = 10_000
)

// Host says that host has just spoken.
func (s *Spoken) Host(ctx context.Context, host string) error {
	if !s.due(host) {
		return nil
	}
	woken, err := s.Store.HostSpoke(ctx, s.Now(), host)
	if err != nil {
		return fmt.Errorf("host %s spoke: %w", host, err)
	}
	if woken && s.Nudge != nil {
		s.Nudge()
	}
	return nil
}

// Paused says that the host has just been paused: that it spoke before is no
// reason to wait with its next try when it speaks again. It is for
// Sender.Paused; another node's pauses are met within spokenEvery.
func (s *Spoken) Paused(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.last, host)
}

func (s *Spoken) due(host string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if last, ok := s.last[host]; ok && now.Sub(last) < spokenEvery {
		return false
	}
	if s.last == nil || len(s.last) >= maxSpoken {
		s.last = map[string]time.Time{}
	}
	s.last[host] = now
	return true
}
