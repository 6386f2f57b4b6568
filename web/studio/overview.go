package studio

import (
	"fmt"
	"net/http"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// overviewRows is how many rows each list of the overview has.
const overviewRows = 5

func (s *Studio) overview(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	f, of, err := s.frame(r, me, "nav.overview")
	if err != nil {
		return err
	}
	p := &templates.OverviewPage{Frame: f, Studio: of}
	for _, fill := range []func(*http.Request, blog.Account, *templates.OverviewPage) error{
		s.overviewTiles, s.overviewArticles, s.overviewComments, s.overviewServers,
	} {
		if err := fill(r, me, p); err != nil {
			return fmt.Errorf("studio: overview: %w", err)
		}
	}
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

func (s *Studio) overviewTiles(r *http.Request, _ blog.Account, p *templates.OverviewPage) error {
	ctx := r.Context()
	_, servers, err := s.Store.FollowerServers(ctx, 1)
	if err != nil {
		return err
	}
	articles, err := s.Page.Blog.ArticleCounts(ctx)
	if err != nil {
		return err
	}
	comments, err := s.Page.Blog.CommentCounts(ctx)
	if err != nil {
		return err
	}
	for _, tile := range []struct {
		label string
		n     int
	}{
		{"tile.followers", p.Site.Followers},
		{"tile.servers", servers},
		{"tile.articles", articles[blog.Published]},
		{"tile.responses", comments[blog.Visible]},
	} {
		p.Tiles = append(p.Tiles, templates.Tile{Label: i18n.M(tile.label), Value: p.Number(tile.n)})
	}
	return nil
}

func (s *Studio) overviewArticles(r *http.Request, me blog.Account, p *templates.OverviewPage) error {
	if !me.MayOwn(blog.WriteArticle) {
		return nil
	}
	q := blog.ArticleQuery{Statuses: articleFilters[0].statuses, Limit: overviewRows}
	if !me.MayAll(blog.WriteArticle) {
		q.Writer = me.ID
	}
	found, err := s.Page.Blog.Articles(r.Context(), q)
	p.Articles = articleRows(found)
	return err
}

// overviewComments shows what waits, then what is new.
func (s *Studio) overviewComments(r *http.Request, me blog.Account, p *templates.OverviewPage) error {
	var found []blog.Comment
	states := []blog.State{blog.Waiting, blog.Visible}
	if !me.MayAll(blog.ModerateComments) {
		states = states[1:]
	}
	for _, state := range states {
		more, err := s.Page.Blog.Comments(r.Context(), blog.CommentQuery{
			States: []blog.State{state}, Public: true, Limit: overviewRows - len(found),
		})
		if err != nil {
			return err
		}
		found = append(found, more...)
		if len(found) == overviewRows {
			break
		}
	}
	var err error
	p.Comments, err = s.commentRows(r.Context(), p.Frame, me, found)
	return err
}

func (s *Studio) overviewServers(r *http.Request, me blog.Account, p *templates.OverviewPage) error {
	if !me.MayAll(blog.SeeDeliveries) {
		return nil
	}
	troubles, err := s.Store.Troubles(r.Context(), s.Page.Now(), overviewRows)
	for _, t := range troubles {
		p.Servers = append(p.Servers, troubledServer(t, 0))
	}
	return err
}
