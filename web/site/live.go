package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/live"
	"kabar/web/page"
	"kabar/web/templates"
)

// Bounds of open pages on one node.
const (
	maxOpen        = 8_000
	maxOpenAddress = 250 // behind one address of a school there are many
)

// NewHub makes the hub from which open pages hear of changes.
func NewHub(m *page.Maker) *live.Hub {
	n := &news{Part: &Part{Page: m}}
	return &live.Hub{News: n.data, Changes: n.changes, Readers: maxOpen, PerAddress: maxOpenAddress, Log: m.Log}
}

// watch is the stream of what changes on the page of an article.
func (p *Part) watch(w http.ResponseWriter, r *http.Request) error {
	id, err := uuid.Parse(r.URL.Path[len(templates.LivePath):])
	if err != nil {
		return blog.ErrNotFound
	}
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	from, counts := page.Counted(page.ClientAddr(r))
	if !counts {
		from = netip.Addr{}
	}
	err = p.Live.Stream(w, r, live.Watch{
		Article: id, Lang: page.Language(r, site.Language), Since: r.URL.Query().Get("since"), From: from,
	})
	if errors.Is(err, live.ErrCrowded) {
		return fmt.Errorf("%w: %w", page.Status(http.StatusServiceUnavailable), err)
	}
	return err
}

// liveAddress is the stream of what changes after the last change that a page
// shows. It says no time of its own: the same page is the same, byte for byte.
func liveAddress(who *people, a blog.Article, since time.Time) string {
	return templates.LivePath + a.ID.String() + "?" + url.Values{
		"lang": {who.lang}, "since": {strconv.FormatInt(since.UnixMilli(), 10)},
	}.Encode()
}

// openEnd is where on a page a new answer to the article belongs.
func openEnd(q blog.ThreadQuery, t *templates.Thread) string {
	switch {
	case q.In != uuid.Nil || t.Alone:
		return ""
	case q.Order == blog.NewestFirst && q.After.IsZero():
		return "newest"
	case q.Order == blog.NewestFirst || t.Next != "":
		return ""
	}
	return "end"
}

// Watch answers requests below templates.LivePath. Its answers have no end, so
// it stands outside of what bounds the others.
func (p *Part) Watch() http.Handler { return p.Page.Handle(p.watch) }

// news reads what open pages are told.
type news struct{ *Part }

func (n *news) changes(ctx context.Context, article uuid.UUID, after time.Time, limit int) ([]live.Change, error) {
	found, err := n.Page.Blog.ChangedComments(ctx, article, after, limit)
	if errors.Is(err, blog.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", live.ErrOver, err)
	}
	if err != nil {
		return nil, err
	}
	changes := make([]live.Change, len(found))
	for i, c := range found {
		changes[i] = live.Change(c)
	}
	return changes, nil
}

// told is what an event tells: the numbers as the page shows them, and comments
// that came or changed.
type told struct {
	Title    string        `json:"title"` // how many responses there are, in words
	Boosts   string        `json:"boosts"`
	Likes    string        `json:"likes"`
	Comments []toldComment `json:"comments"`
}

// toldComment is a comment with its place. Its HTML is that of the page; of one
// that readers may not see any more, the placeholder.
type toldComment struct {
	ID     string `json:"id"`
	Parent string `json:"parent"` // "" = it answers the article
	Gone   bool   `json:"gone"`
	HTML   string `json:"html"`
}

func (n *news) data(ctx context.Context, article uuid.UUID, lang string, changed []uuid.UUID) ([]byte, error) {
	a, err := n.Page.Blog.Article(ctx, article)
	if err != nil {
		return nil, fmt.Errorf("news: %w", err)
	}
	made := told{
		Title:  i18n.T(lang, "responses", a.Comments),
		Boosts: i18n.Number(lang, a.Boosts), Likes: i18n.Number(lang, a.Likes), Comments: []toldComment{},
	}
	if len(changed) > 0 {
		if made.Comments, err = n.comments(ctx, a, lang, changed); err != nil {
			return nil, fmt.Errorf("news: %w", err)
		}
	}
	return json.Marshal(made)
}

// comments are those that changed, earlier ones first: an answer follows what
// it answers.
func (n *news) comments(ctx context.Context, a blog.Article, lang string, changed []uuid.UUID) ([]toldComment, error) {
	byID, err := n.Page.Blog.CommentsByID(ctx, changed)
	if err != nil {
		return nil, err
	}
	f, who, err := n.frame(ctx, lang)
	if err != nil {
		return nil, err
	}
	var thread blog.Thread
	for _, id := range changed {
		if c, ok := byID[id]; ok && c.ArticleID == a.ID {
			thread.Nodes = append(thread.Nodes, &blog.Node{Comment: c})
		}
	}
	slices.SortFunc(thread.Nodes, func(x, y *blog.Node) int { return x.Comment.Created.Compare(y.Comment.Created) })
	s, err := n.stage(ctx, who, a, thread)
	if err != nil {
		return nil, err
	}
	site, err := n.Page.Blog.Site(ctx)
	if err != nil {
		return nil, err
	}
	settings := site.CommentsOn(a, n.Page.Now())
	s.answerable = settings.Web && settings.Policy != blog.CommentsClosed
	return s.told(ctx, f, thread)
}

func (s *stage) told(ctx context.Context, f templates.Frame, thread blog.Thread) ([]toldComment, error) {
	all, err := s.stand(ctx, thread.Nodes)
	if err != nil {
		return nil, err
	}
	list := []toldComment{}
	for i, shown := range all {
		c := thread.Nodes[i].Comment
		one := toldComment{ID: c.ID.String(), Gone: !c.Shown(), HTML: string(templates.CommentHTML(f, shown, c.Depth))}
		if c.ParentID != uuid.Nil {
			one.Parent = c.ParentID.String()
		}
		list = append(list, one)
	}
	return list, nil
}

// frame is the page of a visitor who reads in that language.
func (n *news) frame(ctx context.Context, lang string) (templates.Frame, *people, error) {
	ctx = page.WithRequest(ctx, "", netip.Addr{})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/?lang="+lang, nil)
	if err != nil {
		return templates.Frame{}, nil, err
	}
	f, err := n.Page.Frame(r)
	return f, n.people(r, f), err
}
