package postgres

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
	"kabar/internal/pgtest"
)

// following is a store on a pair, its replica, and what counts the changes.
func following(t *testing.T, pair *pgtest.Pair, changes *uint64) (*Store, *Replica) {
	t.Helper()
	s, err := Open(t.Context(), pair.Primary)
	check(t, err)
	t.Cleanup(s.Close)
	r, err := s.OpenReplica(t.Context(), pair.Replica, slog.New(slog.DiscardHandler), func() uint64 { return *changes })
	check(t, err)
	t.Cleanup(r.Close)
	return s, r
}

// look looks until the replica has so many changes.
func look(t *testing.T, r *Replica, changes uint64) context.Context {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); {
		if r.Look(t.Context()) == nil {
			if ctx, has, ok := r.Read(t.Context(), changes); ok && has == changes {
				return ctx
			}
		}
	}
	written, err := r.store.written(t.Context())
	replayed, err2 := r.replayed(t.Context())
	t.Fatalf("the replica never has %d changes: %x of %x, %v, %v", changes, replayed, written.lsn, err, err2)
	return nil
}

// TestReplica is of one pair, which takes a while to start.
func TestReplica(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	t.Run("wrong", func(t *testing.T) { wrongReplica(t, pair) })
	t.Run("reads only", func(t *testing.T) { replicaReadsOnly(t, pair) })
	t.Run("followed", func(t *testing.T) { replicaFollowed(t, pair) })
}

// replicaFollowed follows it; it is paused, taken away and comes back.
func replicaFollowed(t *testing.T, pair *pgtest.Pair) {
	changes := uint64(0)
	s, r := following(t, pair, &changes)
	if _, _, ok := r.Read(t.Context(), 0); ok {
		t.Error("it can be used before anybody has looked")
	}
	title := func(ctx context.Context) string {
		site, err := s.Site(ctx)
		check(t, err)
		return site.Title
	}
	rename := func(to string) {
		t.Helper()
		_, err := s.pool.Exec(t.Context(), `update settings set value = to_jsonb($1::text) where key = 'title'`, to)
		check(t, err)
		changes++
	}
	_, err := s.InitSite(t.Context(), blog.DefaultSite("https://blog.example", ""))
	check(t, err)
	for _, name := range []string{"Satu", "Dua", "Tiga"} {
		rename(name)
		if got := title(look(t, r, changes)); got != name {
			t.Errorf("the replica has every change, and %q", got)
		}
	}

	pair.ExecReplica(`select pg_wal_replay_pause()`)
	rename("Empat")
	check(t, r.Look(t.Context()))
	ctx, has, ok := r.Read(t.Context(), changes)
	if !ok || has != changes-1 || title(ctx) != "Tiga" || title(t.Context()) != "Empat" {
		t.Errorf("paused: %t, has %d of %d, %q", ok, has, changes, title(ctx))
	}
	var late *LateReplica
	if _, err := r.Await(t.Context(), 0); !errors.As(err, &late) || late.Bytes <= 0 || r.Lag() == 0 {
		t.Errorf("paused: %v, lag %s", err, r.Lag())
	}
	pair.ExecReplica(`select pg_wal_replay_resume()`)
	if got := title(look(t, r, changes)); got != "Empat" || r.Lag() != 0 {
		t.Errorf("resumed: %q, lag %s", got, r.Lag())
	}

	pair.StopReplica()
	if err := r.Look(t.Context()); !errors.Is(err, blog.ErrUnavailable) {
		t.Errorf("stopped: %v", err)
	}
	if _, _, ok := r.Read(t.Context(), 0); ok {
		t.Error("it is used while it is not there")
	}
	pair.StartReplica()
	rename("Lima")
	if got := title(look(t, r, changes)); got != "Lima" {
		t.Errorf("back: %q", got)
	}

	pair.ExecReplica(`select pg_promote()`)
	var wrong *WrongReplica
	if err := r.Look(t.Context()); !errors.As(err, &wrong) {
		t.Errorf("promoted: %v", err)
	}
	if _, _, ok := r.Read(t.Context(), 0); ok {
		t.Error("it is read from though it follows no more")
	}
}

