package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// AddReport keeps a Flag of another server, with the comments that it names.
func (s *Store) AddReport(ctx context.Context, r federation.Report, done federation.Done) error {
	return wrap("add report", s.tx(ctx, func(tx pgx.Tx) error {
		if waits, err := lockInbound(ctx, tx, done.ID); !waits || err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into reports (id, actor_uri, objects, content, inbound_id, created, comments)
			values ($1, $2, $3, $4, $5, $6, coalesce((
				select array_agg(id order by created, id) from comments
				where object_uri = any ($3) or url <> '' and url = any ($3)), '{}'))`,
			r.ID, r.Actor, orEmpty(r.Objects), r.Content, nullInbound(done.ID), done.At)
		if err != nil {
			return err
		}
		return s.finishInbound(ctx, tx, done)
	}))
}

// InsertReport keeps a report of ours.
func (s *Store) InsertReport(ctx context.Context, r blog.Report, job *blog.ReportMade, audit blog.AuditEntry) error {
	return wrap("insert report", s.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into reports (id, actor_uri, objects, comments, content, outgoing, forward, account_id, state, created)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			r.ID, r.Reporter, orEmpty(r.Objects), orEmpty(r.Comments), r.Content, r.Outgoing, r.Forward, nullID(r.Account),
			r.State, r.Created)
		if err != nil {
			return err
		}
		if job != nil {
			if err := s.enqueue(ctx, tx, *job); err != nil {
				return err
			}
		}
		return insertAudit(ctx, tx, audit)
	}))
}

// ResolveReport closes a report or opens it again.
func (s *Store) ResolveReport(
	ctx context.Context, id uuid.UUID, state blog.ReportState, by uuid.UUID, at time.Time, audit blog.AuditEntry,
) error {
	return wrap("resolve report", s.tx(ctx, func(tx pgx.Tx) error {
		closed := state == blog.ReportResolved
		tag, err := tx.Exec(ctx, `
			update reports set state = $2,
				resolved = case when $3 then $4::timestamptz end, resolved_by = case when $3 then $5::uuid end
			where id = $1`, id, state, closed, at, nullID(by))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrNotFound
		}
		return insertAudit(ctx, tx, audit)
	}))
}

// NoteReport replaces the note on a report.
func (s *Store) NoteReport(ctx context.Context, id uuid.UUID, note string, audit blog.AuditEntry) error {
	return wrap("note on report", s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `update reports set note = $2 where id = $1`, id, note)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrNotFound
		}
		return insertAudit(ctx, tx, audit)
	}))
}

func (s *Store) reports(ctx context.Context, rest string, args ...any) ([]blog.Report, error) {
	rows, err := s.pool.Query(ctx, `
		select id, actor_uri, objects, comments, content, outgoing, forward, account_id, state, created, resolved, resolved_by, note
		from reports `+rest, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r blog.Report, err error) {
		err = row.Scan(&r.ID, &r.Reporter, &r.Objects, &r.Comments, &r.Content, &r.Outgoing, &r.Forward, &r.Account,
			&r.State, &r.Created, orZero(&r.Resolved), &r.ResolvedBy, &r.Note)
		return r, err
	})
}

// Reports returns the reports that q picks, newest first.
func (s *Store) Reports(ctx context.Context, q blog.ReportQuery) ([]blog.Report, error) {
	found, err := s.reports(ctx, `
		where (created, id) < (coalesce($1::timestamptz, 'infinity'), $2) and ($3 = '' or state = $3)
		  and ($4::uuid is null or comments @> array[$4::uuid])
		  and (not $6 or not outgoing) and (not $7 or outgoing)
		order by created desc, id desc
		limit $5`, nullTime(q.Before.At), q.Before.ID, q.State, nullID(q.Comment), q.Limit, q.Came, q.Made)
	return found, wrap("reports", err)
}

// ReportByID returns one report.
func (s *Store) ReportByID(ctx context.Context, id uuid.UUID) (blog.Report, error) {
	found, err := s.reports(ctx, `where id = $1`, id)
	if err == nil && len(found) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return blog.Report{}, wrap("report", err)
	}
	return found[0], nil
}

// ReportCounts returns how many reports there are in each state.
func (s *Store) ReportCounts(ctx context.Context) (map[blog.ReportState]int, error) {
	counts, err := countBy[blog.ReportState](ctx, s.pool, `select state, count(*) from reports group by 1`)
	return counts, wrap("count reports", err)
}
