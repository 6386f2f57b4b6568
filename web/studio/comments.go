package studio

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// InboxStore is what the inbox reads, each for a whole page at once.
type InboxStore interface {
	// CommentsByID returns comments in whatever state they are.
	CommentsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]blog.Comment, error)
	// CommentsAbove returns what a comment answers, the nearest first.
	CommentsAbove(ctx context.Context, comment uuid.UUID, limit int) ([]blog.Comment, error)
	// ArticleHeads returns of articles what a link to them needs.
	ArticleHeads(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]blog.Article, error)
	// Visitors returns what visitors left about themselves, by their actors.
	Visitors(ctx context.Context, actors []uuid.UUID) (map[uuid.UUID]blog.Visitor, error)
	ActorRecord(ctx context.Context, actor uuid.UUID) (blog.Record, error)
	// ServerRecord counts those of the servers below a host, too.
	ServerRecord(ctx context.Context, host string) (blog.Record, error)
	// KnownPeople returns those who follow or wrote here, by the beginning of
	// handle or name.
	KnownPeople(ctx context.Context, text string, limit int) ([]blog.Actor, error)
}

// commentFilters are what the list can be narrowed to. Those that are not
// meant for everybody are for moderators alone.
var commentFilters = []struct {
	name, label string
	open        bool
	query       blog.CommentQuery
}{
	{"", "filter.all", true, blog.CommentQuery{}},
	{"waiting", "filter.pending", false, blog.CommentQuery{States: []blog.State{blog.Waiting}}},
	{"hidden", "filter.hidden", false, blog.CommentQuery{States: []blog.State{blog.Hidden}}},
	{"spam", "filter.spam", false, blog.CommentQuery{States: []blog.State{blog.Spam}}},
	{"removed", "filter.removed", false, blog.CommentQuery{States: []blog.State{blog.CommentDeleted}, Removed: true}},
	{"private", "filter.private", false, blog.CommentQuery{Private: true}},
	{"quotes", "filter.quotes", true, blog.CommentQuery{Quotes: true}},
	{"web", "filter.web", true, blog.CommentQuery{Web: true}},
	{"mentions", "filter.mentions", true, blog.CommentQuery{Mentions: true}},
	{"unattached", "filter.unattached", false, blog.CommentQuery{Unattached: true}},
}

// inboxQuery are the fields of the list's address; the first ones are kept when
// another filter is chosen.
var inboxQuery = []string{"q", "article", "actor", "server", "show", "before"}

func (s *Studio) comments(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	open, err := s.asked(r, me)
	if err != nil {
		return err
	}
	return s.showComments(w, r, me, http.StatusOK, r.URL.Query(), open)
}

