package blog

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Subject is what the blog itself may react to.
type Subject struct {
	Comment uuid.UUID // of another server
}

// OurReaction is a like or boost that the blog gives to a comment.
type OurReaction struct {
	ID      uuid.UUID // of the activity too
	Kind    string    // like or boost
	Comment Comment
	Actor   uuid.UUID
	URI     string // of the activity
}

// ReactionWriter changes what the blog likes and boosts.
type ReactionWriter interface {
	// AddOurReaction writes it with the counter and enqueues the job; one that is
	// there stays, and then nothing is enqueued.
	AddOurReaction(ctx context.Context, r OurReaction, job ReactionChanged, audit AuditEntry) error
	// RemoveOurReaction takes it back and enqueues the job, which it tells the
	// id of the activity; without one nothing happens.
	RemoveOurReaction(ctx context.Context, comment, actor uuid.UUID, job ReactionChanged, audit AuditEntry) error
}

// ReactionChanged says that the blog likes or boosts a comment, or no longer.
type ReactionChanged struct {
	Comment  uuid.UUID `json:"comment"`
	Reaction string    `json:"reaction"` // like or boost
	URI      string    `json:"uri"`      // of the Like or Announce
	Undo     bool      `json:"undo"`
	At       time.Time `json:"at"` // when it was done; zero for Undo
	Activity uuid.UUID `json:"activity"`
}

// Kind names the job.
func (ReactionChanged) Kind() string { return "reaction_changed" }

// React likes or boosts a comment in the blog's name; kind is like or boost. To
// do it again changes nothing. Errors: *Invalid, ErrNotFound, ErrGone.
func (s *Service) React(ctx context.Context, by uuid.UUID, on Subject, kind string) error {
	c, actor, err := s.reactTo(ctx, on, kind)
	if err != nil {
		return fmt.Errorf("react: %w", err)
	}
	if err := mayReact(c, kind); err != nil {
		return err
	}
	site, err := s.Site(ctx)
	if err != nil {
		return fmt.Errorf("react: %w", err)
	}
	id := s.NewID()
	r := OurReaction{ID: id, Kind: kind, Comment: c, Actor: actor.ID, URI: site.Address().Activity(id)}
	job := ReactionChanged{Comment: c.ID, Reaction: kind, URI: r.URI, At: s.Now(), Activity: id}
	if err := s.Store.AddOurReaction(ctx, r, job, s.audit(by, "comment."+kind, c.ObjectURI)); err != nil {
		return fmt.Errorf("react: %w", err)
	}
	return nil
}

// mayReact refuses what cannot be: only what readers may see is passed on, and
// nobody likes what moderators hide.
func mayReact(c Comment, kind string) error {
	private := c.Visibility == Followers || c.Visibility == Direct
	switch {
	case c.Local:
		return &Invalid{Field: "comment", Problem: "comment-own"}
	case kind == "boost" && private:
		return &Invalid{Field: "comment", Problem: "boost-private"}
	case c.State != Visible:
		return &Invalid{Field: "comment", Problem: "comment-not-public"}
	}
	return nil
}

// Unreact takes a like or boost of the blog back. Without one it changes
// nothing. Errors: *Invalid, ErrNotFound.
func (s *Service) Unreact(ctx context.Context, by uuid.UUID, on Subject, kind string) error {
	c, actor, err := s.reactTo(ctx, on, kind)
	if err != nil {
		return fmt.Errorf("unreact: %w", err)
	}
	job := ReactionChanged{Comment: c.ID, Reaction: kind, Undo: true, Activity: s.NewID()}
	if err := s.Store.RemoveOurReaction(ctx, c.ID, actor.ID, job, s.audit(by, "comment.un"+kind, c.ObjectURI)); err != nil {
		return fmt.Errorf("unreact: %w", err)
	}
	return nil
}

// reactTo finds the comment, and the actor that reacts.
func (s *Service) reactTo(ctx context.Context, on Subject, kind string) (Comment, Actor, error) {
	if kind != "like" && kind != "boost" {
		return Comment{}, Actor{}, &Invalid{Field: "kind", Problem: "reaction", Detail: kind}
	}
	c, err := s.Comment(ctx, on.Comment)
	if err == nil && c.State == CommentDeleted {
		err = ErrGone
	}
	if err != nil {
		return Comment{}, Actor{}, err
	}
	actor, err := s.LocalActor(ctx, BlogActor, "")
	return c, actor, err
}
