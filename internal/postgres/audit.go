package postgres

import (
	"context"
	"slices"
	"strings"

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

// Audit returns the entries that q picks, newest first. Of actions each is read
// down its own part of an index.
func (s *Store) Audit(ctx context.Context, q blog.AuditQuery) ([]blog.AuditEntry, error) {
	const picked = `
		select id, at, account_id, action, subject, detail from audit
		where (at, id) < (coalesce($1::timestamptz, 'infinity'), $2)
		  and ($3::uuid is null or account_id = $3) and (not $4 or account_id is null)
		  and ($5 = '' or subject ilike $5)
		  and at >= coalesce($6::timestamptz, '-infinity') and at < coalesce($7::timestamptz, 'infinity')`
	const end = `
		order by at desc, id desc
		limit $8`
	args := []any{
		planned, nullTime(q.Before.At), q.Before.ID, nullID(q.Account), q.ByCommand, containing(q.Subject),
		nullTime(q.Since), nullTime(q.Until), q.Limit,
	}
	sql := picked + end
	if q.Action != "" {
		actions, err := s.AuditActions(ctx)
		if err != nil {
			return nil, err
		}
		actions = slices.DeleteFunc(actions, func(a string) bool { return a != q.Action && !strings.HasPrefix(a, q.Action+".") })
		sql = `select e.* from unnest($9::text[]) wanted (name) cross join lateral (` + picked + ` and action = wanted.name` + end + `) e` + end
		args = append(args, orEmpty(actions))
	}
	rows, err := s.pool.Query(ctx, sql, args...)
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

// AuditActions returns the names of what was ever done. It skips from each to the
// next.
func (s *Store) AuditActions(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		with recursive known (action) as (
			(select action from audit order by action limit 1)
			union all
			select (select action from audit where action > known.action order by action limit 1)
			from known where known.action is not null
		)
		select action from known where action is not null order by 1`)
	if err != nil {
		return nil, wrap("audited actions", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return names, wrap("audited actions", err)
}
