package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"kabar/activitypub/client"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/federation"
	"kabar/internal/jobs"
	"kabar/internal/mail"
	"kabar/internal/metrics"
	"kabar/internal/pagecache"
	"kabar/internal/postgres"
	"kabar/internal/queue"
	"kabar/internal/websub"
	"kabar/web"
	"kabar/web/live"
	"kabar/web/templates"
)

// Names of the queues, as nodes call each other.
const (
	queueDeliveries = "deliveries"
	queueInbound    = "inbound"
	queueForwards   = "forwards"
)

// node is a running Kabar: what takes requests, the two loops, the jobs and
// the ear for other nodes.
type node struct {
	*app
	client     *client.Client
	keys       *inbox.Keys
	deliveries *queue.Loop[delivery.Host, delivery.Result]
	forwards   *queue.Loop[delivery.Host, delivery.Result]
	inbound    *queue.Loop[federation.Inbound, federation.Done]
	crawls     *queue.Loop[federation.Crawl, federation.Crawled]
	avatars    *queue.Loop[postgres.Avatar, postgres.Avatar]
	copies     *queue.Loop[postgres.RemoteMedia, postgres.RemoteMedia]
	software   *queue.Loop[federation.Server, federation.Server]
	spoken     *delivery.Spoken
	jobs       *jobs.Runner
	pages      *pagecache.Cache
	replica    *postgres.Replica // nil if pages are read from the primary alone
	metrics    *metrics.Metrics
	open       atomic.Pointer[live.Hub] // of open pages; nil until pages are served
	views      *web.Views
	zone       zone

	running sync.WaitGroup
	stop    context.CancelFunc
}

// Bounds of the cache of rendered pages.
const (
	pageBytes = 64 << 20
	pageLife  = 10 * time.Minute // times such as "an hour ago" grow old
)

// wire puts a node together on its app; start sets it going. roots are trusted
// instead of the machine's own; nil = those.
func (n *node) wire(ctx context.Context, roots *x509.CertPool) error {
	boundMemory()
	n.pages = pagecache.New(pageBytes, pageLife)
	if err := n.openReplica(ctx); err != nil {
		return err
	}
	n.client = client.New(client.Options{
		UserAgent: userAgent(n.config.URL), Signer: n.federation.InstanceSigner,
		AllowPrivate: n.config.AllowPrivate, Resolver: n.config.Names(), RootCAs: roots, Self: n.config.URL,
	})
	n.federation.Client = n.client
	n.keys = &inbox.Keys{Stored: n.federation.StoredKey, Fetch: n.federation.FetchKey}
	n.views = n.viewCounter()
	n.loops()
	n.federation.Nudge, n.federation.NudgeLow = n.deliveriesPlanned, n.forwardsPlanned
	n.store.Changed = n.pagesChanged
	n.count()
	var err error
	n.jobs, err = jobs.New(n.store.Pool(), n.deps())
	return err
}

func (n *node) loops() {
	n.spoken = &delivery.Spoken{Store: n.store, Now: time.Now, Nudge: n.deliveriesPlanned}
	sender := &delivery.Sender{Store: n.store, Client: n.client, Now: time.Now, Paused: n.spoken.Paused, Sent: n.sent}
	n.deliveries, n.forwards = sender.Loop(n.log), sender.LowLoop(n.log)
	n.inbound = &queue.Loop[federation.Inbound, federation.Done]{
		// More than one, so that a server that is slow to answer does not hold
		// up the replies of others.
		Name: queueInbound, Log: n.log, Workers: 3, Share: 100, Limit: 100,
		Claim:   n.federation.ClaimInbound,
		Release: n.federation.ReleaseInbound,
		Do: func(ctx context.Context, batch []federation.Inbound) ([]federation.Done, error) {
			return nil, n.federation.ProcessBatch(ctx, batch)
		},
		Done: func(ctx context.Context, done []federation.Done) error {
			return n.store.FinishInbound(ctx, done...)
		},
	}
	n.crawls = n.federation.Crawls(n.name)
	n.avatars, n.copies, n.software = n.avatarLoop(), n.copyLoop(), n.softwareLoop()
}

