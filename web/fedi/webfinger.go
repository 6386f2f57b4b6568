package fedi

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"kabar/activitypub"
	"kabar/activitypub/wellknown"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/templates"
)

// lookup finds who a WebFinger resource is.
func (p *Part) lookup(ctx context.Context, resource wellknown.Resource) (*wellknown.JRD, error) {
	site, err := p.Page.Blog.Site(ctx)
	if err != nil {
		return nil, err
	}
	actor, err := p.who(ctx, site, resource)
	var invalid *blog.Invalid // a name that is no text is nobody's
	if errors.Is(err, blog.ErrNotFound) || errors.Is(err, blog.ErrGone) || errors.As(err, &invalid) {
		return nil, wellknown.ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	return descriptor(site, actor), nil
}

func (p *Part) who(ctx context.Context, site blog.Site, resource wellknown.Resource) (blog.Actor, error) {
	if resource.URL != "" {
		return p.byAddress(ctx, site, resource.URL)
	}
	host := federation.Host(site.Origin)
	if !strings.EqualFold(resource.Host, host) && !strings.EqualFold(resource.Host, site.HandleDomain) {
		return blog.Actor{}, blog.ErrNotFound
	}
	if strings.EqualFold(resource.User, host) && strings.EqualFold(resource.Host, host) {
		return p.Page.Blog.LocalActor(ctx, blog.InstanceActor, "")
	}
	return p.byHandle(ctx, site, resource.User)
}

func (p *Part) byHandle(ctx context.Context, site blog.Site, handle string) (blog.Actor, error) {
	if strings.EqualFold(handle, site.Handle) {
		return p.Page.Blog.LocalActor(ctx, blog.BlogActor, "")
	}
	return p.Page.Blog.LocalActor(ctx, blog.AuthorActor, handle)
}

// byAddress finds the actor with that id or page. The origin itself is the
// instance actor (FEP-d556).
func (p *Part) byAddress(ctx context.Context, site blog.Site, address string) (blog.Actor, error) {
	to := site.Address()
	path, ours := to.Local(address)
	if !ours {
		return blog.Actor{}, blog.ErrNotFound
	}
	if strings.Trim(path, "/") == "" || address == to.InstanceActor() {
		return p.Page.Blog.LocalActor(ctx, blog.InstanceActor, "")
	}
	if handle, ok := strings.CutPrefix(path, templates.AuthorPath("")); ok {
		handle, err := url.PathUnescape(handle)
		if err != nil {
			return blog.Actor{}, blog.ErrNotFound
		}
		return p.byHandle(ctx, site, handle)
	}
	actor, err := p.Page.Blog.LocalActor(ctx, blog.BlogActor, "")
	if err != nil || actor.URI == address {
		return actor, err
	}
	return blog.Actor{}, blog.ErrNotFound
}

func descriptor(site blog.Site, actor blog.Actor) *wellknown.JRD {
	profile := federation.ProfilePage(site, actor)
	jrd := &wellknown.JRD{
		Subject: "acct:" + actor.Acct(),
		Aliases: []string{actor.URI},
		Links: []wellknown.Link{
			{Rel: wellknown.RelSelf, Type: activitypub.ContentType, Href: actor.URI},
			{Rel: wellknown.RelProfile, Type: "text/html", Href: profile},
		},
	}
	if actor.Kind == blog.InstanceActor {
		return jrd
	}
	jrd.Aliases = append(jrd.Aliases, profile)
	jrd.Links = append(jrd.Links, wellknown.Link{
		Rel: wellknown.RelSubscribe, Template: site.Origin + templates.FollowPath + "?uri={uri}",
	})
	return jrd
}
