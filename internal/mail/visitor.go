package mail

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/markup"
)

// answerLength is how much of an answer stands in a mail, in characters.
const answerLength = 500

// Visitors writes to visitors of the web who asked to hear of answers.
type Visitors struct {
	Blog *blog.Service
	Send func(context.Context, blog.Mail) error
}

// Tell sends one mail, unless it is out of place meanwhile: whoever left gets
// none, and nobody reads in it what the page does not show.
func (v *Visitors) Tell(ctx context.Context, job blog.VisitorMail) error {
	letter, to, err := v.letter(ctx, job)
	if errors.Is(err, blog.ErrNotFound) || errors.Is(err, blog.ErrGone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("tell a visitor: %w", err)
	}
	// The same job tried again is the same letter.
	m, err := letter.Mail(uuid.NewSHA1(job.Subscription, job.Comment[:]), to)
	if err != nil {
		return err
	}
	return v.Send(ctx, m)
}

// letter is what to send and to whom; blog.ErrNotFound or ErrGone for nothing.
func (v *Visitors) letter(ctx context.Context, job blog.VisitorMail) (Letter, string, error) {
	wish, err := v.Blog.Subscription(ctx, job.Subscription)
	if err != nil {
		return Letter{}, "", err
	}
	question := job.Comment == uuid.Nil
	if !wish.Ended.IsZero() || question != wish.Confirmed.IsZero() {
		return Letter{}, "", blog.ErrGone
	}
	place, err := v.Blog.VisitorPlace(ctx, wish.Article, job.Comment)
	if err != nil {
		return Letter{}, "", err
	}
	site, err := v.Blog.Site(ctx)
	if err != nil {
		return Letter{}, "", err
	}
	seal, err := v.Blog.Seal(ctx)
	if err != nil {
		return Letter{}, "", err
	}
	title := place.Article.Title
	if title == "" {
		title = markup.Excerpt(place.Article.Text, 60)
	}
	l := Letter{
		Language: wish.Language, Blog: site.Title,
		Leave: site.Address().Leave(seal.Token(blog.LeavePurpose, wish.ID)),
	}
	if question {
		l.ask(title, site.Address().Confirm(seal.Token(blog.ConfirmPurpose, wish.ID)))
	} else {
		l.tell(title, place.Parent, site.Address().CommentPlace(place.Parent.ID))
	}
	return l, wish.Email, nil
}

func (l *Letter) ask(title, confirm string) {
	t := func(key string, args ...any) string { return i18n.T(l.Language, key, args...) }
	l.Subject, l.Intro = t("mail.visitor.ask", l.Blog), t("mail.visitor.ask.intro", title)
	l.More = &Link{Text: t("confirm.go"), URL: confirm}
	l.Reason = t("mail.visitor.ask.reason")
}

func (l *Letter) tell(title string, c blog.Comment, address string) {
	t := func(key string, args ...any) string { return i18n.T(l.Language, key, args...) }
	text := markup.Excerpt(c.Text, answerLength)
	if c.Warning != "" {
		text = c.Warning
	}
	l.Subject = t("mail.visitor.answer", c.Actor.Label(), title)
	l.Entries = []Entry{{Title: t("mail.visitor.answer.title", c.Actor.Label()), Text: text, URL: address}}
	l.Reason = t("mail.visitor.answer.reason", title)
}
