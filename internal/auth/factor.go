package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// Factors are the second factors of an account.
type Factors struct {
	App      bool // an authenticator app, whose setting up was ended
	Passkeys int
	Codes    int // recovery codes that are left
}

// On reports whether a password alone is not enough.
func (f Factors) On() bool { return f.App || f.Passkeys > 0 }

// FewCodes is how many recovery codes are so few that there should be new ones.
const FewCodes = 3

const (
	recoveryCodes = 10
	// maxWaitCode brakes those who know the password. Passkeys are not braked by
	// it, so the owner is not shut out.
	maxWaitCode = 15 * time.Minute
)

// FactorStore keeps authenticator apps and recovery codes.
type FactorStore interface {
	Factors(ctx context.Context, account uuid.UUID) (Factors, error)
	// App returns the secret, base32, and whether setting it up was ended, or
	// blog.ErrNotFound. The store seals it.
	App(ctx context.Context, account uuid.UUID) (secret string, confirmed bool, err error)
	// SetApp begins to set one up. An app in use stays, and is blog.ErrConflict.
	SetApp(ctx context.Context, account uuid.UUID, secret string, at time.Time) error
	// ConfirmApp ends that with the step of the first code, and stores the
	// hashes of recovery codes if the account has none: it says whether.
	ConfirmApp(ctx context.Context, account uuid.UUID, step int64, hashes []string, e Event) (stored bool, err error)
	// UseApp marks a step as used; false if it, or a later one, was used before.
	UseApp(ctx context.Context, account uuid.UUID, step int64) (bool, error)
	// RemoveApp takes it off, and the recovery codes with the last factor.
	RemoveApp(ctx context.Context, account uuid.UUID, e Event) error
	// SetCodes stores the hashes of new recovery codes in place of all others.
	SetCodes(ctx context.Context, account uuid.UUID, hashes []string, e Event) error
	// UseCode uses a recovery code up; false if there is none, or it was used.
	UseCode(ctx context.Context, account uuid.UUID, hash string, at time.Time, e Event) (bool, error)
	// ResetFactors takes all factors off, and ends all sign-ins.
	ResetFactors(ctx context.Context, account uuid.UUID, e Event) error
}

// ErrTooLate says that the password was given too long ago, or never.
var ErrTooLate = errors.New("the sign-in took too long: begin again")

// Factors returns the second factors of an account.
func (s *Service) Factors(ctx context.Context, account uuid.UUID) (Factors, error) {
	f, err := s.store.Factors(ctx, account)
	if err != nil {
		return f, fmt.Errorf("auth: factors: %w", err)
	}
	return f, nil
}

// Pending is who has given the password and not yet the second factor, or
// ErrTooLate.
func (s *Service) Pending(ctx context.Context) (blog.Account, error) {
	id, stamped := s.sessions.pending(ctx, s.now())
	if id == uuid.Nil {
		return blog.Account{}, ErrTooLate
	}
	a, err := s.store.Account(ctx, id)
	if errors.Is(err, blog.ErrNotFound) || err == nil && stamp(a) != stamped {
		return blog.Account{}, ErrTooLate
	}
	if err != nil {
		return blog.Account{}, fmt.Errorf("auth: session: %w", err)
	}
	return a, nil
}

// Second takes a code of the app, or a recovery code, and signs in who gave the
// password. Errors: ErrTooLate, ErrWrong, *Braked.
func (s *Service) Second(ctx context.Context, code string, c Client) (blog.Account, error) {
	a, err := s.Pending(ctx)
	if err != nil {
		return blog.Account{}, err
	}
	key := "code " + a.ID.String()
	tries, err := s.brake.count(ctx, key, maxWaitCode)
	if err != nil {
		return blog.Account{}, err
	}
	how, err := s.useCode(ctx, a, code, c)
	if err != nil {
		if errors.Is(err, ErrWrong) {
			err = errors.Join(err, s.alarm(ctx, a, tries, c))
		}
		return blog.Account{}, err
	}
	if err := s.brake.clear(ctx, key); err != nil {
		return blog.Account{}, err
	}
	return a, s.Begin(ctx, a, how, c)
}

func (s *Service) useCode(ctx context.Context, a blog.Account, code string, c Client) (Method, error) {
	code = strings.Map(written, code)
	if len(code) == appDigits {
		return ByApp, s.useApp(ctx, a.ID, code)
	}
	e, err := s.own(ctx, a, EventCodeUsed, c)
	if err != nil {
		return "", err
	}
	good, err := s.store.UseCode(ctx, a.ID, hashCode(a.ID, code), s.now(), e)
	if err == nil && !good {
		err = ErrWrong
	}
	return ByRecovery, err
}

// written drops what people put between the characters of a code.
func written(r rune) rune {
	switch {
	case r == ' ' || r == '-' || r == '\u00a0' || r == '\u2013':
		return -1
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	}
	return r
}

// NewCodes gives who is signed in new recovery codes, in place of all others.
// They are to be shown once: only hashes of them are kept.
func (s *Service) NewCodes(ctx context.Context, c Client) ([]string, error) {
	a, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	e, err := s.own(ctx, a, EventCodes, c)
	if err != nil {
		return nil, err
	}
	codes, hashes := makeCodes(a.ID)
	if err := s.store.SetCodes(ctx, a.ID, hashes, e); err != nil {
		return nil, fmt.Errorf("auth: recovery codes: %w", err)
	}
	return codes, nil
}

// makeCodes makes recovery codes of 80 bits each: too many to be guessed, so a
// plain hash of them is enough.
func makeCodes(account uuid.UUID) (codes, hashes []string) {
	for range recoveryCodes {
		text := strings.ToLower(rand.Text()[:16])
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, hashCode(account, text))
	}
	return codes, hashes
}

func hashCode(account uuid.UUID, code string) string {
	sum := sha256.Sum256([]byte(account.String() + " " + code))
	return hex.EncodeToString(sum[:])
}

// Reset takes all second factors off an account and ends its sessions, for who
// has lost them. It is for the command line.
func (s *Service) Reset(ctx context.Context, a blog.Account) error {
	e, err := s.event(ctx, uuid.Nil, a, EventReset, Client{}, nil)
	if err != nil {
		return err
	}
	if err := s.store.ResetFactors(ctx, a.ID, e); err != nil {
		return fmt.Errorf("auth: reset: %w", err)
	}
	return nil
}
