package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// querier is what reads: the pool or a transaction.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// txAttempts is how often a transaction that lost a deadlock is tried in all.
const txAttempts = 3

// tx runs do in one transaction and commits it. do runs again when PostgreSQL
// chose the transaction as the victim of a deadlock, so it must set what it
// hands out anew each time and do nothing outside the database.
func (s *Store) tx(ctx context.Context, do func(pgx.Tx) error) error {
	var err error
	for range txAttempts {
		err = pgx.BeginFunc(ctx, s.pool, do)
		if !isDeadlock(err) {
			return err
		}
	}
	return err
}

func isDeadlock(err error) bool {
	c := code(err)
	return c == "40P01" || c == "40001"
}

// nullID is the parameter for a reference that uuid.Nil leaves empty. Reading
// needs no counterpart: NULL leaves a uuid.UUID as it is.
func nullID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// nullTime is the parameter for a time that may be zero.
func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// orZero is the scan target for a time that may be NULL.
func orZero(t *time.Time) pgtype.TimestamptzScanner { return optionalTime{t} }

type optionalTime struct{ t *time.Time }

func (o optionalTime) ScanTimestamptz(v pgtype.Timestamptz) error {
	*o.t = v.Time // zero for NULL
	return nil
}
