package postgres

import (
	"testing"
	"time"

	"kabar/internal/federation"
)

// TestClaimKeepsOrder: what somebody says of an object waits while what they
// said of it before comes again later, and nothing else does.
func TestClaimKeepsOrder(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	now := time.Now().Truncate(time.Microsecond)
	add := func(uri, actor, object string) {
		t.Helper()
		check(t, s.AddInbound(t.Context(), federation.Inbound{
			Forwarded: uri == "passed on", ActivityURI: uri, Actor: actor, Signer: actor, Host: "a.example", Type: "Create", ObjectURI: object, Raw: []byte("{}"), Received: now,
		}, nil))
	}
	claimed := func(at time.Time) (uris []string) {
		t.Helper()
		batch, err := s.ClaimInbound(t.Context(), at, time.Minute, 10)
		check(t, err)
		for _, in := range batch {
			uris = append(uris, in.ActivityURI)
		}
		return uris
	}
	add("passed on", "ani", "post")
	differ(t, "what is passed on", []string{"passed on"}, claimed(now))
	add("create", "ani", "post")
	differ(t, "the first", []string{"create"}, claimed(now))
	add("delete", "ani", "post")
	add("another's", "budi", "post")
	add("of another", "ani", "other")
	differ(t, "while it is in hand", []string{"another's", "of another"}, claimed(now))
	differ(t, "when it comes again", []string{"passed on", "create", "delete", "another's", "of another"}, claimed(now.Add(2*time.Minute)))
}
