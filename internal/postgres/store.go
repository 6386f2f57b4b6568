package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/secret"
)

var (
	_ blog.Reader = (*Store)(nil)
	_ blog.Writer = (*Store)(nil)
)

// Store keeps everything in one PostgreSQL database. It is safe for
// concurrent use.
type Store struct {
	// Changed hears which pages a committed change concerns; nil = nobody
	// asks. It is called before the changing method returns, so the process
	// that wrote never serves its own old page. Set it before the first use.
	Changed func(tags ...string)
	// Finished hears what became of each activity that came in, in the
	// transaction that writes it; nil = nobody asks.
	Finished func(outcome string)

	// Secrets seals private keys; nil keeps them as they are. Set it before
	// the first use.
	Secrets *secret.Keys

	pool  *database
	jobs  *river.Client[pgx.Tx] // inserts only
	clock Clock

	tracer atomic.Pointer[pgx.QueryTracer] // nil = nobody hears

	arriving gather[arrival]         // activities on their way to the disk
	ending   gather[federation.Done] // what became of activities that had no effect
}

// maxConns is the size of the pool where the URL does not name one
// (pool_max_conns).
const maxConns = 20

// sessionSettings bound what one connection can hold up. Settings in the URL
// go before them.
var sessionSettings = map[string]string{
	"application_name":                    "kabar",
	"statement_timeout":                   "30s",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "60s",
}

// Open connects to the database that url names. The schema must be there
// already (package migrations), brought by a connection without the time
// limits that this one has.
func Open(ctx context.Context, url string) (*Store, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{}
	config.BeforeConnect = s.traced
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, wrap("open database", err)
	}
	s.pool = &database{Pool: pool}
	err = pool.Ping(ctx)
	if err == nil { // over the connection that is there now: the way to it would count as the clock's
		err = s.clock.read(ctx, s.ServerTime)
	}
	if err != nil {
		pool.Close()
		return nil, wrap("open database", err)
	}
	// The client wakes workers at most once in FetchCooldown: the second of two
	// changes in that time waits for the workers' next poll.
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		FetchCooldown: river.FetchCooldownMin,
		Logger:        slog.New(slog.DiscardHandler),    // it returns its errors; standard output is the commands' own
		Test:          river.TestConfig{Time: &s.clock}, // there is no other way to set it
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	s.jobs = jobs
	s.arriving = gather[arrival]{write: s.addInbound, key: func(a arrival) string { return a.ActivityURI }, limit: maxArrivals}
	s.ending = gather[federation.Done]{write: s.endInbound, key: func(d federation.Done) string { return strconv.FormatInt(d.ID, 10) }, limit: maxArrivals}
	return s, nil
}

func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = maxConns
	}
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.ConnectTimeout = 10 * time.Second
	for name, value := range sessionSettings {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	config.AfterConnect = timesInUTC
	return config, nil
}

// timesInUTC makes times read from the database carry UTC, whatever the zone
// of the machine is.
func timesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// Close waits for what is running and closes all connections.
func (s *Store) Close() { s.pool.Close() }

// Pool is the pool below, for what keeps tables of its own in this database
// (the job queue, browser sessions).
func (s *Store) Pool() *pgxpool.Pool { return s.pool.Pool }

// Trace lets somebody hear of each statement on connections that begin from now
// on. Call it while nothing else uses the store.
func (s *Store) Trace(by pgx.QueryTracer) {
	s.tracer.Store(&by)
	s.pool.Reset()
}

func (s *Store) traced(_ context.Context, conn *pgx.ConnConfig) error {
	if by := s.tracer.Load(); by != nil {
		conn.Tracer = *by
	}
	return nil
}

// Ping reports whether the database answers: nil or blog.ErrUnavailable.
func (s *Store) Ping(ctx context.Context) error { return wrap("ping database", s.pool.Ping(ctx)) }

// changed reports tags after a commit.
func (s *Store) changed(tags ...string) {
	if s.Changed != nil && len(tags) > 0 {
		s.Changed(tags...)
	}
}
