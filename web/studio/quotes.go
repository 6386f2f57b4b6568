package studio

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// quoteFilters are the states that can be looked at, the first if none is asked
// for.
var quoteFilters = []blog.QuoteState{blog.QuoteWaiting, blog.QuoteApproved, blog.QuoteRejected, blog.QuoteRevoked}

// quoteVerdicts are the buttons: the state they give, and what is said then.
var quoteVerdicts = map[string]struct {
	state blog.QuoteState
	said  string
}{
	"approve": {blog.QuoteApproved, "flash.quote-approved"},
	"reject":  {blog.QuoteRejected, "flash.quote-rejected"},
	"revoke":  {blog.QuoteRevoked, "flash.quote-revoked"},
}

// quotes lists posts that quote something of ours, and who asks to.
func (s *Studio) quotes(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	query := only(r.URL.Query(), "show", "before")
	before, err := page.ParseCursor(query.Get("before"))
	if err != nil {
		return err
	}
	counts, err := s.Page.Blog.QuoteCounts(r.Context())
	if err != nil {
		return fmt.Errorf("studio: quotes: %w", err)
	}
	f, of, err := s.frame(r, me, "nav.quotes")
	if err != nil {
		return err
	}
	p := &templates.QuotesPage{Frame: f, Studio: of, Here: r.URL.RequestURI()}
	state := quoteFilters[0]
	for _, known := range quoteFilters {
		if query.Get("show") == string(known) {
			state = known
		}
	}
	for i, known := range quoteFilters {
		filter := templates.Filter{
			Label: i18n.M("quotes." + string(known)), Count: counts[known], URL: templates.StudioQuotesPath,
			Current: known == state, Urgent: i == 0,
		}
		if i > 0 {
			filter.URL += "?" + url.Values{"show": {string(known)}}.Encode()
		}
		p.Filters = append(p.Filters, filter)
	}
	list, err := s.Page.Blog.Quotes(r.Context(), blog.QuoteQuery{State: state, Before: before, Limit: pageSize + 1})
	if err != nil {
		return fmt.Errorf("studio: quotes: %w", err)
	}
	list, more := cut(list, pageSize)
	for _, q := range list {
		row, err := s.quoteRow(r, q)
		if err != nil {
			return fmt.Errorf("studio: quotes: %w", err)
		}
		p.Rows = append(p.Rows, row)
	}
	older := ""
	if more {
		older = page.Cursor(list[len(list)-1].Cursor())
	}
	p.Paging = paging(templates.StudioQuotesPath, query, older)
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// quoteTally fills what the navigation says of quotes; before the first there
// is nothing to lead to.
func (s *Studio) quoteTally(r *http.Request, of *templates.Studio) error {
	counts, err := s.Page.Blog.QuoteCounts(r.Context())
	of.QuotesWaiting = counts[blog.QuoteWaiting]
	if len(counts) == 0 {
		of.Closed = append(of.Closed, templates.StudioQuotesPath)
	}
	return err
}

func (s *Studio) quoteRow(r *http.Request, q blog.Quote) (templates.QuoteRow, error) {
	c := q.Comment
	row := templates.QuoteRow{
		ID: q.ID.String(), Author: person(q.Actor), State: string(q.State), Asked: q.RequestURI != "", At: q.Created,
		Warning: c.Warning, ContentHTML: template.HTML(c.HTML.String()), // markup.Safe
		Language: c.Language, URL: webAddress(c.URL), ToArticle: c.ParentID == uuid.Nil,
	}
	if row.URL == "" {
		row.URL = webAddress(q.ObjectURI)
	}
	if c.ArticleID == uuid.Nil {
		return row, nil
	}
	a, err := s.Page.Blog.Article(r.Context(), c.ArticleID)
	row.Target = templates.Link{Text: articleTitle(a), URL: pagePath(a)}
	if c.ParentID != uuid.Nil {
		row.Target.URL += blog.CommentPlace(c.ParentID)
	}
	return row, err
}

// changeQuote does what the pressed button of a row says.
func (s *Studio) changeQuote(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	id, err := uuid.Parse(r.PostFormValue("id"))
	if err != nil {
		return blog.ErrNotFound
	}
	verdict, ok := quoteVerdicts[r.PostFormValue("do")]
	if !ok {
		return &blog.Invalid{Field: "do", Problem: "state", Detail: r.PostFormValue("do")}
	}
	if err := s.Page.Blog.DecideQuote(r.Context(), me.ID, id, verdict.state); err != nil {
		return fmt.Errorf("studio: quotes: %w", err)
	}
	s.Page.Notify(r, templates.NoticeGood, verdict.said)
	return page.SeeOther(w, r, page.LocalPath(r.PostFormValue("back"), templates.StudioQuotesPath))
}
