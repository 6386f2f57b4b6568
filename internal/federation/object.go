package federation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// found is an object of ours: an article, or an answer by one of our authors
// with its article.
type found struct {
	uri     string
	actor   blog.Actor
	article blog.Article
	comment blog.Comment // ID is uuid.Nil for an article
}

// object finds what an object id of ours stands for. A deleted one is a
// *Tombstoned.
func (s *Service) object(ctx context.Context, id uuid.UUID) (found, error) {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return found{}, err
	}
	uri := site.Address().Object(id)
	o, err := s.findObject(ctx, uri)
	if err == nil || errors.Is(err, errPrivate) || !errors.Is(err, blog.ErrNotFound) && !errors.Is(err, blog.ErrGone) {
		return o, err
	}
	gone, err := s.Store.DeletedObject(ctx, uri)
	if err != nil {
		return found{}, err
	}
	doc, err := activitypub.Marshal(tombstone(gone))
	if err != nil {
		return found{}, err
	}
	return found{}, &Tombstoned{Document: doc}
}

func (s *Service) findObject(ctx context.Context, uri string) (found, error) {
	a, err := s.Store.ArticleByObject(ctx, uri)
	if err == nil && a.Status != blog.Published {
		err = blog.ErrGone
	}
	if err == nil {
		actor, err := s.Store.Actor(ctx, a.ActorID)
		return found{uri: uri, actor: actor, article: a}, err
	}
	if !errors.Is(err, blog.ErrNotFound) {
		return found{}, err
	}
	c, err := s.Store.CommentByObject(ctx, uri)
	switch {
	case err != nil:
		return found{}, err
	case !c.Local:
		return found{}, blog.ErrNotFound
	case c.Private():
		return found{}, errPrivate
	case c.State == blog.CommentDeleted:
		return found{}, blog.ErrGone
	case !c.Shown(): // a moderator, or a rule, took it from the page
		return found{}, blog.ErrNotFound
	}
	if c.ArticleID != uuid.Nil { // else it answers a post elsewhere
		a, err = s.Store.Article(ctx, c.ArticleID)
	}
	return found{uri: uri, actor: c.Actor, article: a, comment: c}, err
}

// errPrivate is an answer that is served to nobody, not even as deleted.
var errPrivate = fmt.Errorf("a private answer: %w", blog.ErrNotFound)

// Object is the document of an article or answer of ours. Errors:
// blog.ErrNotFound, *Tombstoned.
func (s *Service) Object(ctx context.Context, id uuid.UUID) ([]byte, error) {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	o, err := s.object(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	var post *activitypub.Post
	switch {
	case o.comment.FromWeb():
		post, err = visitorPost(site, o.comment, o.article, s.Now())
	case o.comment.ID != uuid.Nil:
		post, _, err = s.replyPost(ctx, site, o.comment)
	default:
		post, err = s.article(ctx, site, o.actor, o.article)
	}
	if err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	return activitypub.Marshal(post)
}

// ActivityDocument is an activity of ours, byte for byte as it was sent.
func (s *Service) ActivityDocument(ctx context.Context, id uuid.UUID) ([]byte, error) {
	a, err := s.Store.Activity(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("activity: %w", err)
	}
	switch a.Type {
	case "Create", "Update", "Delete", "Announce", "Add", "Remove":
		o, err := activitypub.Decode(a.JSON)
		if err != nil {
			return nil, fmt.Errorf("activity: %w", err)
		}
		if public(o.To.IDs(), o.CC.IDs()) {
			return a.JSON, nil
		}
	}
	// Who follows whom, and private answers, are told to nobody else.
	return nil, fmt.Errorf("activity: %w", blog.ErrNotFound)
}

func tombstone(d Deleted) *activitypub.Tombstone {
	t := activitypub.NewTombstone(d.URI)
	t.FormerType, t.Published, t.Deleted = d.Type, activitypub.At(d.Published), activitypub.At(d.At)
	return t
}
