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

// Audit returns the entries that q picks, newest first.
func (s *Store) Audit(ctx context.Context, q blog.AuditQuery) ([]blog.AuditEntry, error) {
	rows, err := s.pool.Query(ctx, `
		select id, at, account_id, action, subject, detail from audit
		where (at, id) < (coalesce($1::timestamptz, 'infinity'), $2)
		  and ($3::uuid is null or account_id = $3) and (not $4 or account_id is null)
		  and ($5 = '' or action = $5 or left(action, length($5) + 1) = $5 || '.')
		  and ($6 = '' or subject ilike $6)
		  and at >= coalesce($7::timestamptz, '-infinity') and at < coalesce($8::timestamptz, 'infinity')
		order by at desc, id desc
		limit $9`,
		nullTime(q.Before.At), q.Before.ID, nullID(q.Account), q.ByCommand, q.Action, containing(q.Subject),
		nullTime(q.Since), nullTime(q.Until), q.Limit)
	if err != nil {
		return nil, wrap("audit", err)
	}
	entries, err := pgx.CollectRows(rows, scanAudit)
	return entries, wrap("audit", err)
}

func scanAudit(row pgx.CollectableRow) (e blog.AuditEntry, err error) {
	err = row.Scan(&e.ID, &e.At, &e.AccountID, &e.Action, &e.Subject, &e.Detail)
	return e, err
}

// AuditActions returns the names of what was ever done.
func (s *Store) AuditActions(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `select distinct action from audit order by action`)
	if err != nil {
		return nil, wrap("audited actions", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, wrap("audited actions", err)
}
