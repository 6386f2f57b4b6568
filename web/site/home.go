package site

import (
	"context"
	"net/http"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	frontTags = 12 // topics on the front page
	frontWarm = 3  // recent answers on the front page
)

// home is the front page; another server is led to the blog's actor.
func (p *Part) home(w http.ResponseWriter, r *http.Request) error {
	if page.WantsActivity(r) {
		actor, err := p.Page.Blog.LocalActor(r.Context(), blog.BlogActor, "")
		if err != nil {
			return err
		}
		return toObject(w, r, actor.URI)
	}
	l, err := p.listed(r, blog.ArticleQuery{})
	if err != nil {
		return err
	}
	l.Head = head(l.Frame, r, "", l.paging)
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	l.Head.Description, l.Head.ObjectURL, l.Head.Me = site.Description, l.Site.ActorURL, elsewhere(site.Fields)
	link(w, l.Site.ActorURL)
	if err := p.pin(r, &l); err != nil {
		return err
	}
	l.Site.Newsletter = p.mails(site)
	h := &templates.HomePage{Frame: l.Frame, Cards: l.cards, Paging: l.paging}
	if err := p.aside(r, h); err != nil {
		return err
	}
	return p.Page.Render(w, r, http.StatusOK, h)
}

// aside fills what stands beside the articles.
func (p *Part) aside(r *http.Request, h *templates.HomePage) error {
	ctx := r.Context()
	tags, err := p.Numbers.TagCounts(ctx, frontTags)
	if err != nil {
		return err
	}
	for _, t := range tags {
		h.Tags = append(h.Tags, templates.Tag{Name: t.Tag, URL: tagPath(t.Tag), Articles: t.Articles})
	}
	if _, h.Site.Servers, err = p.Numbers.FollowerServers(ctx, 1); err != nil {
		return err
	}
	who := p.people(r, h.Frame)
	if h.Authors, err = who.writers(ctx); err != nil {
		return err
	}
	if len(h.Authors) == 0 {
		if h.Authors, err = p.blogAlone(ctx, who); err != nil {
			return err
		}
	}
	h.Warm, err = p.warm(r, who)
	return err
}

// blogAlone is the blog itself as its only author.
func (p *Part) blogAlone(ctx context.Context, who *people) ([]templates.Person, error) {
	actor, err := p.Page.Blog.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return nil, err
	}
	counts, err := p.Page.Blog.ArticleCounts(ctx)
	if err != nil {
		return nil, err
	}
	author := who.person(actor)
	author.Articles = counts[blog.Published]
	return []templates.Person{author}, nil
}

// warm are the newest answers that readers see, at most one for an article.
func (p *Part) warm(r *http.Request, who *people) ([]templates.Warm, error) {
	ctx := r.Context()
	comments, err := p.Page.Blog.Comments(ctx, blog.CommentQuery{States: []blog.State{blog.Visible}, Limit: 10 * frontWarm})
	if err != nil {
		return nil, err
	}
	var warm []templates.Warm
	about := map[any]bool{}
	for _, c := range comments {
		if len(warm) == frontWarm || !c.Shown() || c.ByAuthor() || about[c.ArticleID] {
			continue
		}
		about[c.ArticleID] = true
		a, err := p.Page.Blog.Article(ctx, c.ArticleID)
		if err != nil || a.Status != blog.Published {
			continue // not attached, or its article is not public
		}
		page.Shows(r, blog.PageArticle(a.ID))
		warm = append(warm, templates.Warm{Person: who.person(c.Actor), Article: label(a), URL: articlePath(a) + blog.CommentPlace(c.ID)})
	}
	return warm, nil
}

// label is what an article is called.
func label(a blog.Article) string {
	if a.Title != "" {
		return a.Title
	}
	return blog.Clip(a.Excerpt, 60)
}
