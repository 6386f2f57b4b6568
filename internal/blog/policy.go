package blog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
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

// ArticlePolicy is what is set for one article; the zero value leaves all as
// the blog has it.
type ArticlePolicy struct {
	Comments  CommentPolicy `json:"comments"`   // "" = as the blog has it
	CloseDays *int          `json:"close_days"` // nil = as the blog has it, 0 = never
	Web       string        `json:"web"`        // on, off, or "" = as the blog has it
	Quotes    QuotePolicy   `json:"quotes"`     // "" = as the blog has it
}

// Policy is what is set for the article itself.
func (a Article) Policy() ArticlePolicy {
	return ArticlePolicy{Comments: a.CommentPolicy, CloseDays: a.CloseDays, Web: a.WebComments, Quotes: a.QuotePolicy}
}

// maxCloseDays is a hundred years.
const maxCloseDays = 36_500

// PolicyWriter changes policies.
type PolicyWriter interface {
	// SetArticlePolicy stores what is set for an article; job is nil where other
	// servers need not hear of it.
	SetArticlePolicy(ctx context.Context, id uuid.UUID, p ArticlePolicy, job *ArticleChanged, audit AuditEntry) error
}

// ChangeArticlePolicy sets who may comment and quote under one article. What
// came before is not judged again. Errors: *Invalid, ErrNotFound.
func (s *Service) ChangeArticlePolicy(ctx context.Context, by, article uuid.UUID, p ArticlePolicy) error {
	if err := p.Check(); err != nil {
		return err
	}
	a, err := s.Article(ctx, article)
	if err != nil {
		return fmt.Errorf("change policy: %w", err)
	}
	if a.Status == Deleted {
		return fmt.Errorf("change policy: %w", ErrGone)
	}
	var job *ArticleChanged
	if a.Status == Published && (p.Quotes != a.QuotePolicy || p.Comments != a.CommentPolicy) {
		job = &ArticleChanged{Article: a.ID, ObjectURI: a.ObjectURI, Revision: a.Revision, Change: "update", Activity: s.NewID()}
	}
	audit := s.audit(by, "article.policy", a.ID.String())
	audit.Detail = p.detail()
	if err := s.Store.SetArticlePolicy(ctx, article, p, job, audit); err != nil {
		return fmt.Errorf("change policy: %w", err)
	}
	return nil
}

func (p ArticlePolicy) detail() map[string]string {
	detail := map[string]string{"comments": string(p.Comments), "web": p.Web, "quotes": string(p.Quotes)}
	if p.CloseDays != nil {
		detail["close_days"] = fmt.Sprint(*p.CloseDays)
	}
	return detail
}

// Check returns an *Invalid for what cannot be set for an article.
func (p ArticlePolicy) Check() error {
	switch {
	case p.Comments != "" && !p.Comments.known():
		return &Invalid{Field: "comments", Problem: "comment-policy", Detail: string(p.Comments)}
	case p.CloseDays != nil && (*p.CloseDays < 0 || *p.CloseDays > maxCloseDays):
		return &Invalid{Field: "close_after", Problem: "number", Detail: fmt.Sprint(maxCloseDays)}
	case p.Web != "" && p.Web != "on" && p.Web != "off":
		return &Invalid{Field: "web_comments", Problem: "on-off", Detail: p.Web}
	case p.Quotes != "" && !p.Quotes.known():
		return &Invalid{Field: "quotes", Problem: "quote-policy", Detail: string(p.Quotes)}
	}
	return nil
}

// checkPolicies returns an *Invalid for what cannot be set for the blog.
func (s Site) checkPolicies() error {
	switch {
	case !s.Comments.Policy.known():
		return &Invalid{Field: "comments.policy", Problem: "comment-policy", Detail: string(s.Comments.Policy)}
	case s.Comments.CloseDays < 0 || s.Comments.CloseDays > maxCloseDays:
		return &Invalid{Field: "comments.close_days", Problem: "number", Detail: fmt.Sprint(maxCloseDays)}
	case !s.QuotePolicy.known():
		return &Invalid{Field: "quote_policy", Problem: "quote-policy", Detail: string(s.QuotePolicy)}
	}
	return s.Spam.check()
}

func (p CommentPolicy) known() bool {
	switch p {
	case CommentsOpen, CommentsFirstWait, CommentsFollowers, CommentsApproved, CommentsClosed:
		return true
	}
	return false
}

func (p QuotePolicy) known() bool {
	switch p {
	case QuotesOpen, QuotesFollowers, QuotesAsk, QuotesClosed:
		return true
	}
	return false
}

// policies are the settings about the conversation, by the names that commands
// and the audit log have for them.
func (s Site) policies() map[string]string {
	named := map[string]string{
		"comments.policy": string(s.Comments.Policy), "comments.close_days": fmt.Sprint(s.Comments.CloseDays),
		"comments.web": fmt.Sprint(s.Comments.Web), "comments.web_hold": fmt.Sprint(s.Comments.WebHold),
		"quotes.policy": string(s.QuotePolicy), "allow_list": fmt.Sprint(s.AllowList),
		"spam.wait": fmt.Sprint(s.Spam.Wait), "spam.spam": fmt.Sprint(s.Spam.Spam),
	}
	for _, r := range s.Spam.Rules() {
		named["spam."+strings.ReplaceAll(r.Name, "-", "_")] = fmt.Sprintf("%t, %d, %d", r.On, r.Limit, r.Points)
	}
	return named
}

// policyChanges is what the audit log says of changed settings: those about
// the conversation, as they were and as they are.
func policyChanges(old, site Site) map[string]string {
	changed, before := map[string]string{}, old.policies()
	for name, now := range site.policies() {
		if was := before[name]; was != now {
			changed[name] = was + " → " + now
		}
	}
	if parts := themeChanges(old.Theme, site.Theme); parts != "" {
		changed["theme"] = parts
	}
	return changed
}
