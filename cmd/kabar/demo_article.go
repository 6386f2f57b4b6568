package main

import (
	"context"
	"fmt"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/delivery"
)

// publishing sends the article out.
func (p *play) publishing() []step {
	return []step{
		{"the author publishes an article with two pictures", p.publish},
		{"every follower's server gets it once, signed by the blog", p.delivered},
		{"the servers read the same object at its id", p.dereferenced},
		{"the ledger shows every delivery done", p.ledger},
	}
}

func (p *play) publish(ctx context.Context) (string, error) {
	file, err := p.unpack()
	if err != nil {
		return "", err
	}
	if p.article, err = p.publishFile(ctx, file); err != nil {
		return "", err
	}
	site, err := p.blog.Site(ctx)
	if err != nil {
		return "", err
	}
	p.page = site.Address().Page(p.article.Slug)
	p.told["article"] = p.article.ObjectURI
	return p.page, nil
}

func (p *play) publishFile(ctx context.Context, file string) (blog.Article, error) {
	owner, err := p.blog.AccountByName(ctx, demoOwner)
	if err != nil {
		return blog.Article{}, err
	}
	input, _, err := p.readFile(ctx, p.environment, file, blog.Article{})
	if err != nil {
		return blog.Article{}, err
	}
	return p.blog.Save(ctx, owner.ID, blog.Save{Input: input, Publish: true})
}

// publishAlso publishes what somebody wants to see beside the play.
func (p *play) publishAlso(ctx context.Context, files []string) error {
	for _, file := range files {
		a, err := p.publishFile(ctx, file)
		if err != nil {
			return err
		}
		p.say("Also published: /%s", a.Slug)
	}
	return nil
}

func (p *play) delivered(ctx context.Context) (string, error) {
	created := aptest.About("Create", p.article.ObjectURI)
	for _, s := range p.world.Servers() {
		got, err := s.Wait(ctx, created)
		if err != nil {
			return "", err
		}
		if title := got.Activity.Object.First().Object.Name; title != p.article.Title {
			return "", fmt.Errorf("%s got the title %q", s.URL(), title)
		}
	}
	if err := p.deliveries.Idle(ctx); err != nil {
		return "", err
	}
	total := 0
	for _, s := range p.world.Servers() {
		total += len(s.Matching(created))
	}
	// Lemmy's two people have an inbox each; the others share one.
	if want := len(homes) + 1; total != want {
		return "", fmt.Errorf("%d deliveries came instead of %d", total, want)
	}
	return fmt.Sprintf("%d deliveries to %d servers", total, len(homes)), nil
}

func (p *play) dereferenced(ctx context.Context) (string, error) {
	for _, s := range p.world.Servers() {
		o, err := s.Fetch(ctx, p.article.ObjectURI)
		if err != nil {
			return "", err
		}
		if o.Type() != "Article" || o.Name != p.article.Title {
			return "", fmt.Errorf("%s reads a %s named %q", s.URL(), o.Type(), o.Name)
		}
	}
	return p.article.ObjectURI, nil
}

func (p *play) ledger(ctx context.Context) (string, error) {
	rows, err := p.store.Deliveries(ctx, delivery.Query{Object: p.article.ObjectURI, Limit: 100})
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		if row.State != delivery.Delivered {
			return "", fmt.Errorf("%s to %s: %s %s", row.Type, row.Inbox, row.State, row.LastError)
		}
	}
	if want := len(homes) + 1; len(rows) != want {
		return "", fmt.Errorf("it has %d rows instead of %d", len(rows), want)
	}
	return fmt.Sprintf("%d rows, all delivered", len(rows)), nil
}
