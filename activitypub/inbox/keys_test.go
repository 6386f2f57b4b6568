package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/httpsig"
)

func likeBy(home *remote, name string, by httpsig.Signer) post {
	id := home.id(name)
	return post{by: by, body: fmt.Sprintf(`{"id":"%[1]s#likes/1","type":"Like","actor":"%[1]s","object":"https://blog.example/1"}`, id)}
}

// step is one delivery in a row of them: the status and how many fetches there
// were so far.
type step struct {
	Status  int
	Fetches int64
}

func (b *box) step(t *testing.T, home *remote, p post) step {
	t.Helper()
	status, _ := b.send(t, p)
	return step{status, home.fetched.Load()}
}

func TestKeyIsCached(t *testing.T) {
	t.Parallel()
	home, b := newRemote(t), newBox(t, nil)
	p := likeBy(home, "ann", home.signer("ann"))
	got := []step{b.step(t, home, p), b.step(t, home, p)}
	b.clock.move(keyTime)
	got = append(got, b.step(t, home, p), b.step(t, home, p))
	b.handler.Keys.Forget(home.id("bob"))
	got = append(got, b.step(t, home, p))
	b.handler.Keys.Forget(home.id("ann"))
	got = append(got, b.step(t, home, p))
	want := []step{{202, 1}, {202, 1}, {202, 2}, {202, 2}, {202, 2}, {202, 3}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKeyIsFetchedAnewWhenItChanged(t *testing.T) {
	t.Parallel()
	home, b := newRemote(t), newBox(t, nil)
	forged := likeBy(home, "ann", httpsig.Signer{KeyID: home.id("ann") + "#main-key", Private: mustKey(keys[2])})
	good := likeBy(home, "ann", home.signer("ann"))
	got := []step{b.step(t, home, good), b.step(t, home, forged), b.step(t, home, forged), b.step(t, home, good)}
	b.clock.move(keyTime)
	got = append(got, b.step(t, home, good))
	home.set(func() { home.people["ann"] = mustKey(keys[2]) })
	changed := likeBy(home, "ann", home.signer("ann"))
	got = append(got, b.step(t, home, changed), b.step(t, home, changed), b.step(t, home, good), b.step(t, home, changed))
	want := []step{{202, 1}, {401, 2}, {401, 2}, {202, 2}, {202, 3}, {202, 4}, {202, 4}, {401, 4}, {202, 4}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestForgedWhileOriginIsDown must not shut the real signer out.
func TestForgedWhileOriginIsDown(t *testing.T) {
	t.Parallel()
	home, b := newRemote(t), newBox(t, nil)
	good := likeBy(home, "ann", home.signer("ann"))
	forged := likeBy(home, "ann", httpsig.Signer{KeyID: home.id("ann") + "#main-key", Private: mustKey(keys[2])})
	got := []step{b.step(t, home, good)}
	home.set(func() { home.status["ann"] = http.StatusBadGateway })
	got = append(got, b.step(t, home, forged), b.step(t, home, good))
	want := []step{{202, 1}, {401, 2}, {202, 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestKeyThatCannotBeHadIsRemembered(t *testing.T) {
	t.Parallel()
	home, b := newRemote(t), newBox(t, nil)
	home.set(func() { home.status["ann"] = http.StatusInternalServerError })
	p := likeBy(home, "ann", home.signer("ann"))
	got := []step{b.step(t, home, p), b.step(t, home, p)}
	home.set(func() { delete(home.status, "ann") })
	got = append(got, b.step(t, home, p))
	b.clock.move(keyTime)
	got = append(got, b.step(t, home, p))
	want := []step{{401, 1}, {401, 1}, {401, 1}, {202, 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBlockedKey answers 403 as long as the block stands, and no longer.
func TestBlockedKey(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	var blocked atomic.Bool
	b := newBox(t, func(h *Handler) {
		fetch := h.Keys.Fetch
		h.Keys.Fetch = func(ctx context.Context, keyID string) (httpsig.Key, error) {
			if blocked.Load() {
				return httpsig.Key{}, fmt.Errorf("fetch key: %w", ErrBlocked)
			}
			return fetch(ctx, keyID)
		}
	})
	p := likeBy(home, "ann", home.signer("ann"))
	blocked.Store(true)
	got := []step{b.step(t, home, p), b.step(t, home, p)}
	blocked.Store(false)
	got = append(got, b.step(t, home, p))
	want := []step{{403, 0}, {403, 0}, {202, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStoredKeyIsNotFetched(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	ann := home.signer("ann")
	var asked atomic.Int64
	b := newBox(t, func(h *Handler) {
		h.Keys.Stored = func(_ context.Context, keyID string) (httpsig.Key, error) {
			asked.Add(1)
			return httpsig.Key{ID: keyID, Owner: home.id("ann"), Public: ann.Private.Public()}, nil
		}
	})
	p := likeBy(home, "ann", ann)
	got := []step{b.step(t, home, p), b.step(t, home, p)}
	if diff := cmp.Diff([]step{{202, 0}, {202, 0}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the store was asked %d times", n)
	}
}

func TestKeyOfAnOwnerElsewhere(t *testing.T) {
	t.Parallel()
	home, other := newRemote(t), newRemote(t)
	ann := home.signer("ann")
	b := newBox(t, func(h *Handler) {
		h.Keys.Stored = func(_ context.Context, keyID string) (httpsig.Key, error) {
			return httpsig.Key{ID: keyID, Owner: other.id("ann"), Public: ann.Private.Public()}, nil
		}
	})
	if got := b.outcome(t, likeBy(other, "ann", ann)); got != unauthorized("key") {
		t.Errorf("got %+v", got)
	}
}

// TestOneFlightPerKey lets many come while the key is being fetched.
func TestOneFlightPerKey(t *testing.T) {
	t.Parallel()
	const senders = 20
	home := newRemote(t)
	hold := make(chan struct{})
	home.set(func() { home.hold = hold })
	var arrived atomic.Int64
	b := newBox(t, func(h *Handler) {
		now := h.Keys.Now
		// The clock is looked at once the signature was parsed.
		h.Keys.Now = func() time.Time {
			if arrived.Add(1) == senders {
				close(hold)
			}
			return now()
		}
	})
	p := likeBy(home, "ann", home.signer("ann"))
	statuses := make([]int, senders)
	var wait sync.WaitGroup
	for i := range senders {
		wait.Go(func() { statuses[i], _ = b.send(t, p) })
	}
	wait.Wait()
	for i, status := range statuses {
		if status != http.StatusAccepted {
			t.Errorf("sender %d: %d", i, status)
		}
	}
	if n := home.fetched.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
}

// TestSenderHangsUp leaves the fetch going: the next try finds the key.
func TestSenderHangsUp(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	ann := home.signer("ann")
	begun, hold, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	b := newBox(t, func(h *Handler) {
		fetch := h.Keys.Fetch
		h.Keys.Fetch = func(ctx context.Context, keyID string) (httpsig.Key, error) {
			defer close(done)
			close(begun)
			<-hold
			return fetch(ctx, keyID)
		}
	})
	ctx, hangUp := context.WithCancel(t.Context())
	p := likeBy(home, "ann", ann)
	go func() {
		<-begun
		hangUp()
	}()
	if response, err := b.Client().Do(p.request(t, b).WithContext(ctx)); err == nil {
		response.Body.Close()
		t.Fatal("answered")
	}
	close(hold)
	<-done
	if status, _ := b.send(t, p); status != http.StatusAccepted {
		t.Errorf("status %d", status)
	}
}

func TestKeyServerHangs(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	home.set(func() { home.hold = hold })
	b := newBox(t, func(h *Handler) {
		fetch := h.Keys.Fetch
		h.Keys.Fetch = func(ctx context.Context, keyID string) (httpsig.Key, error) {
			ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			defer cancel()
			return fetch(ctx, keyID)
		}
	})
	if got := b.outcome(t, likeBy(home, "ann", home.signer("ann"))); got != unauthorized("key") {
		t.Errorf("got %+v", got)
	}
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	now := newClock().now()
	c := cache[int]{limit: 3}
	for i := range 100 {
		c.put(fmt.Sprint(i), i, now.Add(time.Minute))
	}
	if n := len(c.entries); n != 3 {
		t.Errorf("%d entries", n)
	}
	if got, ok := c.get("99", now); !ok || got != 99 {
		t.Errorf("the newest is %d, %v", got, ok)
	}
	if _, ok := c.get("99", now.Add(time.Minute)); ok {
		t.Error("kept too long")
	}
}

func TestGate(t *testing.T) {
	t.Parallel()
	var g gate
	leave, err := g.enter(t.Context(), "a.example", 1)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := g.enter(t.Context(), "b.example", 1)
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.enter(gone, "a.example", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a full gate let through: %v", err)
	}
	passed := make(chan error, 1)
	go func() {
		next, err := g.enter(t.Context(), "a.example", 1)
		if err == nil {
			next()
		}
		passed <- err
	}()
	leave()
	if err := <-passed; err != nil {
		t.Error(err)
	}
	elsewhere()
	if n := len(g.hosts); n != 0 {
		t.Errorf("%d hosts remembered", n)
	}
}
