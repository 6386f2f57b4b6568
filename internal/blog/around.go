package blog

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// AroundReader reads what stands around an article on its page and in lists.
type AroundReader interface {
	// Series returns the published articles of a series in their order: by
	// part, those without one after them by date. Translations are among them.
	Series(ctx context.Context, name string, limit int) ([]Brief, error)
	// SeriesNames returns the series that there are, by name.
	SeriesNames(ctx context.Context, limit int) ([]string, error)
	// Related returns posts in the same language with tags in common, those
	// with the most first; none of the same series.
	Related(ctx context.Context, a Article, limit int) ([]Brief, error)
	// Pinned returns the published posts that are pinned, the last pinned first.
	Pinned(ctx context.Context, limit int) ([]Article, error)
}

// Brief is an article as a line of a list.
type Brief struct {
	ID          uuid.UUID
	Slug        string
	Title       string
	Excerpt     string
	Language    string
	Words       int
	Series      string
	Part        int
	Published   time.Time
	Translation bool // of another article
}

// MaxInSeries is how many articles of a series are listed.
const MaxInSeries = 500

// InSeries is the part of a series that an article stands in, of those in
// order: a translation stands among those in its language.
func InSeries(parts []Brief, a Article) []Brief {
	translation := !a.Post() && !a.Static
	return slices.DeleteFunc(slices.Clone(parts), func(b Brief) bool {
		return b.Translation != translation || translation && b.Language != a.Language
	})
}

// OriginalsIn is a series without translations, or all of it where it has
// nothing else.
func OriginalsIn(parts []Brief) []Brief {
	originals := slices.DeleteFunc(slices.Clone(parts), func(b Brief) bool { return b.Translation })
	if len(originals) == 0 {
		return parts
	}
	return originals
}
