package fedi

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
	"kabar/activitypub/wellknown"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/page"
)

// Part is the part of the web for other servers. All exported fields are
// required.
type Part struct {
	Page       *page.Maker
	Federation *federation.Service
	Numbers    blog.Numbers
	// Inbox takes activities; Keys and Policy are its own, for signed fetches.
	Inbox   http.Handler
	Keys    *inbox.Keys
	Policy  httpsig.Policy
	Version string // of the program, told in NodeInfo

	failing page.Brake // by address
}

// nodeInfoPath is where the NodeInfo document is.
const nodeInfoPath = "/nodeinfo/2.1"

// Routes registers the handlers. The inboxes come first: nothing is asked for
// as often.
func (p *Part) Routes(r *mux.Router) {
	inboxes := p.bounded(p.Inbox)
	r.Handle("/ap/inbox", inboxes).Methods(http.MethodPost)
	r.Handle("/ap/actors/{id}/inbox", inboxes).Methods(http.MethodPost)
	p.documents(r)
	r.Handle(wellknown.WebFingerPath, &wellknown.WebFinger{Lookup: p.lookup})
	meta := &wellknown.HostMeta{Origin: p.Page.Origin}
	r.Handle(wellknown.HostMetaPath, meta)
	r.Handle(wellknown.HostMetaJSONPath, meta)
	r.Handle(wellknown.NodeInfoIndexPath, &wellknown.NodeInfoIndex{
		Href: p.Page.Absolute(nodeInfoPath), Application: blog.Address{Origin: p.Page.Origin}.InstanceActor(),
	})
	r.Handle(nodeInfoPath, &wellknown.NodeInfo{Document: p.nodeInfo})
}

func (p *Part) documents(r *mux.Router) {
	f := p.Federation
	get := func(path string, h http.Handler) { r.Handle(path, h).Methods(page.Reads()...) }
	get("/ap/objects/{id}", p.guarded(p.Page.Keep(p.object)))
	get("/ap/actors/{id}", p.open(p.Page.Keep(p.actor)))
	get("/ap/actor", p.open(p.Page.Keep(p.instanceActor)))
	read := func(path string, h page.Handler) { get(path, p.guarded(p.Page.Read(h))) }
	read("/ap/activities/{id}", p.byID(f.ActivityDocument))
	read("/ap/actors/{id}/outbox", p.paged(f.Outbox))
	read("/ap/actors/{id}/followers", p.paged(f.Followers))
	read("/ap/actors/{id}/following", p.paged(f.Following))
	read("/ap/actors/{id}/featured", p.paged(f.Featured))
	read("/ap/objects/{id}/replies", p.paged(f.Replies))
	read("/ap/objects/{id}/context", p.paged(f.Context))
	read("/ap/objects/{id}/likes", p.counter("likes"))
	read("/ap/objects/{id}/shares", p.counter("shares"))
	read("/ap/stamps/{id}", p.byID(f.Stamp))
	get("/ap/actor/outbox", p.guarded(func(w http.ResponseWriter, r *http.Request) error {
		doc, err := f.InstanceOutbox(r.Context())
		return document(w, doc, err)
	}))
}

// nodeInfo tells what this server is, with its present numbers.
func (p *Part) nodeInfo(ctx context.Context) (wellknown.Document, error) {
	site, err := p.Page.Blog.Site(ctx)
	if err != nil {
		return wellknown.Document{}, err
	}
	articles, err := p.Page.Blog.ArticleCounts(ctx)
	if err != nil {
		return wellknown.Document{}, err
	}
	answers, err := p.Numbers.LocalComments(ctx)
	if err != nil {
		return wellknown.Document{}, err
	}
	accounts, err := p.Page.Blog.Accounts(ctx)
	if err != nil {
		return wellknown.Document{}, err
	}
	now := p.Page.Now()
	return wellknown.Document{
		Software: wellknown.Software{Name: "kabar", Version: p.Version},
		Usage: wellknown.Usage{
			Users: wellknown.Users{
				Total:          len(accounts),
				ActiveHalfyear: activeSince(accounts, now.AddDate(0, 0, -180)),
				ActiveMonth:    activeSince(accounts, now.AddDate(0, 0, -30)),
			},
			LocalPosts: articles[blog.Published], LocalComments: answers,
		},
		Metadata: map[string]any{"nodeName": site.Title, "nodeDescription": site.Description},
	}, nil
}
