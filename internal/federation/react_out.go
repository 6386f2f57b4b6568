package federation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// ReactionChanged tells the author of a comment that the blog likes or boosts
// it, or no longer; of a boost the followers hear too. The object of what is
// kept of the activity is the activity itself: so a Like and its Undo stay in
// order, and the Undo goes to all who were told.
func (s *Service) ReactionChanged(ctx context.Context, job blog.ReactionChanged) error {
	o, err := s.reactionChange(ctx, job)
	if err != nil {
		return fmt.Errorf("reaction changed: %w", err)
	}
	if err := s.plan(ctx, o); !errors.Is(err, blog.ErrConflict) {
		return err
	}
	return nil // taken back before anybody was told
}

func (s *Service) reactionChange(ctx context.Context, job blog.ReactionChanged) (Outgoing, error) {
	actor, err := s.Store.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return Outgoing{}, err
	}
	c, err := s.Store.Comment(ctx, job.Comment)
	if err != nil {
		return Outgoing{}, err
	}
	activity := ourReaction(actor, c, job)
	o := Outgoing{}
	if !job.Undo && job.Reaction == "boost" {
		o.FollowersOf = []uuid.UUID{actor.ID}
	}
	if job.Undo {
		site, err := s.Store.Site(ctx)
		if err != nil {
			return Outgoing{}, err
		}
		activity = &activitypub.Activity{
			ID: site.Address().Activity(job.Activity), Type: "Undo", Actor: actor.URI,
			To: activity.To, CC: activity.CC, Object: activity,
		}
		o.Again = true
	}
	if o.Inboxes, err = s.inboxes(ctx, []string{c.Actor.URI}); err != nil {
		return Outgoing{}, err
	}
	if o.Activity, err = s.stored(activity, job.Activity, actor.ID, job.URI); err != nil {
		return Outgoing{}, err
	}
	o.Activity.Listed = activity.Type == "Announce"
	return o, nil
}

// ourReaction is the Like or Announce.
func ourReaction(actor blog.Actor, c blog.Comment, job blog.ReactionChanged) *activitypub.Activity {
	activity := &activitypub.Activity{
		ID: job.URI, Type: "Like", Actor: actor.URI, To: []string{c.Actor.URI}, Object: activitypub.Ref(c.ObjectURI),
	}
	if job.Reaction == "boost" {
		activity.Type, activity.Published = "Announce", activitypub.At(job.At)
		activity.To, activity.CC = []string{activitypub.Public}, []string{actor.URI + "/followers", c.Actor.URI}
	}
	return activity
}
