package blog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// MaxReply is the longest answer, in bytes of Markdown.
const MaxReply = 20_000

// Reply is an answer by one of our authors.
type Reply struct {
	Article  uuid.UUID // the article answered, if Comment is uuid.Nil
	Comment  uuid.UUID // the comment answered
	Markdown string
	Warning  string
	Language string // "" = that of what is answered, or the blog's
}

// Reply writes an author's answer in place. When it returns, the answer is on
// the page and the job that sends it is on disk. Errors: *Invalid,
// ErrNotFound, ErrGone.
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
	if r.Language != "" {
		c.Language = r.Language
	}
	if c.Language == "" {
		c.Language = site.Language
	}
	c.ID, c.AccountID, c.Local = s.NewID(), by, true
	c.ObjectURI = site.Address().Object(c.ID)
	c.Visibility, c.State, c.Published, c.Created = Public, Visible, s.Now(), s.Now()
	if c.RootID == uuid.Nil {
		c.RootID = c.ID
	}
	if err := s.writeReply(ctx, site, &c, r.Markdown, r.Warning); err != nil {
		return Comment{}, err
	}
	job := CommentChanged{Comment: c.ID, Change: "create", Activity: s.NewID()}
	if err := s.Store.InsertReply(ctx, c, job, s.audit(by, "comment.reply", c.ObjectURI)); err != nil {
		return Comment{}, fmt.Errorf("reply: %w", err)
	}
	return c, nil
}

// replyPlace finds where an answer belongs.
func (s *Service) replyPlace(ctx context.Context, r Reply) (Comment, error) {
	if r.Comment == uuid.Nil {
		a, err := s.Article(ctx, r.Article)
		if err != nil {
			return Comment{}, err
		}
		if a.Status != Published {
			return Comment{}, ErrNotFound
		}
		return Comment{ArticleID: a.ID, InReplyTo: a.ObjectURI, Language: a.Language}, nil
	}
	parent, err := s.Comment(ctx, r.Comment)
	switch {
	case err != nil:
		return Comment{}, err
	case parent.State == CommentDeleted:
		return Comment{}, ErrGone
	case parent.ArticleID == uuid.Nil || !parent.Shown():
		// A public answer to something that readers cannot see would expose it.
		return Comment{}, &Invalid{Field: "comment", Problem: "comment-not-public"}
	}
	return Comment{
		ArticleID: parent.ArticleID, ParentID: parent.ID, RootID: parent.RootID, Depth: parent.Depth + 1,
		InReplyTo: parent.ObjectURI, Language: parent.Language,
	}, nil
}

// answered is whom an answer is to, nobody when that is one of ours.
func (s *Service) answered(ctx context.Context, c Comment) ([]Mention, error) {
	if c.ParentID == uuid.Nil {
		return nil, nil
	}
	parent, err := s.Comment(ctx, c.ParentID)
	if err != nil || parent.Local {
		return nil, err
	}
	return []Mention{{Handle: parent.Actor.Acct(), ActorURI: parent.Actor.URI, URL: parent.Actor.Page()}}, nil
}

// writeReply checks and renders the text into c.
func (s *Service) writeReply(ctx context.Context, site Site, c *Comment, markdown, warning string) error {
	c.Markdown = strings.TrimSpace(strings.ReplaceAll(markdown, "\r\n", "\n"))
	c.Warning = strings.Join(strings.Fields(warning), " ")
	c.Sensitive = c.Warning != ""
	switch {
	case c.Markdown == "":
		return &Invalid{Field: "text", Problem: "required"}
	case len(c.Markdown) > MaxReply:
		return &Invalid{Field: "text", Problem: "too-long", Detail: fmt.Sprint(MaxReply)}
	case len(c.Warning) > 500:
		return &Invalid{Field: "warning", Problem: "too-long", Detail: "500"}
	}
	if err := checkLanguage(c.Language); err != nil {
		return err
	}
	answered, err := s.answered(ctx, *c)
	if err != nil {
		return fmt.Errorf("whom the answer is to: %w", err)
	}
	c.Mentions = append(answered, c.Mentions...)
	rendered, err := s.renderReply(ctx, site, *c)
	if err != nil {
		return err
	}
	c.HTML, c.Text = rendered.HTML, rendered.Text
	c.Mentions = mentions(rendered.Mentions, append(namedIn(c.Mentions, rendered.Mentions), answered...))
	return nil
}

// EditReply changes an answer of ours.
func (s *Service) EditReply(ctx context.Context, by, id uuid.UUID, markdown, warning string) (Comment, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Comment{}, fmt.Errorf("edit reply: %w", err)
	}
	c, err := s.ownReply(ctx, id)
	if err != nil {
		return Comment{}, fmt.Errorf("edit reply: %w", err)
	}
	if err := s.writeReply(ctx, site, &c, markdown, warning); err != nil {
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
	case !c.Local:
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
