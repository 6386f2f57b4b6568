package postgres

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func (s *Store) column(t *testing.T, sql string) []string {
	t.Helper()
	rows, err := s.pool.Query(t.Context(), sql)
	check(t, err)
	values, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	return values
}

func TestDeleteOldInbound(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	c := commentBy(ana, a, 0)
	addComments(t, s, c)
	add := func(name, object string, done *time.Time) {
		s.exec(t, `
			insert into inbound (activity_uri, actor, signer, host, type, object_uri, raw, received, done)
			values ($1, '', '', 'a.test', 'Create', $2, '', $3, $4)`, name, object, at(0), done)
	}
	old, young := at(0), at(10)
	add("waiting", "", nil)
	add("new", "", &young)
	add("of the comment", c.ObjectURI, &old)
	add("edit of the comment", c.ObjectURI, &old)
	s.exec(t, `update comments set inbound_id = (select id from inbound where activity_uri = 'of the comment')`)
	s.exec(t, `
		insert into inbound (activity_uri, actor, signer, host, type, raw, received, done)
		select 'old ' || n, '', '', 'a.test', 'Like', '', $1, $1 from generate_series(1, 2500) n`, at(0))
	n, err := s.DeleteOldInbound(t.Context(), at(5))
	check(t, err)
	differ(t, "deleted", 2501, n)
	differ(t, "left", []string{"new", "of the comment", "waiting"},
		s.column(t, `select activity_uri from inbound order by 1`))
}

func TestDeleteOldDeliveries(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	live := published(actor.ID, "kopi", 0)
	dead := published(actor.ID, "teh", 0)
	save(t, s, live, dead)
	check(t, s.DeleteArticle(t.Context(), dead.ID, at(1), nil, audit("article.delete")))
	add := func(object, kind, state, inbox string, last int) {
		id := newID()
		s.exec(t, `insert into activities (id, uri, actor_id, type, json, created) values ($1, $2, $3, $4, '', $5)`,
			id, id.String(), actor.ID, kind, at(0))
		s.exec(t, `
			insert into deliveries (activity_id, host, inbox, object_uri, type, state, next_at, created, last_at)
			values ($1, 'a.test', $2, $3, $4, $5, $6, $6, $7)`, id, inbox, object, kind, state, at(0), at(last))
	}
	add(live.ObjectURI, "Create", "delivered", "kept: first", 0)
	add(live.ObjectURI, "Update", "failed", "kept: first", 1)
	add(live.ObjectURI, "Update", "delivered", "kept: first", 2)
	add(live.ObjectURI, "Update", "delivered", "kept: only", 0)
	add(dead.ObjectURI, "Create", "delivered", "gone", 0)
	add(dead.ObjectURI, "Delete", "expired", "gone", 0)
	add("https://a.test/follow", "Accept", "delivered", "gone", 0)
	add("https://a.test/follow", "Accept", "waiting", "kept: waiting", 0)
	add("https://a.test/follow", "Accept", "delivered", "kept: new", 9)
	n, err := s.DeleteOldDeliveries(t.Context(), at(5))
	check(t, err)
	differ(t, "deleted", 4, n)
	differ(t, "left", []string{
		"kept: first Create", "kept: first Update", "kept: only Update", "kept: waiting Accept", "kept: new Accept",
	}, s.column(t, `select inbox || ' ' || type from deliveries order by id`))
}

func TestDeleteExpiredSessions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.exec(t, `
		insert into sessions (token, data, expiry)
		select n::text, '', case when n <= 2000 then $1::timestamptz else $2 end from generate_series(1, 2002) n`,
		at(0), at(10))
	n, err := s.DeleteExpiredSessions(t.Context(), at(5))
	check(t, err)
	differ(t, "deleted", 2000, n)
	differ(t, "left", []string{"2001", "2002"}, s.column(t, `select token from sessions order by 1`))
}

// What takes several statements is done whole, and nothing else.
func TestCleanupInBatches(t *testing.T) {
	t.Parallel()
	const many = 2*cleanupBatch + 1
	tests := []struct {
		name, fill string
		do         func(s *Store) (int, error)
		left       string // counts what stays
	}{
		{
			"expired deliveries", `
			with a as (
				insert into activities (id, uri, actor_id, type, json, created) values (gen_random_uuid(), 'https://b.test/a', $2, 'Create', '', now())
				returning id
			), h as (
				insert into hosts (host, suspended) values ('gone.test', now()), ('there.test', null)
			)
			insert into deliveries (activity_id, host, inbox, type, next_at, created)
			select a.id, case when n > $1 then 'there.test' else 'gone.test' end, 'https://gone.test/' || n, 'Create', now(), now() - interval '9 days'
			from a, generate_series(1, $1 + 2) n`,
			func(s *Store) (int, error) { return s.ExpireDeliveries(t.Context(), time.Now().Add(-24*time.Hour)) },
			`select count(*) from deliveries where state = 'waiting'`,
		},
		{
			"old views", `
			insert into views (day, page, referrer, views, visitors)
			select current_date - case when n > $1 then 1 else 9 end, n::text, '', 1, 1 from generate_series(1, $1 + 2) n where $2::uuid is not null`,
			func(s *Store) (int, error) { return s.DeleteOldViews(t.Context(), time.Now().AddDate(0, 0, -5)) },
			`select count(*) from views`,
		},
		{
			"forwards", `
			with a as (
				insert into activities (id, uri, actor_id, type, json, created, forwarded)
				select gen_random_uuid(), 'https://b.test/' || n, $2, 'Create', '', now() - case when n > $1 then 1 else 9 end * interval '1 day', true
				from generate_series(1, $1 + 2) n
				returning id, created
			)
			insert into deliveries (activity_id, host, inbox, type, state, next_at, created, low)
			select id, 'there.test', 'https://there.test/', 'Create', 'delivered', created, created, true from a`,
			func(s *Store) (int, error) { return s.DeleteOldForwards(t.Context(), time.Now().AddDate(0, 0, -5)) },
			`select count(*) from activities a join deliveries d on d.activity_id = a.id`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			s.exec(t, tt.fill, many, addBlogActor(t, s).ID)
			n, err := tt.do(s)
			check(t, err)
			differ(t, "done", many, n)
			var left int
			check(t, s.pool.QueryRow(t.Context(), tt.left).Scan(&left))
			differ(t, "left", 2, left)
		})
	}
}
