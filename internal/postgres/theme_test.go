package postgres

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestThemeDraft(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	now := time.Now()
	account := uuid.New()
	s.exec(t, `insert into accounts (id, name, email, password, role, created) values ($1, 'ratri', 'r@b.test', 'x', 'owner', now())`, account)
	if _, err := s.ThemeDraft(t.Context(), account, now.Add(-time.Hour)); !errors.Is(err, blog.ErrNotFound) {
		t.Fatalf("before: %v", err)
	}
	want := blog.Theme{Dye: "#000000", CSS: "a{}", Navigation: []blog.ThemeLink{{Kind: "archive", Labels: map[string]string{"en": "All"}}}}
	for _, try := range []blog.Theme{{Dye: "#ffffff"}, want} {
		check(t, s.SetThemeDraft(t.Context(), account, try, now))
	}
	got, err := s.ThemeDraft(t.Context(), account, now.Add(-time.Hour))
	check(t, err)
	differ(t, "the last", want, got)
	if _, err := s.ThemeDraft(t.Context(), account, now.Add(time.Minute)); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("after its hour: %v", err)
	}
	if _, err := s.ThemeDraft(t.Context(), uuid.New(), now.Add(-time.Hour)); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("of somebody else: %v", err)
	}
}
