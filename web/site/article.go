package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/page"
	"kabar/web/templates"
)

// faces is how many of those who did the same are shown.
const faces = 12

// article is the page of an article with its conversation. Another server is
// led to the object, whatever past slug it asks by.
func (p *Part) article(w http.ResponseWriter, r *http.Request) error {
	slug, err := variable(r, "slug")
	if err != nil {
		return err
	}
	a, err := p.Page.Blog.ArticleBySlug(r.Context(), slug)
	if errors.Is(err, blog.ErrGone) {
		if page.WantsActivity(r) {
			return p.tombstone(w, r, a)
		}
		return page.Gone{At: a.Deleted}
	}
	if err != nil {
		return err
	}
	switch {
	case page.WantsActivity(r):
		return toObject(w, r, a.ObjectURI)
	case a.Slug != slug:
		return page.Moved(w, r, articlePath(a))
	}
	made, err := p.articlePage(w, r, a)
	if err != nil {
		return err
	}
	link(w, a.ObjectURI)
	if a.Title == "" {
		return p.Page.Render(w, r, http.StatusOK, (*templates.NotePage)(made))
	}
	return p.Page.Render(w, r, http.StatusOK, made)
}

// tombstone answers another server that asks for a deleted article by its
// page.
func (p *Part) tombstone(w http.ResponseWriter, r *http.Request, a blog.Article) error {
	id, err := uuid.Parse(path.Base(a.ObjectURI))
	if err != nil {
		return blog.ErrGone
	}
	_, err = p.Federation.Object(r.Context(), id)
	var stone *federation.Tombstoned
	if !errors.As(err, &stone) {
		return fmt.Errorf("tombstone: %w", errors.Join(err, blog.ErrGone))
	}
	h := w.Header()
	h.Set("Content-Type", activitypub.ContentType)
	h.Set("Content-Length", strconv.Itoa(len(stone.Document)))
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept")
	w.WriteHeader(http.StatusGone)
	_, _ = w.Write(stone.Document) // who asked has gone; nobody is left to tell
	return nil
}

func (p *Part) articlePage(w http.ResponseWriter, r *http.Request, a blog.Article) (*templates.ArticlePage, error) {
	page.Shows(r, blog.PageSite, blog.PageList, blog.PageArticle(a.ID))
	f, err := p.Page.Frame(r)
	if err != nil {
		return nil, err
	}
	who := p.people(r, f)
	made := &templates.ArticlePage{Frame: f}
	if made.Respond, err = p.responded(w, r, who, a); err != nil {
		return nil, err
	}
	stage, err := p.thread(r, who, a, made)
	if err != nil {
		return nil, err
	}
	if made.Article, err = p.shown(r.Context(), who, a); err != nil {
		return nil, err
	}
	made.Article.Reactions, made.Article.ReactionsURL = who.reactions(stage.responses[a.ID]), templates.ReactionsPath(a.ID.String())
	made.Article.Permalink = f.Site.URL + articlePath(a)
	if f.Site.SignedIn {
		made.Article.EditURL = templates.StudioEditPath(a.ID.String())
	}
	if made.Older, made.Newer, err = p.beside(r.Context(), a); err != nil {
		return nil, err
	}
	made.Head = articleHead(f, a, made)
	return made, nil
}

// shown is the article itself.
func (p *Part) shown(ctx context.Context, who *people, a blog.Article) (made templates.Article, err error) {
	if err := who.bylines(ctx, a); err != nil {
		return made, err
	}
	if made.Card, err = p.card(ctx, who, a); err != nil {
		return made, err
	}
	if err := p.around(ctx, a, &made); err != nil {
		return made, err
	}
	if a.History {
		made.HistoryURL = templates.HistoryPath(a.ID.String())
	}
	made.Summary = a.Summary
	made.ObjectURL, made.BodyHTML, made.Updated = a.ObjectURI, a.HTML.HTML(), a.Updated
	for _, h := range a.Headings {
		if h.Level == 2 {
			made.Contents = append(made.Contents, templates.Heading{ID: h.ID, Text: h.Text})
		}
	}
	for _, tag := range a.Tags {
		made.Tags = append(made.Tags, templates.Tag{Name: tag, URL: tagPath(tag)})
	}
	return made, nil
}

// beside are the articles before and after one.
func (p *Part) beside(ctx context.Context, a blog.Article) (older, newer *templates.Link, err error) {
	at := blog.ArticleQuery{}.Cursor(a)
	before, err := p.Page.Blog.Articles(ctx, blog.ArticleQuery{Before: at, Limit: 1})
	if err != nil {
		return nil, nil, err
	}
	after, err := p.Page.Blog.Articles(ctx, blog.ArticleQuery{After: at, Limit: 1})
	if err != nil {
		return nil, nil, err
	}
	return neighbour(before), neighbour(after), nil
}

func neighbour(articles []blog.Article) *templates.Link {
	if len(articles) == 0 {
		return nil
	}
	return articleLink(articles[0])
}

func articleHead(f templates.Frame, a blog.Article, made *templates.ArticlePage) templates.Head {
	h := f.Head
	h.Title, h.Description = a.Title, a.Summary
	if h.Description == "" {
		h.Description = a.Excerpt
	}
	if h.Title == "" {
		h.Title = label(a)
	}
	h.FeedURL, h.FeedTitle = templates.CommentPath+a.ID.String()+templates.AtomPath, f.T("feed.comments", h.Title)
	h.Canonical, h.ObjectURL, h.Type = made.Article.Permalink, a.ObjectURI, "article"
	h.Image, h.Tags, h.Published, h.Modified = made.Article.Cover, a.Tags, a.Published, a.Updated
	h.Creators = creators(f, made.Article.Authors)
	h.Prev, h.Next = made.Thread.Prev, made.Thread.Next
	return h
}
