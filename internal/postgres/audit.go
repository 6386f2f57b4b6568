package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// insertAudit writes down who did what.
func insertAudit(ctx context.Context, tx pgx.Tx, e blog.AuditEntry) error {
	detail := e.Detail
	if detail == nil {
		detail = map[string]string{}
	}
	_, err := tx.Exec(ctx, `
		insert into audit (id, at, account_id, action, subject, detail)
		values ($1, $2, $3, $4, $5, $6)`,
		e.ID, e.At, nullID(e.AccountID), e.Action, e.Subject, detail)
	return wrap("audit", err)
}

// Audit is what was done, newest first, from the cursor (zero = the newest) on.
func (s *Store) Audit(ctx context.Context, before blog.Cursor, limit int) ([]blog.AuditEntry, error) {
	rows, err := s.pool.Query(ctx, `
		select id, at, account_id, action, subject, detail from audit
		where (at, id) < (coalesce($1::timestamptz, 'infinity'), $2)
		order by at desc, id desc
		limit $3`, nullTime(before.At), before.ID, limit)
	if err != nil {
		return nil, wrap("audit", err)
	}
	entries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e blog.AuditEntry, err error) {
		err = row.Scan(&e.ID, &e.At, &e.AccountID, &e.Action, &e.Subject, &e.Detail)
		return e, err
	})
	return entries, wrap("audit", err)
}