// forwardsPlanned wakes the loop that passes on what others wrote.
func (n *node) forwardsPlanned() {
	n.forwards.Nudge()
	n.notifier.Queue(queueForwards)
}

// deliveriesPlanned wakes the delivery loop, here and on other nodes.
func (n *node) deliveriesPlanned() {
	n.deliveries.Nudge()
	n.notifier.Queue(queueDeliveries)
}

// pagesChanged drops pages, here at once and on other nodes a moment later.
func (n *node) pagesChanged(tags ...string) {
	n.pages.Invalidate(tags...)
	n.tellOpen(tags)
	n.notifier.Pages(tags...)
	n.avatars.Nudge() // somebody new may be on them
	n.copies.Nudge()
	n.software.Nudge()
}

// tellOpen tells pages that are open of what changed.
func (n *node) tellOpen(tags []string) {
	hub := n.open.Load()
	if hub == nil {
		return
	}
	for _, tag := range tags {
		if id, ok := blog.PagedArticle(tag); ok {
			hub.Changed(id)
		}
	}
}

// closeOpen ends the streams of open pages: they would hold up the end.
func (n *node) closeOpen() {
	if hub := n.open.Load(); hub != nil {
		hub.Close()
	}
}

// accept takes a believable activity and wakes what works on it.
func (n *node) accept(ctx context.Context, d inbox.Delivery) error {
	if err := n.federation.Accept(ctx, d); err != nil {
		return err
	}
	n.inbound.Nudge()
	if !n.config.Role.Works() {
		n.notifier.Queue(queueInbound)
	}
	if err := n.spoken.Host(ctx, d.Host); err != nil {
		// The activity is on disk; the host is tried again later all the same.
		n.log.WarnContext(ctx, "wake a host", "host", d.Host, "error", err)
	}
	return nil
}

func (n *node) deps() jobs.Deps {
	return jobs.Deps{
		ArticleChanged: n.federation.ArticleChanged, FeedsChanged: (&websub.Publisher{Blog: n.blog, Post: n.client.PostForm}).Ping,
		ShareImage: n.shareImage, CommentChanged: n.federation.CommentChanged,
		ActorChanged: n.federation.ActorChanged, FollowerRemoved: n.federation.FollowerRemoved,
		ReactionChanged: n.federation.ReactionChanged, QuoteDecided: n.federation.QuoteDecided, Mail: n.mail.Send, ReportMade: n.federation.ReportMade,
		VisitorMail: n.visitorMail, Clock: n.store.Clock(), Log: n.log, Observe: n.metrics.Worked,
		Periodic: []jobs.Periodic{
			{Name: "visitors", Every: 30 * time.Second, Do: n.tellVisitors},
			{Name: "parents", Every: 30 * time.Second, Do: n.federation.RetryParents},
			{Name: "forwards", Every: 10 * time.Second, Do: n.federation.PlanForwards},
			{Name: "actors", Every: 30 * time.Second, Do: n.federation.RefreshActors},
			{Name: "comments", Every: time.Hour, Do: n.federation.RemakeComments},
			{Name: "copies", Every: time.Minute, Do: n.sweepCopies},
			{Name: "digests", Every: 10 * time.Minute, Do: n.digests().Send},
			{Name: "search", Every: 10 * time.Minute, Do: n.store.RefreshSearch},
			{Name: "newsletter", Every: 10 * time.Second, Do: n.newsletter},
			{Name: "clean-up", Every: 10 * time.Minute, Do: n.cleanUp},
		},
	}
}

// digests tell accounts by mail what happened.
func (n *node) digests() *mail.Digests {
	return &mail.Digests{
		Blog: n.blog, Sender: n.mail, Page: templates.StudioNotificationsPath, Leave: templates.DigestPath,
	}
}

