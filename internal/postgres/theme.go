package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// ThemeDraft implements blog.ThemeReader.
func (s *Store) ThemeDraft(ctx context.Context, account uuid.UUID, since time.Time) (blog.Theme, error) {
	var stored []byte
	err := s.pool.QueryRow(ctx, `
		select theme from theme_drafts where account_id = $1 and tried >= $2`, account, since).Scan(&stored)
	if err != nil {
		return blog.Theme{}, wrap("theme draft", err)
	}
	var t blog.Theme
	return t, wrap("theme draft", json.Unmarshal(stored, &t))
}

// SetThemeDraft implements blog.ThemeWriter.
func (s *Store) SetThemeDraft(ctx context.Context, account uuid.UUID, t blog.Theme, at time.Time) error {
	document, err := json.Marshal(t)
	if err != nil {
		return wrap("save theme draft", err)
	}
	_, err = s.pool.Exec(ctx, `
		insert into theme_drafts (account_id, theme, tried) values ($1, $2, $3)
		on conflict (account_id) do update set theme = excluded.theme, tried = excluded.tried`, account, document, at)
	return wrap("save theme draft", err)
}
