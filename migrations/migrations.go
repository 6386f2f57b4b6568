// Package migrations brings a database to the schema of this program: the
// numbered SQL files beside it, and the tables of River's queue.
package migrations

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed *.sql
var files embed.FS

// lockKey is the advisory lock that nodes starting at once queue for.
const lockKey = 0x6b61626172 // "kabar"

// ErrNewer refuses a database that a newer program has migrated.
var ErrNewer = errors.New("the database was migrated by a newer Kabar: start that version, or restore a backup")

// Up applies what is missing, all or nothing per file. Several nodes may call
// it at once: one works, the others wait for it.
func Up(ctx context.Context, pool *pgxpool.Pool) error {
	unlock, err := lock(ctx, pool)
	if err != nil {
		return fmt.Errorf("migrations: lock: %w", err)
	}
	defer unlock()
	if err := upSchema(ctx, pool); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := upQueue(ctx, pool); err != nil {
		return fmt.Errorf("migrations: tables of the job queue: %w", err)
	}
	return nil
}

// UpTo applies what is missing up to a version, and the tables of the queue;
// ErrNewer if this program does not know the version.
func UpTo(ctx context.Context, pool *pgxpool.Pool, version int64) error {
	err := withGoose(pool, func(p *goose.Provider) error {
		_, knows, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if version > knows {
			return fmt.Errorf("%w (schema %d, this program knows %d)", ErrNewer, version, knows)
		}
		_, err = p.UpTo(ctx, version)
		return err
	})
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := upQueue(ctx, pool); err != nil {
		return fmt.Errorf("migrations: tables of the job queue: %w", err)
	}
	return nil
}

// Version is the number of the last SQL file applied; 0 for an empty database.
func Version(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	var version int64
	err := withGoose(pool, func(p *goose.Provider) error {
		var err error
		version, err = p.GetDBVersion(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("migrations: version: %w", err)
	}
	return version, nil
}

// lock polls instead of waiting inside the server: a waiting statement holds a
// snapshot, for which CREATE INDEX CONCURRENTLY would wait in turn. Its
// connection is its own, so that callers sharing a small pool cannot starve the
// one at work.
func lock(ctx context.Context, pool *pgxpool.Pool) (unlock func(), err error) {
	conn, err := pgx.ConnectConfig(ctx, pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	unlock = func() { _ = conn.Close(context.WithoutCancel(ctx)) } // the lock ends with its session
	for {
		var ours bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", lockKey).Scan(&ours); err != nil {
			unlock()
			return nil, err
		}
		if ours {
			return unlock, nil
		}
		select {
		case <-ctx.Done():
			unlock()
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func withGoose(pool *pgxpool.Pool, do func(*goose.Provider) error) error {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)),
		goose.WithAllowOutofOrder(true)) // numbers are given before the work is done, so a lower one may come later
	if err != nil {
		return err
	}
	return do(p)
}

func upSchema(ctx context.Context, pool *pgxpool.Pool) error {
	return withGoose(pool, func(p *goose.Provider) error {
		has, knows, err := p.GetVersions(ctx)
		if err != nil {
			return err
		}
		if has > knows {
			return fmt.Errorf("%w (schema %d, this program knows %d)", ErrNewer, has, knows)
		}
		_, err = p.Up(ctx)
		return err
	})
}

func upQueue(ctx context.Context, pool *pgxpool.Pool) error {
	config := &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)}
	river, err := rivermigrate.New(riverpgxv5.New(pool), config)
	if err != nil {
		return err
	}
	_, err = river.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
