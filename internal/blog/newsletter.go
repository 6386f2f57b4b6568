package blog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// NewsletterSettings say whether and how articles are sent by mail.
type NewsletterSettings struct {
	On      bool      `json:"on"`
	Since   time.Time `json:"since,omitzero"` // when it was turned on: what was published before is not sent
	Full    bool      `json:"full"`           // the whole text; otherwise summary and link
	Delay   int       `json:"delay"`          // minutes after publication
	Rate    int       `json:"rate"`           // letters a minute
	Day     int       `json:"day"`            // of the weekly letter: 0 = Sunday
	Hour    int       `json:"hour"`           // of the weekly letter, in the blog's time zone
	Sender  string    `json:"sender"`         // name that letters are from, "" = the blog's title
	ReplyTo string    `json:"reply_to"`       // address of mail, "" = none
	Footer  string    `json:"footer"`         // such as a postal address
}

// DefaultNewsletter is what a fresh blog has.
func DefaultNewsletter() NewsletterSettings {
	return NewsletterSettings{Delay: 10, Rate: 60, Day: int(time.Monday), Hour: 7}
}

// Bounds of the settings.
const (
	MaxNewsletterDelay = 24 * 60
	MaxNewsletterRate  = 1000
	MaxNewsletterText  = 500
)

