package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/markup"
)

// NewsletterStore keeps which letters are to be sent.
type NewsletterStore interface {
	PlanArticleIssues(ctx context.Context, since, until, at time.Time, id func() uuid.UUID) error
	PlanWeek(ctx context.Context, since, until, at time.Time, id uuid.UUID) error
	DueLetters(ctx context.Context, rate int, at time.Time) ([]blog.NewsletterLetter, error)
	BeginLetter(ctx context.Context, id uuid.UUID, at time.Time) (bool, error)
	PutOffLetter(ctx context.Context, id uuid.UUID, due time.Time) error
	EndLetter(ctx context.Context, id uuid.UUID, state string, refused bool, at time.Time) error
	ForgetUnanswered(ctx context.Context, before time.Time) error
	TakeQuestion(ctx context.Context, at time.Time) (blog.Subscriber, error)
	AskLater(ctx context.Context, id uuid.UUID, at time.Time) error
}

// Newsletter sends articles by mail to those who asked for them. All fields
// are required.
type Newsletter struct {
	Blog  *blog.Service
	Store NewsletterStore
	Send  func(context.Context, blog.Mail) error
	Log   *slog.Logger
}

const (
	letterBudget   = 40 * time.Second // of one run, which has a minute
	questionsAtOne = 20
	maxTries       = 40 // of a letter, over some days
	weekArticles   = 50
)

// Run plans what is due and sends a part of it. What the server does not take
// now waits; addresses reach no log.
func (n *Newsletter) Run(ctx context.Context) error {
	site, err := n.Blog.Site(ctx)
	if err != nil || !site.Newsletter.On {
		return err
	}
	now := n.Blog.Now()
	until := now.Add(-time.Duration(site.Newsletter.Delay) * time.Minute)
	err = n.Store.PlanArticleIssues(ctx, site.Newsletter.Since, until, now, n.Blog.NewID)
	if due := lastWeekly(site.Newsletter, now.In(site.Location())); err == nil && due.After(site.Newsletter.Since) {
		err = n.Store.PlanWeek(ctx, site.Newsletter.Since, due, now, n.Blog.NewID())
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, letterBudget)
	defer cancel()
	if err := n.ask(ctx, site); err != nil {
		return err
	}
	return n.letters(ctx, site)
}

// lastWeekly is when the weekly letter was due last, by the clock of now's time
// zone.
func lastWeekly(s blog.NewsletterSettings, now time.Time) time.Time {
	back := (int(now.Weekday()) - s.Day + 7) % 7
	y, m, d := now.Date()
	due := time.Date(y, m, d-back, s.Hour, 0, 0, 0, now.Location())
	if due.After(now) {
		due = time.Date(y, m, d-back-7, s.Hour, 0, 0, 0, now.Location())
	}
	return due
}

