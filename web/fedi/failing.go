package fedi

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"kabar/web/page"
)

const (
	failEvery = time.Second // on average
	failBurst = 300
)

// bounded answers 429 to an address whose requests failed too often to prove
// who sends them: each can make us fetch a key, from wherever it names. Whoever
// proves it is counted by that, and not here.
func (p *Part) bounded(next http.Handler) http.Handler {
	failing := &p.failing
	failing.Every, failing.Burst = failEvery, failBurst
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sender := page.Sender(r)
		if sender == "" {
			next.ServeHTTP(w, r)
			return
		}
		if failing.Full(sender) != nil {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(failEvery.Seconds()))))
			http.Error(w, "too many requests that prove nothing", http.StatusTooManyRequests)
			return
		}
		seen := &page.Witness{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		if seen.Status == http.StatusUnauthorized {
			_ = failing.Pass(sender) // the next one hears of it
		}
	})
}
