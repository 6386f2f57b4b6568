package blog

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Bounds of an answer.
const (
	MaxReply            = 20_000 // bytes of Markdown
	MaxReplyAttachments = 4      // as many as Mastodon shows
	MaxCaption          = 1500   // characters of a description
)

// Reply is an answer by one of our authors.
type Reply struct {
	Article     uuid.UUID // the article answered, if Comment is uuid.Nil
	Comment     uuid.UUID // the comment answered
	Markdown    string
	Warning     string
	Language    string // "" = that of what is answered, or the blog's
	Attachments []ReplyAttachment
}

// ReplyAttachment is a picture below an answer.
type ReplyAttachment struct {
	Media       string // name in the media store
	Description string // for those who do not see it
}

// Reply writes an author's answer in place. When it returns, the answer is on
// the page and the job that sends it is on disk. An answer to what is private
// is private too: it goes to whom it answers, and to those of the conversation
// whom its text names. An answer to a Mention has its place elsewhere, below
// that. Errors: *Invalid, ErrNotFound, ErrGone.
func (s *Service) Reply(ctx context.Context, by uuid.UUID, r Reply) (Comment, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Comment{}, fmt.Errorf("reply: %w", err)
	}
	c, err := s.replyPlace(ctx, r)
	if err != nil {
		return Comment{}, fmt.Errorf("reply: %w", err)
	}
	if c.Actor, err = s.LocalActor(ctx, BlogActor, ""); err != nil {
		return Comment{}, fmt.Errorf("reply: %w", err)
	}
	if c.Language == "" {
		c.Language = site.Language
	}
	c.ID, c.AccountID, c.Local = s.NewID(), by, true
	c.ObjectURI = site.Address().Object(c.ID)
	c.State, c.Published, c.Created = Visible, s.Now(), s.Now()
	if c.RootID == uuid.Nil && c.ArticleID != uuid.Nil {
		c.RootID = c.ID
	}
	if err := s.writeReply(ctx, site, &c, r); err != nil {
		return Comment{}, err
	}
	job := CommentChanged{Comment: c.ID, Change: "create", Activity: s.NewID()}
	if err := s.Store.InsertReply(ctx, c, job, s.audit(by, "comment.reply", c.ObjectURI)); err != nil {
		return Comment{}, fmt.Errorf("reply: %w", err)
	}
	return c, nil
}

// replyPlace finds where an answer belongs, and who may see it.
func (s *Service) replyPlace(ctx context.Context, r Reply) (Comment, error) {
	if r.Comment == uuid.Nil {
		a, err := s.Article(ctx, r.Article)
		if err != nil {
			return Comment{}, err
		}
		if a.Status != Published {
			return Comment{}, ErrNotFound
		}
		return Comment{ArticleID: a.ID, InReplyTo: a.ObjectURI, Language: a.Language, Visibility: Public}, nil
	}
	parent, err := s.Comment(ctx, r.Comment)
	if err != nil {
		return Comment{}, err
	}
	return placeBelow(parent, parent.Shown())
}

// placeBelow is the place of an answer to a comment, and who may see it; shown
// says that readers see the comment, or will.
func placeBelow(parent Comment, shown bool) (Comment, error) {
	if parent.State == CommentDeleted {
		return Comment{}, ErrGone
	}
	c := Comment{
		ArticleID: parent.ArticleID, ParentID: parent.ID, RootID: parent.RootID, Depth: parent.Depth + 1,
		InReplyTo: parent.ObjectURI, Language: parent.Language, Mention: parent.Mention, Visibility: Public,
	}
	switch {
	case parent.Private():
		c.Visibility = Direct
	case parent.ArticleID == uuid.Nil && !parent.Mention || !shown:
		// A public answer to something that readers cannot see would expose it.
		return Comment{}, &Invalid{Field: "comment", Problem: "comment-not-public"}
	}
	return c, nil
}

// EditReply changes an answer of ours to what r says; where it belongs stays.
// A Language of "" leaves that as it is.
func (s *Service) EditReply(ctx context.Context, by, id uuid.UUID, r Reply) (Comment, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Comment{}, fmt.Errorf("edit reply: %w", err)
	}
	c, err := s.ownReply(ctx, id)
	if err != nil {
		return Comment{}, fmt.Errorf("edit reply: %w", err)
	}
	if err := s.writeReply(ctx, site, &c, r); err != nil {
		return Comment{}, err
	}
	c.Edited = editedAt(s.Now(), c.Published, c.Edited)
	job := CommentChanged{Comment: id, Change: "update", Activity: s.NewID()}
	if err := s.Store.EditReply(ctx, c, job, s.audit(by, "comment.edit", c.ObjectURI)); err != nil {
		return Comment{}, fmt.Errorf("edit reply: %w", err)
	}
	return c, nil
}

// DeleteReply takes an answer of ours back.
func (s *Service) DeleteReply(ctx context.Context, by, id uuid.UUID) error {
	c, err := s.ownReply(ctx, id)
	if err != nil {
		return fmt.Errorf("delete reply: %w", err)
	}
	job := CommentChanged{Comment: id, Change: "delete", Activity: s.NewID()}
	if err := s.Store.DeleteReply(ctx, id, s.Now(), job, s.audit(by, "comment.delete", c.ObjectURI)); err != nil {
		return fmt.Errorf("delete reply: %w", err)
	}
	return nil
}

func (s *Service) ownReply(ctx context.Context, id uuid.UUID) (Comment, error) {
	c, err := s.Comment(ctx, id)
	switch {
	case err != nil:
		return Comment{}, err
	case !c.ByAuthor():
		return Comment{}, ErrForbidden
	case c.State == CommentDeleted:
		return Comment{}, ErrGone
	}
	return c, nil
}

// FindComment returns the comment that an address names: its object id, its
// place on our page (#c-id), or its page on its own server.
func (s *Service) FindComment(ctx context.Context, address string) (Comment, error) {
	if id, ok := CommentID(address); ok {
		return s.Comment(ctx, id)
	}
	if id, err := uuid.Parse(address); err == nil {
		return s.Comment(ctx, id)
	}
	c, err := s.CommentByObject(ctx, address)
	if errors.Is(err, ErrNotFound) {
		return s.CommentByPage(ctx, address)
	}
	return c, err
}
