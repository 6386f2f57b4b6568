package blog

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Subscription is the wish of a visitor to hear by mail of answers to their
// comments under one article. It begins with a question by mail, so that nobody
// can order mail for somebody else.
type Subscription struct {
	ID        uuid.UUID
	Article   uuid.UUID
	Email     string
	Language  string
	Created   time.Time
	Asked     time.Time // zero = not yet
	Confirmed time.Time // zero = not yet: no answer is told
	Ended     time.Time // zero = it holds
}

// VisitorMail is the job that sends one mail to a visitor.
type VisitorMail struct {
	Subscription uuid.UUID `json:"subscription"`
	Comment      uuid.UUID `json:"comment"` // the answer to tell; uuid.Nil = the question whether they want any
}

// Kind names the job.
func (VisitorMail) Kind() string { return "visitor_mail" }

func (s *Service) wish(v VisitorComment, visitor Visitor) *Subscription {
	if !v.Notify {
		return nil
	}
	return &Subscription{ID: s.NewID(), Article: v.Article, Email: visitor.Email, Language: v.Language, Created: s.Now()}
}

// Confirm begins a subscription that the one with the address of mail wants.
func (s *Service) Confirm(ctx context.Context, id uuid.UUID) error {
	if err := s.Store.ConfirmSubscription(ctx, id, s.Now()); err != nil {
		return fmt.Errorf("confirm subscription: %w", err)
	}
	return nil
}

// Leave ends a subscription.
func (s *Service) Leave(ctx context.Context, id uuid.UUID) error {
	if err := s.Store.EndSubscription(ctx, id, s.Now()); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// TellVisitors plans the mails to visitors that are due: whatever made an
// answer appear, it is seen here.
func (s *Service) TellVisitors(ctx context.Context) error {
	if err := s.Store.PlanVisitorMails(ctx, s.Now()); err != nil {
		return fmt.Errorf("tell visitors: %w", err)
	}
	return nil
}

// What the tokens in mails to visitors are good for (Seal).
const (
	ConfirmPurpose = "confirm"
	LeavePurpose   = "leave"
)

// Confirm is the page that begins the mails to a visitor.
func (a Address) Confirm(token string) string { return a.Origin + "/-/confirm?token=" + token }

// Leave is the page that ends them.
func (a Address) Leave(token string) string { return a.Origin + "/-/leave?token=" + token }

// CommentPlace is the address of a comment that leads to its place, wherever
// that is.
func (a Address) CommentPlace(id uuid.UUID) string { return a.Origin + "/-/comments/" + id.String() }
