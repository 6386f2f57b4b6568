package studio

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/web/page"
	"kabar/web/templates"
)

// Store is what the Studio reads besides what package blog does.
type Store interface {
	delivery.Ledger
	InboxStore
	ModerationStore
	// Sent returns activities with the state of their deliveries, newest first.
	Sent(ctx context.Context, q delivery.SentQuery) ([]delivery.Sent, error)
	DeliverySummary(ctx context.Context, since time.Time) (delivery.Summary, error)
	// Troubles returns the servers that do not take what is sent to them now.
	Troubles(ctx context.Context, now time.Time, limit int) ([]delivery.Trouble, error)
	// TroubleCount counts what Troubles returns, up to the limit.
	TroubleCount(ctx context.Context, now time.Time, limit int) (int, error)
	// FollowerServers returns the servers with the most followers, and how
	// many servers there are in all.
	FollowerServers(ctx context.Context, limit int) ([]blog.ServerFollowers, int, error)
	// FindActor returns somebody of another server by handle, page or id.
	FindActor(ctx context.Context, address string) (blog.Actor, error)
	// FollowersByHost counts the followers behind hosts of the ledger.
	FollowersByHost(ctx context.Context, hosts []string) (map[string]int, error)
}

// Uploads takes in pictures. One that cannot be taken is a *blog.Invalid of
// the field "file".
type Uploads interface {
	Add(ctx context.Context, by uuid.UUID, filename, description string, data []byte) (blog.Media, error)
}

// Studio is the part of the web for those who have an account. All fields are
// required but Nudge and Mail.
type Studio struct {
	Page    *page.Maker
	Store   Store
	Uploads Uploads
	Fonts   Fonts
	Mail    bool // mail can be sent: digests can be asked for
	// TestLetter sends the newest article as the newsletter would, to one address;
	// nil without mail.
	TestLetter func(ctx context.Context, email, language string) error
	Nudge      func() // wakes the sending of deliveries made due; nil leaves it to the next poll
}

// Routes registers the pages and forms.
func (s *Studio) Routes(r *mux.Router) {
	read := func(path string, do blog.Action, h handler) {
		r.Handle(path, s.signedIn(do, h)).Methods(page.Reads()...)
	}
	write := func(path string, do blog.Action, h handler) {
		r.Handle(path, s.signedIn(do, h)).Methods(http.MethodPost)
	}
	r.Handle(templates.LoginPath, s.Page.Handle(s.login)).Methods(page.Reads()...)
	r.Handle(templates.LoginPath, s.Page.Handle(s.signIn)).Methods(http.MethodPost)
	r.Handle(templates.LogoutPath, s.Page.Handle(s.signOut)).Methods(http.MethodPost)
	s.securityRoutes(r, read, write)
	read(templates.StudioPath, "", s.overview)
	read(templates.StudioArticlesPath, blog.WriteArticle, s.articles)
	read(templates.StudioNewPath, blog.WriteArticle, s.newArticle)
	write(templates.StudioNewPath, blog.WriteArticle, s.saveArticle)
	read(templates.StudioArticlesPath+"/{id}", blog.WriteArticle, s.editArticle)
	write(templates.StudioArticlesPath+"/{id}", blog.WriteArticle, s.saveArticle)
	read(templates.StudioCommentsPath, blog.WriteReply, s.comments)
	write(templates.StudioCommentsPath, blog.ModerateComments, s.changeComments)
	write(templates.StudioUndoPath, blog.ModerateComments, s.undo)
	read(templates.StudioCommentsPath+"/{id}", blog.WriteReply, s.comment)
	write(templates.StudioCommentsPath+"/{id}", blog.WriteReply, s.changeComment)
	read(templates.StudioCommentsPath+"/{id}/{about:person|server|report}", blog.ModerateComments, s.decide)
	write(templates.StudioCommentsPath+"/{id}/{about:person|server|report}", blog.ModerateComments, s.carryOut)
	read(templates.StudioPeoplePath, blog.WriteReply, s.people)
	read(templates.StudioQuotesPath, blog.ModerateComments, s.quotes)
	write(templates.StudioQuotesPath, blog.ModerateComments, s.changeQuote)
	read(templates.StudioNotificationsPath, "", s.notifications)
	write(templates.StudioNotificationsPath, "", s.changeNotifications)
	read(templates.StudioFollowersPath, blog.SeeFollowers, s.followers)
	write(templates.StudioFollowersPath, blog.SeeFollowers, s.changeFollowers)
	read(templates.StudioDeliveriesPath, blog.SeeDeliveries, s.deliveries)
	write(templates.StudioDeliveriesPath, blog.SeeDeliveries, s.tryNow)
	read(templates.StudioProfilePath, "", s.profile)
	write(templates.StudioProfilePath, "", s.saveProfile)
	s.moderationRoutes(read, write)
	read(templates.StudioAppearancePath, blog.ChangeSite, s.appearance)
	write(templates.StudioAppearancePath, blog.ChangeSite, s.saveAppearance)
	read(templates.StudioPreviewPath, blog.ChangeSite, s.previewAppearance)
	read(templates.StudioPreviewSheet, blog.ChangeSite, s.Page.TriedSheet)
	read(templates.StudioNewsletterPath, blog.SendNewsletter, s.newsletterPage)
	write(templates.StudioNewsletterPath, blog.SendNewsletter, s.changeNewsletter)
	read(templates.StudioSubscribersPath, blog.SendNewsletter, s.exportSubscribers)
	read(templates.StudioStatisticsPath, "", s.statistics)
	read(templates.StudioViewsPath, "", s.exportViews)
	read(templates.StudioSettingsPath, blog.ChangeSite, s.settings)
	write(templates.StudioSettingsPath, blog.ChangeSite, s.saveSettings)
	read(templates.StudioReadingPath, blog.ChangeSite, s.reading)
	write(templates.StudioReadingPath, blog.ChangeSite, s.saveReading)
}

// handler answers a request of somebody who is signed in.
type handler func(w http.ResponseWriter, r *http.Request, me blog.Account) error

// signedIn lets those pass who may do something at least with what is their
// own; what a request is about is looked at by the handler.
func (s *Studio) signedIn(do blog.Action, h handler) http.Handler {
	return s.Page.Handle(func(w http.ResponseWriter, r *http.Request) error {
		me, err := s.Page.Account(r)
		if err != nil {
			return err
		}
		if do != "" && !me.MayOwn(do) {
			return blog.ErrForbidden
		}
		if err := s.protected(r, me); err != nil {
			return err
		}
		w.Header().Set("X-Robots-Tag", "noindex")
		return h(w, r, me)
	})
}
