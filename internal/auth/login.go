package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// Accounts is what signing in needs to know of them. Both look-ups answer
// blog.ErrNotFound.
type Accounts interface {
	Account(ctx context.Context, id uuid.UUID) (blog.Account, error)
	AccountByName(ctx context.Context, name string) (blog.Account, error)
	LoggedIn(ctx context.Context, id uuid.UUID, at time.Time) error
}

// ErrSignedOut says that the request belongs to nobody.
var ErrSignedOut = errors.New("not signed in")

// Service signs people in and out. Login, Logout and Current are called below
// Sessions.Middleware.
type Service struct {
	accounts Accounts
	sessions *Sessions
	brake    *brake
	now      func() time.Time
}

// New makes the service; now is the clock.
func New(accounts Accounts, sessions *Sessions, now func() time.Time) *Service {
	return &Service{accounts, sessions, newBrake(now), now}
}

// Login signs in whoever knows the password. from is where the request comes
// from. The error is ErrWrong, or *Braked after too many tries.
func (s *Service) Login(ctx context.Context, name, password string, from netip.Addr) (blog.Account, error) {
	if err := s.brake.try(name, from); err != nil {
		return blog.Account{}, err
	}
	a, err := s.accounts.AccountByName(ctx, name)
	if err != nil && !errors.Is(err, blog.ErrNotFound) {
		return blog.Account{}, fmt.Errorf("auth: login: %w", err)
	}
	// A name that does not exist takes as long as one that does.
	if err := Verify(ctx, a.Password, password); err != nil {
		return blog.Account{}, err
	}
	s.brake.forgive(name, from)
	if err := s.Begin(ctx, a); err != nil {
		return blog.Account{}, err
	}
	return a, nil
}

// Begin signs an account in without a password: one just made through the
// setup link, or whose password was just changed in this session.
func (s *Service) Begin(ctx context.Context, a blog.Account) error {
	if err := s.sessions.begin(ctx, a); err != nil {
		return fmt.Errorf("auth: session: %w", err)
	}
	if err := s.accounts.LoggedIn(ctx, a.ID, s.now()); err != nil {
		return fmt.Errorf("auth: session: %w", err)
	}
	return nil
}

// Logout ends the session.
func (s *Service) Logout(ctx context.Context) error {
	if err := s.sessions.end(ctx); err != nil {
		return fmt.Errorf("auth: logout: %w", err)
	}
	return nil
}

// Current is who is signed in, or ErrSignedOut. A changed password and a
// removed account end their sessions.
func (s *Service) Current(ctx context.Context) (blog.Account, error) {
	id, stamped := s.sessions.account(ctx)
	if id == uuid.Nil {
		return blog.Account{}, ErrSignedOut
	}
	a, err := s.accounts.Account(ctx, id)
	if errors.Is(err, blog.ErrNotFound) || err == nil && stamp(a) != stamped {
		return blog.Account{}, ErrSignedOut
	}
	if err != nil {
		return blog.Account{}, fmt.Errorf("auth: session: %w", err)
	}
	return a, nil
}
