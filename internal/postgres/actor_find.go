package postgres

import (
	"context"
	"strings"

	"kabar/internal/blog"
)

// FindActor returns somebody on another server whom we know by the address
// that people use: the handle (@user@host), the profile page, or the id.
func (s *Store) FindActor(ctx context.Context, address string) (blog.Actor, error) {
	address = strings.TrimSpace(address)
	user, host, isHandle := strings.Cut(strings.TrimPrefix(address, "@"), "@")
	if isHandle && !strings.Contains(address, "://") {
		a, err := s.actor(ctx, `
			kind = 'remote' and lower(domain) = lower($1) and lower(handle) = lower($2) and deleted is null
			order by created desc limit 1`, host, user)
		return a, wrap("find actor", err)
	}
	a, err := s.actor(ctx, `
		kind = 'remote' and (uri = $1 or url = $1) and deleted is null
		order by uri = $1 desc, created desc limit 1`, address)
	return a, wrap("find actor", err)
}
