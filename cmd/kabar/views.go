package main

import (
	"context"
	"net/url"
	"sync/atomic"
	"time"

	"kabar/web"
)

// flushViews is how often counted views are stored.
const flushViews = 10 * time.Second

// viewCounter counts by the days of the blog's time zone, as it was at the last
// flush.
func (n *node) viewCounter() *web.Views {
	own := ""
	if u, err := url.Parse(n.config.URL); err == nil {
		own = u.Host
	}
	n.zone.Store(time.UTC)
	return web.NewViews(time.Now, n.zone.Load, own, n.config.Trusts)
}

// keepViews stores views until ctx ends, and once more then.
func (n *node) keepViews(ctx context.Context) {
	tick := time.NewTicker(flushViews)
	defer tick.Stop()
	for {
		n.readZone(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			n.flush(ctx)
			return
		}
		n.flush(ctx)
	}
}

func (n *node) flush(ctx context.Context) {
	if err := n.views.Flush(ctx, n.store); err != nil {
		n.log.WarnContext(ctx, "views are stored later", "error", err)
	}
}

func (n *node) readZone(ctx context.Context) {
	if site, err := n.store.Site(ctx); err == nil {
		n.zone.Store(site.Location())
	}
}

// zone is where the blog's days begin.
type zone = atomic.Pointer[time.Location]
