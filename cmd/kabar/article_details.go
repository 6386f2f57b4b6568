package main

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// details are those of an article with what its file says. A new article by an
// account that readers know stands under its name.
func (a *app) details(
	ctx context.Context, file string, doc markup.Document, by uuid.UUID, old blog.Article,
) (*blog.Details, error) {
	d, said := old.Details, doc.Details
	var err error
	switch {
	case said.Authors != nil:
		d.Authors, err = a.byline(ctx, file, doc)
	case old.ID == uuid.Nil && by != uuid.Nil:
		d.Authors, err = a.alone(ctx, by)
	}
	if err != nil {
		return nil, err
	}
	if doc.Cover.File != "" || old.ID == uuid.Nil {
		d.CoverCaption = doc.Cover.Caption
	}
	if said.Series != nil {
		if d.Series = said.Series.Text; d.Series != "" && !blog.SeriesName(d.Series) {
			return nil, doc.NameError(file, "series", *said.Series, "a name with letters or digits, at most 100 characters")
		}
	}
	set(&d.Static, said.Static)
	if of := said.TranslationOf; of != nil {
		if d.TranslationOf, err = a.original(ctx, file, doc, *of); err != nil {
			return nil, err
		}
	}
	set(&d.Part, said.Part)
	set(&d.History, said.History)
	if said.Pinned != nil && *said.Pinned == d.Pinned.IsZero() {
		d.Pinned = time.Time{}
		if *said.Pinned {
			d.Pinned = a.blog.Now()
		}
	}
	return &d, nil
}

func set[T any](field *T, said *T) {
	if said != nil {
		*field = *said
	}
}

// original finds the article that a file says it is a translation of.
func (a *app) original(ctx context.Context, file string, doc markup.Document, name markup.Named) (uuid.UUID, error) {
	if name.Text == "" {
		return uuid.Nil, nil
	}
	found, err := a.blog.Find(ctx, name.Text)
	if errors.Is(err, blog.ErrNotFound) || errors.Is(err, blog.ErrGone) {
		return uuid.Nil, doc.NameError(file, "translation-of", name, "the address of a published article (kabar article list)")
	}
	return found.ID, err
}

// byline finds the accounts that a file names.
func (a *app) byline(ctx context.Context, file string, doc markup.Document) ([]uuid.UUID, error) {
	ids := []uuid.UUID{}
	for _, name := range *doc.Details.Authors {
		account, err := a.blog.ProfileByName(ctx, name.Text)
		if errors.Is(err, blog.ErrNotFound) {
			return nil, doc.NameError(file, "authors", name,
				"the name of an account with a public profile (kabar account list, kabar account profile NAME --public)")
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, account.ID)
	}
	return ids, nil
}

// alone is an account as the only author, if readers know it.
func (a *app) alone(ctx context.Context, by uuid.UUID) ([]uuid.UUID, error) {
	known, err := a.blog.Profiles(ctx, []uuid.UUID{by})
	if err != nil || len(known) == 0 {
		return nil, err
	}
	return []uuid.UUID{by}, nil
}
