package federation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"

	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
)

// EnsureActors makes the blog's actor and the instance actor with their keys
// if they are not there yet. Several nodes may start at once: the store keeps
// the first.
func (s *Service) EnsureActors(ctx context.Context) error {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("ensure actors: %w", err)
	}
	id := s.NewID()
	blogActor := NewLocalActor{
		ID: id, URI: site.Address().Actor(id), Kind: string(blog.BlogActor), Type: site.ActorType,
		Handle: site.Handle, Domain: site.HandleDomain, Name: site.Title, Inbox: site.Address().Actor(id) + "/inbox", Created: s.Now(),
	}
	host := Host(site.Origin)
	instance := NewLocalActor{
		ID: s.NewID(), URI: site.Address().InstanceActor(), Kind: string(blog.InstanceActor), Type: "Application",
		Handle: host, Domain: host, Name: host, Inbox: site.Address().SharedInbox(), Created: s.Now(),
	}
	for _, a := range []NewLocalActor{blogActor, instance} {
		if err := s.ensureActor(ctx, a); err != nil {
			return fmt.Errorf("ensure actor %s: %w", a.Kind, err)
		}
	}
	return nil
}

func (s *Service) ensureActor(ctx context.Context, a NewLocalActor) error {
	_, err := s.Store.LocalActor(ctx, blog.Kind(a.Kind), a.Handle)
	if err == nil || !errors.Is(err, blog.ErrNotFound) {
		return err
	}
	if a.Keys, err = newKeys(); err != nil {
		return err
	}
	return s.Store.InsertLocalActor(ctx, a)
}

// RenewKeys gives our actors new private keys, when the old are lost or known
// to others, and tells the followers. Other servers take a new key when a
// signature with it comes. It returns how many actors have new ones.
func (s *Service) RenewKeys(ctx context.Context) (int, error) {
	audit := blog.AuditEntry{ID: s.NewID(), At: s.Now(), Action: "keys.renew"}
	n, err := s.Store.RenewKeys(ctx, newKeys, blog.ActorChanged{Activity: s.NewID()}, audit)
	if err != nil {
		return 0, fmt.Errorf("renew keys: %w", err)
	}
	return n, nil
}

func newKeys() (LocalKeys, error) {
	rsa, err := httpsig.GenerateRSA()
	if err != nil {
		return LocalKeys{}, err
	}
	ed, err := httpsig.GenerateEd25519()
	if err != nil {
		return LocalKeys{}, err
	}
	var keys LocalKeys
	if keys.RSA, err = httpsig.MarshalPrivateKey(rsa); err != nil {
		return LocalKeys{}, err
	}
	keys.Ed25519, err = httpsig.MarshalPrivateKey(ed)
	return keys, err
}

// InstanceSigner returns the key that signs our fetches. It is read and parsed
// once: parsing it costs as much as a signature.
func (s *Service) InstanceSigner(ctx context.Context) (httpsig.Signer, error) {
	s.instance.mu.Lock()
	defer s.instance.mu.Unlock()
	if s.instance.signer.Private != nil {
		return s.instance.signer, nil
	}
	signer, err := s.readInstanceSigner(ctx)
	if err != nil {
		return httpsig.Signer{}, err
	}
	s.instance.signer = signer
	return signer, nil
}

// instanceKey keeps the instance actor's key once it was read.
type instanceKey struct {
	mu     sync.Mutex
	signer httpsig.Signer
}

func (s *Service) readInstanceSigner(ctx context.Context) (httpsig.Signer, error) {
	actor, err := s.Store.LocalActor(ctx, blog.InstanceActor, "")
	if err != nil {
		return httpsig.Signer{}, fmt.Errorf("instance actor: %w", err)
	}
	keys, err := s.Store.LocalKeys(ctx, actor.ID)
	if err != nil {
		return httpsig.Signer{}, fmt.Errorf("instance actor's key: %w", err)
	}
	private, err := httpsig.ParsePrivateKey(keys.RSA)
	if err != nil {
		return httpsig.Signer{}, fmt.Errorf("instance actor's key: %w", err)
	}
	return httpsig.Signer{KeyID: KeyID(actor.URI), Private: private}, nil
}

// KeyID is the id of an actor's RSA key; Lemmy and others need the fragment.
func KeyID(actor string) string { return actor + "#main-key" }

// Host returns the host, with its port, of an address; "" for none.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
