package site

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"kabar/activitypub/wellknown"
	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/live"
	"kabar/web/page"
	"kabar/web/templates"
)

// Part is the part of the web for readers. All fields are required; make it
// with New.
type Part struct {
	Page       *page.Maker
	Federation *federation.Service
	Numbers    blog.Numbers
	// WebFinger asks a server about an account (activitypub/client).
	WebFinger func(ctx context.Context, acct string) (*wellknown.JRD, error)
	// Setup keeps the token of the first-run page.
	Setup auth.SetupStore
	// Media serves the files of the media store by the last part of the path.
	Media http.Handler

	// Mail says that mail can be sent: answers can be told to visitors.
	Mail bool

	// Live tells open pages of changes.
	Live *live.Hub

	asking      page.Brake // by address
	searching   page.Brake // the same
	responders  responders
	subscribing responders // to the newsletter
}

// Routes registers the handlers. Articles may have any name that is not taken
// here, so they come last.
func (p *Part) Routes(r *mux.Router) {
	get := func(path string, h http.Handler) { r.Handle(path, h).Methods(page.Reads()...) }
	kept := func(path string, h page.Handler) { get(path, p.Page.Kept(h)) }
	plain := func(path string, h page.Handler) { get(path, p.Page.Handle(h)) }
	kept(templates.HomePath, p.home)
	kept(templates.ArchivePath, p.archive)
	kept(templates.ArchivePath+"/{year}", p.archived)
	kept(templates.ArchivePath+"/{year}/{month}", p.archived)
	p.searching.Every, p.searching.Burst = searchEvery, searchBurst
	p.asking.Every, p.asking.Burst = askEvery, askBurst
	plain(templates.SearchPath, p.Page.Read(p.search))
	kept("/tags/{tag}", p.tag)
	kept("/authors/{name}", p.author)
	get(blog.MediaPath+"{name}", p.Media)
	plain("/-/theme.{hash}.css", p.Page.ThemeSheet)
	get(federation.IconPath, icon(iconSize))
	get("/favicon.ico", icon(48))
	for _, size := range drawnIcons {
		get(iconPath(size), icon(size))
	}
	kept(templates.ManifestPath, p.manifest)
	for _, path := range []string{templates.FollowPath, templates.InteractPath} {
		r.Handle(path, p.Page.Handle(p.follow)).Methods(http.MethodGet, http.MethodHead, http.MethodPost)
	}
	for path, h := range map[string]page.Handler{
		templates.LeavePath: p.leave, templates.ConfirmPath: p.confirm, templates.DigestPath: p.digest,
	} {
		r.Handle(path, p.Page.Handle(h)).Methods(http.MethodGet, http.MethodHead, http.MethodPost)
	}
	p.newsletterRoutes(r)
	plain("/-/respond/{article}", p.respondPage)
	r.Handle("/-/respond/{article}", p.Page.Handle(p.respondSend)).Methods(http.MethodPost)
	plain(templates.CommentPath+"{id}", p.commentPlace)
	plain(templates.SetupPath, p.setupForm)
	r.Handle(templates.SetupPath, p.Page.Handle(p.setup)).Methods(http.MethodPost)
	kept("/-/reactions/{id}", p.reactions)
	kept("/-/series/{series}", p.series)
	kept("/-/history/{id}", p.history)
	kept("/-/history/{id}/{number}", p.change)
	kept("/{slug}", p.article)
}
