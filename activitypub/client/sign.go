package client

import (
	"context"
	"fmt"
	"net/http"
	"runtime"

	"kabar/activitypub/httpsig"
)

// signing lets as many signatures be made at a time as there are cores. An RSA
// signature keeps a core busy for about a millisecond: hundreds of senders at
// once would stand before everything else that the program has to do, and be
// no faster for it.
type signing chan struct{}

func newSigning() signing { return make(signing, runtime.GOMAXPROCS(0)) }

// sign waits for its turn and signs r; the error is that of ctx or of signing.
func (c *Client) sign(ctx context.Context, r *http.Request, body []byte, s httpsig.Signer, kind httpsig.Kind) error {
	select {
	case c.signing <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait to sign: %w", context.Cause(ctx))
	}
	defer func() { <-c.signing }()
	return httpsig.Sign(r, body, s, kind, c.options.Now())
}