// How long what grows is kept.
const (
	keepInbound    = 30 * 24 * time.Hour
	keepDeliveries = 90 * 24 * time.Hour
	keepForwards   = delivery.Held + 24*time.Hour
)

func (n *node) cleanUp(ctx context.Context) error {
	now := time.Now()
	_, err := n.store.DeleteOldInbound(ctx, now.Add(-keepInbound))
	_, err2 := n.store.ExpireDeliveries(ctx, now.Add(-delivery.Held))
	_, err3 := n.store.DeleteOldDeliveries(ctx, now.Add(-keepDeliveries))
	_, err4 := n.store.DeleteExpiredSessions(ctx, now)
	_, err5 := n.store.DeleteOldForwards(ctx, now.Add(-keepForwards))
	_, err6 := n.store.BlankRemoved(ctx, now.Add(-blog.KeepRemoved))
	_, err7 := n.store.DeleteOldViews(ctx, now.Add(-blog.KeepViews))
	return errors.Join(err, err2, err3, err4, err5, err6, err7, n.moveViews(ctx, now))
}

// moveViews begins the day of the statistics where nobody has read anything yet.
func (n *node) moveViews(ctx context.Context, now time.Time) error {
	site, err := n.store.Site(ctx)
	if err != nil {
		return err
	}
	return n.store.MoveViews(ctx, site.LastDays(now, 1).Until)
}

// start sets the loops, the jobs and the listener going.
func (n *node) start(ctx context.Context) error {
	if err := n.takeOver(ctx); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	n.stop = stop
	n.running.Go(func() { keepRoom(work) })
	n.running.Go(func() { n.store.KeepTime(work) })
	n.running.Go(func() { n.store.Listen(work, n.listener()) })
	n.running.Go(func() { n.keepViews(work) })
	n.followReplica(work)
	if !n.config.Role.Works() {
		return nil
	}
	n.running.Go(func() { n.deliveries.Run(work) })
	n.running.Go(func() { n.forwards.Run(work) })
	n.running.Go(func() { n.inbound.Run(work) })
	n.running.Go(func() { n.crawls.Run(work) })
	n.running.Go(func() { n.avatars.Run(work) })
	n.running.Go(func() { n.copies.Run(work) })
	n.running.Go(func() { n.software.Run(work) })
	if err := n.jobs.Start(ctx); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	return nil
}

// takeOver continues at once what the last node was killed over.
func (n *node) takeOver(ctx context.Context) error {
	if !n.config.Role.Works() {
		return nil
	}
	freed, err := n.store.FreeOrphans(ctx, time.Now())
	if err == nil && freed > 0 {
		n.log.Info("taking up what was in hand when Kabar last ended", "rows", freed)
	}
	return err
}

func (n *node) listener() postgres.Listener {
	return postgres.Listener{
		Node: n.name, Log: n.log,
		OnPages: func(tags []string) {
			n.pages.Invalidate(tags...)
			n.tellOpen(tags)
		},
		OnLost: func() {
			n.pages.Empty()
			if hub := n.open.Load(); hub != nil {
				hub.Missed()
			}
		},
		OnQueue: func(name string) {
			switch name {
			case queueDeliveries:
				n.deliveries.Nudge()
			case queueInbound:
				n.inbound.Nudge()
			case queueForwards:
				n.forwards.Nudge()
			}
		},
	}
}

// halt stops what works, in order: no new jobs, the ones in hand finish, then
// the loops write what they have in hand.
func (n *node) halt(ctx context.Context) {
	if n.config.Role.Works() {
		if err := n.jobs.Stop(ctx); err != nil {
			n.log.ErrorContext(ctx, "stop jobs", "error", err)
		}
	}
	if n.stop != nil {
		n.stop()
	}
	n.running.Wait()
	n.client.CloseIdle()
	n.pages.Close()
	n.closeReplica()
}

// userAgent says who asks, and where to complain.
func userAgent(origin string) string { return "Kabar/" + version() + " (+" + origin + ")" }
