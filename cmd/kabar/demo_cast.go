package main

import (
	"context"
	"fmt"
	"strings"

	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
)

// home is a server of the demo, in the ways of a program that is met in the
// fediverse, with the people who live there.
type home struct {
	options aptest.Options
	ways    string
	people  map[string]string // display names by name
}

var homes = []home{
	{
		aptest.Options{Software: "mastodon", Kind: httpsig.RFC9421},
		"Mastodon: RFC 9421 signatures",
		map[string]string{"mika": "Mika Lehtonen", "tama": "Tama"},
	},
	{
		aptest.Options{Software: "gotosocial", AuthorizedFetch: true, KeyDocument: aptest.StubActor},
		"GoToSocial: every fetch must be signed",
		map[string]string{"lintang": "Lintang"},
	},
	{aptest.Options{Software: "misskey"}, "Misskey: likes with an emoji", map[string]string{"sekar": "Sekar Ayu"}},
	{aptest.Options{Software: "pleroma"}, "Pleroma: draft-cavage signatures", map[string]string{"joao": "João Tavares"}},
	{
		aptest.Options{Software: "lemmy", OwnInboxes: true},
		"Lemmy: an inbox for each person",
		map[string]string{"hendra": "Pak Hendra", "dewi": "Dewi"},
	},
}

// followers are those who follow, in the order of their doing so.
var followers = []string{"mika", "lintang", "sekar", "joao", "hendra", "dewi"}

// following brings the servers up and lets people follow.
func (p *play) following() []step {
	steps := []step{{fmt.Sprintf("%d servers are up", len(homes)), p.openHomes}}
	for _, name := range followers {
		steps = append(steps, step{name + " finds the blog by its handle and follows", func(ctx context.Context) (string, error) {
			return p.follow(ctx, p.cast[name])
		}})
	}
	return append(steps, step{"the blog knows its followers", p.countFollowers})
}

func (p *play) openHomes(ctx context.Context) (string, error) {
	p.cast = map[string]*aptest.Person{}
	var ways []string
	for _, h := range homes {
		s, err := p.world.Start(h.options)
		if err != nil {
			return "", err
		}
		ways = append(ways, h.ways)
		for name, label := range h.people {
			p.cast[name] = s.Person(name)
			if _, err := p.cast[name].UpdateProfile(ctx, func(profile *aptest.Profile) { profile.Name = label }); err != nil {
				return "", err
			}
		}
	}
	actor, err := p.blog.LocalActor(ctx, blog.BlogActor, "")
	p.actor = actor
	return strings.Join(ways, "; "), err
}

func (p *play) follow(ctx context.Context, who *aptest.Person) (string, error) {
	site, err := p.blog.Site(ctx)
	if err != nil {
		return "", err
	}
	actor, err := who.Server().Resolve(ctx, site.Acct())
	if err != nil {
		return "", err
	}
	if actor != p.actor.URI {
		return "", fmt.Errorf("@%s leads to %s", site.Acct(), actor)
	}
	sent, err := who.Follow(ctx, actor)
	if err := p.taken(ctx, sent, err); err != nil {
		return "", err
	}
	accept, err := who.Server().Wait(ctx, aptest.About("Accept", sent.ID))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("@%s, the Accept came back with a good signature (%s)", who.Handle(), accept.Kind), nil
}

func (p *play) countFollowers(ctx context.Context) (string, error) {
	n, err := p.blog.FollowerCount(ctx)
	if err == nil && n != len(followers) {
		err = fmt.Errorf("it counts %d instead of %d", n, len(followers))
	}
	return fmt.Sprint(n), err
}
