package federation

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// JudgeStore holds comments back that rules have something against.
type JudgeStore interface {
	// WaitingBelow returns comments that wait for one with one of the addresses,
	// or for one below it, by that address.
	WaitingBelow(ctx context.Context, addresses []string) (map[string][]blog.Comment, error)
	// HoldComments gives comments a state that shows less than the one they
	// have, unless a moderator decided about them.
	HoldComments(ctx context.Context, held []Held) error
}

// Held is a comment with what rules say about it.
type Held struct {
	ID uuid.UUID
	blog.Ruling
}

// addComments judges comments, and writes them.
func (p *pass) addComments(ctx context.Context, comments ...NewComment) error {
	plain := make([]blog.Comment, len(comments))
	for i, c := range comments {
		plain[i] = c.Comment
	}
	rulings, err := p.Blog.JudgeWith(ctx, p.site, p.blocks, plain)
	if err != nil {
		return err
	}
	for i, ruling := range rulings {
		c := &comments[i]
		c.State, c.Reasons = ruling.State, ruling.Reasons
		if ruling.State != blog.Visible {
			c.Done.Detail = because(ruling)
			p.Log.InfoContext(ctx, "a comment is held back", "id", c.ObjectURI, "state", c.State, "why", c.Done.Detail)
		}
	}
	if err := p.judgeBelow(ctx, comments); err != nil {
		return err
	}
	return p.Store.AddComments(ctx, comments...)
}

// because is a ruling as the log shows it.
func because(r blog.Ruling) string {
	words := []string{string(r.State) + ":"}
	for _, reason := range r.Reasons {
		words = append(words, strings.TrimSpace(reason.Rule+" "+reason.Detail))
	}
	return printable(strings.Join(words, " "))
}

// judgeBelow judges again what gets its place together with a comment: now it
// is known under which article it stands.
func (p *pass) judgeBelow(ctx context.Context, comments []NewComment) error {
	places := map[string]uuid.UUID{}
	var addresses []string
	for _, c := range comments {
		for _, address := range []string{c.ObjectURI, c.URL} {
			if c.ArticleID != uuid.Nil && address != "" {
				places[address] = c.ArticleID
				addresses = append(addresses, address)
			}
		}
	}
	if len(addresses) == 0 {
		return nil
	}
	waiting, err := p.Store.WaitingBelow(ctx, addresses)
	if err != nil {
		return err
	}
	var below []blog.Comment
	for address, list := range waiting {
		for _, c := range list {
			c.ArticleID = places[address]
			below = append(below, c)
		}
	}
	return p.hold(ctx, below)
}

// hold judges comments that are there already.
func (p *pass) hold(ctx context.Context, comments []blog.Comment) error {
	rulings, err := p.Blog.JudgeWith(ctx, p.site, p.blocks, comments)
	if err != nil {
		return err
	}
	var held []Held
	for i, ruling := range rulings {
		if ruling.State != blog.Visible {
			held = append(held, Held{comments[i].ID, ruling})
		}
	}
	if len(held) == 0 {
		return nil
	}
	return p.Store.HoldComments(ctx, held)
}

// attach puts a comment that waited in its place, after it was judged there.
func (p *pass) attach(ctx context.Context, id uuid.UUID, place Place) error {
	c, err := p.Store.Comment(ctx, id)
	if err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	c.ArticleID = place.ArticleID
	if err := p.hold(ctx, []blog.Comment{c}); err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	below := NewComment{Comment: c}
	if err := p.judgeBelow(ctx, []NewComment{below}); err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	return p.Store.AttachComment(ctx, id, place)
}

// judgeEdit decides about the new text of a comment: by words and patterns,
// and by everything if readers could not see it before. A moderator's verdict
// is not touched; the store sees to that.
func (p *pass) judgeEdit(ctx context.Context, c *NewComment) error {
	if !c.Shown() {
		return nil
	}
	ruling := p.Blog.JudgeText(p.blocks, c.Comment)
	old, err := p.Store.CommentByObject(ctx, c.ObjectURI)
	if err == nil && old.Visibility != blog.Public && old.Visibility != blog.Unlisted {
		now := c.Comment
		now.ArticleID, now.Mention = old.ArticleID, old.Mention
		rulings, err := p.Blog.JudgeWith(ctx, p.site, p.blocks, []blog.Comment{now})
		if err != nil {
			return err
		}
		ruling = rulings[0]
	}
	if ruling, err = p.Blog.JudgeQuote(ctx, c.Comment, ruling); err != nil {
		return err
	}
	c.State, c.Reasons = ruling.State, ruling.Reasons
	return nil
}