// ask sends the questions. The first that the server does not take ends the
// round: the rest would fare no better.
func (n *Newsletter) ask(ctx context.Context, site blog.Site) error {
	if err := n.Store.ForgetUnanswered(ctx, n.Blog.Now().Add(-blog.NewsletterQuestionLife)); err != nil {
		return err
	}
	for range questionsAtOne {
		sub, err := n.Store.TakeQuestion(ctx, n.Blog.Now())
		if errors.Is(err, blog.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m, err := n.question(ctx, site, sub)
		if err == nil {
			err = n.Send(ctx, m)
		}
		if err == nil {
			continue
		}
		n.Log.WarnContext(ctx, "the newsletter's question was not taken", "status", Status(err))
		if !permanent(err) {
			return n.Store.AskLater(context.WithoutCancel(ctx), sub.ID, n.Blog.Now().Add(retryIn(1)))
		}
	}
	return nil
}

func (n *Newsletter) letters(ctx context.Context, site blog.Site) error {
	due, err := n.Store.DueLetters(ctx, site.Newsletter.Rate, n.Blog.Now())
	if err != nil {
		return err
	}
	for _, l := range due {
		if ctx.Err() != nil {
			return nil // what was not begun waits for the next run
		}
		if goOn, err := n.send(ctx, site, l); err != nil || !goOn {
			return err
		}
	}
	return nil
}

// send sends one letter, and reports whether the next should be tried.
func (n *Newsletter) send(ctx context.Context, site blog.Site, l blog.NewsletterLetter) (bool, error) {
	m, err := n.letter(ctx, site, l)
	gone := errors.Is(err, blog.ErrGone) || errors.Is(err, blog.ErrNotFound)
	if err != nil && !gone {
		return false, err
	}
	began, err := n.Store.BeginLetter(ctx, l.ID, n.Blog.Now())
	if err != nil || !began {
		return err == nil, err
	}
	after := context.WithoutCancel(ctx) // what became of it is written down in any case
	if gone {
		return true, n.Store.EndLetter(after, l.ID, "dropped", false, n.Blog.Now())
	}
	err = n.Send(ctx, m)
	switch {
	case err == nil:
		return true, n.Store.EndLetter(after, l.ID, "sent", false, n.Blog.Now())
	case permanent(err):
		return true, n.Store.EndLetter(after, l.ID, "failed", true, n.Blog.Now())
	case l.Tries+1 >= maxTries:
		return true, n.Store.EndLetter(after, l.ID, "failed", false, n.Blog.Now())
	}
	n.Log.WarnContext(ctx, "a letter of the newsletter was not taken", "letter", l.ID, "status", Status(err))
	var refused *Error
	reached := errors.As(err, &refused) && refused.Step == "send"
	return reached, n.Store.PutOffLetter(after, l.ID, n.Blog.Now().Add(retryIn(l.Tries+1)))
}

func permanent(err error) bool {
	var p interface{ Permanent() bool }
	return errors.As(err, &p) && p.Permanent()
}

// retryIn is the wait after so many tries: two minutes, twice as long each
// time, at most two hours.
func retryIn(tries int) time.Duration { return min(time.Minute<<min(tries, 7), 2*time.Hour) }

func (n *Newsletter) question(ctx context.Context, site blog.Site, sub blog.Subscriber) (blog.Mail, error) {
	seal, err := n.Blog.Seal(ctx)
	if err != nil {
		return blog.Mail{}, err
	}
	t := func(key string, args ...any) string { return i18n.T(sub.Language, key, args...) }
	l := Letter{
		Language: sub.Language, Blog: site.Title, Subject: t("mail.newsletter.ask", site.Title), Intro: t("mail.newsletter.ask.intro", site.Title),
		More:   &Link{t("newsletter.confirm.go"), site.Address().NewsletterConfirm(seal.Token(blog.NewsletterConfirmPurpose, sub.Question))},
		Reason: t("mail.newsletter.ask.reason"),
	}
	return l.Mail(sub.Question, sub.Email)
}

// letter is one letter; blog.ErrGone when what it would tell was taken back.
func (n *Newsletter) letter(ctx context.Context, site blog.Site, of blog.NewsletterLetter) (blog.Mail, error) {
	seal, err := n.Blog.Seal(ctx)
	if err != nil {
		return blog.Mail{}, err
	}
	l, err := n.tell(ctx, site, of)
	if err != nil {
		return blog.Mail{}, err
	}
	l.Leave = site.Address().NewsletterLeave(seal.Token(blog.NewsletterLeavePurpose, of.Subscriber.ID))
	m, err := l.Mail(of.ID, of.Subscriber.Email)
	m.List, m.From, m.ReplyTo = site.Title, site.Newsletter.Sender, site.Newsletter.ReplyTo
	return m, err
}

// Test sends the newest article to one address as a subscriber would get it.
// Its link to leave leads to nobody.
func (n *Newsletter) Test(ctx context.Context, email, language string) error {
	site, err := n.Blog.Site(ctx)
	if err != nil {
		return err
	}
	newest, err := n.Blog.Articles(ctx, blog.ArticleQuery{Limit: 1})
	if err != nil {
		return err
	}
	if len(newest) == 0 {
		return fmt.Errorf("test letter: %w", blog.ErrNotFound)
	}
	m, err := n.letter(ctx, site, blog.NewsletterLetter{
		ID: n.Blog.NewID(), Article: newest[0].ID, Subscriber: blog.Subscriber{ID: n.Blog.NewID(), Email: email, Language: language},
	})
	if err != nil {
		return err
	}
	return n.Send(ctx, m)
}

func (n *Newsletter) tell(ctx context.Context, site blog.Site, of blog.NewsletterLetter) (Letter, error) {
	lang := of.Subscriber.Language
	l := Letter{Language: lang, Blog: site.Title, Reason: i18n.T(lang, "mail.newsletter.reason", site.Title)}
	if site.Newsletter.Footer != "" {
		l.Reason += "\n" + site.Newsletter.Footer
	}
	if of.Article == uuid.Nil {
		return n.week(ctx, site, l, of.Until)
	}
	a, err := n.Blog.Article(ctx, of.Article)
	if err != nil {
		return Letter{}, err
	}
	if a.Status != blog.Published || !a.Post() {
		return Letter{}, blog.ErrGone
	}
	l.Subject = headline(a)
	l.Entries = []Entry{entry(site, a, site.Newsletter.Full)}
	l.More = &Link{i18n.T(lang, "mail.newsletter.answer"), site.Address().Page(a.Slug) + "#respond"}
	return l, nil
}

// week tells what was published in the week before until and is still there.
func (n *Newsletter) week(ctx context.Context, site blog.Site, l Letter, until time.Time) (Letter, error) {
	from := until.AddDate(0, 0, -7)
	if site.Newsletter.Since.After(from) {
		from = site.Newsletter.Since
	}
	list, err := n.Blog.Articles(ctx, blog.ArticleQuery{From: from, Until: until, Limit: weekArticles})
	if err != nil {
		return Letter{}, err
	}
	if len(list) == 0 {
		return Letter{}, fmt.Errorf("the articles of the week: %w", blog.ErrGone)
	}
	for _, a := range list {
		l.Entries = append(l.Entries, entry(site, a, false))
	}
	l.Subject = i18n.T(l.Language, "mail.newsletter.week", site.Title, len(list))
	l.More = &Link{i18n.T(l.Language, "mail.newsletter.open"), site.Address().Origin + "/"}
	return l, nil
}

func headline(a blog.Article) string {
	if title := markup.Name(a.Title); title != "" {
		return title
	}
	return markup.Excerpt(oneLine(a.Text), 60)
}

func entry(site blog.Site, a blog.Article, full bool) Entry {
	text := a.Summary
	if text == "" {
		text = a.Excerpt
	}
	if full {
		text = a.Text
	}
	return Entry{Title: headline(a), Text: text, URL: site.Address().Page(a.Slug), Language: a.Language}
}
