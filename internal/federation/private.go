package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// tellPrivately sends an answer to those it is addressed to and nobody else:
// to their own inboxes, since a shared one is read by a whole server's
// software, and what an earlier text was addressed to hears nothing of a later.
func (s *Service) tellPrivately(ctx context.Context, site blog.Site, c blog.Comment, job blog.CommentChanged) error {
	people, err := s.recipients(ctx, c)
	if err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	post, err := s.privatePost(ctx, site, c, people)
	if err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	var inboxes []string
	for _, p := range people {
		inboxes = appendNew(inboxes, p.Inbox)
	}
	return s.planPost(ctx, site, c.Actor, post, job.Change, job.Activity, Outgoing{Inboxes: inboxes, Edited: c.Edited})
}

// recipients are whom a private answer is addressed to: whom it answers first,
// then those of the conversation whom its text names.
func (s *Service) recipients(ctx context.Context, c blog.Comment) ([]RemoteActor, error) {
	var people []RemoteActor
	uris := actorURIs(c.Mentions)
	if answered, err := s.answered(ctx, c); err != nil {
		return nil, err
	} else if slices.Contains(uris, answered) {
		uris = appendNew([]string{answered}, uris...)
	}
	for _, uri := range uris {
		actor, err := s.Store.RemoteActor(ctx, uri)
		switch {
		case errors.Is(err, blog.ErrNotFound), errors.Is(err, blog.ErrGone):
			continue // named by what came in, and never seen here; or gone meanwhile
		case err != nil:
			return nil, err
		}
		people = append(people, actor)
	}
	return people, nil
}

// answered is the actor nearest above an answer who is not one of ours.
func (s *Service) answered(ctx context.Context, c blog.Comment) (string, error) {
	for range maxAddressed {
		if c.ParentID == uuid.Nil {
			break
		}
		var err error
		if c, err = s.Store.Comment(ctx, c.ParentID); err != nil {
			return "", err
		}
		if c.Actor.Kind == blog.Remote {
			return c.Actor.URI, nil
		}
	}
	return "", nil
}

// privatePost is the object of a private answer. Mastodon shows a direct
// message to those who are in to and in a Mention. It has no page, no
// collections and no policy: nobody but the recipients is to know it.
func (s *Service) privatePost(ctx context.Context, site blog.Site, c blog.Comment, people []RemoteActor) (*activitypub.Post, error) {
	place, conversation, err := s.replyPlace(ctx, site, c)
	if err != nil {
		return nil, err
	}
	post, err := reply(site, c, place, conversation, people)
	if err != nil {
		return nil, err
	}
	to := remoteURIs(people)
	named := slices.DeleteFunc(slices.Clone(c.Mentions), func(m blog.Mention) bool { return !slices.Contains(to, m.ActorURI) })
	post.To, post.CC, post.Tag = to, nil, mentionTags(named)
	post.URL, post.Replies, post.Likes, post.Shares, post.InteractionPolicy = nil, nil, nil, nil, nil
	return post, nil
}

// planPrivateDelete plans the Delete of a private answer, for those who were
// ever sent it.
func (s *Service) planPrivateDelete(ctx context.Context, site blog.Site, c blog.Comment, id uuid.UUID) error {
	gone, err := s.Store.DeletedObject(ctx, c.ObjectURI)
	if err != nil {
		return fmt.Errorf("plan delete: %w", err)
	}
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: "Delete", Actor: c.Actor.URI, Published: activitypub.At(s.Now()),
		To: gone.To, Object: tombstone(gone),
	}
	planned, err := s.stored(activity, id, c.Actor.ID, c.ObjectURI)
	if err != nil {
		return fmt.Errorf("plan delete: %w", err)
	}
	return s.plan(ctx, Outgoing{Activity: planned, Again: true})
}

// public reports whether something of ours was meant for everybody.
func public(to, cc []string) bool {
	return slices.Contains(to, activitypub.Public) || slices.Contains(cc, activitypub.Public)
}
