package site

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// history lists what was changed of an article since its publication, where
// its author lets readers see that.
func (p *Part) history(w http.ResponseWriter, r *http.Request) error {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.ErrNotFound
	}
	page.Shows(r, blog.PageSite, blog.PageArticle(id))
	a, lines, err := p.Page.Blog.History(r.Context(), id)
	if err != nil {
		return err
	}
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	made := &templates.HistoryPage{Frame: f, Article: *articleLink(a), Language: a.Language}
	for _, l := range lines {
		made.Rows = append(made.Rows, templates.HistoryRow{
			URL: templates.ChangePath(id.String(), l.Number), Title: l.Title, At: l.Created, Grown: l.Grown, First: l.First,
		})
	}
	made.Head = templates.Head{Title: f.T("history.title") + ": " + label(a), NoIndex: true, LanguageURLs: f.Head.LanguageURLs}
	return p.Page.Render(w, r, http.StatusOK, made)
}

// change shows what one revision changed.
func (p *Part) change(w http.ResponseWriter, r *http.Request) error {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.ErrNotFound
	}
	number, err := strconv.ParseInt(mux.Vars(r)["number"], 10, 32)
	if err != nil {
		return blog.ErrNotFound
	}
	page.Shows(r, blog.PageSite, blog.PageArticle(id))
	a, c, err := p.Page.Blog.Changed(r.Context(), id, int(number))
	if err != nil {
		return err
	}
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	made := &templates.ChangePage{
		Frame: f, Article: *articleLink(a), Language: c.Language, History: templates.HistoryPath(id.String()),
		At: c.Created, First: c.First, Title: pieces(c.Title),
	}
	for _, paragraph := range c.Text {
		made.Text = append(made.Text, pieces(paragraph))
	}
	made.Head = templates.Head{Title: f.T("history.title") + ": " + label(a), NoIndex: true, LanguageURLs: f.Head.LanguageURLs}
	return p.Page.Render(w, r, http.StatusOK, made)
}

func pieces(compared []blog.Span) []templates.Piece {
	var list []templates.Piece
	for _, s := range compared {
		list = append(list, templates.Piece{Added: s.Kind == blog.Added, Taken: s.Kind == blog.Taken, Text: s.Text})
	}
	return list
}

func articleLink(a blog.Article) *templates.Link {
	return &templates.Link{Text: label(a), URL: articlePath(a), Lang: a.Language}
}
