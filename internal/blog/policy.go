package blog

import (
	"context"
	"time"
)

// CommentPolicy says whose comments appear under an article.
type CommentPolicy string

// The policies for comments.
const (
	CommentsOpen      CommentPolicy = "open"      // everybody's, at once
	CommentsFirstWait CommentPolicy = "first"     // who never had one shown waits for a moderator
	CommentsFollowers CommentPolicy = "followers" // those of followers; others wait
	CommentsApproved  CommentPolicy = "approved"  // those of people on the list; others wait
	CommentsClosed    CommentPolicy = "closed"    // nobody's
)

// QuotePolicy says who may quote (FEP-044f).
type QuotePolicy string

// The policies for quotes.
const (
	QuotesOpen      QuotePolicy = "open"      // everybody, at once
	QuotesFollowers QuotePolicy = "followers" // followers at once, others are asked about
	QuotesAsk       QuotePolicy = "ask"       // a person of ours decides each
	QuotesClosed    QuotePolicy = "closed"    // nobody
)

// CommentSettings is what the owner set about the conversation.
type CommentSettings struct {
	Policy    CommentPolicy `json:"policy"`
	CloseDays int           `json:"close_days"` // days after publication; 0 = never
	Web       bool          `json:"web"`        // visitors of the web may comment
	WebHold   bool          `json:"web_hold"`   // and wait until a comment of theirs was approved
}

// CommentsOn returns what holds for an article: its own settings, else those
// of the blog, with CommentsClosed once its time is over.
func (s Site) CommentsOn(a Article, now time.Time) CommentSettings {
	c := s.Comments
	if a.CommentPolicy != "" {
		c.Policy = a.CommentPolicy
	}
	if a.CloseDays != nil {
		c.CloseDays = *a.CloseDays
	}
	if a.WebComments != "" {
		c.Web = a.WebComments == "on"
	}
	if c.CloseDays > 0 && now.After(a.Published.AddDate(0, 0, c.CloseDays)) {
		c.Policy = CommentsClosed
	}
	return c
}

// QuotesOn returns who may quote an article.
func (s Site) QuotesOn(a Article) QuotePolicy {
	if a.QuotePolicy != "" {
		return a.QuotePolicy
	}
	return s.QuotePolicy
}

// Judge decides the state of a comment that has just come, and says why. Its
// Actor is filled, and its ArticleID when it has a place.
func (s *Service) Judge(ctx context.Context, c Comment) (State, []Reason, error) {
	if !c.FromWeb() {
		return Visible, nil, nil
	}
	site, err := s.Site(ctx)
	if err != nil {
		return Waiting, nil, err
	}
	a, err := s.Article(ctx, c.ArticleID)
	if err != nil {
		return Waiting, nil, err
	}
	return s.judgeVisitor(ctx, site.CommentsOn(a, s.Now()), c)
}
