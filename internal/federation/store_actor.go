package federation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
)

// RemoteActor is what is kept of an actor of another server, as its own
// server told it.
type RemoteActor struct {
	ID          uuid.UUID // given by the store at the first sight
	URI         string
	Type        string
	Handle      string
	Domain      string
	Name        string       // plain text
	Emojis      []blog.Emoji // custom ones in Name
	Summary     string       // safe HTML
	URL         string
	AvatarURL   string
	Inbox       string
	SharedInbox string
	Outbox      string
	Followers   string
	Featured    string
	AlsoKnownAs []string
	MovedTo     string
	Born        time.Time   // when its server says it was made; zero = not told
	Keys        []RemoteKey // one without a PEM is kept if it is stored already
	// Unconfirmed says that nobody asked the handle's domain yet: Domain is a
	// guess then, and does not replace a stored one.
	Unconfirmed bool
}

// RemoteKey is a public key of a remote actor.
type RemoteKey struct {
	ID  string
	PEM string
}

// LocalKeys are the private keys of one of our actors, PKCS#8 PEM.
type LocalKeys struct {
	RSA     string
	Ed25519 string
}

// ActorStore keeps actors, ours and remote, and keys.
type ActorStore interface {
	// SaveRemoteActor inserts or refreshes an actor and its keys (keys that it
	// no longer lists go) and returns its id. An actor that was deleted stays so.
	SaveRemoteActor(ctx context.Context, a RemoteActor) (uuid.UUID, error)
	// RemoteActor returns what is stored, blog.ErrNotFound or blog.ErrGone.
	RemoteActor(ctx context.Context, uri string) (RemoteActor, error)
	// Key returns a stored public key, inbox.ErrNoKey without one; keys of
	// deleted actors are not returned.
	Key(ctx context.Context, keyID string) (httpsig.Key, error)
	// InsertLocalActor creates an actor of ours with its keys; one that is
	// there already is left as it is.
	InsertLocalActor(ctx context.Context, a NewLocalActor) error
	LocalKeys(ctx context.Context, actor uuid.UUID) (LocalKeys, error)
	// RenewKeys gives all our actors keys that renew makes, without reading the
	// old, and returns how many there are.
	RenewKeys(ctx context.Context, renew func() (LocalKeys, error), job blog.ActorChanged, audit blog.AuditEntry) (int, error)
}

// NewLocalActor is an actor of ours about to be made.
type NewLocalActor struct {
	ID     uuid.UUID
	URI    string
	Kind   string // blog, author, instance
	Type   string
	Handle string
	Domain string
	Name   string
	Inbox  string
	Keys   LocalKeys
	// Created is told as the beginning of the account; zero = now.
	Created time.Time
}
