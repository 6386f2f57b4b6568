package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/media"
)

// uploads takes in what authors hand in: the files go into the media folder,
// what is known of them into the database.
type uploads struct {
	*app
	intake media.Intake
}

func (a *app) uploads() uploads { return uploads{app: a, intake: media.Intake{Store: a.media}} }

// Add stores a picture with its description. A picture that cannot be taken is
// a *blog.Invalid.
func (u uploads) Add(ctx context.Context, by uuid.UUID, filename, description string, data []byte) (blog.Media, error) {
	p, err := u.intake.Take(ctx, bytes.NewReader(data))
	var refused interface{ Permanent() bool }
	switch {
	case errors.Is(err, media.ErrTooLarge), errors.Is(err, media.ErrTooMany):
		return blog.Media{}, &blog.Invalid{Field: "file", Problem: "image-large"}
	case errors.As(err, &refused) && refused.Permanent():
		return blog.Media{}, &blog.Invalid{Field: "file", Problem: "image"}
	case err != nil:
		return blog.Media{}, fmt.Errorf("add picture: %w", err)
	}
	m := blog.Media{
		Name: p.Full.Name, Type: p.Full.ContentType, Width: p.Full.Width, Height: p.Full.Height, Bytes: int64(p.Full.Bytes),
		Description: description, Blurhash: p.Blurhash, Filename: filename, AccountID: by, Created: u.blog.Now(),
	}
	for _, s := range []media.Stored{p.Tiny, p.Small, p.Fallback} {
		if s.Name != m.Name {
			m.Variants = append(m.Variants, blog.MediaVariant{Name: s.Name, Type: s.ContentType, Width: s.Width, Height: s.Height})
		}
	}
	if err := u.store.InsertMedia(ctx, m); err != nil {
		return blog.Media{}, fmt.Errorf("add picture: %w", err)
	}
	return m, nil
}
