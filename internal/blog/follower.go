package blog

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// RemoveFollower ends a follow from our side; the follower is told.
func (s *Service) RemoveFollower(ctx context.Context, by, target, actor uuid.UUID) error {
	a, err := s.Actor(ctx, actor)
	if err != nil {
		return fmt.Errorf("remove follower: %w", err)
	}
	if err := s.Store.RemoveFollower(ctx, target, actor, s.NewID(), s.audit(by, "follower.remove", a.URI)); err != nil {
		return fmt.Errorf("remove follower: %w", err)
	}
	return nil
}
