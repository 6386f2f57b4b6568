package client

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kabar/activitypub/httpsig"
)

// slowClock is asked in the midst of signing; it counts those who do at once.
type slowClock struct{ now, most atomic.Int64 }

func (k *slowClock) Now() time.Time {
	k.most.Store(max(k.most.Load(), k.now.Add(1)))
	defer k.now.Add(-1)
	time.Sleep(time.Second) // of the bubble's clock
	return time.Now()
}

// However many send, no more sign than there are cores, and all come through.
func TestSigningTakesTurns(t *testing.T) {
	t.Parallel()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		clock := &slowClock{}
		c := New(Options{AllowPrivate: true, Now: clock.Now})
		const senders = 50
		var sending sync.WaitGroup
		var signed atomic.Int64
		for range senders {
			sending.Go(func() {
				d := Delivery{Inbox: "http://a.test/inbox", Body: []byte("{}"), Signer: httpsig.Signer{KeyID: "http://b.test/#key", Private: private}}
				if _, err := c.post(t.Context(), d); err != nil {
					t.Error(err)
					return
				}
				signed.Add(1)
			})
		}
		sending.Wait()
		if most, cores := clock.most.Load(), int64(runtime.GOMAXPROCS(0)); most != cores || signed.Load() != senders {
			t.Errorf("%d signed at a time with %d cores, %d in all", most, cores, signed.Load())
		}
	})
}

// Who waits for its turn leaves when its time is over.
func TestSigningGivesUp(t *testing.T) {
	t.Parallel()
	c := New(Options{AllowPrivate: true})
	for range cap(c.signing) {
		c.signing <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := c.Deliver(ctx, Delivery{Inbox: "http://127.0.0.1:1/inbox", Body: []byte("{}")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the end of its time", err)
	}
}
