package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// comment is one comment as commands print it.
type comment struct {
	ID         string          `json:"id"`  // of its object
	URL        string          `json:"url"` // on its own server
	Author     string          `json:"author"`
	InReplyTo  string          `json:"in_reply_to"`
	Text       string          `json:"text"`
	Visibility blog.Visibility `json:"visibility"`
	State      blog.State      `json:"state"`
	Attached   bool            `json:"attached"`
	Published  time.Time       `json:"published"`
	Edited     *time.Time      `json:"edited"`
	Likes      int             `json:"likes"`
	Boosts     int             `json:"boosts"`
	Reasons    []blog.Reason   `json:"reasons"` // why it has that state
}

func printableComment(c blog.Comment) comment {
	return comment{
		c.ObjectURI, c.URL, writer(c), c.InReplyTo, c.Text, c.Visibility, c.State, c.ArticleID != uuid.Nil,
		c.Published, stamp(c.Edited), c.Likes, c.Boosts, append([]blog.Reason{}, c.Reasons...),
	}
}

// writer is who wrote a comment: a handle, or the name that a visitor of the web
// gave.
func writer(c blog.Comment) string {
	if c.FromWeb() {
		return c.Actor.Label() + " (web)"
	}
	return "@" + c.Actor.Acct()
}

type commentListCommand struct {
	Article string       `help:"Only those under this article (page address, object id or slug)." placeholder:"URL"`
	State   []blog.State `help:"Only those in these states: visible, waiting, hidden, spam, deleted." enum:"visible,waiting,hidden,spam,deleted" placeholder:"STATE"`
	Limit   uint32       `default:"100" help:"How many, newest first."`
}

func (c *commentListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		q := blog.CommentQuery{Limit: int(c.Limit), States: c.State}
		if c.Article != "" {
			found, err := a.findEver(ctx, c.Article)
			if err != nil {
				return err
			}
			q.Article = found.ID
		}
		found, err := a.blog.Comments(ctx, q)
		if err != nil {
			return err
		}
		rows := make([]comment, 0, len(found))
		for _, one := range found {
			row := printableComment(one)
			if row.URL, err = a.commentURL(ctx, one); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return list(env, rows, []string{"PUBLISHED", "STATE", "AUDIENCE", "AUTHOR", "TEXT", "ADDRESS"}, func(r comment) []string {
			return []string{shortTime(&r.Published), string(r.State), string(r.Visibility), r.Author, brief(r.Text), r.ID}
		})
	})
}

// brief is the start of a text, for a table.
func brief(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:59]) + "…"
}

type commentReplyCommand struct {
	URL      string   `arg:"" help:"What is answered: a comment (object id, or page address with #c-…), or an article."`
	Text     string   `required:"" help:"The answer, in Markdown."`
	Warning  string   `help:"Content warning."`
	Language string   `help:"Language of the answer, such as id; that of what is answered without it."`
	Attach   []string `sep:"none" placeholder:"FILE=DESCRIPTION" help:"A picture with its description; up to four times."`
}

func (c *commentReplyCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		reply := blog.Reply{Markdown: c.Text, Warning: c.Warning, Language: c.Language}
		parent, err := a.blog.FindComment(ctx, c.URL)
		switch {
		case err == nil:
			reply.Comment = parent.ID
		case errors.Is(err, blog.ErrNotFound):
			found, err := a.findArticle(ctx, c.URL)
			if err != nil {
				return fmt.Errorf("there is neither a comment nor an article %s", c.URL)
			}
			reply.Article = found.ID
		default:
			return err
		}
		for _, attach := range c.Attach {
			file, description, _ := strings.Cut(attach, "=")
			if strings.TrimSpace(description) == "" {
				return fmt.Errorf("--attach %s: write FILE=DESCRIPTION, for those who do not see the picture", attach)
			}
			name, err := a.storePicture(ctx, "", file, description)
			if err != nil {
				return err
			}
			reply.Attachments = append(reply.Attachments, blog.ReplyAttachment{Media: name, Description: description})
		}
		made, err := a.blog.Reply(ctx, uuid.Nil, reply)
		if err != nil {
			return explain(err)
		}
		return a.reportComment(ctx, env, made, "Answered:")
	})
}

func (a *app) reportComment(ctx context.Context, env environment, c blog.Comment, done string) error {
	url, err := a.commentURL(ctx, c)
	if err != nil {
		return err
	}
	return env.object(reference{ID: c.ObjectURI, URL: url}, done+" "+url)
}

// commentURL is where a comment is at home: one of ours on its article's page.
func (a *app) commentURL(ctx context.Context, c blog.Comment) (string, error) {
	switch {
	case !c.Local:
		return c.URL, nil
	case c.Private() || c.ArticleID == uuid.Nil:
		return c.ObjectURI, nil // it stands on no page of ours
	}
	site, err := a.blog.Site(ctx)
	if err != nil {
		return "", err
	}
	one, err := a.blog.Article(ctx, c.ArticleID)
	if err != nil {
		return "", err
	}
	return site.Address().Comment(one.Slug, c.ID), nil
}

// commentTarget is the comment that a command is about.
type commentTarget struct {
	URL string `arg:"" help:"The comment: object id, or page address with #c-…"`
}

func (c commentTarget) find(ctx context.Context, a *app) (blog.Comment, error) {
	found, err := a.blog.FindComment(ctx, c.URL)
	if errors.Is(err, blog.ErrNotFound) {
		return found, fmt.Errorf("there is no comment %s; kabar comment list shows the addresses", c.URL)
	}
	return found, err
}
