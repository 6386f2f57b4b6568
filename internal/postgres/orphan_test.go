package postgres

import (
	"context"
	"log/slog"
	"testing"
	"time"
)

// TestFreeOrphans looks at what a killed node leaves: freed when nobody else
// lives, left alone beside another node.
func TestFreeOrphans(t *testing.T) {
	t.Parallel()
	left := []string{
		"claimed 2026-01-02 03:09:05", "done", "due 2026-01-02 03:04:05", "host 2026-01-02 03:09:05",
		"put off 2026-01-02 03:09:05",
	}
	freed := []string{
		"claimed 2026-01-02 03:04:05", "done", "due 2026-01-02 03:04:05", "host", "put off 2026-01-02 03:09:05",
	}
	tests := []struct {
		name string
		in   bool // another node lives
		want []string
	}{{"alone", false, freed}, {"beside another node", true, left}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			s.exec(t, `
				insert into inbound (activity_uri, actor, signer, host, type, raw, received, next_at, done, detail)
				select name, 'a', 'a', 'h', 'Like', '', $1::timestamptz, next, case when next is null then $1 end, detail
				from (values ('due', $1::timestamptz, ''), ('claimed', $2, ''), ('put off', $2, 'timeout'), ('done', null, ''))
					as t (name, next, detail)`, at(0), at(5))
			s.exec(t, `insert into hosts (host, next_at, lease_until) values ('host', $1, $2)`, at(0), at(5))
			if tt.in {
				s.listening(t)
			}
			_, err := s.FreeOrphans(t.Context(), at(1))
			check(t, err)
			differ(t, "rows", tt.want, s.column(t, `
				select trim(name || ' ' || coalesce(to_char(due at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), '')) from (
					select activity_uri, next_at from inbound union all select host, lease_until from hosts) as t (name, due)
				order by 1`))
		})
	}
}

// What was claimed when a node was killed, or given back when it stopped, is
// worked on before what came after it.
func TestOrphansKeepTheirPlace(t *testing.T) {
	t.Parallel()
	give := map[string]func(*Store, []int64) error{
		"killed": func(s *Store, _ []int64) error {
			_, err := s.FreeOrphans(context.Background(), at(3))
			return err
		},
		"stopped": func(s *Store, ids []int64) error { return s.ReleaseInbound(context.Background(), at(3), ids) },
	}
	for name, back := range give {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			const add = `insert into inbound (activity_uri, actor, signer, host, type, raw, received, next_at) values ($1, 'a', 'a', 'h', 'x', '', $2, $2)`
			s.exec(t, add, "reply", at(0))
			claimed, err := s.ClaimInbound(t.Context(), at(1), 5*time.Minute, 10)
			check(t, err)
			s.exec(t, add, "its deletion", at(2))
			check(t, back(s, []int64{claimed[0].ID}))
			next, err := s.ClaimInbound(t.Context(), at(4), 5*time.Minute, 1)
			check(t, err)
			if len(next) != 1 || next[0].ActivityURI != "reply" {
				t.Errorf("the first is %v", next)
			}
		})
	}
}

// listening is another node, until the test ends.
func (s *Store) listening(t *testing.T) {
	t.Helper()
	connected := make(chan struct{}, 2)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Listen(ctx, Listener{Node: "other", OnLost: func() { connected <- struct{}{} }, Log: slog.New(slog.DiscardHandler)})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	select {
	case <-connected:
	case <-time.After(20 * time.Second):
		t.Fatal("the other node does not listen")
	}
}
