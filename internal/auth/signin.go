package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// SignIn is a browser in which an account is signed in.
type SignIn struct {
	ID        uuid.UUID
	Account   uuid.UUID
	Device    string // Client.Device
	Network   string // Client.Network
	Method    Method
	Created   time.Time
	Seen      time.Time // to within seenEvery
	Confirmed time.Time // when they last proved who they are
}

// Method is how somebody signed in.
type Method string

// The methods.
const (
	ByPassword Method = "password"
	ByApp      Method = "app"      // and the password
	ByRecovery Method = "recovery" // a recovery code, and the password
	ByPasskey  Method = "passkey"
)

const (
	// ConfirmLife is how long somebody who proved who they are may do what is
	// dangerous.
	ConfirmLife = 10 * time.Minute
	seenEvery   = 5 * time.Minute
)

// ErrUnconfirmed says that a request does what is dangerous, and that who is
// signed in has to prove again who they are.
var ErrUnconfirmed = errors.New("confirm first that it is you")

// SignInStore keeps who is signed in where.
type SignInStore interface {
	// SignIn returns one, or blog.ErrNotFound.
	SignIn(ctx context.Context, id uuid.UUID) (SignIn, error)
	// SignIns returns those of an account since then, seen last first.
	SignIns(ctx context.Context, account uuid.UUID, since time.Time) ([]SignIn, error)
	// AddSignIn writes one down, and strange with it when the account was signed
	// in before, and never with this device in this network.
	AddSignIn(ctx context.Context, in SignIn, strange Event) error
	SeeSignIn(ctx context.Context, id uuid.UUID, at time.Time) error
	ConfirmSignIn(ctx context.Context, id uuid.UUID, at time.Time) error
	// EndSignIns ends one of an account, or with uuid.Nil all but one, and
	// returns how many. e is written if there was any.
	EndSignIns(ctx context.Context, account, one, but uuid.UUID, e Event) (int, error)
}

// Begin signs an account in that has proved who it is: one just made through
// the setup link, or whose password was just changed in this session.
func (s *Service) Begin(ctx context.Context, a blog.Account, how Method, c Client) error {
	strange, err := s.event(ctx, a.ID, a, EventSignIn, c, map[string]string{"method": string(how)})
	if err != nil {
		return err
	}
	now := s.now()
	in := SignIn{
		ID: newID(), Account: a.ID, Device: c.Device(), Network: c.Network(), Method: how,
		Created: now, Seen: now, Confirmed: now,
	}
	if err := s.store.AddSignIn(ctx, in, strange); err != nil {
		return fmt.Errorf("auth: sign in: %w", err)
	}
	if err := s.sessions.begin(ctx, a, in.ID); err != nil {
		return fmt.Errorf("auth: session: %w", err)
	}
	return nil
}

// Current is who is signed in, or ErrSignedOut. A changed password, a removed
// account and an ended sign-in end the session, on every node.
func (s *Service) Current(ctx context.Context) (blog.Account, error) {
	a, _, err := s.current(ctx)
	return a, err
}

func (s *Service) current(ctx context.Context) (blog.Account, SignIn, error) {
	id, signIn, stamped := s.sessions.account(ctx)
	if id == uuid.Nil {
		return blog.Account{}, SignIn{}, ErrSignedOut
	}
	in, err := s.store.SignIn(ctx, signIn)
	if err == nil && in.Account != id {
		err = blog.ErrNotFound
	}
	var a blog.Account
	if err == nil {
		a, err = s.store.Account(ctx, id)
	}
	if errors.Is(err, blog.ErrNotFound) || err == nil && stamp(a) != stamped {
		return blog.Account{}, SignIn{}, ErrSignedOut
	}
	if now := s.now(); err == nil && now.Sub(in.Seen) > seenEvery {
		err = s.store.SeeSignIn(ctx, in.ID, now)
	}
	if err != nil {
		return blog.Account{}, SignIn{}, fmt.Errorf("auth: session: %w", err)
	}
	return a, in, nil
}

// SignIns returns where who is signed in is so, and which of them this is.
func (s *Service) SignIns(ctx context.Context) (list []SignIn, this uuid.UUID, err error) {
	a, in, err := s.current(ctx)
	if err != nil {
		return nil, uuid.Nil, err
	}
	list, err = s.SignInsOf(ctx, a.ID)
	return list, in.ID, err
}

// SignInsOf returns where an account is signed in.
func (s *Service) SignInsOf(ctx context.Context, account uuid.UUID) ([]SignIn, error) {
	list, err := s.store.SignIns(ctx, account, s.now().Add(-sessionLife))
	if err != nil {
		return nil, fmt.Errorf("auth: sign-ins: %w", err)
	}
	return list, nil
}

// EndAll ends all sessions of an account. It is for the command line.
func (s *Service) EndAll(ctx context.Context, a blog.Account) error {
	e, err := s.event(ctx, uuid.Nil, a, EventEnd, Client{}, nil)
	if err == nil {
		_, err = s.store.EndSignIns(ctx, a.ID, uuid.Nil, uuid.Nil, e)
	}
	if err != nil {
		return fmt.Errorf("auth: end sign-ins: %w", err)
	}
	return nil
}

// End ends one sign-in of who is signed in, or with uuid.Nil all others. One
// that is not theirs, or ended, is blog.ErrNotFound.
func (s *Service) End(ctx context.Context, one uuid.UUID, c Client) (int, error) {
	a, in, err := s.current(ctx)
	if err != nil {
		return 0, err
	}
	e, err := s.own(ctx, a, EventEnd, c)
	if err != nil {
		return 0, err
	}
	n, err := s.store.EndSignIns(ctx, a.ID, one, in.ID, e)
	if err == nil && n == 0 && one != uuid.Nil {
		err = blog.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("auth: end sign-ins: %w", err)
	}
	return n, nil
}

// Confirmed returns ErrUnconfirmed unless who is signed in proved lately who
// they are.
func (s *Service) Confirmed(ctx context.Context) error {
	_, in, err := s.current(ctx)
	if err == nil && s.now().Sub(in.Confirmed) > ConfirmLife {
		err = ErrUnconfirmed
	}
	return err
}

// Confirm takes the password as the proof. The error is ErrWrong, or *Braked
// after too many tries.
func (s *Service) Confirm(ctx context.Context, password string, c Client) error {
	a, in, err := s.current(ctx)
	if err != nil {
		return err
	}
	if err := s.checkPassword(ctx, a, a.Name, password, c); err != nil {
		return err
	}
	return s.confirm(ctx, in)
}

func (s *Service) confirm(ctx context.Context, in SignIn) error {
	if err := s.store.ConfirmSignIn(ctx, in.ID, s.now()); err != nil {
		return fmt.Errorf("auth: confirm: %w", err)
	}
	return nil
}
