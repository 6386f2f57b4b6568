package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

// aboutSecurity picks what happened to the security of an account; it is the
// condition of the index audit_security.
const aboutSecurity = `(action like 'security.%' or action = 'account.password')`

// insertEvent writes an event down and enqueues its letter.
func (s *Store) insertEvent(ctx context.Context, tx pgx.Tx, e auth.Event) error {
	if err := insertAudit(ctx, tx, e.Audit); err != nil || e.Mail == nil {
		return err
	}
	return s.enqueue(ctx, tx, *e.Mail)
}

// AddEvent writes one, unless the same happened to the account since then.
func (s *Store) AddEvent(ctx context.Context, e auth.Event, since time.Time) error {
	return wrap("add event", s.tx(ctx, func(tx pgx.Tx) error {
		var told bool
		err := tx.QueryRow(ctx, `
			select $3::timestamptz is not null and exists (
				select from audit where `+aboutSecurity+` and subject = $1 and action = $2 and at > $3)`,
			e.Audit.Subject, e.Audit.Action, nullTime(since)).Scan(&told)
		if err != nil || told {
			return err
		}
		return s.insertEvent(ctx, tx, e)
	}))
}

// Events returns what happened to the security of an account, newest first.
func (s *Store) Events(ctx context.Context, account uuid.UUID, limit int) ([]blog.AuditEntry, error) {
	rows, err := s.pool.Query(ctx, `
		select id, at, account_id, action, subject, detail from audit
		where `+aboutSecurity+` and subject = $1
		order by at desc, id desc
		limit $2`, account.String(), limit)
	if err != nil {
		return nil, wrap("events", err)
	}
	entries, err := pgx.CollectRows(rows, scanAudit)
	return entries, wrap("events", err)
}
