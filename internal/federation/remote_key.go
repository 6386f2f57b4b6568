package federation

import (
	"context"
	"fmt"
	"slices"

	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
)

// StoredKey is inbox.Keys.Stored.
func (s *Service) StoredKey(ctx context.Context, keyID string) (httpsig.Key, error) {
	return s.Store.Key(ctx, printable(keyID))
}

// FetchKey is inbox.Keys.Fetch: it reads a key and its owner at their origin
// and keeps both, so that the owner is known when its activity is processed.
// Nothing is fetched for a blocked host.
func (s *Service) FetchKey(ctx context.Context, keyID string) (httpsig.Key, error) {
	host := Host(keyID)
	blocks, err := s.Store.Blocks(ctx)
	if err != nil {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", err)
	}
	if blog.Blocked(blocks, keyID, host) {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", inbox.ErrBlocked)
	}
	if err := s.bounds.mayAsk(host, s.Now()); err != nil {
		return httpsig.Key{}, err
	}
	key, owner, err := s.Client.Key(ctx, keyID)
	if err != nil {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", err)
	}
	a, err := remoteActor(owner)
	if err != nil {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", err)
	}
	a.Unconfirmed = true
	if a.Keys, err = withKey(a.Keys, key); err != nil {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", err)
	}
	known, err := s.Known(ctx, a.URI)
	if err != nil {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", err)
	}
	if _, err := s.Store.SaveRemoteActor(ctx, a); err != nil {
		return httpsig.Key{}, fmt.Errorf("fetch key: %w", err)
	}
	if !known {
		s.bounds.meets(a.URI)
	}
	return key, nil
}

// withKey makes sure that the key which was proved is stored with its text,
// also when the actor lists only its id.
func withKey(keys []RemoteKey, key httpsig.Key) ([]RemoteKey, error) {
	pem, err := httpsig.MarshalPublicKey(key.Public)
	if err != nil {
		return nil, err
	}
	keys = slices.DeleteFunc(keys, func(k RemoteKey) bool { return k.ID == key.ID })
	return append(keys, RemoteKey{ID: key.ID, PEM: pem}), nil
}
