package postgres

import (
	"context"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// actorColumns are what actorTargets read, of the table actors.
const actorColumns = `
	actors.id, actors.uri, actors.kind, actors.type, actors.handle, actors.domain, actors.name, actors.emojis, actors.summary,
	actors.url, actors.avatar_url, actors.avatar,
	coalesce((select hosts.software from hosts where hosts.host = actors.host), ''),
	actors.account_id, actors.created, actors.deleted`

func actorTargets(a *blog.Actor) []any {
	return []any{
		&a.ID, &a.URI, &a.Kind, &a.Type, &a.Handle, &a.Domain, &a.Name, &a.Emojis, &a.Summary,
		&a.URL, &a.AvatarURL, &a.Avatar, &a.Software, &a.AccountID, &a.Created, orZero(&a.Deleted),
	}
}

func (s *Store) actor(ctx context.Context, where string, args ...any) (a blog.Actor, err error) {
	err = s.pool.QueryRow(ctx, `select `+actorColumns+` from actors where `+where, args...).Scan(actorTargets(&a)...)
	return a, err
}

// Actor returns somebody, ours or remote; a deleted one has Deleted set.
func (s *Store) Actor(ctx context.Context, id uuid.UUID) (blog.Actor, error) {
	a, err := s.actor(ctx, `id = $1`, id)
	return a, wrap("actor", err)
}

// LocalActor returns the blog's actor, the instance actor, or an author's by
// handle.
func (s *Store) LocalActor(ctx context.Context, kind blog.Kind, handle string) (a blog.Actor, err error) {
	if kind == blog.AuthorActor {
		a, err = s.actor(ctx, `kind = 'author' and lower(handle) = lower($1)`, handle)
	} else {
		a, err = s.actor(ctx, `kind = $1 and kind in ('blog', 'instance')`, kind)
	}
	return a, wrap("local actor", err)
}