// showComments shows the list that the query asks for; open is the form of a
// row that stands open, or nil.
func (s *Studio) showComments(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, asked url.Values, open *answer,
) error {
	query := only(asked, inboxQuery...)
	found, older, looked, err := s.findComments(r.Context(), me, query, open)
	if err != nil {
		return err
	}
	f, of, err := s.frame(r, me, "nav.comments")
	if err != nil {
		return err
	}
	if open != nil && open.said != nil {
		f.Flash = open.said
	}
	p := &templates.StudioCommentsPage{
		Frame: f, Studio: of, Filter: query.Get("show"), Query: query.Get("q"),
		Here: link(templates.StudioCommentsPath, query, "", ""), MayModerate: me.MayAll(blog.ModerateComments),
		Paging: paging(templates.StudioCommentsPath, query, older), Looked: looked,
	}
	if p.Rows, err = s.inboxRows(r.Context(), f, me, found, p.Here, open); err != nil {
		return err
	}
	if err := s.fillFilters(r.Context(), me, query, p); err != nil {
		return err
	}
	if err := s.fillNarrowings(r.Context(), query, p); err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// searched is how many comments a page of a search looks through: words have no
// index, which would make each comment that comes in dearer.
const searched = 5_000

// findComments reads one page of the list and where the next one starts. looked
// is not 0 if the page ends because so many were looked through.
func (s *Studio) findComments(
	ctx context.Context, me blog.Account, query url.Values, open *answer,
) (found []blog.Comment, older string, looked int, err error) {
	q := inboxFilter(me, query.Get("show"))
	q.Search, q.Limit = query.Get("q"), pageSize+1
	if q.Before, err = page.ParseCursor(query.Get("before")); err != nil {
		return nil, "", 0, err
	}
	q.Article, _ = uuid.Parse(query.Get("article")) // none = of all
	q.Actor, _ = uuid.Parse(query.Get("actor"))     // none = by all
	q.Server = query.Get("server")
	if q.Search != "" && q.Article == uuid.Nil && q.Actor == uuid.Nil {
		q.Last, err = s.Page.Blog.NthComment(ctx, q.Before, searched)
	}
	if err == nil {
		found, err = s.Page.Blog.Comments(ctx, q)
	}
	if err != nil {
		return nil, "", 0, fmt.Errorf("studio: comments: %w", err)
	}
	found, more := cut(found, pageSize)
	switch {
	case more:
		older = page.Cursor(found[len(found)-1].Cursor())
	case !q.Last.IsZero():
		older, looked = page.Cursor(q.Last), searched
	}
	return withOpen(found, open), older, looked, nil
}

// inboxFilter is what a filter shows to an account. Who does not moderate sees
// what readers see.
func inboxFilter(me blog.Account, show string) blog.CommentQuery {
	q := blog.CommentQuery{}
	moderates := me.MayAll(blog.ModerateComments)
	for _, filter := range commentFilters {
		if filter.name == show && (filter.open || moderates) {
			q = filter.query
		}
	}
	if !moderates {
		q.States, q.Public = []blog.State{blog.Visible}, true
	}
	return q
}

// withOpen puts the comment whose form stands open on the page, should it be
// on none of its rows.
func withOpen(found []blog.Comment, open *answer) []blog.Comment {
	if open == nil {
		return found
	}
	for _, c := range found {
		if c.ID == open.comment.ID {
			return found
		}
	}
	return append([]blog.Comment{open.comment}, found...)
}

// fillFilters links to the narrower lists.
func (s *Studio) fillFilters(ctx context.Context, me blog.Account, query url.Values, p *templates.StudioCommentsPage) error {
	moderates := me.MayAll(blog.ModerateComments)
	counts := map[blog.State]int{}
	if moderates {
		var err error
		if counts, err = s.Page.Blog.CommentCounts(ctx); err != nil {
			return fmt.Errorf("studio: comments: %w", err)
		}
	}
	kept := only(query, inboxQuery[:4]...)
	for _, filter := range commentFilters {
		if !filter.open && !moderates {
			continue
		}
		shown := templates.Filter{
			Label: i18n.M(filter.label), URL: link(templates.StudioCommentsPath, kept, "show", filter.name),
			Current: filter.name == query.Get("show"),
		}
		if states := filter.query.States; len(states) == 1 && !filter.query.Removed {
			shown.Count, shown.Urgent = counts[states[0]], states[0] == blog.Waiting
		}
		p.Filters = append(p.Filters, shown)
	}
	return nil
}

// fillNarrowings says of which article, person or server the comments are.
func (s *Studio) fillNarrowings(ctx context.Context, query url.Values, p *templates.StudioCommentsPage) error {
	add := func(name, text, address string) {
		p.Only = append(p.Only, templates.Narrowing{
			Name: name, Value: query.Get(name), Label: i18n.M("inbox.of-" + name), Text: text, URL: address,
			Off: link(templates.StudioCommentsPath, only(query, inboxQuery[:5]...), name, ""),
		})
	}
	if id, err := uuid.Parse(query.Get("article")); err == nil {
		heads, err := s.Store.ArticleHeads(ctx, []uuid.UUID{id})
		if err != nil {
			return fmt.Errorf("studio: comments: %w", err)
		}
		a, ok := heads[id]
		if !ok {
			return blog.ErrNotFound
		}
		add("article", articleTitle(a), pagePath(a))
	}
	if id, err := uuid.Parse(query.Get("actor")); err == nil {
		a, err := s.Page.Blog.Actor(ctx, id)
		if err != nil {
			return fmt.Errorf("studio: comments: %w", err)
		}
		add("actor", a.Label(), webAddress(a.Page()))
	}
	if server := query.Get("server"); server != "" {
		add("server", server, "")
	}
	return nil
}
