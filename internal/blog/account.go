package blog

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"strings"

	"github.com/google/uuid"
)

// accountName is what a name to sign in with may be.
var accountName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$`)

// CreateAccount makes an account. Its Password is a hash, made by package
// auth. The first account, whoever makes it, is the owner's, and with it the
// blog is set up. Errors: *Invalid.
func (s *Service) CreateAccount(ctx context.Context, by uuid.UUID, a Account) (Account, error) {
	a.Name, a.Email = strings.TrimSpace(a.Name), strings.TrimSpace(a.Email)
	if err := checkAccount(a); err != nil {
		return Account{}, err
	}
	a.ID, a.Created = s.NewID(), s.Now()
	err := s.Store.InsertAccount(ctx, a, s.audit(by, "account.create", a.ID.String()))
	switch {
	case errors.Is(err, ErrConflict):
		return Account{}, &Invalid{Field: "name", Problem: "name-taken", Detail: a.Name}
	case err != nil:
		return Account{}, fmt.Errorf("create account: %w", err)
	}
	return a, nil
}

func checkAccount(a Account) error {
	if !accountName.MatchString(a.Name) {
		return &Invalid{Field: "name", Problem: "account-name", Detail: a.Name}
	}
	if a.Email != "" {
		if parsed, err := mail.ParseAddress(a.Email); err != nil || parsed.Address != a.Email {
			return &Invalid{Field: "email", Problem: "email", Detail: a.Email}
		}
	}
	switch a.Role {
	case Owner, Editor, Author, Moderator:
		return nil
	}
	return &Invalid{Field: "role", Problem: "role", Detail: string(a.Role)}
}

// SetPassword stores a new password, a hash made by package auth, and ends
// the account's sessions.
func (s *Service) SetPassword(ctx context.Context, by, account uuid.UUID, hash string) error {
	if err := s.Store.SetPassword(ctx, account, hash, s.audit(by, "account.password", account.String())); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return nil
}

// Setup is what the first-run page asks for.
type Setup struct {
	Owner    Account // its Password is a hash
	Title    string
	Handle   string
	Language string
	TimeZone string
}

// CompleteSetup makes the owner's account and the settings of a fresh blog.
func (s *Service) CompleteSetup(ctx context.Context, in Setup) (Account, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Account{}, fmt.Errorf("set up: %w", err)
	}
	if site.Ready {
		return Account{}, fmt.Errorf("set up: %w", ErrConflict)
	}
	in.Owner.Role = Owner
	if err := checkAccount(in.Owner); err != nil {
		return Account{}, err
	}
	_, err = s.ChangeSite(ctx, uuid.Nil, func(site *Site) error {
		site.Title, site.Handle, site.Language, site.TimeZone = in.Title, in.Handle, in.Language, in.TimeZone
		return nil
	})
	if err != nil {
		return Account{}, err
	}
	owner, err := s.CreateAccount(ctx, uuid.Nil, in.Owner)
	if err != nil {
		return Account{}, err
	}
	_, err = s.ChangeSite(ctx, owner.ID, func(site *Site) error { site.Ready = true; return nil })
	return owner, err
}
