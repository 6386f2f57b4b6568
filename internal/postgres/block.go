package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"kabar/internal/blog"
)

// allowListed is the condition that the blog is in allow-list mode.
const allowListed = `exists (select from settings where key = 'allow_list' and value = 'true')`

// refusedHost is the condition that nothing is taken from a host or sent to it:
// the rule of blog.Blocked for servers, in SQL.
func refusedHost(host string) string {
	return `(exists (select from blocks b where b.kind = 'domain' and b.severity = 'block' and ` + fromServer(host, "b.value") + `)
		or ` + allowListed + ` and not exists (
			select from blocks b where b.kind = 'domain' and b.severity = 'allow' and ` + fromServer(host, "b.value") + `))`
}

const blockColumns = `kind, value, severity, reason, comment, account_id, created`

func scanBlock(row pgx.CollectableRow) (b blog.Block, err error) {
	err = row.Scan(&b.Kind, &b.Value, &b.Severity, &b.Reason, &b.Comment, &b.Account, &b.Created)
	return b, err
}

// Blocks returns what activities are judged by, newest first.
func (s *Store) Blocks(ctx context.Context) ([]blog.Block, error) {
	rows, err := s.pool.Query(ctx, `
		select `+blockColumns+` from blocks
		union all
		select 'domain', $1, 'block', '', '', null, '-infinity' where `+allowListed+`
		order by created desc, kind, value`, blog.Everybody)
	if err != nil {
		return nil, wrap("blocks", err)
	}
	blocks, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b blog.Block, err error) {
		var at pgtype.Timestamptz
		err = row.Scan(&b.Kind, &b.Value, &b.Severity, &b.Reason, &b.Comment, &b.Account, &at)
		b.Created = at.Time
		return b, err
	})
	return blocks, wrap("blocks", err)
}

// BlockList returns a page of the blocks as they were made, and how many there
// are.
func (s *Store) BlockList(ctx context.Context, q blog.BlockQuery) ([]blog.Block, int, error) {
	const chosen = `
		from blocks
		where ($1 = '' or kind = $1) and ($2 = '' or severity = $2)
		  and ($3 = '' or value ilike $3 or reason ilike $3 or comment ilike $3)`
	total := 0
	args := []any{q.Kind, q.Severity, containing(q.Search)}
	if err := s.pool.QueryRow(ctx, `select count(*)`+chosen, args...).Scan(&total); err != nil {
		return nil, 0, wrap("block list", err)
	}
	var limit *int
	if q.Limit > 0 {
		limit = &q.Limit
	}
	rows, err := s.pool.Query(ctx, `
		select `+blockColumns+chosen+`
		order by created desc, kind, value
		offset $4 limit $5`, append(args, q.Offset, limit)...)
	if err != nil {
		return nil, 0, wrap("block list", err)
	}
	blocks, err := pgx.CollectRows(rows, scanBlock)
	return blocks, total, wrap("block list", err)
}

// Affected counts the followers and the shown comments of servers.
func (s *Store) Affected(ctx context.Context, domains []string) (map[string]blog.Affected, error) {
	rows, err := s.pool.Query(ctx, `
		with people as (
			select d.domain, a.id
			from (select distinct unnest($1::text[]) as domain) d
			join actors a on a.kind = 'remote' and `+fromServer("a.host", "d.domain")+`
		)
		select domain,
			(select count(*) from followers f join people p on p.id = f.actor_id where p.domain = d.domain),
			(select count(*) from comments c join people p on p.id = c.actor_id where p.domain = d.domain and `+shownBy("c")+`)
		from (select distinct domain from people) d`, domains)
	if err != nil {
		return nil, wrap("affected by a block", err)
	}
	affected := map[string]blog.Affected{}
	var domain string
	var a blog.Affected
	_, err = pgx.ForEachRow(rows, []any{&domain, &a.Followers, &a.Comments}, func() error {
		affected[domain] = a
		return nil
	})
	return affected, wrap("affected by a block", err)
}

// ActorByURI returns an actor by its id.
func (s *Store) ActorByURI(ctx context.Context, uri string) (blog.Actor, error) {
	a, err := s.actor(ctx, `uri = $1`, uri)
	return a, wrap("actor by id", err)
}

// AddBlocks writes blocks and ends the follows of whom they refuse. What was
// written before stays as it is. Each whose follow ends is told with an
// activity of its own; newID makes ids.
func (s *Store) AddBlocks(ctx context.Context, blocks []blog.Block, newID func() uuid.UUID, audit blog.AuditEntry) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		for _, b := range blocks {
			more, err := s.addBlock(ctx, tx, b, newID)
			if err != nil {
				return err
			}
			for _, tag := range more {
				if !slices.Contains(tags, tag) {
					tags = append(tags, tag)
				}
			}
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("add blocks", err)
	}
	s.changed(tags...)
	return nil
}

func (s *Store) addBlock(ctx context.Context, tx pgx.Tx, b blog.Block, newID func() uuid.UUID) (tags []string, err error) {
	if b.Severity == "" {
		b.Severity = blog.SeverityBlock
	}
	_, err = tx.Exec(ctx, `
		insert into blocks (kind, value, severity, reason, comment, account_id, created) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (kind, value) do update set
			severity = excluded.severity, reason = excluded.reason, comment = excluded.comment`,
		b.Kind, b.Value, b.Severity, b.Reason, b.Comment, nullID(b.Account), b.Created)
	if err != nil || b.Severity != blog.SeverityBlock {
		return nil, err
	}
	ended, err := endFollows(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	for _, job := range ended {
		job.Activity = newID()
		if err := s.enqueue(ctx, tx, job); err != nil {
			return nil, err
		}
		tags = append(tags, blog.PageActor(job.Target))
	}
	return tags, skipDeliveries(ctx, tx, b)
}

// skipDeliveries drops from the queue what waits for a blocked server, except
// ends: what is deleted, and that a follow is over.
func skipDeliveries(ctx context.Context, tx pgx.Tx, b blog.Block) error {
	if b.Kind != blog.BlockDomain {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update deliveries set state = 'skipped', last_error = 'blocked'
		where state = 'waiting' and type not in ('Delete', 'Reject')
		  and host in (select host from hosts where `+fromServer("host", "$1::text")+`)`, b.Value)
	if err != nil {
		return fmt.Errorf("skip deliveries: %w", err)
	}
	return nil
}

// endFollows returns the follows that ended, for those who followed.
func endFollows(ctx context.Context, tx pgx.Tx, b blog.Block) ([]blog.FollowerRemoved, error) {
	rows, err := tx.Query(ctx, `
		with blocked as (
			select id, uri, inbox from actors a
			where kind = 'remote' and ($1 = 'actor' and uri = $2 or $1 = 'domain' and `+fromServer("a.host", "$2::text")+`)
		)
		delete from followers using blocked where followers.actor_id = blocked.id
		returning followers.target_id, followers.follow_uri, blocked.uri, blocked.inbox`, b.Kind, b.Value)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (job blog.FollowerRemoved, err error) {
		err = row.Scan(&job.Target, &job.FollowURI, &job.ActorURI, &job.Inbox)
		return job, err
	})
}

// RemoveBlock takes a block back; ended follows stay ended.
func (s *Store) RemoveBlock(ctx context.Context, kind, value string, audit blog.AuditEntry) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from blocks where kind = $1 and value = $2`, kind, value)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrNotFound
		}
		return insertAudit(ctx, tx, audit)
	})
	return wrap("remove block", err)
}
