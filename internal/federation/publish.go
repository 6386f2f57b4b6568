package federation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// ArticleChanged makes the activity of a published, edited or deleted article
// and plans its delivery. It may run more than once: the activity's id comes
// with the job.
func (s *Service) ArticleChanged(ctx context.Context, job blog.ArticleChanged) error {
	return untilPresent(func() error { return s.tellArticle(ctx, job) })
}

// untilPresent tells anew what was edited or deleted while it was looked at:
// an old state that is planned last would be what other servers keep.
func untilPresent(tell func() error) (err error) {
	for range 3 {
		if err = tell(); !errors.Is(err, blog.ErrConflict) {
			return err
		}
	}
	return err
}

func (s *Service) tellArticle(ctx context.Context, job blog.ArticleChanged) error {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("article changed: %w", err)
	}
	a, err := s.Store.Article(ctx, job.Article)
	if err != nil && !errors.Is(err, blog.ErrGone) {
		return fmt.Errorf("article changed: %w", err)
	}
	actor, err := s.Store.Actor(ctx, a.ActorID)
	if err != nil {
		return fmt.Errorf("article changed: actor: %w", err)
	}
	if job.Change == "delete" {
		return s.planDelete(ctx, site, actor, job.ObjectURI, job.Activity)
	}
	if a.Status != blog.Published || a.ObjectURI != job.ObjectURI {
		return nil // deleted meanwhile: that job tells what there is to tell
	}
	if a, err = s.resolveArticle(ctx, site, a); err != nil {
		return fmt.Errorf("article changed: %w", err)
	}
	post, err := s.article(ctx, site, actor, a)
	if err != nil {
		return fmt.Errorf("article changed: %w", err)
	}
	inboxes, err := s.inboxes(ctx, actorURIs(a.Mentions))
	if err != nil {
		return fmt.Errorf("article changed: %w", err)
	}
	err = s.planPost(ctx, site, actor, post, job.Change, job.Activity, Outgoing{Inboxes: inboxes, Edited: a.Updated})
	if err != nil || job.Pin == uuid.Nil {
		return err
	}
	return s.tellPin(ctx, site, actor, a, job.Pin)
}

// CommentChanged does the same for an answer by one of our authors.
func (s *Service) CommentChanged(ctx context.Context, job blog.CommentChanged) error {
	return untilPresent(func() error { return s.tellComment(ctx, job) })
}

func (s *Service) tellComment(ctx context.Context, job blog.CommentChanged) error {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	c, err := s.Store.Comment(ctx, job.Comment)
	if err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	switch {
	case job.Change == "delete" && c.Private():
		return s.planPrivateDelete(ctx, site, c, job.Activity)
	case job.Change == "delete":
		return s.planDelete(ctx, site, c.Actor, c.ObjectURI, job.Activity)
	case c.State == blog.CommentDeleted:
		return nil
	case c.Private():
		return s.tellPrivately(ctx, site, c, job)
	}
	if c, err = s.resolveReply(ctx, site, c); err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	post, people, err := s.replyPost(ctx, site, c)
	if err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	inboxes, err := s.inboxes(ctx, actorURIs(c.Mentions))
	if err != nil {
		return fmt.Errorf("comment changed: %w", err)
	}
	for _, p := range people {
		inboxes = appendNew(inboxes, p.deliverTo())
	}
	return s.planPost(ctx, site, c.Actor, post, job.Change, job.Activity, Outgoing{Inboxes: inboxes, Edited: c.Edited})
}

// maxAddressed bounds how many people of a thread an answer is addressed to.
const maxAddressed = 20

func (s *Service) replyPost(ctx context.Context, site blog.Site, c blog.Comment) (*activitypub.Post, []RemoteActor, error) {
	place, conversation, err := s.replyPlace(ctx, site, c)
	if err != nil {
		return nil, nil, err
	}
	people, err := s.Store.Ancestors(ctx, c.ID, maxAddressed)
	if err != nil {
		return nil, nil, err
	}
	post, err := reply(site, c, place, conversation, people)
	if err != nil {
		return nil, nil, err
	}
	var a blog.Article // none for an answer in no thread of ours
	if c.ArticleID != uuid.Nil {
		if a, err = s.Store.Article(ctx, c.ArticleID); err != nil {
			return nil, nil, err
		}
	}
	post.InteractionPolicy = interaction(site, a, c.Actor.URI, s.Now())
	return post, people, nil
}

// replyPlace is the page where an answer stands, and its conversation. One
// that is in no thread of ours has no page but its own id, and is part of the
// conversation of what it answers.
func (s *Service) replyPlace(ctx context.Context, site blog.Site, c blog.Comment) (place, conversation string, err error) {
	if c.ArticleID == uuid.Nil || c.Private() {
		above, err := s.Store.Comment(ctx, c.ParentID)
		return c.ObjectURI, above.Context, err
	}
	a, err := s.Store.Article(ctx, c.ArticleID)
	return site.Address().Comment(a.Slug, c.ID), a.ObjectURI + "/context", err
}

