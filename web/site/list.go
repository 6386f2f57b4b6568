package site

import (
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// pageSize is the number of articles on a page of a list.
const pageSize = 12

// list reads the page of a list of articles that the query of the request
// names, and where its neighbours are.
func (p *Part) list(r *http.Request, q blog.ArticleQuery) (articles []blog.Article, paging templates.Paging, err error) {
	page.Shows(r, blog.PageSite, blog.PageList)
	query := r.URL.Query()
	if q.Before, err = page.ParseCursor(query.Get("before")); err != nil {
		return nil, paging, err
	}
	if q.After, err = page.ParseCursor(query.Get("after")); err != nil {
		return nil, paging, err
	}
	q.Limit = pageSize + 1
	if articles, err = p.Page.Blog.Articles(r.Context(), q); err != nil {
		return nil, paging, err
	}
	if !q.After.IsZero() {
		if len(articles) > pageSize {
			articles = articles[len(articles)-pageSize:]
			return articles, neighbours(r, q, articles, true, true), nil
		}
		// These are the newest: the first page, filled up.
		q.After = blog.Cursor{}
		if articles, err = p.Page.Blog.Articles(r.Context(), q); err != nil {
			return nil, paging, err
		}
	}
	more := len(articles) > pageSize
	articles = articles[:min(len(articles), pageSize)]
	return articles, neighbours(r, q, articles, !q.Before.IsZero(), more), nil
}

func neighbours(r *http.Request, q blog.ArticleQuery, articles []blog.Article, newer, older bool) (paging templates.Paging) {
	if len(articles) == 0 {
		if newer {
			paging.Newer = r.URL.EscapedPath()
		}
		return paging
	}
	at := func(name string, a blog.Article) string {
		return r.URL.EscapedPath() + "?" + url.Values{name: {page.Cursor(q.Cursor(a))}}.Encode()
	}
	if newer {
		paging.Newer = at("after", articles[0])
	}
	if older {
		paging.Older = at("before", articles[len(articles)-1])
	}
	return paging
}

// head is the head of a page of a list.
func head(f templates.Frame, r *http.Request, title string, paging templates.Paging) templates.Head {
	h := f.Head
	h.Title, h.Prev, h.Next = title, paging.Newer, paging.Older
	h.Canonical = f.Site.URL + r.URL.EscapedPath()
	if at := r.URL.Query(); at.Has("before") || at.Has("after") {
		at.Del("lang")
		h.Canonical += "?" + at.Encode()
	}
	return h
}

// listed reads a page of a list with all that stands on it.
func (p *Part) listed(r *http.Request, q blog.ArticleQuery) (f templates.Frame, cards []templates.Card, paging templates.Paging, err error) {
	if f, err = p.Page.Frame(r); err != nil {
		return f, nil, paging, err
	}
	articles, paging, err := p.list(r, q)
	if err != nil {
		return f, nil, paging, err
	}
	cards, err = p.cards(r, f, articles)
	return f, cards, paging, err
}

func (p *Part) archive(w http.ResponseWriter, r *http.Request) error {
	f, cards, paging, err := p.listed(r, blog.ArticleQuery{})
	if err != nil {
		return err
	}
	f.Head = head(f, r, f.T("archive.title"), paging)
	return p.Page.Render(w, r, http.StatusOK, &templates.ListPage{Frame: f, Cards: cards, Paging: paging})
}

// tag lists the articles of a topic. Its address is the folded tag.
func (p *Part) tag(w http.ResponseWriter, r *http.Request) error {
	tag, err := variable(r, "tag")
	if err != nil {
		return err
	}
	key := blog.TagKey(tag)
	if key != tag && key != "" {
		return page.Moved(w, r, templates.TagPath(key))
	}
	f, cards, paging, err := p.listed(r, blog.ArticleQuery{Tag: key})
	if err != nil {
		return err
	}
	if len(cards) == 0 {
		return blog.ErrNotFound
	}
	f.Head = head(f, r, "#"+tag, paging)
	f.Head.FeedURL, f.Head.FeedTitle = templates.TagPath(key)+templates.AtomPath, "#"+tag
	return p.Page.Render(w, r, http.StatusOK, &templates.TagPage{
		Frame: f, Tag: templates.Tag{Name: tag, URL: templates.TagPath(key)}, Cards: cards, Paging: paging,
	})
}

// variable is a part of the path, which the router leaves escaped.
func variable(r *http.Request, name string) (string, error) {
	value, err := url.PathUnescape(mux.Vars(r)[name])
	if err != nil {
		return "", blog.ErrNotFound
	}
	return value, nil
}
