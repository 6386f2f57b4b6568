package blog

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// MaxHistory is how many revisions of an article readers are shown.
const MaxHistory = 100

// HistoryReader reads the revisions of a published article that were public:
// those since its last publication.
type HistoryReader interface {
	// PublicRevisions returns them, newest first.
	PublicRevisions(ctx context.Context, article uuid.UUID, limit int) ([]RevisionLine, error)
	// PublicRevision returns one, and the one before it; that is nil for the
	// first.
	PublicRevision(ctx context.Context, article uuid.UUID, number int) (at Revision, before *Revision, err error)
}

// RevisionLine is a revision as a line of a list.
type RevisionLine struct {
	Number  int
	Title   string
	Created time.Time
	Grown   int  // characters of the source more than the public one before; negative = fewer
	First   bool // as it was published
}

// History returns an article with its public revisions. Errors: ErrNotFound
// also for one that is no more, or the history of which is nobody's business.
func (s *Service) History(ctx context.Context, id uuid.UUID) (Article, []RevisionLine, error) {
	a, err := s.open(ctx, id)
	if err != nil {
		return Article{}, nil, fmt.Errorf("history: %w", err)
	}
	lines, err := s.PublicRevisions(ctx, id, MaxHistory)
	if err != nil {
		return Article{}, nil, fmt.Errorf("history: %w", err)
	}
	return a, lines, nil
}

// open is a published article with an open history.
func (s *Service) open(ctx context.Context, id uuid.UUID) (Article, error) {
	a, err := s.Article(ctx, id)
	if err == nil && (a.Status != Published || !a.History) {
		err = ErrNotFound
	}
	return a, err
}

// Change is what a revision changed.
type Change struct {
	Revision
	First bool // nothing was public before
	Title []Span
	Text  []Paragraph
}

// Changed returns an article with what one of its public revisions changed, in
// plain text. Errors as of History.
func (s *Service) Changed(ctx context.Context, id uuid.UUID, number int) (Article, Change, error) {
	a, err := s.open(ctx, id)
	if err != nil {
		return Article{}, Change{}, fmt.Errorf("history: %w", err)
	}
	at, before, err := s.PublicRevision(ctx, id, number)
	if err != nil {
		return Article{}, Change{}, fmt.Errorf("history: %w", err)
	}
	c := Change{Revision: at, First: before == nil}
	if c.First {
		before = &at
	}
	c.Title = (&comparison{maxPairs}).words(before.Title, at.Title)
	c.Text = compare(plainOf(*before), plainOf(at), c.First)
	return a, c, nil
}

// plainOf is what a revision says: its summary and its text.
func plainOf(r Revision) string { return r.Summary + "\n\n" + markup.Text(r.HTML) }
