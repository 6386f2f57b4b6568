package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"kabar/activitypub/httpsig"
)

const (
	// keyTime is how long a key is kept in memory before the store is asked
	// again, how long a key that could not be had is not tried again, and how
	// long after fetching a key anew the next fetch may be.
	keyTime = 5 * time.Minute
	// fetchTime ends a fetch that no sender waits for any more.
	fetchTime = 20 * time.Second
	// fetchWidth is how many keys of one host are fetched at a time.
	fetchWidth = 16
	// fetchesInAll is how many keys are fetched at a time from all hosts, so
	// that who names many that hang is bounded; beyond that the answer is 503.
	// Keys that are stored are not concerned.
	fetchesInAll = 256
	maxKeys      = 10_000
	maxMissing   = 10_000
	maxKeyID     = 2048 // bytes
)

// Keys finds public keys: in memory, in the store, at their address. Stored
// and Fetch are required. Whatever senders do, a key is looked for once at a
// time, one that could not be had is not tried again for five minutes, and
// the memory is bounded.
type Keys struct {
	// Stored returns a key that is stored, [ErrNoKey] if it is not, or
	// another error if that cannot be told now, which is answered with 503.
	Stored func(ctx context.Context, keyID string) (httpsig.Key, error)
	// Fetch reads a key from its address, and its owner as far as needed to
	// believe it. Its context lives longer than the request, 20 s at most. An
	// error with a method RetryAfter() time.Duration is answered with 429, and
	// [ErrBlocked] with 403; any other means that the key cannot be had: 401.
	Fetch func(ctx context.Context, keyID string) (httpsig.Key, error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time

	once    sync.Once
	known   cache[httpsig.Key]
	missing cache[error]
	renewed cache[struct{}]
	flights singleflight.Group
	hosts   gate
	all     atomic.Int64 // fetches in hand, or waiting for others of their host
}

// Forget drops an actor's keys from memory, so that the store is asked: after
// its keys changed, or it was deleted.
func (k *Keys) Forget(owner string) {
	k.known.drop(func(key httpsig.Key) bool { return key.Owner == owner })
}

func (k *Keys) now() time.Time {
	if k.Now == nil {
		return time.Now()
	}
	return k.Now()
}

// found is a key and whether it was fetched just now.
type found struct {
	key   httpsig.Key
	fresh bool
}

// Authenticate returns the key that signed r, whose body was body, and so who
// sent it. It serves signed fetches too. A *[Refused] with the status 401 is
// the signature's fault or the key's; other errors are as those of Stored and
// Fetch.
func (k *Keys) Authenticate(r *http.Request, body []byte, p httpsig.Policy) (httpsig.Key, error) {
	signature, err := httpsig.Parse(r, body, p)
	if err != nil {
		return httpsig.Key{}, unsigned(err)
	}
	return k.verify(r.Context(), signature)
}

// verify finds the key of a signature and verifies it. A signature that does
// not hold may be made with a newer key: it is fetched anew, once in a while.
func (k *Keys) verify(ctx context.Context, s *httpsig.Signature) (httpsig.Key, error) {
	k.once.Do(func() { k.known.limit, k.missing.limit, k.renewed.limit = maxKeys, maxMissing, maxKeys })
	if origin(s.KeyID) == "" || len(s.KeyID) > maxKeyID {
		return httpsig.Key{}, noKey(s.KeyID, errors.New("its id is no address"))
	}
	first, err := k.find(ctx, s.KeyID)
	if err != nil {
		return httpsig.Key{}, err
	}
	bad := s.Verify(first.key)
	if bad == nil {
		return first.key, nil
	}
	if !first.fresh {
		if second, err := k.renew(ctx, s.KeyID); err == nil && s.Verify(second.key) == nil {
			return second.key, nil
		}
	}
	return httpsig.Key{}, unsigned(bad)
}

// find returns a key from memory, the store or its address.
func (k *Keys) find(ctx context.Context, keyID string) (found, error) {
	if key, ok := k.known.get(keyID, k.now()); ok {
		return found{key: key}, nil
	}
	if err, ok := k.missing.get(keyID, k.now()); ok {
		return found{}, err
	}
	return k.fly(ctx, "find "+keyID, func(ctx context.Context) (found, error) {
		key, err := k.Stored(ctx, keyID)
		if err == nil {
			return found{key: key}, k.keep(keyID, key)
		}
		if !errors.Is(err, ErrNoKey) {
			return found{}, fmt.Errorf("inbox: stored key: %w", err)
		}
		got, err := k.fetch(ctx, keyID)
		var refused *Refused
		if errors.As(err, &refused) {
			k.missing.put(keyID, err, k.now().Add(keyTime))
		}
		return got, err
	})
}

// renew fetches a key that did not fit. A fetch that fails changes nothing:
// else a forged signature could shut a real signer out. The key it returns is
// the newest that is known, so that those who come late share in it.
func (k *Keys) renew(ctx context.Context, keyID string) (found, error) {
	return k.fly(ctx, "renew "+keyID, func(ctx context.Context) (found, error) {
		if _, ok := k.renewed.get(keyID, k.now()); ok {
			key, _ := k.known.get(keyID, k.now())
			return found{key: key}, nil
		}
		k.renewed.put(keyID, struct{}{}, k.now().Add(keyTime))
		return k.fetch(ctx, keyID)
	})
}

// fetch reads a key from its address and keeps it. The error is a *Refused,
// except for one with a RetryAfter and for ErrBlocked, which are not to be
// remembered.
func (k *Keys) fetch(ctx context.Context, keyID string) (found, error) {
	defer k.all.Add(-1)
	if k.all.Add(1) > fetchesInAll {
		return found{}, fmt.Errorf("inbox: fetch key: %w", ErrBusy)
	}
	leave, err := k.hosts.enter(ctx, host(keyID), fetchWidth)
	if err != nil {
		return found{}, fmt.Errorf("inbox: wait to fetch key: %w", err)
	}
	defer leave()
	key, err := k.Fetch(ctx, keyID)
	var retry retryAfterer
	if errors.As(err, &retry) || errors.Is(err, ErrBlocked) {
		return found{}, err
	}
	if err != nil {
		return found{}, noKey(keyID, err)
	}
	return found{key: key, fresh: true}, k.keep(keyID, key)
}

// keep remembers a key that belongs to an actor of its own origin.
func (k *Keys) keep(keyID string, key httpsig.Key) error {
	if !sameOrigin(keyID, key.Owner) {
		return noKey(keyID, errors.New("its owner is of another origin"))
	}
	k.known.put(keyID, key, k.now().Add(keyTime))
	return nil
}

// fly runs search once for all who ask for the same at the same time. It goes
// on when they have hung up: their next try finds the key.
func (k *Keys) fly(ctx context.Context, name string, search func(context.Context) (found, error)) (found, error) {
	landed := k.flights.DoChan(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
		defer cancel()
		return search(ctx)
	})
	select {
	case result := <-landed:
		got, _ := result.Val.(found)
		return got, result.Err
	case <-ctx.Done():
		return found{}, fmt.Errorf("inbox: wait for key: %w", ctx.Err())
	}
}

// noKey makes a 401 of a key that cannot be had, for whatever reason.
func noKey(keyID string, err error) error {
	return &Refused{
		Status: http.StatusUnauthorized,
		Reason: "key",
		Detail: fmt.Sprintf("the key %q cannot be had", keyID),
		Cause:  err,
	}
}
