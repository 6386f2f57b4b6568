package federation

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// CrawlStore keeps which threads are due to be crawled. A reply that comes in
// makes its thread due, in the transaction that writes it.
type CrawlStore interface {
	// ClaimCrawls takes threads that are due. While one node crawls, no other
	// gets any: so what holds for one node's requests holds for the blog's.
	ClaimCrawls(ctx context.Context, c CrawlClaim) ([]Crawl, error)
	// ReleaseCrawls gives back what was claimed and not begun.
	ReleaseCrawls(ctx context.Context, node string, crawls []Crawl) error
	// CrawlSeeds returns comments of other servers in a thread whose replies
	// are to be looked for again: seldom for an old one, and those first for
	// which that was longest ago. None for an article that is not public.
	CrawlSeeds(ctx context.Context, article uuid.UUID, now time.Time, limit int) ([]CrawlSeed, error)
	// KnownObjects returns those of the ids that are stored here, or were
	// deleted.
	KnownObjects(ctx context.Context, uris []string) (map[string]bool, error)
	// FinishCrawl writes the end of a crawl. A thread in which something new
	// came meanwhile is due again soon.
	FinishCrawl(ctx context.Context, done Crawled) error
}

// CrawlClaim says who claims.
type CrawlClaim struct {
	Node    string
	Now     time.Time
	Lease   time.Duration
	Limit   int // threads
	Most    int // requests for one crawl
	PerHour int // requests for one thread
}

// Crawl is a thread that is due.
type Crawl struct {
	Article  uuid.UUID
	Step     int // how many of the growing waits are over
	Requests int // that may be made; they are counted already
}

// Crawled is the end of a Crawl.
type Crawled struct {
	Crawl
	Node   string
	At     time.Time
	Next   time.Time   // zero = never, unless something new comes
	Step   int         // from now on
	Used   int         // requests made
	Found  int         // comments
	Looked []uuid.UUID // comments whose replies were looked for
}

// CrawlSeed is a comment with what its server told about its conversation.
type CrawlSeed struct {
	ID        uuid.UUID
	ObjectURI string
	Replies   string
	Context   string
}
