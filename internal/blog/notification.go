package blog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// NotificationKind is a kind of what happens to an account or to the blog.
type NotificationKind string

// The kinds of notifications.
const (
	NotifyComment NotificationKind = "comment" // a new one under an article
	NotifyAnswer  NotificationKind = "answer"  // to a comment of ours
	NotifyPrivate NotificationKind = "private" // addressed to some people only
	NotifyMention NotificationKind = "mention" // a post elsewhere that names one of ours
	NotifyQuote   NotificationKind = "quote"
	NotifyLike    NotificationKind = "like" // or an emoji
	NotifyBoost   NotificationKind = "boost"
	NotifyFollow  NotificationKind = "follow"
	NotifyWaiting NotificationKind = "waiting" // a comment waits for a moderator
	NotifyReport  NotificationKind = "report"
	// NotifySecurity is something that happened to the account's own security.
	// Where mail can be sent, it is told at once.
	NotifySecurity NotificationKind = "security"
)

// NotificationKinds are all of them, in the order of the settings.
var NotificationKinds = []NotificationKind{
	NotifyComment, NotifyAnswer, NotifyPrivate, NotifyMention, NotifyQuote, NotifyLike, NotifyBoost, NotifyFollow,
	NotifyWaiting, NotifyReport, NotifySecurity,
}

// Notification is one thing that happened.
type Notification struct {
	Kind    NotificationKind
	ID      uuid.UUID // of the comment, the reaction or the report; of the follower for a follow
	At      time.Time
	Actor   Actor     // who did it; a report comes from From
	From    string    // the id of the actor that sent a report; what happened to the security of the account
	Article uuid.UUID // where it happened; uuid.Nil = nowhere
	Title   string    // of the article; may be ""
	Slug    string
	Comment uuid.UUID // the comment itself, or the one of ours that was liked or boosted
	Text    string    // how a comment or report begins, or the emoji
}

// Cursor is the place of the notification in the list.
func (n Notification) Cursor() Cursor { return Cursor{At: n.At, ID: n.ID} }

// NotificationQuery picks notifications, newest first.
type NotificationQuery struct {
	Kinds []NotificationKind // none = nothing
	// Account is who hears of it: of the security of no other account.
	Account uuid.UUID
	Own     uuid.UUID // only about articles and comments of this account; uuid.Nil = about all
	After   time.Time // only newer ones
	Before  Cursor
	Limit   int
}

// NotificationSettings are what an account wants to hear of. It hears of new
// kinds until it says otherwise.
type NotificationSettings struct {
	Hidden   []NotificationKind `json:"hidden"`   // not on the page
	Unmailed []NotificationKind `json:"unmailed"` // not in digests
	Digest   Digest             `json:"digest"`
	Hour     int                `json:"hour"` // of the blog's time zone, from when on a digest is sent

	Seen     time.Time `json:"-"` // what is newer is unread
	Digested time.Time `json:"-"` // until when the last digest told; zero = there was none
}

// Digest is how often an account gets a digest by mail.
type Digest string

// The digests.
const (
	DigestNever  Digest = ""
	DigestDaily  Digest = "daily"
	DigestWeekly Digest = "weekly" // on Mondays
)

// NotificationReader reads notifications. They are the rows of what happened
// themselves: who is hidden, silenced or blocked is not notified of.
type NotificationReader interface {
	Notifications(ctx context.Context, q NotificationQuery) ([]Notification, error)
	// NotificationCount counts what Notifications returns, up to its limit, and
	// among the last thousand or so of everything.
	NotificationCount(ctx context.Context, q NotificationQuery) (int, error)
	NotificationSettings(ctx context.Context, account uuid.UUID) (NotificationSettings, error)
}

// NotificationWriter keeps what accounts want to hear of and have read.
type NotificationWriter interface {
	// SetNotificationSettings stores what has a name in JSON. Where digests
	// begin, they tell of what is after at.
	SetNotificationSettings(ctx context.Context, account uuid.UUID, n NotificationSettings, at time.Time) error
	// SetSeen says that everything until then was read.
	SetSeen(ctx context.Context, account uuid.UUID, until time.Time) error
	// SetDigested moves the end of the last digest on and enqueues the next, nil
	// for none. ErrConflict when somebody else did meanwhile.
	SetDigested(ctx context.Context, account uuid.UUID, last, until time.Time, m *Mail) error
}

