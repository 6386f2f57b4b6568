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
	{"private", "filter.private", false, blog.CommentQuery{Private: true}},
	{"unattached", "filter.unattached", false, blog.CommentQuery{Unattached: true}},
}

// answer is a form of one row that could not be taken, as it was typed.
type answer struct {
	comment       uuid.UUID
	edit          bool // the form to edit, not the one to reply
	text, warning string
	problems      templates.Problems
}

func (s *Studio) comments(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	return s.showComments(w, r, me, http.StatusOK, r.URL.Query(), nil)
}

// showComments shows the list that the query asks for; open is the form of a
// row that stands open, or nil.
func (s *Studio) showComments(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, asked url.Values, open *answer,
) error {
	query := only(asked, "show", "q", "article", "before")
	found, older, err := s.findComments(r.Context(), me, query, open)
	if err != nil {
		return err
	}
	f, of, err := s.frame(r, me, "nav.comments")
	if err != nil {
		return err
	}
	p := &templates.StudioCommentsPage{
		Frame: f, Studio: of, Filter: query.Get("show"), Query: query.Get("q"), ArticleID: query.Get("article"),
		Here: link(templates.StudioCommentsPath, query, "", ""), MayModerate: me.MayAll(blog.ModerateComments),
		Paging: paging(templates.StudioCommentsPath, query, older),
	}
	if open != nil {
		p.Open, p.OpenEdit, p.Problems = open.comment.String(), open.edit, open.problems
		p.Draft, p.DraftWarning = open.text, open.warning
	}
	if p.Rows, err = s.commentRows(r.Context(), f, me, found); err != nil {
		return err
	}
	if err := s.fillCommentFilters(r.Context(), me, query, p); err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// findComments reads one page of the list and where the next one starts.
func (s *Studio) findComments(
	ctx context.Context, me blog.Account, query url.Values, open *answer,
) (found []blog.Comment, older string, err error) {
	q := blog.CommentQuery{}
	moderates := me.MayAll(blog.ModerateComments)
	for _, filter := range commentFilters {
		if filter.name == query.Get("show") && (filter.open || moderates) {
			q = filter.query
		}
	}
	if !moderates {
		q = blog.CommentQuery{States: []blog.State{blog.Visible}, Public: true}
	}
	q.Search, q.Limit = query.Get("q"), pageSize+1
	if q.Before, err = page.ParseCursor(query.Get("before")); err != nil {
		return nil, "", err
	}
	q.Article, _ = uuid.Parse(query.Get("article")) // none = of all
	if found, err = s.Page.Blog.Comments(ctx, q); err != nil {
		return nil, "", fmt.Errorf("studio: comments: %w", err)
	}
	found, more := cut(found, pageSize)
	if more {
		older = page.Cursor(found[len(found)-1].Cursor())
	}
	if open != nil {
		found, err = s.withOpen(ctx, me, found, open)
	}
	return found, older, err
}

// withOpen puts the comment whose form stands open on the page, should it be
// on none of its rows. What readers do not see is for moderators and for whom
// it is from.
func (s *Studio) withOpen(ctx context.Context, me blog.Account, found []blog.Comment, open *answer) ([]blog.Comment, error) {
	for _, c := range found {
		if c.ID == open.comment {
			return found, nil
		}
	}
	c, err := s.Page.Blog.Comment(ctx, open.comment)
	if err != nil {
		return nil, fmt.Errorf("studio: comments: %w", err)
	}
	if !c.Shown() && !me.MayAll(blog.ModerateComments) && !me.May(blog.ChangeReply, c.AccountID) {
		return nil, blog.ErrForbidden
	}
	return append([]blog.Comment{c}, found...), nil
}

// fillCommentFilters links to the narrower lists, and says of which article
// the comments are.
func (s *Studio) fillCommentFilters(
	ctx context.Context, me blog.Account, query url.Values, p *templates.StudioCommentsPage,
) error {
	if id, err := uuid.Parse(p.ArticleID); err == nil {
		a, err := s.Page.Blog.Article(ctx, id)
		if err != nil {
			return fmt.Errorf("studio: comments: %w", err)
		}
		p.Article = templates.Link{Text: articleTitle(a), URL: pagePath(a)}
	}
	if !me.MayAll(blog.ModerateComments) {
		return nil
	}
	counts, err := s.Page.Blog.CommentCounts(ctx)
	if err != nil {
		return fmt.Errorf("studio: comments: %w", err)
	}
	kept := only(query, "q", "article")
	for _, filter := range commentFilters {
		shown := templates.Filter{
			Label: i18n.M(filter.label), URL: link(templates.StudioCommentsPath, kept, "show", filter.name),
			Current: filter.name == query.Get("show"),
		}
		for _, state := range filter.query.States {
			shown.Count, shown.Urgent = counts[state], state == blog.Waiting
		}
		p.Filters = append(p.Filters, shown)
	}
	return nil
}
