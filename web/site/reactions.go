package site

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// reactionPage is the number of people on a page of reactions.
const reactionPage = 60

// reactions lists who reacted to an article or a comment, in one way at a time.
func (p *Part) reactions(w http.ResponseWriter, r *http.Request) error {
	a, link, err := p.reactedTo(r)
	if err != nil {
		return err
	}
	page.Shows(r, blog.PageSite, blog.PageArticle(a))
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	q := blog.ReactionQuery{Subject: link.id, Kind: r.URL.Query().Get("kind"), Content: r.URL.Query().Get("content"), Limit: reactionPage + 1}
	if q.Before, err = page.ParseCursor(r.URL.Query().Get("before")); err != nil {
		return err
	}
	made := &templates.ReactionsPage{Frame: f, Subject: link.Link}
	made.Head.Title, made.Head.NoIndex = f.T("reactions.title"), true
	made.Head.Canonical = f.Site.URL + templates.ReactionsPath(link.id.String())
	if err := p.reactedBy(r, made, &q); err != nil {
		return err
	}
	return p.Page.Render(w, r, http.StatusOK, made)
}

// subject is what people reacted to, and where it stands.
type subject struct {
	templates.Link
	id uuid.UUID
}

// reactedTo finds the article or comment that is asked about, and the article
// whose page it stands on. What readers do not see has no reactions.
func (p *Part) reactedTo(r *http.Request) (article uuid.UUID, to subject, err error) {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return article, to, blog.ErrNotFound
	}
	a, err := p.Page.Blog.Article(r.Context(), id)
	if errors.Is(err, blog.ErrNotFound) {
		return p.reactedToComment(r, id)
	}
	if err == nil && (a.Status != blog.Published || !a.Post()) {
		err = unpublished(a)
	}
	return a.ID, subject{templates.Link{Text: cmp.Or(a.Title, a.Excerpt), URL: articlePath(a)}, id}, err
}

func (p *Part) reactedToComment(r *http.Request, id uuid.UUID) (article uuid.UUID, to subject, err error) {
	c, err := p.Page.Blog.Comment(r.Context(), id)
	if err == nil && (!c.Shown() || c.ArticleID == uuid.Nil) {
		err = blog.ErrNotFound
	}
	if err != nil {
		return article, to, err
	}
	a, err := p.Page.Blog.Article(r.Context(), c.ArticleID)
	if err == nil && (a.Status != blog.Published || !a.Post()) {
		err = unpublished(a)
	}
	return a.ID, subject{templates.Link{Text: c.Actor.Label(), URL: articlePath(a) + blog.CommentPlace(c.ID)}, id}, err
}

func unpublished(a blog.Article) error {
	if a.Status == blog.Deleted {
		return blog.ErrGone
	}
	return blog.ErrNotFound
}

// reactedBy fills the page: the ways in which people reacted, and who did in
// the one that is asked for, the first if none is.
func (p *Part) reactedBy(r *http.Request, made *templates.ReactionsPage, q *blog.ReactionQuery) error {
	all, err := p.Page.Blog.Responses(r.Context(), []uuid.UUID{q.Subject}, 0)
	if err != nil {
		return err
	}
	ways := all[q.Subject]
	if q.Kind == "" && len(ways) > 0 {
		q.Kind, q.Content = ways[0].Kind, ways[0].Content
	}
	known := func(w blog.Response) bool { return w.Kind == q.Kind && (q.Content == "" || w.Content == q.Content) }
	if (q.Kind != "" || q.Content != "") && !slices.ContainsFunc(ways, known) {
		return blog.ErrNotFound
	}
	list, err := p.Page.Blog.ReactionList(r.Context(), *q)
	if err != nil {
		return err
	}
	if len(list) > reactionPage {
		list = list[:reactionPage]
		made.Paging.Older = reactionsAt(*q, list[reactionPage-1].Cursor())
	}
	if !q.Before.IsZero() {
		made.Paging.Newer = reactionsAt(*q, blog.Cursor{})
	}
	return p.showReacted(r, made, *q, ways, list)
}

// reactionsAt is the address of a part of the list.
func reactionsAt(q blog.ReactionQuery, before blog.Cursor) string {
	query := url.Values{"kind": {q.Kind}}
	if q.Content != "" {
		query.Set("content", q.Content)
	}
	if !before.IsZero() {
		query.Set("before", page.Cursor(before))
	}
	return templates.ReactionsPath(q.Subject.String()) + "?" + query.Encode()
}

func (p *Part) showReacted(
	r *http.Request, made *templates.ReactionsPage, q blog.ReactionQuery, ways []blog.Response, list []blog.Reaction,
) (err error) {
	who := p.people(r, made.Frame)
	wanted := addresses{}
	for _, way := range ways {
		wanted.add([]string{way.URL})
	}
	for _, reaction := range list {
		wanted.add(nil, reaction.Actor)
	}
	if who.files, err = p.Page.Blog.RemoteFiles(r.Context(), wanted.list()); err != nil {
		return err
	}
	for i, way := range who.reactions(ways) {
		current := ways[i].Kind == q.Kind && (q.Content == "" || ways[i].Content == q.Content)
		at := reactionsAt(blog.ReactionQuery{Subject: q.Subject, Kind: way.Kind, Content: ways[i].Content}, blog.Cursor{})
		made.Ways = append(made.Ways, templates.ReactionWay{Reaction: way, URL: at, Current: current})
	}
	for _, reaction := range list {
		reacter := templates.Reacter{Person: who.person(reaction.Actor), Kind: reaction.Kind, At: reaction.Created}
		switch reaction.Kind {
		case "quote":
			reacter.QuoteURL = webAddress(reaction.URL)
		case "emoji":
			reacter.Emoji = who.emoji(blog.Response{Content: reaction.Content, URL: reaction.URL})
		}
		made.People = append(made.People, reacter)
	}
	return nil
}
