package main

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
	"kabar/internal/auth"
	"kabar/internal/federation"
	"kabar/internal/media"
	"kabar/web"
	"kabar/web/fedi"
	"kabar/web/feed"
	"kabar/web/page"
	"kabar/web/site"
	"kabar/web/studio"
)

// web is everything that is served.
func (n *node) web() *web.Server {
	m := n.maker()
	readers := n.sitePart(m)
	n.open.Store(readers.Live)
	return &web.Server{
		Page: m, Log: n.log, Ready: n.ready, Connections: int(n.store.Pool().Config().MaxConns), Observe: n.metrics.Requested, Trusts: n.config.Trusts, Views: n.views, Live: readers.Watch(),
		Parts: []web.Part{n.fediPart(m), n.studioPart(m), &feed.Part{Page: m, Numbers: n.store, Sitemap: n.store}, readers},
	}
}

func (n *node) maker() *page.Maker {
	m := &page.Maker{Blog: n.blog, Origin: n.config.URL, Now: time.Now, Log: n.log, Cache: n.pages}
	m.Sessions = auth.NewSessions(n.store.Pool(), n.config.Secure(), m.Fail)
	m.Auth = n.auth(m.Sessions)
	return m
}

// fediPart is what other servers see.
func (n *node) fediPart(m *page.Maker) web.Part {
	policy := httpsig.Policy{Now: time.Now, Hosts: n.hosts()}
	waiting := &federation.Backlog{More: n.store.InboundMore, Limit: n.config.Inbox.Waiting, Now: time.Now}
	return &fedi.Part{
		Page: m, Federation: n.federation, Numbers: n.store, Keys: n.keys, Policy: policy, Version: version(),
		Inbox: &inbox.Handler{
			Keys: n.keys, Known: n.federation.Known, Accept: n.accept, Policy: policy, Log: n.log,
			Refused: n.metrics.Refused, Busy: waiting.Busy, Sender: page.Sender,
			Breach: n.federation.Breach,
		},
	}
}

// sitePart is what readers see.
func (n *node) sitePart(m *page.Maker) *site.Part {
	return &site.Part{
		Page: m, Federation: n.federation, Numbers: n.store, WebFinger: n.client.WebFinger, Setup: n.store, Media: n.files(),
		Mail: n.mail.Configured(), Live: site.NewHub(m),
	}
}

// studioPart is where authors work.
func (n *node) studioPart(m *page.Maker) web.Part {
	return &studio.Studio{
		Page: m, Store: n.store, Uploads: n.uploads(), Fonts: n.uploads(), Mail: n.mail.Configured(), TestLetter: n.letters().Test,
		Nudge: n.deliveriesPlanned,
	}
}

// hosts are the names that a signed request may be addressed to.
func (n *node) hosts() []string {
	u, err := url.Parse(n.config.URL)
	if err != nil {
		return nil // config checked it
	}
	return []string{u.Host}
}

// files serves the pictures.
func (n *node) files() http.Handler {
	return media.Handler{Store: n.media, Failed: func(r *http.Request, err error) {
		n.log.ErrorContext(context.WithoutCancel(r.Context()), "read a picture", "path", r.URL.Path, "error", err)
	}}
}
