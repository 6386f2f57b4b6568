package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// Store is what signing in needs.
type Store interface {
	// Account and AccountByName answer blog.ErrNotFound.
	Account(ctx context.Context, id uuid.UUID) (blog.Account, error)
	AccountByName(ctx context.Context, name string) (blog.Account, error)
	// ChangePassword stores a new hash and ends all sign-ins of the account.
	ChangePassword(ctx context.Context, account uuid.UUID, hash string, e Event) error
	EventStore
	SignInStore
	FactorStore
	PasskeyStore
	TryStore
}

// ErrSignedOut says that the request belongs to nobody.
var ErrSignedOut = errors.New("not signed in")

// ErrSecondFactor says that the password was right, and that a second factor
// is wanted: Second or LoginPasskey goes on.
var ErrSecondFactor = errors.New("a second factor is wanted")

// Service signs people in and out. All that has to do with a session is called
// below Sessions.Middleware.
type Service struct {
	// Origin is the public one, which passkeys are bound to; without it there
	// are none.
	Origin string
	// Letters tells accounts by mail what happened; nil tells nobody.
	Letters Letters

	store    Store
	sessions *Sessions
	brake    *brake
	now      func() time.Time
}

// New makes the service; now is the clock.
func New(store Store, sessions *Sessions, now func() time.Time) *Service {
	return &Service{store: store, sessions: sessions, brake: &brake{now, store}, now: now}
}

// Login signs in whoever knows the password. The error is ErrWrong, *Braked
// after too many tries, or ErrSecondFactor.
func (s *Service) Login(ctx context.Context, name, password string, c Client) (blog.Account, error) {
	a, err := s.store.AccountByName(ctx, name)
	if err != nil && !errors.Is(err, blog.ErrNotFound) {
		return blog.Account{}, fmt.Errorf("auth: login: %w", err)
	}
	if err := s.checkPassword(ctx, a, name, password, c); err != nil {
		return blog.Account{}, err
	}
	f, err := s.Factors(ctx, a.ID)
	if err != nil {
		return blog.Account{}, err
	}
	if !f.On() {
		return a, s.Begin(ctx, a, ByPassword, c)
	}
	if err := s.sessions.pend(ctx, a, s.now().Add(pendingLife)); err != nil {
		return blog.Account{}, fmt.Errorf("auth: session: %w", err)
	}
	return a, ErrSecondFactor
}

// checkPassword is braked by name and address. An account that does not exist
// takes as long as one that does.
func (s *Service) checkPassword(ctx context.Context, a blog.Account, name, password string, c Client) error {
	tries, err := s.brake.try(ctx, name, c.Addr)
	if err != nil {
		return err
	}
	if err := Verify(ctx, a.Password, password); err != nil {
		if errors.Is(err, ErrWrong) {
			return errors.Join(err, s.alarm(ctx, a, tries, c))
		}
		return err
	}
	return s.brake.forgive(ctx, name, c.Addr)
}

const (
	alarmTries = 10 // wrong ones in a row that the account is told of
	alarmEvery = time.Hour
)

// alarm tells an account of many wrong tries.
func (s *Service) alarm(ctx context.Context, a blog.Account, tries int, c Client) error {
	if tries != alarmTries || a.ID == uuid.Nil {
		return nil
	}
	e, err := s.event(ctx, uuid.Nil, a, EventTries, c, nil)
	if err == nil {
		err = s.store.AddEvent(ctx, e, s.now().Add(-alarmEvery))
	}
	return err
}

// Logout ends the session.
func (s *Service) Logout(ctx context.Context) error {
	a, in, err := s.current(ctx)
	if err == nil {
		_, err = s.store.EndSignIns(ctx, a.ID, in.ID, uuid.Nil, Event{})
	}
	if err != nil && !errors.Is(err, ErrSignedOut) {
		return fmt.Errorf("auth: logout: %w", err)
	}
	if err := s.sessions.end(ctx); err != nil {
		return fmt.Errorf("auth: logout: %w", err)
	}
	return nil
}

// ChangePassword gives who is signed in a new password; all their other
// sessions end. Errors: ErrWrong for the present one, *Braked, *blog.Invalid.
func (s *Service) ChangePassword(ctx context.Context, present, next string, c Client) error {
	a, in, err := s.current(ctx)
	if err != nil {
		return err
	}
	if err := CheckPassword(next); err != nil {
		return err
	}
	if err := s.checkPassword(ctx, a, a.Name, present, c); err != nil {
		return err
	}
	if a.Password, err = Hash(ctx, next); err != nil {
		return err
	}
	e, err := s.own(ctx, a, EventPassword, c)
	if err != nil {
		return err
	}
	if err := s.store.ChangePassword(ctx, a.ID, a.Password, e); err != nil {
		return fmt.Errorf("auth: change password: %w", err)
	}
	return s.Begin(ctx, a, in.Method, c)
}
