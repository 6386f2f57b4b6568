package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/blog"
)

const (
	// MaxLag is how far a replica may be behind and still be read from.
	MaxLag = 5 * time.Second
	// Its progress is looked at every lookEvery, and sooner while somebody
	// would read what changed since, with lookPause between.
	lookEvery, lookPause = time.Second, 50 * time.Millisecond
	// lookTime bounds each look, and what is waited for a connection.
	lookTime = 2 * time.Second
)

// onReplica marks a context; see Replica.Read.
type onReplica struct{}

var _ querier = (*database)(nil)

// database is the primary, and the replica for what is read with the mark
// outside of transactions. A statement with the mark that would change
// something is refused by the replica.
type database struct {
	*pgxpool.Pool
	replica                  *pgxpool.Pool // nil = there is none
	fromPrimary, fromReplica atomic.Uint64 // reads outside of transactions
}

func (d *database) reader(ctx context.Context) *pgxpool.Pool {
	if d.replica != nil && ctx.Value(onReplica{}) != nil {
		d.fromReplica.Add(1)
		return d.replica
	}
	d.fromPrimary.Add(1)
	return d.Pool
}

// Query implements querier.
func (d *database) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return d.reader(ctx).Query(ctx, sql, args...)
}

// QueryRow implements querier.
func (d *database) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return d.reader(ctx).QueryRow(ctx, sql, args...)
}

// Reads is how many reads outside of transactions went to which pool.
func (s *Store) Reads() map[string]uint64 {
	return map[string]uint64{"primary": s.pool.fromPrimary.Load(), "replica": s.pool.fromReplica.Load()}
}

// Replica follows a standby of the store's database (streaming replication)
// and knows what it has for certain. Make it with Store.OpenReplica.
type Replica struct {
	store   *Store
	pool    *pgxpool.Pool
	log     *slog.Logger
	changes func() uint64
	began   time.Time
	wanted  chan struct{} // somebody would read what it did not have at the last look

	known   atomic.Pointer[moment] // the last that it has; nil = it cannot be used
	current atomic.Bool            // at the last look it had everything

	mu       sync.Mutex
	timeline string   // of the primary that answered last
	verified bool     // it is a standby of this primary
	waiting  []moment // that it did not have yet, in their order
	used     bool     // as the log has it
}

// moment is a state of the primary: that after so many changes of pages.
type moment struct {
	changes uint64
	lsn     int64 // bytes of the write-ahead log
	at      time.Time
}

// WrongReplica says that what a replica's URL names is none of this database.
type WrongReplica struct{ Problem string }

func (e *WrongReplica) Error() string {
	return "KABAR_DATABASE_REPLICA_URL: " + e.Problem
}

// OpenReplica lets reads with its mark go to the database that url names. It
// dials nobody yet. changes counts what changed on pages (pagecache.Cache.Changes)
// after each commit. Call it before the store is used by others, and Close
// after the store.
func (s *Store) OpenReplica(ctx context.Context, url string, log *slog.Logger, changes func() uint64) (*Replica, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, fmt.Errorf("KABAR_DATABASE_REPLICA_URL: %w", err)
	}
	if !strings.Contains(url, "connect_timeout") {
		config.ConnConfig.ConnectTimeout = lookTime
	}
	config.BeforeConnect = s.traced
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("KABAR_DATABASE_REPLICA_URL: %w", err)
	}
	s.pool.replica = pool
	return &Replica{
		store: s, pool: pool, log: log, changes: changes, began: time.Now(), wanted: make(chan struct{}, 1), used: true,
	}, nil
}

// Close closes all connections to the replica.
func (r *Replica) Close() { r.pool.Close() }

// Pool is the pool of connections to the replica, for its figures.
func (r *Replica) Pool() *pgxpool.Pool { return r.pool }

// Read implements pagecache.Replica: with the context that it returns the
// store reads on the replica, which has the effects of at least so many
// changes. present is the count of changes that the reader wants to see.
func (r *Replica) Read(ctx context.Context, present uint64) (_ context.Context, changes uint64, ok bool) {
	m := r.known.Load()
	if m == nil || time.Since(m.at) > MaxLag {
		return ctx, 0, false
	}
	if m.changes < present {
		select {
		case r.wanted <- struct{}{}:
		default: // somebody said so already
		}
	}
	return context.WithValue(ctx, onReplica{}, true), m.changes, true
}

// Failed implements pagecache.Replica: a replica that cannot be reached is left
// alone until the next look.
func (r *Replica) Failed(err error) {
	if errors.Is(err, blog.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		r.known.Store(nil)
	}
}

// Lag is how old what the replica has is at most; 0 when it had everything at
// the last look.
func (r *Replica) Lag() time.Duration {
	m := r.known.Load()
	switch {
	case m == nil:
		return time.Since(r.began)
	case r.current.Load():
		return 0
	}
	return time.Since(m.at)
}

// Follow looks at the replica's progress until ctx ends.
func (r *Replica) Follow(ctx context.Context) {
	every := time.NewTicker(lookEvery)
	defer every.Stop()
	for ctx.Err() == nil {
		err := r.Look(ctx)
		if ctx.Err() == nil {
			r.tell(err)
		}
		select {
		case <-ctx.Done():
		case <-every.C:
		case <-r.wanted:
			select {
			case <-ctx.Done():
			case <-time.After(lookPause):
			}
		}
	}
}

