// Package websub tells a WebSub hub that feeds have changed, so that it fetches
// them and passes them on to those who subscribed there (W3C Recommendation,
// section 7).
package websub

import (
	"context"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// endings of the feeds: there is one of each format.
var endings = []string{"/feed.atom", "/feed.rss", "/feed.json"}

// Publisher is the publisher of the blog's feeds. Both fields are required.
type Publisher struct {
	Blog interface {
		Site(ctx context.Context) (blog.Site, error)
		Profiles(ctx context.Context, ids []uuid.UUID) ([]blog.Account, error)
	}
	// Post sends a form (activitypub/client).
	Post func(ctx context.Context, address string, form url.Values) error
}

// Ping tells the hub which feeds have changed; nothing without a hub.
func (p *Publisher) Ping(ctx context.Context, job blog.FeedsChanged) error {
	site, err := p.Blog.Site(ctx)
	if err != nil || site.Feeds.Hub == "" {
		return err
	}
	topics, err := p.topics(ctx, site, job)
	if err != nil {
		return fmt.Errorf("websub: %w", err)
	}
	form := url.Values{"hub.mode": {"publish"}, "hub.url": topics}
	if err := p.Post(ctx, site.Feeds.Hub, form); err != nil {
		return fmt.Errorf("websub: %w", err)
	}
	return nil
}

// topics are the addresses of the feeds that hold, or held, an article.
func (p *Publisher) topics(ctx context.Context, site blog.Site, job blog.FeedsChanged) ([]string, error) {
	to := site.Address()
	pages := []string{site.Origin, to.Author(site.Handle)}
	for _, tag := range job.Tags {
		pages = append(pages, to.Tag(tag))
	}
	if len(job.Authors) > 0 {
		authors, err := p.Blog.Profiles(ctx, job.Authors)
		if err != nil {
			return nil, err
		}
		for _, a := range authors {
			pages = append(pages, to.Author(a.Name))
		}
	}
	var topics []string
	for _, page := range pages {
		for _, ending := range endings {
			topics = append(topics, page+ending)
		}
	}
	return topics, nil
}
