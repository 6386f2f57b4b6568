package blog

import (
	"context"
	"strings"
)

// OurActor is the actor of a name here: the blog's, or an author's. Errors:
// ErrGone for an author who left.
func (s *Service) OurActor(ctx context.Context, site Site, name string) (Actor, error) {
	if strings.EqualFold(name, site.Handle) {
		return s.LocalActor(ctx, BlogActor, "")
	}
	actor, err := s.LocalActor(ctx, AuthorActor, name)
	if err == nil && !actor.Deleted.IsZero() {
		err = ErrGone
	}
	return actor, err
}
