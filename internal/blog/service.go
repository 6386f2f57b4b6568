package blog

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Service holds the use cases. What only reads is promoted from Reader.
type Service struct {
	Reader
	Store Writer
	Now   func() time.Time
	NewID func() uuid.UUID // UUIDv7

	patterns patterns
}

// Reader is what the use cases and the pages read. Lists are newest first and
// paged by Cursor. A missing row is ErrNotFound. What is asked for by id comes
// in whatever state it is, deleted too.
type Reader interface {
	Site(ctx context.Context) (Site, error)

	Article(ctx context.Context, id uuid.UUID) (Article, error)
	// ArticleBySlug also finds past slugs: the article's Slug then differs
	// from the one asked for. A draft comes with ErrNotFound, a deleted one with ErrGone.
	ArticleBySlug(ctx context.Context, slug string) (Article, error)
	// ArticleByObject finds an article by the id of its present object. A deleted
	// one comes with ErrGone; so does the id of an earlier object, without it.
	ArticleByObject(ctx context.Context, uri string) (Article, error)
	Articles(ctx context.Context, q ArticleQuery) ([]Article, error)
	ArticleCounts(ctx context.Context) (map[Status]int, error)
	// ArticlesChanged is when a public article was last published, edited or taken
	// back; zero if there never was one.
	ArticlesChanged(ctx context.Context) (time.Time, error)
	Revisions(ctx context.Context, article uuid.UUID) ([]Revision, error)
	SlugTaken(ctx context.Context, slug string, except uuid.UUID) (bool, error)

	ThreadReader
	ThemeReader
	LiveReader
	Comment(ctx context.Context, id uuid.UUID) (Comment, error)
	CommentByObject(ctx context.Context, uri string) (Comment, error)
	// CommentByPage finds a comment by its page on its own server.
	CommentByPage(ctx context.Context, url string) (Comment, error)
	Comments(ctx context.Context, q CommentQuery) ([]Comment, error)
	// NthComment is where the nth comment before a place stands, by arrival; the
	// zero Cursor if there are fewer.
	NthComment(ctx context.Context, before Cursor, n int) (Cursor, error)
	CommentCounts(ctx context.Context) (map[State]int, error)
	// Reactions to an article (or to a comment), newest first.
	Reactions(ctx context.Context, subject uuid.UUID, kind string, limit int) ([]Reaction, error)
	ReactionReader
	QuoteReader

	// LocalActor returns the blog's actor, the instance actor, or an author's
	// by handle (only the kind author looks at it).
	LocalActor(ctx context.Context, kind Kind, handle string) (Actor, error)
	Actor(ctx context.Context, id uuid.UUID) (Actor, error)
	Followers(ctx context.Context, q FollowerQuery) ([]Follower, error)
	FollowerCount(ctx context.Context) (int, error)

	ModerationReader
	BlockReader
	ReportReader
	AuditReader
	JudgeReader

	Accounts(ctx context.Context) ([]Account, error)
	Account(ctx context.Context, id uuid.UUID) (Account, error)
	AccountByName(ctx context.Context, name string) (Account, error)
	MediaReader
	NotificationReader
	RemoteFileReader
	VisitorReader
	SearchReader
	BylineReader
	TranslationReader
	ViewReader
	AroundReader
	HistoryReader
	NewsletterReader
}

// FollowerQuery picks followers, newest first.
type FollowerQuery struct {
	Search string // part of name, handle or server
	Before Cursor
	Limit  int
}

// Writer is what the use cases change. Each method is one transaction that
// also enqueues the job it is given (nil = none) and writes the audit entry.
type Writer interface {
	// SetSite stores the settings and carries name, handle and type over to
	// the blog's actor.
	SetSite(ctx context.Context, site Site, job ActorChanged, audit AuditEntry) error
	ThemeWriter

	// SaveArticle writes the article and its revision. base is the revision
	// the change was made on, 0 for a new article; ErrConflict when it is no
	// longer the present one. A slug that another article has is ErrConflict
	// wrapped in *Invalid{Field: "slug"}.
	SaveArticle(ctx context.Context, a Article, base int, job *ArticleChanged, audit AuditEntry) error
	// DeleteArticle marks it deleted, blanks its text, hides its thread, and
	// remembers its object as deleted.
	DeleteArticle(ctx context.Context, id uuid.UUID, at time.Time, job *ArticleChanged, audit AuditEntry) error

	// InsertReply writes a comment of ours and bumps the counters.
	InsertReply(ctx context.Context, c Comment, job CommentChanged, audit AuditEntry) error
	EditReply(ctx context.Context, c Comment, job CommentChanged, audit AuditEntry) error
	DeleteReply(ctx context.Context, id uuid.UUID, at time.Time, job CommentChanged, audit AuditEntry) error
	ModerationWriter

	// RemoveFollower deletes the follow and enqueues a FollowerRemoved with
	// the given activity id.
	RemoveFollower(ctx context.Context, target, actor, activity uuid.UUID, audit AuditEntry) error
	BlockWriter
	PolicyWriter
	ReportWriter

	ReactionWriter
	QuoteWriter

	InsertAccount(ctx context.Context, a Account, audit AuditEntry) error
	SetPassword(ctx context.Context, id uuid.UUID, password string, audit AuditEntry) error
	MediaWriter
	NotificationWriter
	VisitorWriter
	ProfileWriter
	NewsletterWriter
}

func (s *Service) audit(by uuid.UUID, action, subject string) AuditEntry {
	return AuditEntry{ID: s.NewID(), At: s.Now(), AccountID: by, Action: action, Subject: subject}
}
