package studio

import (
	"context"
	"errors"
	"fmt"
	"html/template"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// rows turns comments into rows, reading what they hang on once each.
type rows struct {
	*Studio
	frame    templates.Frame
	me       blog.Account
	articles map[uuid.UUID]blog.Article
	names    map[uuid.UUID]string // of the authors of comments
}

func (s *Studio) commentRows(
	ctx context.Context, f templates.Frame, me blog.Account, comments []blog.Comment,
) ([]templates.CommentRow, error) {
	made := &rows{s, f, me, map[uuid.UUID]blog.Article{}, map[uuid.UUID]string{}}
	list := make([]templates.CommentRow, 0, len(comments))
	for _, c := range comments {
		row, err := made.row(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("studio: comments: %w", err)
		}
		list = append(list, row)
	}
	return list, nil
}

func (m *rows) row(ctx context.Context, c blog.Comment) (templates.CommentRow, error) {
	row := templates.CommentRow{
		ID: c.ID.String(), Author: person(c.Actor), Language: c.Language, Published: c.Published, Edited: c.Edited,
		Warning: c.Warning, ContentHTML: template.HTML(c.HTML.String()), // markup.Safe
		Attachments: attachments(c), Standing: standing(c), Audience: audience(c.Visibility), ByAuthor: c.ByAuthor(),
	}
	if c.ByAuthor() {
		row.Author = author(m.frame, c.Actor)
		row.MayChange = c.State != blog.CommentDeleted && m.me.May(blog.ChangeReply, c.AccountID)
		row.Source = c.Markdown
	} else {
		row.Remote, row.Software = webAddress(c.URL), c.Actor.Software
	}
	if c.ParentID != uuid.Nil {
		name, err := m.name(ctx, c.ParentID)
		if err != nil {
			return row, err
		}
		row.AnswersTo = name
	}
	if c.ArticleID == uuid.Nil {
		return row, nil
	}
	a, err := m.article(ctx, c.ArticleID)
	if err != nil {
		return row, err
	}
	row.Article = templates.Link{Text: articleTitle(a), URL: pagePath(a)}
	if public := c.Shown() && a.Status == blog.Published; public {
		row.URL, row.MayReply = pagePath(a)+blog.CommentPlace(c.ID), true
	}
	return row, nil
}

func (m *rows) article(ctx context.Context, id uuid.UUID) (blog.Article, error) {
	if a, known := m.articles[id]; known {
		return a, nil
	}
	a, err := m.Page.Blog.Article(ctx, id)
	if err != nil {
		return a, err
	}
	m.articles[id] = a
	return a, nil
}

// name is who wrote a comment.
func (m *rows) name(ctx context.Context, id uuid.UUID) (string, error) {
	if name, known := m.names[id]; known {
		return name, nil
	}
	c, err := m.Page.Blog.Comment(ctx, id)
	if err != nil && !errors.Is(err, blog.ErrNotFound) {
		return "", err
	}
	m.names[id] = c.Actor.Label()
	return m.names[id], nil
}

// standing is what became of a comment, in the words of the page.
func standing(c blog.Comment) templates.Standing {
	switch c.State {
	case blog.Waiting:
		return templates.StandingPending
	case blog.Hidden:
		return templates.StandingHidden
	case blog.Spam:
		return templates.StandingSpam
	case blog.CommentDeleted:
		return templates.StandingDeleted
	}
	switch {
	case !c.Shown():
		return templates.StandingNone // for its audience, which is said beside
	case c.ArticleID == uuid.Nil:
		return templates.StandingUnattached
	}
	return templates.StandingApproved
}

func audience(v blog.Visibility) templates.Audience {
	switch v {
	case blog.Followers:
		return templates.AudienceFollowers
	case blog.Direct:
		return templates.AudienceDirect
	}
	return templates.AudiencePublic
}

// attachments are linked, not shown: no request of this page leaves the site.
func attachments(c blog.Comment) []templates.Attachment {
	list := make([]templates.Attachment, 0, len(c.Attachments))
	for _, a := range c.Attachments {
		list = append(list, templates.Attachment{Kind: "file", URL: webAddress(a.URL), Description: a.Description, Sensitive: c.Sensitive})
	}
	return list
}
