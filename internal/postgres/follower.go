package postgres

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Followers returns who follows actors of ours, newest first.
func (s *Store) Followers(ctx context.Context, q blog.FollowerQuery) ([]blog.Follower, error) {
	rows, err := s.pool.Query(ctx, `
		select `+actorColumns+`, followers.target_id, followers.created
		from followers join actors on actors.id = followers.actor_id
		where (followers.created, followers.actor_id) < (coalesce($1::timestamptz, 'infinity'), $2)
		  and ($3 = '' or actors.name ilike $3 or actors.handle || '@' || actors.domain ilike $3)
		order by followers.created desc, followers.actor_id desc
		limit $4`,
		nullTime(q.Before.At), q.Before.ID, containing(strings.TrimPrefix(q.Search, "@")), q.Limit)
	if err != nil {
		return nil, wrap("followers", err)
	}
	followers, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f blog.Follower, err error) {
		err = row.Scan(append(actorTargets(&f.Actor), &f.Target, &f.Created)...)
		return f, err
	})
	return followers, wrap("followers", err)
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the pattern of LIKE for a part of a text; "" stays "".
func containing(part string) string {
	if part = strings.TrimSpace(part); part == "" {
		return ""
	}
	return "%" + likeEscaper.Replace(part) + "%"
}

// FollowerCount returns how many people follow the blog or its authors.
func (s *Store) FollowerCount(ctx context.Context) (int, error) {
	return s.count(ctx, "count followers", `select `+kept("people", ofBlog))
}

// RemoveFollower ends the follow of target by actor; the follower is told with
// the given activity id.
func (s *Store) RemoveFollower(ctx context.Context, target, actor, activity uuid.UUID, audit blog.AuditEntry) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		job := blog.FollowerRemoved{Target: target, Activity: activity}
		err := tx.QueryRow(ctx, `
			delete from followers using actors
			where followers.target_id = $1 and followers.actor_id = $2 and actors.id = followers.actor_id
			returning followers.follow_uri, actors.uri, actors.inbox`, target, actor).
			Scan(&job.FollowURI, &job.ActorURI, &job.Inbox)
		if err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("remove follower", err)
	}
	s.changed(blog.PageActor(target))
	return nil
}
