package blog

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"kabar/internal/config"
	"kabar/internal/markup"
)

// Limits of a profile.
const (
	MaxDisplay = 100 // characters
	MaxBio     = 500 // characters
)

// ProfileWriter changes what readers see of an account.
type ProfileWriter interface {
	SetProfile(ctx context.Context, account uuid.UUID, p Profile, audit AuditEntry) error
}

// ChangeProfile applies change to what readers see of an account, and stores
// it. Errors: *Invalid, ErrNotFound.
func (s *Service) ChangeProfile(ctx context.Context, by, account uuid.UUID, change func(*Profile)) (Account, error) {
	a, err := s.Account(ctx, account)
	if err != nil {
		return Account{}, fmt.Errorf("change profile: %w", err)
	}
	change(&a.Profile)
	if a.Profile, err = s.checkProfile(ctx, a.Profile); err != nil {
		return Account{}, err
	}
	audit := s.audit(by, "account.profile", account.String())
	audit.Detail = map[string]string{"public": strconv.FormatBool(a.Public)}
	if err := s.Store.SetProfile(ctx, account, a.Profile, audit); err != nil {
		return Account{}, fmt.Errorf("change profile: %w", err)
	}
	return a, nil
}

// checkProfile returns the profile as it is stored.
func (s *Service) checkProfile(ctx context.Context, p Profile) (Profile, error) {
	display := p.Display
	p.Display = markup.Name(display)
	p.Bio = strings.TrimSpace(strings.ReplaceAll(p.Bio, "\r\n", "\n"))
	switch {
	case utf8.RuneCountInString(strings.TrimSpace(display)) > MaxDisplay:
		return p, &Invalid{Field: "display", Problem: "too-long", Detail: strconv.Itoa(MaxDisplay)}
	case p.Display == "" && strings.TrimSpace(display) != "":
		return p, &Invalid{Field: "display", Problem: "display-empty"}
	case utf8.RuneCountInString(p.Bio) > MaxBio:
		return p, &Invalid{Field: "bio", Problem: "too-long", Detail: strconv.Itoa(MaxBio)}
	case !utf8.ValidString(p.Bio) || strings.ContainsRune(p.Bio, 0):
		return p, &Invalid{Field: "bio", Problem: "not-text"}
	}
	var err error
	if p.Website, err = website(p.Website); err != nil {
		return p, err
	}
	if p.Fediverse, err = fediverseHandle(p.Fediverse); err != nil {
		return p, err
	}
	return p, s.checkAvatar(ctx, p.Avatar)
}

// fediverseHandle is user@host of what was typed, with or without an @ before
// it. Whether somebody is there is not asked: their server may be away.
func fediverseHandle(typed string) (string, error) {
	handle := strings.TrimPrefix(strings.TrimSpace(typed), "@")
	if handle == "" {
		return "", nil
	}
	wrong := &Invalid{Field: "fediverse", Problem: "fediverse", Detail: typed}
	user, domain, ok := strings.Cut(handle, "@")
	if !ok || len(handle) > 320 || !handlePattern.MatchString(user) {
		return "", wrong
	}
	host, err := config.ParseDomain(domain)
	if err != nil || !strings.ContainsAny(host, ".:") {
		return "", wrong
	}
	return user + "@" + host, nil
}

func (s *Service) checkAvatar(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	_, err := s.Media(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return &Invalid{Field: "avatar", Problem: "image"}
	}
	return err
}
