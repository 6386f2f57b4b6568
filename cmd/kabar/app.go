package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/blog"
	"kabar/internal/config"
	"kabar/internal/federation"
	"kabar/internal/mail"
	"kabar/internal/media"
	"kabar/internal/pgserver"
	"kabar/internal/postgres"
	"kabar/migrations"
)

// app is the database with what works on it: all that a command needs, and
// what a node is built on.
type app struct {
	config   config.Config
	log      *slog.Logger
	name     string           // of this process among those that share the database
	database *pgserver.Server // nil with KABAR_DATABASE_URL
	url      string           // of the database
	store    *postgres.Store
	notifier *postgres.Notifier
	media    media.Store
	mail     *mail.Sender // sends nothing until KABAR_SMTP_URL is set
	blog     *blog.Service
	// federation has no client and so can fetch nothing, until a node gives it one.
	federation *federation.Service
}

// startDatabase is how a private database comes up: pgserver.Start for the
// server, pgserver.Open for commands, which may work beside one.
type startDatabase func(context.Context, pgserver.Options) (*pgserver.Server, error)

// openApp opens the database, the private one unless another is named, brings
// it to the present schema and settles the settings of a fresh one.
func openApp(ctx context.Context, c config.Config, log *slog.Logger, start startDatabase) (*app, error) {
	a, err := openLocked(ctx, c, log, start)
	if err != nil {
		return nil, err
	}
	if err = a.unlock(ctx); err == nil {
		err = a.initSite(ctx)
	}
	if err != nil {
		a.close(context.WithoutCancel(ctx))
		return nil, err
	}
	return a, nil
}

// openLocked is openApp before the private keys can be read.
func openLocked(ctx context.Context, c config.Config, log *slog.Logger, start startDatabase) (_ *app, err error) {
	a := &app{config: c, log: log, name: nodeName()}
	defer func() {
		if err != nil {
			a.close(context.WithoutCancel(ctx))
		}
	}()
	if err := a.openDatabase(ctx, start); err != nil {
		return nil, err
	}
	if err := migrate(ctx, a.url); err != nil {
		return nil, err
	}
	if a.store, err = postgres.Open(ctx, a.url); err != nil {
		return nil, err
	}
	a.notifier = a.store.NewNotifier(a.name, log)
	a.store.Changed = a.notifier.Pages
	if a.media, err = openMedia(c); err != nil {
		return nil, err
	}
	a.mail = &mail.Sender{Server: c.SMTP(), From: c.MailFrom, Name: a.title}
	a.blog = &blog.Service{Reader: a.store, Store: a.store, Now: time.Now, NewID: newID}
	a.federation = &federation.Service{
		Store: a.store, Blog: a.blog, Now: time.Now, NewID: newID, Log: log, Limits: limits(c.Inbox),
	}
	return a, nil
}

// limits are how much is taken from one actor or server.
func limits(c config.Inbox) federation.Limits {
	return federation.Limits{ActorPerMinute: c.PerActor, HostPerMinute: c.PerServer, NewActorsPerHour: c.NewActors}
}

// openDatabase starts the private database, unless another is named.
func (a *app) openDatabase(ctx context.Context, start startDatabase) (err error) {
	if a.url = a.config.DatabaseURL; a.url != "" {
		return nil
	}
	if a.database, err = start(ctx, pgserver.Options{Dir: a.config.DatabaseDir(), Log: a.log}); err != nil {
		return err
	}
	a.url = a.database.URL()
	return nil
}

// title is the blog's, as the name that mail is from.
func (a *app) title(ctx context.Context) (string, error) {
	site, err := a.store.Site(ctx)
	return site.Title, err
}

// nodeName tells the processes that share a database apart.
func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "kabar"
	}
	return host + "/" + newID().String()
}

// migrate brings the database to the present schema, over a connection
// without the time limits that the program's own have.
func migrate(ctx context.Context, url string) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer pool.Close()
	err = migrations.Up(ctx, pool)
	var unreachable *pgconn.ConnectError
	if errors.As(err, &unreachable) {
		return fmt.Errorf("the database cannot be reached: start it, or correct KABAR_DATABASE_URL: %w", unreachable)
	}
	return err
}

// initSite gives a fresh database its origin and its actors. A command works
// with the origin that is stored; only a server must be started with the same.
func (a *app) initSite(ctx context.Context) error {
	_, err := a.store.InitSite(ctx, blog.DefaultSite(a.config.URL, a.config.Domain()))
	var mismatch *postgres.OriginMismatch
	if err != nil && !errors.As(err, &mismatch) {
		return err
	}
	return a.federation.EnsureActors(ctx)
}

// close gives everything back, in the reverse order.
func (a *app) close(ctx context.Context) {
	if a.store != nil {
		a.tellNodes(ctx)
		a.store.Close()
	}
	if a.media != nil {
		_ = a.media.Close()
	}
	if a.database != nil {
		if err := a.database.Stop(ctx); err != nil {
			a.log.ErrorContext(ctx, "stop the database", "error", err)
		}
	}
}

// tellNodes sends what the other nodes have not been told yet.
func (a *app) tellNodes(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.notifier.Flush(ctx); err != nil {
		a.log.WarnContext(ctx, "tell other nodes of changes", "error", err)
	}
}

// newID makes the ids of everything: UUIDv7, so that they sort by time.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// with runs a command on the database.
func with(ctx context.Context, env environment, do func(*app) error) error {
	log := slog.New(slog.NewTextHandler(env.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := openApp(ctx, env.config, log, pgserver.Open)
	if err != nil {
		return err
	}
	defer a.close(context.WithoutCancel(ctx))
	return do(a)
}
