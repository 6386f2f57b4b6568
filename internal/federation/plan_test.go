package federation_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/federation"
	"kabar/internal/pgtest"
)

// BenchmarkPlan plans an activity for 100,000 followers on 12,000 hosts.
func BenchmarkPlan(b *testing.B) {
	r := receiverOn(b, pgtest.NewDurable(b).Config().ConnString())
	r.exec(`
		with people as (
			insert into actors (id, uri, kind, type, inbox, shared_inbox, created)
			select gen_random_uuid(), 'https://h' || n % 12000 || '.example/u/' || n, 'remote', 'Person',
				'https://h' || n % 12000 || '.example/u/' || n || '/inbox', 'https://h' || n % 12000 || '.example/inbox', now()
			from generate_series(1, 100000) n
			returning id
		)
		insert into followers (target_id, actor_id, follow_uri, created) select $1, id, '', now() from people`, r.actor.ID)
	for b.Loop() {
		id := newID()
		r.check(r.store.Plan(b.Context(), federation.Outgoing{
			Activity: federation.Activity{
				ID: id, URI: origin + "/ap/activities/" + id.String(), ActorID: r.actor.ID, Type: "Create",
				ObjectURI: fmt.Sprint(origin, "/ap/objects/", id), JSON: []byte("{}"), Created: r.now(),
			},
			FollowersOf: []uuid.UUID{r.actor.ID},
		}))
	}
	if n := r.count(`select count(*) from deliveries`); n%12_000 != 0 || n == 0 {
		b.Errorf("%d rows, want 12,000 each", n)
	}
}