// tell logs when the replica begins or ends to be read from.
func (r *Replica) tell(err error) {
	m := r.known.Load()
	usable := m != nil && time.Since(m.at) <= MaxLag
	if usable == r.used {
		return
	}
	if r.used = usable; usable {
		r.log.Info("pages are read from the replica again")
		return
	}
	if err == nil {
		err = fmt.Errorf("it is more than %s behind", MaxLag)
	}
	r.log.Warn("pages are not read from the replica, but from the primary", "error", err)
}

// Look finds out how far the replica is. A *WrongReplica is one that will never
// be of use; any other error may pass.
func (r *Replica) Look(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	now := moment{changes: r.changes(), at: time.Now()} // before the log is looked at: it has the effects of these
	written, err := r.store.written(ctx)
	if err != nil {
		return err
	}
	if now.lsn = written.lsn; written.timeline != r.timeline { // another primary answers
		r.timeline, r.verified, r.waiting = written.timeline, false, nil
		r.known.Store(nil)
	}
	replayed, err := r.replayed(ctx)
	if err != nil {
		r.verified, r.waiting = false, nil
		r.known.Store(nil)
		return err
	}
	r.settle(now, replayed)
	return nil
}

// settle notes which moments the replica has by now.
func (r *Replica) settle(now moment, replayed int64) {
	r.waiting = append(r.waiting, now)
	for len(r.waiting) > 0 && (r.waiting[0].lsn <= replayed || now.at.Sub(r.waiting[0].at) > MaxLag) {
		if m := r.waiting[0]; m.lsn <= replayed {
			r.known.Store(&m)
		}
		r.waiting = r.waiting[1:]
	}
	r.current.Store(len(r.waiting) == 0)
}

// position is a place in the write-ahead log of a primary, and which of the
// histories of the database that primary writes.
type position struct {
	lsn      int64
	timeline string
}

// written is the end of the write-ahead log that all commits which anybody can
// see are before.
func (s *Store) written(ctx context.Context) (p position, err error) {
	// Without synchronous commits what is visible may not be flushed yet, and
	// what is written may wait for the next commit.
	err = s.pool.Pool.QueryRow(ctx, `
		select (case current_setting('synchronous_commit')
			when 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end - '0/0')::bigint,
			left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)`).Scan(&p.lsn, &p.timeline)
	return p, wrap("read the primary's progress", err)
}

// replayed is how far the replica is, once it is known to be one.
func (r *Replica) replayed(ctx context.Context) (lsn int64, err error) {
	var standby bool
	err = r.pool.QueryRow(ctx, `
		select pg_is_in_recovery(), coalesce((pg_last_wal_replay_lsn() - '0/0')::bigint, 0)`).Scan(&standby, &lsn)
	if err != nil {
		return 0, wrap("read the replica's progress", err)
	}
	if !standby {
		return 0, &WrongReplica{"this is a primary, not a standby that follows one: name a standby, or leave it out"}
	}
	if !r.verified {
		err = r.verify(ctx)
	}
	r.verified = err == nil
	return lsn, err
}

// cluster is which database it is, and which of its histories: each promotion
// of a standby begins a new one.
type cluster struct{ System, Timeline int64 }

const readCluster = `
	select (select system_identifier from pg_control_system()), (select timeline_id from pg_control_checkpoint())`

// verify compares the replica with the primary.
func (r *Replica) verify(ctx context.Context) error {
	var ours, theirs cluster
	if err := r.store.pool.Pool.QueryRow(ctx, readCluster).Scan(&ours.System, &ours.Timeline); err != nil {
		return wrap("identify the primary", err)
	}
	if err := r.pool.QueryRow(ctx, readCluster).Scan(&theirs.System, &theirs.Timeline); err != nil {
		return wrap("identify the replica", err)
	}
	switch {
	case ours.System != theirs.System:
		return &WrongReplica{"this is a standby of another database than KABAR_DATABASE_URL names: name one that follows that"}
	case ours.Timeline != theirs.Timeline:
		return errors.New("the replica has not followed the primary since a standby was promoted: " +
			"this passes with its next checkpoint, unless it follows the old primary still")
	}
	return nil
}

// LateReplica says how much of the write-ahead log a replica has not replayed.
type LateReplica struct {
	Bytes  int64
	Waited time.Duration
}

func (e *LateReplica) Error() string {
	return fmt.Sprintf("after %s, the replica has not replayed the last %d kB of the write-ahead log", e.Waited, (e.Bytes+1023)/1024)
}

// Await waits until the replica has what the primary has now, and returns how
// long it took; a *LateReplica when it takes longer than so long.
func (r *Replica) Await(ctx context.Context, atMost time.Duration) (took time.Duration, err error) {
	began := time.Now()
	written, err := r.store.written(ctx)
	for err == nil {
		var replayed int64
		switch replayed, err = r.replayed(ctx); {
		case err != nil:
		case replayed >= written.lsn:
			return time.Since(began), nil
		case time.Since(began) > atMost:
			return 0, &LateReplica{written.lsn - replayed, atMost}
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(lookPause):
		}
	}
	return 0, err
}
