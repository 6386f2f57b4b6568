package blog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// VisitorComment is what a visitor of the web hands in on our own page.
type VisitorComment struct {
	ID       uuid.UUID // of the comment to be, so that a form sent twice makes one comment
	Article  uuid.UUID
	Comment  uuid.UUID // the comment answered; uuid.Nil = the article itself
	Name     string
	Email    string // never shown to readers
	Website  string // may be ""
	Markdown string
	Notify   bool   // wants a mail when somebody answers
	Language string // of that mail
}

// Visitor is who left comments on our own pages under one address of mail,
// name and website.
type Visitor struct {
	Email   string // lower case
	Name    string
	Website string // http(s), or ""
}

// VisitorReader is what is read about visitors.
type VisitorReader interface {
	// VisitorApproved reports whether a comment of the same address of mail as
	// this visitor's is shown, and none is spam.
	VisitorApproved(ctx context.Context, actor uuid.UUID) (bool, error)
	// Visitor returns what a visitor left about themselves, for moderators.
	Visitor(ctx context.Context, actor uuid.UUID) (Visitor, error)
	// FormKey is the secret of this blog that Seal works with.
	FormKey(ctx context.Context) ([]byte, error)
	Subscription(ctx context.Context, id uuid.UUID) (Subscription, error)
}

// VisitorWriter is what visitors change.
type VisitorWriter interface {
	// PutVisitor returns the actor of a visitor, with the given id if there was
	// none.
	PutVisitor(ctx context.Context, id uuid.UUID, v Visitor, at time.Time) (Actor, error)
	// InsertVisitorComment writes a comment, and what its visitor wants to hear
	// of (nil = nothing). One whose id is there already is ErrConflict, one on
	// an article that is not public ErrGone.
	InsertVisitorComment(ctx context.Context, c Comment, wish *Subscription) error
	// ConfirmSubscription and EndSubscription are ErrNotFound for one that is not
	// there; one that has ended is not confirmed any more.
	ConfirmSubscription(ctx context.Context, id uuid.UUID, at time.Time) error
	EndSubscription(ctx context.Context, id uuid.UUID, at time.Time) error
	// PlanVisitorMails enqueues a VisitorMail for each question and each answer
	// that has to be told, once.
	PlanVisitorMails(ctx context.Context, at time.Time) error
}

// Respond writes a visitor's comment in its place and returns it in the state
// that it was given. The same form sent again returns the comment that it made.
// Errors: *Invalid, InvalidFields, ErrNotFound, ErrGone.
func (s *Service) Respond(ctx context.Context, v VisitorComment) (Comment, error) {
	visitor, rendered, err := v.check()
	if err != nil {
		return Comment{}, err
	}
	c, err := s.Comment(ctx, v.ID)
	if err == nil {
		return sentBefore(c)
	}
	if !errors.Is(err, ErrNotFound) {
		return Comment{}, fmt.Errorf("respond: %w", err)
	}
	if c, err = s.visitorComment(ctx, v); err != nil {
		return Comment{}, fmt.Errorf("respond: %w", err)
	}
	c.Markdown, c.HTML, c.Text = v.Markdown, rendered.HTML, rendered.Text
	if c.Actor, err = s.Store.PutVisitor(ctx, s.NewID(), visitor, s.Now()); err != nil {
		return Comment{}, fmt.Errorf("respond: %w", err)
	}
	if c.State, c.Reasons, err = s.Judge(ctx, c); err != nil {
		return Comment{}, fmt.Errorf("respond: %w", err)
	}
	err = s.Store.InsertVisitorComment(ctx, c, s.wish(v, visitor))
	if errors.Is(err, ErrConflict) { // sent twice at once
		if c, err = s.Comment(ctx, v.ID); err == nil {
			return sentBefore(c)
		}
	}
	if err != nil {
		return Comment{}, fmt.Errorf("respond: %w", err)
	}
	return c, nil
}

// sentBefore is the comment that a form made when it was sent first.
func sentBefore(c Comment) (Comment, error) {
	if !c.FromWeb() {
		return Comment{}, ErrForbidden
	}
	return c, nil
}

// visitorComment is a new comment in its place, without its text and author.
func (s *Service) visitorComment(ctx context.Context, v VisitorComment) (Comment, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Comment{}, err
	}
	place, err := s.VisitorPlace(ctx, v.Article, v.Comment)
	if err != nil {
		return Comment{}, err
	}
	on := site.CommentsOn(place.Article, s.Now())
	if !on.Web || on.Policy == CommentsClosed {
		return Comment{}, &Invalid{Problem: "comments-closed"}
	}
	c := Comment{
		ID: v.ID, ObjectURI: site.Address().Object(v.ID), ArticleID: place.Article.ID, RootID: v.ID,
		InReplyTo: place.Article.ObjectURI, Language: place.Article.Language, Local: true,
		Visibility: Public, Published: s.Now(), Created: s.Now(),
	}
	if parent := place.Parent; parent.ID != uuid.Nil {
		c.ParentID, c.RootID, c.Depth, c.InReplyTo = parent.ID, parent.RootID, parent.Depth+1, parent.ObjectURI
	}
	return c, nil
}

// VisitorPlace is what a visitor answers.
type VisitorPlace struct {
	Article Article
	Parent  Comment // zero = the article itself
}

// VisitorPlace finds what a visitor wants to answer. What readers cannot see,
// or stands elsewhere, is ErrNotFound.
func (s *Service) VisitorPlace(ctx context.Context, article, comment uuid.UUID) (VisitorPlace, error) {
	a, err := s.Article(ctx, article)
	switch {
	case err != nil:
		return VisitorPlace{}, err
	case a.Status == Deleted:
		return VisitorPlace{}, ErrGone
	case a.Status != Published || !a.Post():
		return VisitorPlace{}, ErrNotFound
	case comment == uuid.Nil:
		return VisitorPlace{Article: a}, nil
	}
	parent, err := s.Comment(ctx, comment)
	switch {
	case err != nil:
		return VisitorPlace{}, err
	case parent.ArticleID != a.ID:
		return VisitorPlace{}, ErrNotFound
	case parent.State == CommentDeleted:
		return VisitorPlace{}, ErrGone
	case !parent.Shown():
		return VisitorPlace{}, ErrNotFound
	}
	return VisitorPlace{Article: a, Parent: parent}, nil
}

// PreviewVisitor is what a visitor's text will look like.
func PreviewVisitor(markdown string) (markup.Safe, error) {
	rendered, err := markup.RenderSimple(markdown, false)
	return rendered.HTML, renderError("text", err)
}

// RenderVisitor makes the HTML of a visitor's comment for other servers.
func RenderVisitor(c Comment) (markup.Rendered, error) {
	rendered, err := markup.RenderSimple(c.Markdown, true)
	return rendered, renderError("text", err)
}
