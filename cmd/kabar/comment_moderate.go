package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
)

// moderated is what a decision did, as commands print it.
type moderated struct {
	Batch    *uuid.UUID `json:"batch"`    // for kabar comment undo; null = there is nothing to take back
	Comments []string   `json:"comments"` // object ids of those that changed
	Final    int        `json:"final"`    // how many of them do not come back
	// Of a decision about one comment: its object id and its page.
	ID  string `json:"id,omitempty"`
	URL string `json:"url,omitempty"`
}

// selection is whom a decision is about: comments, or all of a person or a
// server.
type selection struct {
	URL    []string `arg:"" optional:"" help:"Comments: object ids, or page addresses with #c-…"`
	Actor  string   `help:"All by this person: actor id, profile page or user@host." placeholder:"WHO"`
	Domain string   `help:"All from this server and its subdomains." placeholder:"DOMAIN"`
}

func (s selection) find(ctx context.Context, a *app) (blog.Selection, error) {
	what := blog.Selection{Domain: s.Domain}
	for _, url := range s.URL {
		c, err := commentTarget{url}.find(ctx, a)
		if err != nil {
			return what, err
		}
		what.Comments = append(what.Comments, c.ID)
	}
	if s.Actor != "" {
		who, err := a.store.FindActor(ctx, s.Actor)
		if errors.Is(err, blog.ErrNotFound) {
			return what, fmt.Errorf("%s is not known here", s.Actor)
		}
		if err != nil {
			return what, err
		}
		what.Actor = who.ID
	}
	return what, nil
}

func (s selection) moderate(ctx context.Context, env environment, verdict blog.Verdict, done string) error {
	return with(ctx, env, func(a *app) error {
		what, err := s.find(ctx, a)
		if err != nil {
			return err
		}
		if len(what.Comments) == 1 {
			if c, err := a.blog.Comment(ctx, what.Comments[0]); err == nil && c.State == blog.CommentDeleted {
				return errors.New("this comment is deleted; kabar comment history shows the batch to undo")
			}
		}
		m, err := a.blog.ModerateAll(ctx, uuid.Nil, what, verdict)
		if err != nil {
			return explain(err)
		}
		return a.reportModerated(ctx, env, m, what.Comments, done)
	})
}

// reportModerated tells of a decision about the comments named, none for all of
// somebody.
func (a *app) reportModerated(ctx context.Context, env environment, m blog.Moderated, named []uuid.UUID, done string) error {
	out := moderated{Comments: []string{}, Final: len(m.Final)}
	if len(named) == 1 {
		c, err := a.blog.Comment(ctx, named[0])
		if err != nil {
			return err
		}
		out.ID = c.ObjectURI
		if out.URL, err = a.commentURL(ctx, c); err != nil {
			return err
		}
	}
	if m.Batch != uuid.Nil {
		out.Batch = &m.Batch
	}
	for _, id := range m.Comments {
		c, err := a.blog.Comment(ctx, id)
		if err != nil {
			return err
		}
		out.Comments = append(out.Comments, c.ObjectURI)
	}
	said := fmt.Sprintf("%s %d comments", done, len(out.Comments))
	if out.ID != "" {
		said = done + " " + cmp.Or(out.URL, out.ID)
	}
	if out.Batch != nil {
		said += "\nTo take it back: kabar comment undo " + out.Batch.String()
	}
	return env.object(out, said)
}

type commentHideCommand struct{ selection }

func (c *commentHideCommand) run(ctx context.Context, env environment) error {
	return c.moderate(ctx, env, blog.Hide, "Hidden:")
}

type commentApproveCommand struct{ selection }

func (c *commentApproveCommand) run(ctx context.Context, env environment) error {
	return c.moderate(ctx, env, blog.Approve, "Shown:")
}

type commentSpamCommand struct{ selection }

func (c *commentSpamCommand) run(ctx context.Context, env environment) error {
	return c.moderate(ctx, env, blog.MarkSpam, "Marked as spam:")
}

type commentWaitCommand struct{ selection }

func (c *commentWaitCommand) run(ctx context.Context, env environment) error {
	return c.moderate(ctx, env, blog.Hold, "Waiting:")
}

type commentDeleteCommand struct{ selection }

func (c *commentDeleteCommand) run(ctx context.Context, env environment) error {
	return c.moderate(ctx, env, blog.Remove, "Deleted:")
}

type commentUndoCommand struct {
	Batch string `arg:"" help:"As the decision printed it, or kabar comment history shows it."`
}

func (c *commentUndoCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		batch, err := uuid.Parse(c.Batch)
		if err != nil {
			return usageError{fmt.Errorf("%q is no batch", c.Batch)}
		}
		m, err := a.blog.UndoModeration(ctx, uuid.Nil, batch)
		if errors.Is(err, blog.ErrNotFound) {
			return fmt.Errorf("there is no batch %s", batch)
		}
		if err != nil {
			return explain(err)
		}
		return a.reportModerated(ctx, env, m, nil, "As before:")
	})
}

// event is one change of a comment's state as commands print it.
type event struct {
	At      time.Time     `json:"at"`
	By      string        `json:"by"` // account; "" = the command line, a rule, or its author
	Was     blog.State    `json:"was"`
	State   blog.State    `json:"state"`
	Reasons []blog.Reason `json:"reasons"`
	Batch   string        `json:"batch"`
	Undoes  string        `json:"undoes"`
}

type commentHistoryCommand struct{ commentTarget }

func (c *commentHistoryCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := c.find(ctx, a)
		if err != nil {
			return err
		}
		events, err := a.blog.CommentHistory(ctx, found.ID)
		if err != nil {
			return err
		}
		names, err := a.accountNames(ctx)
		if err != nil {
			return err
		}
		rows := make([]event, 0, len(events))
		for _, e := range events {
			rows = append(rows, event{
				e.At, names[e.AccountID], e.Was, e.State, append([]blog.Reason{}, e.Reasons...), idText(e.Batch), idText(e.Undoes),
			})
		}
		return list(env, rows, []string{"AT", "BY", "WAS", "STATE", "BATCH", "WHY"}, func(r event) []string {
			return []string{shortTime(&r.At), orDash(r.By), orDash(string(r.Was)), string(r.State), orDash(r.Batch), because(r.Reasons)}
		})
	})
}

func (a *app) accountNames(ctx context.Context) (map[uuid.UUID]string, error) {
	accounts, err := a.blog.Accounts(ctx)
	names := map[uuid.UUID]string{}
	for _, account := range accounts {
		names[account.ID] = account.Name
	}
	return names, err
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// because puts the reasons of a verdict into words.
func because(reasons []blog.Reason) string {
	var words []string
	for _, r := range reasons {
		key := "reason." + r.Rule
		switch {
		case !i18n.Has("en", key):
			words = append(words, r.Rule+" "+r.Detail)
		case i18n.Takes(key):
			words = append(words, i18n.M(key, r.Detail).In("en"))
		default:
			words = append(words, i18n.M(key).In("en"))
		}
	}
	return strings.Join(words, " ")
}
