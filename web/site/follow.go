package site

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/web/page"
	"kabar/web/templates"
)

// How often one address makes us ask other servers, on average and at once.
const (
	askEvery = 3 * time.Second
	askBurst = 20
)

// follow leads readers to their own server, to follow an actor of ours or to
// answer, like or boost a post there. Without an address of theirs it asks for
// one.
func (p *Part) follow(w http.ResponseWriter, r *http.Request) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	made := &templates.FollowPage{Frame: f, Account: strings.TrimSpace(r.Form.Get("account"))}
	target, err := p.followed(r, made)
	if err != nil {
		return err
	}
	made.Head = templates.Head{Title: f.T("follow.title", made.Name()), NoIndex: true, LanguageURLs: f.Head.LanguageURLs}
	if made.URI != "" {
		made.Head.Title = f.T("interact." + made.Do)
	}
	if made.Account == "" || strayed(r) {
		return p.Page.RenderPrivate(w, r, http.StatusOK, made)
	}
	if err := p.asking.PassFrom(page.ClientAddr(r)); err != nil {
		return err
	}
	address, problem := p.atHome(r.Context(), made.Account, made.Do, target)
	if !problem.IsZero() {
		made.Problems = templates.Problems{"account": problem}
		return p.Page.RenderPrivate(w, r, http.StatusUnprocessableEntity, made)
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.SeeOther(w, r, address)
}

// strayed reports whether a browser says that a link brought the reader, and
// no form of ours. The account that is in it is shown, and the reader decides:
// else anybody could send people through this site to theirs.
func strayed(r *http.Request) bool {
	from := r.Header.Get("Sec-Fetch-Site")
	return from != "" && from != "same-origin"
}

// followed finds what is to be followed or opened, and its address.
func (p *Part) followed(r *http.Request, made *templates.FollowPage) (string, error) {
	ctx := r.Context()
	if uri := r.Form.Get("uri"); uri != "" {
		address, ok := markup.SafeURL(uri)
		if !ok {
			return "", page.Status(http.StatusBadRequest)
		}
		made.URI, made.Do = address, "reply"
		if do := r.Form.Get("do"); do == "like" || do == "boost" {
			made.Do = do
		}
		a, err := p.Page.Blog.Find(ctx, address)
		if err == nil && a.Status == blog.Published {
			made.Title = a.Title
		} else if err != nil && !errors.Is(err, blog.ErrNotFound) && !errors.Is(err, blog.ErrGone) {
			return "", err
		}
		return address, nil
	}
	made.Do = "follow"
	who := strings.TrimPrefix(r.Form.Get("who"), "@")
	if who == "" {
		return made.Site.ActorURL, nil
	}
	site, err := p.Page.Site(r)
	if err != nil {
		return "", err
	}
	name, domain, _ := strings.Cut(who, "@")
	if domain != "" && domain != site.HandleDomain {
		return p.followedElsewhere(r, made, who)
	}
	actor, err := p.Page.Blog.OurActor(r.Context(), site, name)
	if err != nil {
		return "", err
	}
	made.Who = p.people(r, made.Frame).person(actor)
	return actor.URI, nil
}

// followedElsewhere is somebody who writes here and has their account on
// another server. Nobody else's is looked up: links from here are trusted.
func (p *Part) followedElsewhere(r *http.Request, made *templates.FollowPage, handle string) (string, error) {
	account, err := p.Page.Blog.ProfileByHandle(r.Context(), handle)
	if err != nil {
		return "", err
	}
	made.Who = p.people(r, made.Frame).account(account)
	return "@" + account.Fediverse, nil
}
