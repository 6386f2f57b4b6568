package postgres

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Blocks returns whose activities are refused, newest first.
func (s *Store) Blocks(ctx context.Context) ([]blog.Block, error) {
	rows, err := s.pool.Query(ctx, `
		select kind, value, reason, account_id, created from blocks
		order by created desc, kind, value`)
	if err != nil {
		return nil, wrap("blocks", err)
	}
	blocks, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b blog.Block, err error) {
		err = row.Scan(&b.Kind, &b.Value, &b.Reason, &b.Account, &b.Created)
		return b, err
	})
	return blocks, wrap("blocks", err)
}

// AddBlock refuses somebody from now on and ends their follows. What they
// wrote before stays as it is. A second block of the same replaces the reason.
// Each whose follow ends is told with an activity of its own; newID makes ids.
func (s *Store) AddBlock(ctx context.Context, b blog.Block, newID func() uuid.UUID, audit blog.AuditEntry) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		_, err := tx.Exec(ctx, `
			insert into blocks (kind, value, reason, account_id, created) values ($1, $2, $3, $4, $5)
			on conflict (kind, value) do update set reason = excluded.reason`,
			b.Kind, b.Value, b.Reason, nullID(b.Account), b.Created)
		if err != nil {
			return err
		}
		ended, err := endFollows(ctx, tx, b)
		if err != nil {
			return err
		}
		for _, job := range ended {
			job.Activity = newID()
			if err := s.enqueue(ctx, tx, job); err != nil {
				return err
			}
			if tag := blog.PageActor(job.Target); !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("add block", err)
	}
	s.changed(tags...)
	return nil
}

// endFollows returns the follows that ended, for those who followed. It covers
// whom blog.Blocked covers: the host of the actor's id, with or without its
// port, and subdomains.
func endFollows(ctx context.Context, tx pgx.Tx, b blog.Block) ([]blog.FollowerRemoved, error) {
	rows, err := tx.Query(ctx, `
		with blocked as (
			select id, uri, inbox from (
				select id, uri, inbox, lower(substring(uri from '^https?://([^/?#]+)')) as host
				from actors where kind = 'remote'
			) a
			where $1 = 'actor' and uri = $2
			   or $1 = 'domain' and (host = $2 or regexp_replace(host, ':[0-9]+$', '') = $2
			      or right(regexp_replace(host, ':[0-9]+$', ''), length($2) + 1) = '.' || $2)
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
