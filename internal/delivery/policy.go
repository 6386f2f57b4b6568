package delivery

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// How long to wait and when to stop.
const (
	firstPause   = 5 * time.Second
	longestPause = 6 * time.Hour
	longestAsked = 24 * time.Hour      // the most of a Retry-After that is believed
	Held         = 7 * 24 * time.Hour  // Held: a row is held this long
	silence      = 30 * 24 * time.Hour // a host silent for so long is suspended
	// Lease is how long a claimed host belongs to one node. Every request ends
	// well within it, see budget.
	Lease = 2 * time.Minute
	// budget is how long one claim may keep sending before it gives the host back.
	budget = time.Minute
	// lastRequests is how long before the end of a lease nothing more is begun:
	// one row may take three requests.
	lastRequests = 40 * time.Second
)

// pause is the wait after the nth failure in a row, 5 s × 3 up to 6 h, with
// a tenth of jitter so that hosts that failed together do not return together.
func pause(failures int) time.Duration {
	d := firstPause
	for range failures - 1 {
		if d *= 3; d >= longestPause {
			d = longestPause
			break
		}
	}
	return d + time.Duration(rand.Int64N(int64(d)/10+1))
}

// verdict says what an answer means for the row and its host.
type verdict int

const (
	delivered verdict = iota
	pauseHost
	pauseRow
	final
)

// judge reads a status, or 0 for a request that got no answer.
func judge(status int) verdict {
	switch {
	case status == 0:
		return pauseHost
	case status >= 200 && status < 300:
		return delivered
	case status == http.StatusTooManyRequests, status == http.StatusBadGateway,
		status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return pauseHost
	case status == http.StatusUnauthorized, status == http.StatusRequestTimeout, status >= 500, status < 400:
		// 3xx too: a delivery follows no redirect, and the inbox may be put
		// right when the actor is read again.
		return pauseRow
	}
	return final
}

// errNoActivity stands in the ledger when the activity of a row is gone.
var errNoActivity = errors.New("the activity no longer exists")
