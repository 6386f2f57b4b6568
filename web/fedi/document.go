package fedi

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/page"
)

// id is the id in the path; what is none cannot be there.
func id(r *http.Request) (uuid.UUID, error) {
	text := mux.Vars(r)["id"]
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil, blog.ErrNotFound
	}
	return id, nil
}

func (p *Part) byID(read func(context.Context, uuid.UUID) ([]byte, error)) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := id(r)
		if err != nil {
			return err
		}
		doc, err := read(r.Context(), id)
		return document(w, doc, err)
	}
}

// paged makes a handler of a collection with pages.
func (p *Part) paged(read func(context.Context, uuid.UUID, federation.Page) ([]byte, error)) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		at, err := federation.ParsePage(r.URL.Query())
		if err != nil {
			return err
		}
		return p.byID(func(ctx context.Context, id uuid.UUID) ([]byte, error) { return read(ctx, id, at) })(w, r)
	}
}

func (p *Part) counter(name string) page.Handler {
	return p.byID(func(ctx context.Context, id uuid.UUID) ([]byte, error) {
		return p.Federation.Counter(ctx, id, name)
	})
}

// actor serves an actor of ours; a browser is led to its page.
func (p *Part) actor(w http.ResponseWriter, r *http.Request) error {
	id, err := id(r)
	if err != nil {
		return err
	}
	page.Shows(r, blog.PageSite, blog.PageActor(id))
	if !page.WantsPage(r) {
		doc, err := p.Federation.ActorDocument(r.Context(), id)
		return document(w, doc, err)
	}
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	actor, err := p.Page.Blog.Actor(r.Context(), id)
	if err != nil {
		return err
	}
	if actor.Kind != blog.BlogActor && actor.Kind != blog.AuthorActor {
		return blog.ErrNotFound
	}
	return toPage(w, r, federation.ProfilePage(site, actor))
}

func (p *Part) instanceActor(w http.ResponseWriter, r *http.Request) error {
	page.Shows(r, blog.PageSite)
	doc, err := p.Federation.InstanceDocument(r.Context())
	return document(w, doc, err)
}

// object serves an article or an answer; a browser is led to its page.
func (p *Part) object(w http.ResponseWriter, r *http.Request) error {
	id, err := id(r)
	if err != nil {
		return err
	}
	article, address, err := p.place(r, id)
	if err == nil {
		page.Shows(r, blog.PageSite, blog.PageArticle(article))
	}
	switch {
	case page.WantsPage(r) && err == nil && address != "":
		return toPage(w, r, address)
	case page.WantsPage(r) && errors.Is(err, blog.ErrGone):
		p.Page.Fail(w, r, err)
		return nil
	}
	// What has no page may still have a Tombstone.
	if err != nil && !errors.Is(err, blog.ErrNotFound) && !errors.Is(err, blog.ErrGone) {
		return err
	}
	doc, err := p.Federation.Object(r.Context(), id)
	return document(w, doc, err)
}

// place is where an object of ours stands: its article and its page. What
// answers a post elsewhere is shown below that.
func (p *Part) place(r *http.Request, id uuid.UUID) (article uuid.UUID, address string, err error) {
	ctx, to := r.Context(), blog.Address{Origin: p.Page.Origin}
	a, err := p.Page.Blog.ArticleByObject(ctx, to.Object(id))
	if err == nil {
		return a.ID, to.Page(a.Slug), nil
	}
	if !errors.Is(err, blog.ErrNotFound) {
		return uuid.Nil, "", err
	}
	c, err := p.Page.Blog.CommentByObject(ctx, to.Object(id))
	switch {
	case err != nil:
		return uuid.Nil, "", err
	case !c.Local || c.Private():
		return uuid.Nil, "", blog.ErrNotFound
	case !c.Shown() && (c.FromWeb() || c.State != blog.CommentDeleted): // an answer that we deleted has its place still
		return uuid.Nil, "", blog.ErrNotFound
	case c.ArticleID == uuid.Nil:
		above, err := p.Page.Blog.Comment(ctx, c.ParentID)
		return uuid.Nil, above.URL, err
	}
	a, err = p.Page.Blog.Article(ctx, c.ArticleID)
	return c.ArticleID, to.Comment(a.Slug, c.ID), err
}

// toPage leads a browser from an id to the page about it. The answer depends
// on who asks, so nothing between may keep it.
func toPage(w http.ResponseWriter, r *http.Request, address string) error {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "Accept")
	return page.SeeOther(w, r, address)
}
