package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// Avatar is the picture of a remote actor, of which we have no copy yet.
type Avatar struct {
	Actor uuid.UUID
	URL   string // at its origin
	Name  string // of our copy in the media store; "" = it could not be had
}

// ClaimAvatars takes pictures to be copied.
// One that was tried is not tried again before retry has passed, so that an
// address that never answers costs little.
func (s *Store) ClaimAvatars(ctx context.Context, now time.Time, retry time.Duration, limit int) ([]Avatar, error) {
	rows, err := s.pool.Query(ctx, `
		update actors set avatar_tried = $1
		where id in (
			select id from actors
			where kind = 'remote' and avatar_url <> '' and avatar = '' and deleted is null
			  and (avatar_tried is null or avatar_tried < $2)
			order by avatar_tried nulls first limit $3
			for no key update skip locked)
		returning id, avatar_url`, now, now.Add(-retry), limit)
	if err != nil {
		return nil, wrap("claim avatars", err)
	}
	avatars, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Avatar, err error) {
		err = row.Scan(&a.Actor, &a.URL)
		return a, err
	})
	return avatars, wrap("claim avatars", err)
}

// ReleaseAvatars lets claimed pictures be claimed again at once.
func (s *Store) ReleaseAvatars(ctx context.Context, avatars []Avatar) error {
	ids := make([]uuid.UUID, len(avatars))
	for i, a := range avatars {
		ids[i] = a.Actor
	}
	_, err := s.pool.Exec(ctx, `update actors set avatar_tried = null where id = any ($1)`, ids)
	return wrap("release avatars", err)
}

// SetAvatars notes copies that were made, unless the picture has changed since.
func (s *Store) SetAvatars(ctx context.Context, avatars []Avatar) error {
	var tags []string
	for _, a := range avatars {
		tag, err := s.pool.Exec(ctx, `
			update actors set avatar = $3 where id = $1 and avatar_url = $2 and deleted is null`, a.Actor, a.URL, a.Name)
		if err != nil {
			return wrap("set avatar", err)
		}
		if tag.RowsAffected() == 1 && a.Name != "" {
			tags = append(tags, blog.PageActor(a.Actor))
		}
	}
	s.changed(tags...)
	return nil
}