// replicaReadsOnly tells what the mark leads to the replica, and what never
// goes there.
func replicaReadsOnly(t *testing.T, pair *pgtest.Pair) {
	changes := uint64(0)
	s, r := following(t, pair, &changes)
	ctx := look(t, r, 0)
	var standby bool
	asks := func(q querier, ctx context.Context) bool {
		check(t, q.QueryRow(ctx, `select pg_is_in_recovery()`).Scan(&standby))
		return standby
	}
	tx, err := s.pool.Begin(ctx)
	check(t, err)
	defer func() { check(t, tx.Rollback(t.Context())) }()
	before := s.Reads()["replica"]
	got := map[string]bool{"marked": asks(s.pool, ctx), "not marked": asks(s.pool, t.Context()), "in a transaction": asks(tx, ctx)}
	if diff := cmp.Diff(map[string]bool{"marked": true, "not marked": false, "in a transaction": false}, got); diff != "" {
		t.Error(diff)
	}
	if got := s.Reads()["replica"]; got != before+1 {
		t.Errorf("%d reads are counted", got-before)
	}
	if err := s.pool.QueryRow(ctx, `delete from sessions returning true`).Scan(&standby); code(err) != "25006" {
		t.Errorf("a change with the mark: %v", err)
	}
	if _, err := s.pool.Exec(ctx, `delete from sessions`); err != nil {
		t.Errorf("what only writes: %v", err)
	}
}

// wrongReplica is told apart from one that is away.
func wrongReplica(t *testing.T, pair *pgtest.Pair) {
	tests := []struct{ name, primary, replica, want string }{
		{"the primary", pair.Primary, pair.Primary, "not a standby"},
		{"of another database", pgtest.URL(t), pair.Replica, "another database"},
		{"nobody", pair.Primary, "postgres://127.0.0.1:1/none", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Open(t.Context(), tt.primary)
			check(t, err)
			t.Cleanup(s.Close)
			r, err := s.OpenReplica(t.Context(), tt.replica, slog.New(slog.DiscardHandler), func() uint64 { return 0 })
			check(t, err)
			defer r.Close()
			err = r.Look(t.Context())
			var wrong *WrongReplica
			switch is := errors.As(err, &wrong); {
			case err == nil, is != (tt.want != ""), is && !strings.Contains(wrong.Error(), tt.want):
				t.Errorf("%v", err)
			}
			if _, _, ok := r.Read(t.Context(), 0); ok {
				t.Error("it is read from")
			}
		})
	}
}

// TestReplicaAge forgets what the replica had too long ago.
func TestReplicaAge(t *testing.T) {
	t.Parallel()
	type past struct {
		changes uint64
		lsn     int64
		ago     time.Duration
	}
	type state struct {
		Changes uint64
		OK      bool
		Waiting int
	}
	tests := []struct {
		name     string
		known    past
		waiting  []past
		replayed int64
		want     state
	}{
		{"everything", past{1, 10, time.Second}, nil, 40, state{4, true, 0}},
		{"all but the last", past{1, 10, time.Second}, []past{{3, 30, time.Second}}, 30, state{3, true, 1}},
		{"nothing more", past{1, 10, time.Second}, []past{{3, 30, time.Second}}, 20, state{1, true, 2}},
		{"nothing for too long", past{1, 10, MaxLag + time.Second}, []past{{3, 30, MaxLag + time.Second}}, 20, state{0, false, 1}},
		{"something that is too old", past{1, 10, MaxLag + 2*time.Second}, []past{{3, 30, MaxLag + time.Second}}, 30, state{0, false, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			at := func(p past) moment { return moment{p.changes, p.lsn, now.Add(-p.ago)} }
			r, known := &Replica{wanted: make(chan struct{}, 1)}, at(tt.known)
			r.known.Store(&known)
			for _, p := range tt.waiting {
				r.waiting = append(r.waiting, at(p))
			}
			r.settle(at(past{4, 40, 0}), tt.replayed)
			_, changes, ok := r.Read(t.Context(), 4)
			if diff := cmp.Diff(tt.want, state{changes, ok, len(r.waiting)}); diff != "" {
				t.Error(diff)
			}
			if asked := len(r.wanted) == 1; asked != (ok && changes < 4) {
				t.Errorf("it is asked to look again: %t", asked)
			}
		})
	}
}
