package studio

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// serversShown is how many servers of followers are listed.
const serversShown = 8

func (s *Studio) followers(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	p := &templates.FollowersPage{}
	query := only(r.URL.Query(), "q", "before")
	before, err := page.ParseCursor(query.Get("before"))
	if err != nil {
		return err
	}
	found, err := s.Page.Blog.Followers(r.Context(), blog.FollowerQuery{Search: query.Get("q"), Before: before, Limit: pageSize + 1})
	if err != nil {
		return fmt.Errorf("studio: followers: %w", err)
	}
	if p.Frame, p.Studio, err = s.frame(r, me, "nav.followers"); err != nil {
		return err
	}
	found, more := cut(found, pageSize)
	older := ""
	if more {
		older = page.Cursor(found[len(found)-1].Cursor())
	}
	p.Total, p.Query = p.Site.Followers, query.Get("q")
	p.Paging = paging(templates.StudioFollowersPath, query, older)
	if p.Rows, err = s.followerRows(r.Context(), found); err != nil {
		return err
	}
	if err := s.fillServers(r.Context(), p); err != nil {
		return err
	}
	p.MayBlock = me.MayAll(blog.BlockOthers)
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// followerRows shows followers; those on a server that has long been silent
// are unreachable.
func (s *Studio) followerRows(ctx context.Context, found []blog.Follower) ([]templates.FollowerRow, error) {
	troubles, err := s.Store.Troubles(ctx, s.Page.Now(), troublesShown)
	if err != nil {
		return nil, fmt.Errorf("studio: followers: %w", err)
	}
	silent := map[string]bool{}
	for _, t := range troubles {
		silent[t.Host] = t.Suspended
	}
	list := make([]templates.FollowerRow, 0, len(found))
	for _, f := range found {
		row := templates.FollowerRow{
			Person: person(f.Actor), Actor: f.Target.String() + "." + f.Actor.ID.String(), Since: f.Created,
			State: templates.FollowerActive,
		}
		if u, err := url.Parse(f.Actor.URI); err == nil && silent[u.Host] {
			row.State = templates.FollowerUnreachable
		}
		list = append(list, row)
	}
	return list, nil
}

func (s *Studio) fillServers(ctx context.Context, p *templates.FollowersPage) error {
	servers, total, err := s.Store.FollowerServers(ctx, serversShown)
	if err != nil {
		return fmt.Errorf("studio: followers: %w", err)
	}
	p.Site.Servers = total
	for _, server := range servers {
		p.Servers = append(p.Servers, templates.ServerRow{Host: server.Domain, Software: server.Software, Followers: server.Followers})
	}
	return nil
}

// changeFollowers does what the pressed button says.
func (s *Studio) changeFollowers(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	do := r.PostFormValue("do")
	if do != "remove" && !me.MayAll(blog.BlockOthers) {
		return blog.ErrForbidden
	}
	var who string
	var err error
	switch do {
	case "remove", "block":
		who, err = s.endFollow(r, me, do == "block")
	default:
		err = page.Status(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	said := map[string]string{"remove": "flash.removed", "block": "flash.blocked"}[do]
	s.Page.Notify(r, templates.NoticeGood, said, who)
	return page.SeeOther(w, r, templates.StudioFollowersPath)
}

// endFollow removes or blocks the follower of a row, and returns the name.
func (s *Studio) endFollow(r *http.Request, me blog.Account, block bool) (who string, err error) {
	first, second, _ := strings.Cut(r.PostFormValue("actor"), ".")
	target, err := uuid.Parse(first)
	actor, err2 := uuid.Parse(second)
	if err != nil || err2 != nil {
		return "", page.Status(http.StatusBadRequest)
	}
	a, err := s.Page.Blog.Actor(r.Context(), actor)
	if err != nil {
		return "", err
	}
	if block {
		_, err = s.Page.Blog.Block(r.Context(), me.ID, a.URI, "")
	} else {
		err = s.Page.Blog.RemoveFollower(r.Context(), me.ID, target, actor)
	}
	return "@" + a.Acct(), err
}
