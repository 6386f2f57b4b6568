package blog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// Limits of what is said about an article.
const (
	MaxAuthors      = 10
	MaxSeries       = 100 // characters
	MaxPart         = 9999
	maxCoverCaption = 500 // characters
	// MaxPinned is how many posts may be pinned at once. Other servers show as
	// many on the blog's profile (Mastodon's own limit).
	MaxPinned = 5
)

// checkDetails returns what an author says about an article as it is stored.
func (s *Service) checkDetails(ctx context.Context, old Article, d Details) (Details, error) {
	d.Series = markup.Name(d.Series)
	d.CoverCaption = strings.Join(strings.Fields(d.CoverCaption), " ")
	if d.Series == "" {
		d.Part = 0
	}
	switch {
	case utf8.RuneCountInString(d.Series) > MaxSeries:
		return d, &Invalid{Field: "series", Problem: "too-long", Detail: strconv.Itoa(MaxSeries)}
	case d.Series != "" && !SeriesName(d.Series):
		return d, &Invalid{Field: "series", Problem: "series", Detail: d.Series}
	case d.Part < 0 || d.Part > MaxPart:
		return d, &Invalid{Field: "part", Problem: "part", Detail: strconv.Itoa(MaxPart)}
	case utf8.RuneCountInString(d.CoverCaption) > maxCoverCaption:
		return d, &Invalid{Field: "cover_caption", Problem: "too-long", Detail: strconv.Itoa(maxCoverCaption)}
	case !utf8.ValidString(d.CoverCaption) || strings.ContainsRune(d.CoverCaption, 0):
		return d, &Invalid{Field: "cover_caption", Problem: "not-text"}
	case !d.post():
		d.Pinned = time.Time{} // it stands in no list
	}
	var err error
	if d.Authors, err = s.checkAuthors(ctx, old.Authors, d.Authors); err != nil {
		return d, err
	}
	return d, s.checkPinned(ctx, old, d)
}

// SeriesName reports whether a series may have the name: its folded form is an
// address.
func SeriesName(name string) bool {
	return utf8.RuneCountInString(name) <= MaxSeries && strings.Trim(TagKey(markup.Name(name)), ".") != ""
}

func (d Details) post() bool { return Article{Details: d}.Post() }

// checkAuthors refuses who has no public profile, but for those who had one
// when they were put into the byline.
func (s *Service) checkAuthors(ctx context.Context, old, ids []uuid.UUID) ([]uuid.UUID, error) {
	var authors []uuid.UUID
	for _, id := range ids {
		if !slices.Contains(authors, id) {
			authors = append(authors, id)
		}
	}
	if len(authors) > MaxAuthors {
		return nil, &Invalid{Field: "authors", Problem: "too-many", Detail: strconv.Itoa(MaxAuthors)}
	}
	strangers := slices.DeleteFunc(slices.Clone(authors), func(id uuid.UUID) bool { return slices.Contains(old, id) })
	if len(strangers) == 0 {
		return authors, nil
	}
	known, err := s.Profiles(ctx, strangers)
	if err != nil {
		return nil, fmt.Errorf("check authors: %w", err)
	}
	if len(known) < len(strangers) {
		return nil, &Invalid{Field: "authors", Problem: "authors"}
	}
	return authors, nil
}

// checkPinned refuses one pin too many.
func (s *Service) checkPinned(ctx context.Context, old Article, d Details) error {
	if d.Pinned.IsZero() || old.pinned() {
		return nil
	}
	pinned, err := s.Pinned(ctx, MaxPinned)
	if err != nil {
		return fmt.Errorf("check pinned: %w", err)
	}
	if len(pinned) == MaxPinned {
		return &Invalid{Field: "pinned", Problem: "too-many-pinned", Detail: strconv.Itoa(MaxPinned)}
	}
	return nil
}

// pinned reports whether readers see that the article is pinned.
func (a Article) pinned() bool { return a.Status == Published && !a.Pinned.IsZero() && a.Post() }

// tellPin adds to what other servers have to hear of an article that it was
// pinned, or is not any more.
func (s *Service) tellPin(job *ArticleChanged, old, a Article) {
	if job != nil && old.pinned() != a.pinned() {
		job.Pin = s.NewID()
	}
}
