package federation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// Featured serves the pinned posts of an actor of ours, the last pinned first.
// They stand in the collection itself, since Mastodon reads one page and others
// none, and by their ids: of embedded ones Mastodon takes only Notes.
func (s *Service) Featured(ctx context.Context, actor uuid.UUID, _ Page) ([]byte, error) {
	a, err := s.localActor(ctx, actor)
	if err != nil {
		return nil, fmt.Errorf("featured: %w", err)
	}
	pinned, err := s.Blog.Pinned(ctx, blog.MaxPinned)
	if err != nil {
		return nil, fmt.Errorf("featured: %w", err)
	}
	var uris []string
	for _, article := range pinned {
		if article.ActorID == a.ID {
			uris = append(uris, article.ObjectURI)
		}
	}
	return activitypub.Marshal(whole(featured(a), uris...))
}

func featured(a blog.Actor) string { return a.URI + "/featured" }

// tellPin tells the followers that an article was pinned, or is not any more,
// as it is now: a job that comes late says nothing that is past.
func (s *Service) tellPin(ctx context.Context, site blog.Site, actor blog.Actor, a blog.Article, id uuid.UUID) error {
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: "Add", Actor: actor.URI, Published: activitypub.At(s.Now()),
		To: []string{activitypub.Public}, CC: []string{actor.URI + "/followers"},
		Object: activitypub.Ref(a.ObjectURI), Target: featured(actor),
	}
	if a.Pinned.IsZero() || !a.Post() {
		activity.Type = "Remove"
	}
	planned, err := s.stored(activity, id, actor.ID, a.ObjectURI)
	if err != nil {
		return fmt.Errorf("tell pin: %w", err)
	}
	return s.plan(ctx, Outgoing{Activity: planned, FollowersOf: []uuid.UUID{actor.ID}})
}
