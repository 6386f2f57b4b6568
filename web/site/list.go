package site

import (
	"net/http"
	"net/url"

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
	if len(articles) == 0 && !q.Before.IsZero() {
		return nil, paging, page.Elsewhere(r.URL.EscapedPath()) // past the end, or what was there is gone
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
	for _, key := range []string{"before", "after"} {
		if at := r.URL.Query().Get(key); at != "" && paging.Newer != "" {
			h.Canonical += "?" + url.Values{key: {at}}.Encode()
			break
		}
	}
	return h
}

// listed is a page of a list with all that stands on it.
type listed struct {
	templates.Frame
	articles []blog.Article
	cards    []templates.Card
	paging   templates.Paging
}

func (p *Part) listed(r *http.Request, q blog.ArticleQuery) (l listed, err error) {
	if l.Frame, err = p.Page.Frame(r); err != nil {
		return l, err
	}
	if l.articles, l.paging, err = p.list(r, q); err != nil {
		return l, err
	}
	l.cards, err = p.cards(r, l.Frame, l.articles)
	return l, err
}

// tag lists the articles of a topic. Its address is the folded tag.
func (p *Part) tag(w http.ResponseWriter, r *http.Request) error {
	tag, err := page.Variable(r, "tag")
	if err != nil {
		return err
	}
	key := blog.TagKey(tag)
	if key == "" {
		return blog.ErrNotFound
	}
	if key != tag {
		return page.Moved(w, r, templates.TagPath(key))
	}
	l, err := p.listed(r, blog.ArticleQuery{Tag: key})
	if err != nil {
		return err
	}
	if len(l.cards) == 0 {
		return blog.ErrNotFound
	}
	name := spelling(l.articles[0].Tags, key)
	l.Head = head(l.Frame, r, "#"+name, l.paging)
	l.Head.FeedURL, l.Head.FeedTitle = templates.TagPath(key)+templates.AtomPath, "#"+name
	return p.Page.Render(w, r, http.StatusOK, &templates.TagPage{
		Frame: l.Frame, Tag: templates.Tag{Name: name, URL: templates.TagPath(key)}, Cards: l.cards, Paging: l.paging,
	})
}

// spelling is a folded tag as an article writes it.
func spelling(tags []string, key string) string {
	for _, tag := range tags {
		if blog.TagKey(tag) == key {
			return tag
		}
	}
	return key
}
