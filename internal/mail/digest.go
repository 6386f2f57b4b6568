package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/markup"
)

// Digests tell accounts by mail what happened, as often as each wants. All
// fields are required.
type Digests struct {
	Blog   *blog.Service
	Sender *Sender
	// Page and Leave are the paths of the notifications in the Studio, and of
	// the page that ends digests, which gets a token.
	Page, Leave string
}

const (
	maxTold    = 500 // notifications that a digest looks at
	maxEntries = 30  // groups of them that it tells
	maxQuoted  = 200 // characters of a text
)

// Send enqueues the digests that are due. What it enqueued is not told again.
func (d *Digests) Send(ctx context.Context) error {
	if !d.Sender.Configured() {
		return nil
	}
	site, err := d.Blog.Site(ctx)
	if err != nil {
		return fmt.Errorf("digests: %w", err)
	}
	accounts, err := d.Blog.Accounts(ctx)
	if err != nil {
		return fmt.Errorf("digests: %w", err)
	}
	var failed error
	for _, a := range accounts {
		if err := d.tell(ctx, site, a); err != nil {
			failed = errors.Join(failed, fmt.Errorf("digest for %s: %w", a.Name, err))
		}
	}
	return failed
}

func (d *Digests) tell(ctx context.Context, site blog.Site, a blog.Account) error {
	n, err := d.Blog.NotificationSettings(ctx, a.ID)
	if err != nil {
		return err
	}
	now := d.Blog.Now()
	if n.Digest == blog.DigestNever || a.Email == "" || !n.Digested.Before(lastDue(n, now.In(site.Location()))) {
		return nil
	}
	m, err := d.letter(ctx, site, a, n)
	if err != nil {
		return err
	}
	err = d.Blog.Store.SetDigested(ctx, a.ID, n.Digested, now, m)
	if errors.Is(err, blog.ErrConflict) {
		return nil // another node was faster, or it was left meanwhile
	}
	return err
}

// lastDue is when a digest was due last, by the clock of now's time zone.
func lastDue(n blog.NotificationSettings, now time.Time) time.Time {
	y, m, day := now.Date()
	if n.Digest == blog.DigestWeekly {
		day -= (int(now.Weekday()) + 6) % 7 // back to Monday
	}
	due := time.Date(y, m, day, n.Hour, 0, 0, 0, now.Location())
	if due.After(now) {
		back := 1
		if n.Digest == blog.DigestWeekly {
			back = 7
		}
		due = time.Date(y, m, day-back, n.Hour, 0, 0, 0, now.Location())
	}
	return due
}

// letter is the digest of what is new, nil when nothing is. What was read in
// the Studio is not told by mail.
func (d *Digests) letter(ctx context.Context, site blog.Site, a blog.Account, n blog.NotificationSettings) (*blog.Mail, error) {
	q := a.ByMail(n)
	q.After, q.Limit = n.Digested, maxTold
	if n.Seen.After(q.After) {
		q.After = n.Seen
	}
	list, err := d.Blog.Notifications(ctx, q)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	seal, err := d.Blog.Seal(ctx)
	if err != nil {
		return nil, err
	}
	l := Letter{Language: a.Language, Blog: site.Title}
	if l.Language == "" {
		l.Language = site.Language
	}
	groups, _ := blog.GroupNotifications(list, q.After, maxTold)
	for _, g := range groups[:min(len(groups), maxEntries)] {
		l.Entries = append(l.Entries, Entry{
			Title: g.Sentence(l.Language), Text: markup.Excerpt(oneLine(g.Text), maxQuoted), URL: place(site, g.Notification),
		})
	}
	l.Subject = site.Title + ": " + i18n.T(l.Language, "digest.subject", len(groups))
	if rest := len(groups) - maxEntries; rest > 0 {
		l.Entries = append(l.Entries, Entry{Title: i18n.T(l.Language, "digest.more", rest)})
	}
	l.More = &Link{i18n.T(l.Language, "digest.open"), site.Origin + d.Page}
	l.Reason = i18n.T(l.Language, "digest.reason")
	l.Leave = site.Origin + d.Leave + "?" + url.Values{"token": {seal.Token(blog.DigestPurpose, a.ID)}}.Encode()
	m, err := l.Mail(d.Blog.NewID(), a.Email)
	return &m, err
}

// place is the page where something happened, "" when there is none that
// everybody may see. It is made from the blog's own origin, never from what
// others sent.
func place(site blog.Site, n blog.Notification) string {
	switch {
	case n.Slug == "" || n.Kind == blog.NotifyPrivate || n.Kind == blog.NotifyWaiting:
		return ""
	case n.Comment == uuid.Nil:
		return site.Address().Page(n.Slug)
	}
	return site.Address().Comment(n.Slug, n.Comment)
}
