package auth

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// What happens to the security of an account, by its name in the audit log;
// the entry's subject is the account.
const (
	EventSignIn        = "security.sign-in" // in a browser or a network that is new
	EventTries         = "security.tries"   // many wrong passwords or codes
	EventPassword      = "account.password"
	EventAppOn         = "security.app-on"
	EventAppOff        = "security.app-off"
	EventCodes         = "security.codes"     // new recovery codes
	EventCodeUsed      = "security.code-used" // a recovery code
	EventPasskeyAdd    = "security.passkey-add"
	EventPasskeyRemove = "security.passkey-remove"
	EventPasskeyCopied = "security.passkey-copied" // two seem to have the same one
	EventEnd           = "security.end"            // sessions were ended
	EventReset         = "security.reset"          // all second factors taken off by command
)

// Quiet are the events that nobody is told of by mail.
var quiet = map[string]bool{EventEnd: true}

// Event is written with what it tells of, in one transaction.
type Event struct {
	Audit blog.AuditEntry
	Mail  *blog.Mail // nil = nobody is written to
}

// EventStore keeps events that change nothing else.
type EventStore interface {
	// AddEvent writes one, unless the same happened to the account since then;
	// zero = in any case.
	AddEvent(ctx context.Context, e Event, since time.Time) error
	// Events returns the entries about the account, newest first.
	Events(ctx context.Context, account uuid.UUID, limit int) ([]blog.AuditEntry, error)
}

// Letters writes to accounts. An account without an address, and a blog
// without a mail server, get nil.
type Letters interface {
	Alert(ctx context.Context, to blog.Account, e blog.AuditEntry) (*blog.Mail, error)
}

// event makes one. by is who did it, uuid.Nil the command line or nobody known.
func (s *Service) event(ctx context.Context, by uuid.UUID, a blog.Account, action string, c Client, detail map[string]string) (Event, error) {
	all := map[string]string{}
	if device := c.Device(); device != "" {
		all["device"] = device
	}
	if network := c.Network(); network != "" {
		all["network"] = network
	}
	maps.Copy(all, detail)
	e := Event{Audit: blog.AuditEntry{
		ID: newID(), At: s.now(), AccountID: by, Action: action, Subject: a.ID.String(), Detail: all,
	}}
	if s.Letters == nil || quiet[action] {
		return e, nil
	}
	var err error
	if e.Mail, err = s.Letters.Alert(ctx, a, e.Audit); err != nil {
		return e, fmt.Errorf("auth: alert: %w", err)
	}
	return e, nil
}

// own is an event that an account itself made happen.
func (s *Service) own(ctx context.Context, a blog.Account, action string, c Client) (Event, error) {
	return s.event(ctx, a.ID, a, action, c, nil)
}

// Events returns what happened lately to the security of an account.
func (s *Service) Events(ctx context.Context, account uuid.UUID, limit int) ([]blog.AuditEntry, error) {
	events, err := s.store.Events(ctx, account, limit)
	if err != nil {
		return nil, fmt.Errorf("auth: events: %w", err)
	}
	return events, nil
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
