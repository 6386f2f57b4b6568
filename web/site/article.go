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
	slug, err := page.Variable(r, "slug")
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
	original, err := p.Page.Blog.Original(r.Context(), a)
	if errors.Is(err, blog.ErrGone) {
		return page.Gone{At: original.Deleted}
	}
	if err != nil {
		return err
	}
	switch {
	case page.WantsActivity(r) && original.ObjectURI != "":
		return toObject(w, r, original.ObjectURI)
	case a.Slug != slug:
		return page.Moved(w, r, articlePath(a))
	case a.Static:
		return p.staticPage(w, r, a, original)
	}
	made, err := p.articlePage(w, r, a, original)
	if err != nil {
		return err
	}
	link(w, original.ObjectURI)
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

// articlePage is the page of an article. A translation has the conversation of
// its original, which goes on at the translation's own address.
func (p *Part) articlePage(w http.ResponseWriter, r *http.Request, a, original blog.Article) (*templates.ArticlePage, error) {
	page.Shows(r, blog.PageSite, blog.PageList, blog.PageArticle(a.ID), blog.PageArticle(original.ID))
	talk := original
	talk.Slug = a.Slug
	f, err := p.Page.Frame(r)
	if err != nil {
		return nil, err
	}
	site, err := p.Page.Site(r)
	if err != nil {
		return nil, err
	}
	f.Site.Newsletter = p.mails(site)
	who := p.people(r, f)
	made := &templates.ArticlePage{Frame: f}
	if made.Respond, err = p.responded(w, r, who, talk); err != nil {
		return nil, err
	}
	stage, err := p.thread(r, who, talk, made)
	if err != nil {
		return nil, err
	}
	if made.Article, err = p.shown(r.Context(), who, a, original); err != nil {
		return nil, err
	}
	made.Article.Reactions, made.Article.ReactionsURL = who.reactions(stage.responses[original.ID]), templates.ReactionsPath(original.ID.String())
	made.Article.Permalink = f.Site.URL + articlePath(a)
	if f.Site.SignedIn {
		made.Article.EditURL = templates.StudioEditPath(a.ID.String())
	}
	if made.Older, made.Newer, err = p.beside(r.Context(), original); err != nil {
		return nil, err
	}
	made.Head = articleHead(f, a, original, made)
	return made, nil
}

// shown is the article itself.
func (p *Part) shown(ctx context.Context, who *people, a, original blog.Article) (made templates.Article, err error) {
	if err := who.bylines(ctx, a); err != nil {
		return made, err
	}
	if made.Card, err = p.card(ctx, who, a); err != nil {
		return made, err
	}
	if made.Cover, err = p.cover(ctx, a); err != nil {
		return made, err
	}
	if err := p.around(ctx, a, &made); err != nil {
		return made, err
	}
	if a.History {
		made.HistoryURL = templates.HistoryPath(a.ID.String())
	}
	made.Summary = a.Summary
	made.ObjectURL, made.BodyHTML, made.Updated = original.ObjectURI, a.HTML.HTML(), a.Updated
	made.Replies, made.Boosts, made.Likes = original.Comments, original.Boosts, original.Likes
	if made.Languages, err = p.languages(ctx, a, original); err != nil {
		return made, err
	}
	made.Contents = contents(a)
	for _, tag := range a.Tags {
		made.Tags = append(made.Tags, templates.Tag{Name: tag, URL: tagPath(tag)})
	}
	return made, nil
}

// contents are the headings of the first rank.
func contents(a blog.Article) (list []templates.Heading) {
	for _, h := range a.Headings {
		if h.Level == 2 {
			list = append(list, templates.Heading{ID: h.ID, Text: h.Text})
		}
	}
	return list
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

func articleHead(f templates.Frame, a, original blog.Article, made *templates.ArticlePage) templates.Head {
	h := f.Head
	h.Title, h.Description = a.Title, a.Summary
	if h.Description == "" {
		h.Description = a.Excerpt
	}
	if h.Title == "" {
		h.Title = label(a)
	}
	h.FeedURL, h.FeedTitle = templates.CommentPath+original.ID.String()+templates.AtomPath, f.T("feed.comments", h.Title)
	h.Canonical, h.ObjectURL, h.Type = made.Article.Permalink, original.ObjectURI, "article"
	h.Image, h.Tags, h.Published, h.Modified = made.Article.Cover, a.Tags, a.Published, a.Updated
	h.Translations, h.Language, h.Authors = made.Article.Languages, a.Language, made.Article.Authors
	h.Words, h.Comments = a.Words, original.Comments
	if h.Image == nil && a.ShareImage != "" {
		h.Image = &templates.Image{URL: mediaPath(a.ShareImage), Alt: h.Title, Type: "image/png", Width: blog.ShareWidth, Height: blog.ShareHeight}
	}
	h.Creators = creators(f, made.Article.Authors)
	h.Prev, h.Next = made.Thread.Prev, made.Thread.Next
	return h
}
