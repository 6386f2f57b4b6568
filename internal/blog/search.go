package blog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// SearchSettings is what the owner has set about searching.
type SearchSettings struct {
	Comments bool `json:"comments"` // what others answered is found, too
}

// ErrTooGeneral says that a search took too long to be finished.
var ErrTooGeneral = errors.New("the search is too general")

// SearchReader is what readers find by words.
type SearchReader interface {
	// Search answers from one snapshot. A search that takes too long is
	// ErrTooGeneral; one without a word to look for finds nothing.
	Search(ctx context.Context, q SearchQuery) (SearchPage, error)
	// SpellWords returns, for those of the words that stand in no article, the
	// nearest that does; none where the database cannot tell.
	SpellWords(ctx context.Context, words []string) (map[string]string, error)
	// Similar returns the published articles whose addresses are most like a
	// slug; none where the database cannot tell.
	Similar(ctx context.Context, slug string, limit int) ([]Label, error)
	// Labels returns the newest posts.
	Labels(ctx context.Context, limit int) ([]Label, error)
	// SearchScope says what there is to choose from.
	SearchScope(ctx context.Context) (SearchScope, error)
	// TagsNamed returns those of the topics, in any spelling, that have posts.
	TagsNamed(ctx context.Context, tags []string) ([]TagCount, error)
	// Months returns the months that have posts, newest first, in a time zone.
	Months(ctx context.Context, zone *time.Location) ([]Month, error)
}

// Label is an article by name and address.
type Label struct{ Slug, Title, Excerpt, Language string }

// SearchScope is what a search can be narrowed to.
type SearchScope struct {
	Languages   []string  // the first part of their tags
	First, Last time.Time // when something was published; zero = nothing was
}

// Month is how many posts a month has.
type Month struct {
	Year     int
	Month    time.Month
	Articles int
}

// SearchKind is what is found.
type SearchKind string

// The kinds of what is found.
const (
	FindArticle SearchKind = "article"
	FindNote    SearchKind = "note"
	FindPage    SearchKind = "page" // one that stands by itself
	FindComment SearchKind = "comment"
)

// SearchKinds are all of them, in the order to choose from.
var SearchKinds = []SearchKind{FindArticle, FindNote, FindPage, FindComment}

// Of what is found, at most MaxFound is counted and listed.
const MaxFound = 1000

// SearchQuery is a search. Its zero values look everywhere.
type SearchQuery struct {
	Words    Wanted
	Kind     SearchKind
	Comments bool   // comments are found, too
	Tag      string // in any spelling
	Author   uuid.UUID
	Language string    // first part of its tag
	From     time.Time // published then or later
	Until    time.Time // published before
	Offset   int
	Limit    int
}

// SearchPage is a page of what was found, the best first.
type SearchPage struct {
	Found []Found
	Total int  // of all pages; MaxFound + 1 stands for more than that
	Empty bool // there was nothing to look for: only words that are everywhere
}

// Found is one thing that was found. Its texts are plain, with what was looked
// for between FoundOpen and FoundClose.
type Found struct {
	Kind      SearchKind
	ID        uuid.UUID // of the article or the comment
	Slug      string    // of the article
	Title     string    // of the article; "" for a note
	Excerpt   string
	Language  string
	Published time.Time
	Words     int
	Tags      []string
	Names     []string // who stands in the byline; who commented
}

// What was looked for stands between these two in the texts of a Found; they
// are in no other text.
const (
	FoundOpen  = '\x02'
	FoundClose = '\x03'
)

// Search finds what readers may read. Comments are found where the blog says so.
func (s *Service) Search(ctx context.Context, q SearchQuery) (SearchPage, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return SearchPage{}, fmt.Errorf("search: %w", err)
	}
	q.Comments = site.Search.Comments
	q.Offset, q.Limit = max(q.Offset, 0), max(q.Limit, 1)
	if q.Words.None() {
		return SearchPage{Empty: true}, nil
	}
	found, err := s.Reader.Search(ctx, q)
	if err != nil {
		return SearchPage{}, fmt.Errorf("search: %w", err)
	}
	return found, nil
}

// DidYouMean is another spelling of a search that finds more than total; "" for
// none.
func (s *Service) DidYouMean(ctx context.Context, q SearchQuery, total int) (string, error) {
	better, err := s.SpellWords(ctx, q.Words.Plain())
	if err != nil || len(better) == 0 {
		return "", err
	}
	q.Words, q.Offset, q.Limit = q.Words.Spelled(better), 0, 1
	found, err := s.Search(ctx, q)
	if err != nil || found.Total <= total {
		return "", err
	}
	return q.Words.String(), nil
}
