package blog

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"
)

// themeDraftLife is how long a look that was only tried can be seen.
const themeDraftLife = time.Hour

// ThemeReader reads the looks that are tried.
type ThemeReader interface {
	// ThemeDraft returns the look that an account tried last, not before since;
	// otherwise ErrNotFound.
	ThemeDraft(ctx context.Context, account uuid.UUID, since time.Time) (Theme, error)
}

// ThemeWriter keeps the looks that are tried.
type ThemeWriter interface {
	// SetThemeDraft keeps a look that an account tries, one for each.
	SetThemeDraft(ctx context.Context, account uuid.UUID, t Theme, at time.Time) error
}

// TryTheme keeps a look for its author's eyes alone, for an hour. Errors:
// *Invalid.
func (s *Service) TryTheme(ctx context.Context, by uuid.UUID, t Theme) error {
	if err := (Site{Theme: t}).checkTheme(); err != nil {
		return err
	}
	if err := s.Store.SetThemeDraft(ctx, by, t, s.Now()); err != nil {
		return fmt.Errorf("try theme: %w", err)
	}
	return nil
}

// TriedTheme is the look that somebody tried in the last hour; otherwise
// ErrNotFound.
func (s *Service) TriedTheme(ctx context.Context, by uuid.UUID) (Theme, error) {
	t, err := s.ThemeDraft(ctx, by, s.Now().Add(-themeDraftLife))
	if err != nil {
		return Theme{}, fmt.Errorf("tried theme: %w", err)
	}
	return t, nil
}

// ChangeTheme makes a look that of the blog. Colours that are hard to read have
// to be accepted. Errors: *Invalid, of the field "accept" for that.
func (s *Service) ChangeTheme(ctx context.Context, by uuid.UUID, t Theme) error {
	_, err := s.ChangeSite(ctx, by, func(site *Site) error {
		site.Theme = t
		return nil
	})
	return err
}

// checkContrast refuses a change to colours that are hard to read and were not
// accepted.
func checkContrast(old, now Theme) error {
	if now.Accept || themeChanges(old, now) == "" || len(now.Warnings()) == 0 {
		return nil
	}
	return &Invalid{Field: "accept", Problem: "theme-contrast"}
}

// themeChanges names the parts in which two looks differ, for the audit log.
func themeChanges(old, now Theme) string {
	var parts []string
	a, b := reflect.ValueOf(old), reflect.ValueOf(now)
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			tag, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			parts = append(parts, tag)
		}
	}
	return strings.Join(parts, ", ")
}