func (s Site) checkNewsletter() error {
	n := s.Newsletter
	outside := func(field string, value, low, high int) error {
		if value >= low && value <= high {
			return nil
		}
		return &Invalid{Field: field, Problem: "newsletter-number", Detail: fmt.Sprintf("%d–%d", low, high)}
	}
	line := func(field, text string) error {
		if utf8.RuneCountInString(text) > MaxNewsletterText {
			return &Invalid{Field: field, Problem: "too-long", Detail: fmt.Sprint(MaxNewsletterText)}
		}
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && (field != "newsletter_footer" || r != '\n') }) {
			return &Invalid{Field: field, Problem: "newsletter-line"}
		}
		return nil
	}
	if n.ReplyTo != "" {
		if email, err := NormalEmail(n.ReplyTo); err != nil || email != n.ReplyTo {
			return &Invalid{Field: "newsletter_reply_to", Problem: "email"}
		}
	}
	for _, err := range []error{
		outside("newsletter_delay", n.Delay, 0, MaxNewsletterDelay), outside("newsletter_rate", n.Rate, 1, MaxNewsletterRate),
		outside("newsletter_day", n.Day, 0, 6), outside("newsletter_hour", n.Hour, 0, 23),
		line("newsletter_sender", n.Sender), line("newsletter_footer", n.Footer),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// Subscriber is somebody who gets the newsletter, or was asked about it.
type Subscriber struct {
	ID        uuid.UUID
	Email     string
	Language  string
	Weekly    bool
	Created   time.Time
	Question  uuid.UUID // of the link in the question; uuid.Nil = answered
	Confirmed time.Time // zero = not yet
	Failures  int
	Paused    time.Time // zero = not
}

// SubscriberQuery picks subscribers, newest first.
type SubscriberQuery struct {
	Search string // part of the address
	Before Cursor
	Limit  int
}

// Subscribers counts them.
type Subscribers struct{ Confirmed, Waiting, Paused int }

// Issue is what was sent, with how many letters are in which state. One that
// is unknown was begun by a program that died.
type Issue struct {
	ID                                      uuid.UUID
	Article                                 uuid.UUID // uuid.Nil = the articles of the week until Until
	Title                                   string
	Until, Created                          time.Time
	Sent, Failed, Waiting, Unknown, Dropped int
}

// NewsletterLetter is one letter to be sent now.
type NewsletterLetter struct {
	ID         uuid.UUID
	Article    uuid.UUID // uuid.Nil = weekly
	Until      time.Time
	Tries      int
	Subscriber Subscriber
}

// NewsletterReader is what is read about the newsletter. Addresses are personal
// data: they are for those who may SendNewsletter, and for no log.
type NewsletterReader interface {
	Subscriber(ctx context.Context, id uuid.UUID) (Subscriber, error)
	SubscriberByQuestion(ctx context.Context, question uuid.UUID) (Subscriber, error)
	SubscriberByEmail(ctx context.Context, email string) (Subscriber, error)
	Subscribers(ctx context.Context, q SubscriberQuery) ([]Subscriber, error)
	CountSubscribers(ctx context.Context) (Subscribers, error)
	Issues(ctx context.Context, limit int) ([]Issue, error)
}

// NewsletterWriter is what is changed about it.
type NewsletterWriter interface {
	// AskSubscriber writes down that somebody may want the newsletter, and that
	// the question has to be sent. Who gets the newsletter already, or was
	// asked too often, is left alone: nothing tells which.
	AskSubscriber(ctx context.Context, sub Subscriber) error
	// ConfirmSubscriber answers the question; again is ErrNotFound.
	ConfirmSubscriber(ctx context.Context, question uuid.UUID, at time.Time) (Subscriber, error)
	SetSubscriber(ctx context.Context, id uuid.UUID, language string, weekly bool) error
	// DeleteSubscriber forgets an address; one that is not there is no error.
	DeleteSubscriber(ctx context.Context, id uuid.UUID) error
}

// NewsletterQuestionLife is how long the link in the question is good for.
const NewsletterQuestionLife = 3 * 24 * time.Hour

// What the tokens in its letters are good for (Seal).
const (
	NewsletterConfirmPurpose = "newsletter confirm"
	NewsletterLeavePurpose   = "newsletter leave"
)

// NewsletterConfirm is the page that begins the newsletter.
func (a Address) NewsletterConfirm(token string) string {
	return a.Origin + "/-/newsletter/confirm?token=" + token
}

// NewsletterLeave is the page that ends it, and takes the POST of RFC 8058.
func (a Address) NewsletterLeave(token string) string {
	return a.Origin + "/-/newsletter/leave?token=" + token
}

// Subscribe has the question sent to an address, unless it was answered
// already. Errors: *Invalid of the field "email".
func (s *Service) Subscribe(ctx context.Context, typed, language string) error {
	email, err := NormalEmail(typed)
	if err != nil {
		return err
	}
	err = s.Store.AskSubscriber(ctx, Subscriber{
		ID: s.NewID(), Email: email, Language: language, Created: s.Now(), Question: s.NewID(),
	})
	if err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	return nil
}

// Asked is who a link in a question is for: ErrGone when it was used, or is too
// old.
func (s *Service) Asked(ctx context.Context, token string) (Subscriber, error) {
	seal, err := s.Seal(ctx)
	if err != nil {
		return Subscriber{}, err
	}
	question, ok := seal.Open(NewsletterConfirmPurpose, token)
	if !ok {
		return Subscriber{}, ErrNotFound
	}
	sec, nsec := question.Time().UnixTime()
	if s.Now().Sub(time.Unix(sec, nsec)) > NewsletterQuestionLife {
		return Subscriber{}, ErrGone
	}
	sub, err := s.SubscriberByQuestion(ctx, question)
	if errors.Is(err, ErrNotFound) {
		err = ErrGone
	}
	return sub, err
}

// ConfirmNewsletter answers the question with yes. Errors: as Asked.
func (s *Service) ConfirmNewsletter(ctx context.Context, token string) (Subscriber, error) {
	asked, err := s.Asked(ctx, token)
	if err != nil {
		return Subscriber{}, err
	}
	sub, err := s.Store.ConfirmSubscriber(ctx, asked.Question, s.Now())
	if errors.Is(err, ErrNotFound) {
		err = ErrGone
	}
	return sub, err
}

// LeaveNewsletter forgets the subscriber that a token is for. Again changes
// nothing; ErrNotFound is a token that was not made here.
func (s *Service) LeaveNewsletter(ctx context.Context, token string) error {
	id, err := s.subscriberID(ctx, token)
	if err != nil {
		return err
	}
	return s.Store.DeleteSubscriber(ctx, id)
}

// SubscriberOf is who a token in a letter is for. Errors: ErrNotFound also for
// one that left.
func (s *Service) SubscriberOf(ctx context.Context, token string) (Subscriber, error) {
	id, err := s.subscriberID(ctx, token)
	if err != nil {
		return Subscriber{}, err
	}
	return s.Subscriber(ctx, id)
}

func (s *Service) subscriberID(ctx context.Context, token string) (uuid.UUID, error) {
	seal, err := s.Seal(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	id, ok := seal.Open(NewsletterLeavePurpose, token)
	if !ok {
		return uuid.Nil, ErrNotFound
	}
	return id, nil
}