// planPost plans the Create or Update of a post; o says for whom beside the
// followers, and of which edit. What is private is for nobody else.
func (s *Service) planPost(ctx context.Context, site blog.Site, actor blog.Actor, post *activitypub.Post, change string, id uuid.UUID, o Outgoing) error {
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: "Create", Actor: actor.URI, Published: post.Published,
		To: post.To, CC: post.CC, Object: post,
	}
	if change == "update" {
		activity.Type, activity.Published = "Update", activitypub.At(s.Now())
	}
	var err error
	if o.Activity, err = s.stored(activity, id, actor.ID, post.ID); err != nil {
		return err
	}
	if public(post.To, post.CC) {
		o.Activity.Listed = change == "create"
		o.FollowersOf, o.Again = []uuid.UUID{actor.ID}, change == "update"
	}
	return s.plan(ctx, o)
}

// planDelete plans the Delete of an object of ours with its Tombstone.
func (s *Service) planDelete(ctx context.Context, site blog.Site, actor blog.Actor, object string, id uuid.UUID) error {
	gone, err := s.Store.DeletedObject(ctx, object)
	if err != nil {
		return fmt.Errorf("plan delete: %w", err)
	}
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: "Delete", Actor: actor.URI, Published: activitypub.At(s.Now()),
		To: []string{activitypub.Public}, CC: appendNew([]string{actor.URI + "/followers"}, gone.CC...), Object: tombstone(gone),
	}
	planned, err := s.stored(activity, id, actor.ID, object)
	if err != nil {
		return fmt.Errorf("plan delete: %w", err)
	}
	return s.plan(ctx, Outgoing{Activity: planned, FollowersOf: []uuid.UUID{actor.ID}, Again: true})
}

// ActorChanged tells the followers of a changed profile.
func (s *Service) ActorChanged(ctx context.Context, job blog.ActorChanged) error {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("actor changed: %w", err)
	}
	actor, err := s.Store.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return fmt.Errorf("actor changed: %w", err)
	}
	doc, err := s.actor(ctx, actor)
	if err != nil {
		return fmt.Errorf("actor changed: %w", err)
	}
	doc.Updated = activitypub.At(s.Now())
	activity := &activitypub.Activity{
		ID: site.Address().Activity(job.Activity), Type: "Update", Actor: actor.URI, Published: doc.Updated,
		To: []string{activitypub.Public}, CC: []string{doc.Followers}, Object: doc,
	}
	planned, err := s.stored(activity, job.Activity, actor.ID, actor.URI)
	if err != nil {
		return fmt.Errorf("actor changed: %w", err)
	}
	return s.plan(ctx, Outgoing{Activity: planned, FollowersOf: []uuid.UUID{actor.ID}})
}

// FollowerRemoved tells somebody that their follow was ended by us.
func (s *Service) FollowerRemoved(ctx context.Context, job blog.FollowerRemoved) error {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("follower removed: %w", err)
	}
	actor, err := s.Store.Actor(ctx, job.Target)
	if err != nil {
		return fmt.Errorf("follower removed: %w", err)
	}
	o, err := s.Answer(site, actor, "Reject", job.Activity, Follow{URI: job.FollowURI, Actor: job.ActorURI, Inbox: job.Inbox})
	if err != nil {
		return fmt.Errorf("follower removed: %w", err)
	}
	return s.plan(ctx, o)
}

// Follow is a follow of one of our actors, as its Accept or Reject names it.
type Follow struct {
	URI   string
	Actor string
	Inbox string // of the follower itself: the answer is for nobody else
}

// Answer makes the Accept or Reject of a follow.
func (s *Service) Answer(site blog.Site, actor blog.Actor, answer string, id uuid.UUID, f Follow) (Outgoing, error) {
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: answer, Actor: actor.URI, To: []string{f.Actor},
		Object: &activitypub.Activity{ID: f.URI, Type: "Follow", Actor: f.Actor, Object: activitypub.Ref(actor.URI)},
	}
	planned, err := s.stored(activity, id, actor.ID, f.URI)
	if err != nil {
		return Outgoing{}, fmt.Errorf("%s of a follow: %w", answer, err)
	}
	return Outgoing{Activity: planned, Inboxes: []string{f.Inbox}}, nil
}

// stored encodes an activity once, and once more with its object as an id
// when it is long.
func (s *Service) stored(activity *activitypub.Activity, id, actor uuid.UUID, object string) (Activity, error) {
	body, err := activitypub.Marshal(activity)
	if err != nil {
		return Activity{}, err
	}
	a := Activity{ID: id, URI: activity.ID, ActorID: actor, Type: activity.Type, ObjectURI: object, JSON: body, Created: s.Now()}
	if len(body) > maxEmbedded && (activity.Type == "Create" || activity.Type == "Update") {
		short := *activity
		short.Object = activitypub.Ref(object)
		if a.Compact, err = activitypub.Marshal(&short); err != nil {
			return Activity{}, err
		}
	}
	return a, nil
}

func (s *Service) plan(ctx context.Context, o Outgoing) error {
	if err := s.Store.Plan(ctx, o); err != nil {
		return fmt.Errorf("plan %s: %w", o.Activity.Type, err)
	}
	if s.Nudge != nil {
		s.Nudge()
	}
	return nil
}