// Notified are the kinds that an account may hear of, and uuid.Nil or whose
// articles and comments they have to be about: authors hear of what is their
// own and meant for everybody, moderators of what is to be moderated.
func (a Account) Notified() (kinds []NotificationKind, own uuid.UUID) {
	switch {
	case a.MayAll(WriteArticle):
		return NotificationKinds, uuid.Nil
	case a.MayAll(ModerateComments):
		return []NotificationKind{
			NotifyComment, NotifyAnswer, NotifyPrivate, NotifyMention, NotifyQuote, NotifyWaiting, NotifyReport, NotifySecurity,
		}, uuid.Nil
	case a.MayOwn(WriteArticle):
		return []NotificationKind{NotifyComment, NotifyAnswer, NotifyQuote, NotifyLike, NotifyBoost, NotifySecurity}, a.ID
	}
	return []NotificationKind{NotifySecurity}, a.ID
}

// query is what an account hears of, without the kinds that it left out.
func (a Account) query(without []NotificationKind) NotificationQuery {
	kinds, own := a.Notified()
	return NotificationQuery{Account: a.ID, Own: own, Kinds: slices.DeleteFunc(slices.Clone(kinds), func(k NotificationKind) bool {
		return slices.Contains(without, k)
	})}
}

// OnPage picks what is shown to an account.
func (a Account) OnPage(n NotificationSettings) NotificationQuery { return a.query(n.Hidden) }

// ByMail picks what is told to an account in digests. Of its security it has
// heard before.
func (a Account) ByMail(n NotificationSettings) NotificationQuery {
	return a.query(append(slices.Clone(n.Unmailed), NotifySecurity))
}

// MaxUnread is the most that Unread counts.
const MaxUnread = 100

// Unread counts what an account has not read, up to MaxUnread.
func (s *Service) Unread(ctx context.Context, a Account) (int, error) {
	settings, err := s.NotificationSettings(ctx, a.ID)
	if err != nil {
		return 0, fmt.Errorf("unread: %w", err)
	}
	q := a.OnPage(settings)
	q.After, q.Limit = settings.Seen, MaxUnread
	n, err := s.NotificationCount(ctx, q)
	if err != nil {
		return 0, fmt.Errorf("unread: %w", err)
	}
	return n, nil
}

// MarkRead says that an account has read everything until then.
func (s *Service) MarkRead(ctx context.Context, account uuid.UUID, until time.Time) error {
	if now := s.Now(); until.After(now) {
		until = now
	}
	if err := s.Store.SetSeen(ctx, account, until); err != nil {
		return fmt.Errorf("mark read: %w", err)
	}
	return nil
}

// SaveNotificationSettings stores what an account wants to hear of. Errors:
// *Invalid.
func (s *Service) SaveNotificationSettings(ctx context.Context, a Account, n NotificationSettings) error {
	switch n.Digest {
	case DigestNever:
	case DigestDaily, DigestWeekly:
		if a.Email == "" {
			return &Invalid{Field: "digest", Problem: "no-email"}
		}
	default:
		return &Invalid{Field: "digest", Problem: "digest", Detail: string(n.Digest)}
	}
	if n.Hour < 0 || n.Hour > 23 {
		return &Invalid{Field: "hour", Problem: "hour", Detail: fmt.Sprint(n.Hour)}
	}
	for _, kind := range append(slices.Clone(n.Hidden), n.Unmailed...) {
		if !slices.Contains(NotificationKinds, kind) {
			return &Invalid{Field: "kinds", Problem: "other", Detail: string(kind)}
		}
	}
	if err := s.Store.SetNotificationSettings(ctx, a.ID, n, s.Now()); err != nil {
		return fmt.Errorf("save notification settings: %w", err)
	}
	return nil
}

// DigestPurpose is what the tokens in digests are good for: to end them (Seal).
const DigestPurpose = "digest"

// LeaveDigest ends the digests of an account.
func (s *Service) LeaveDigest(ctx context.Context, account uuid.UUID) error {
	n, err := s.NotificationSettings(ctx, account)
	if err != nil {
		return fmt.Errorf("leave digest: %w", err)
	}
	n.Digest = DigestNever
	if err := s.Store.SetNotificationSettings(ctx, account, n, s.Now()); err != nil {
		return fmt.Errorf("leave digest: %w", err)
	}
	return nil
}
