package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/web/templates"
)

type serveCommand struct{}

// run serves until ctx ends, or until something fails that no restart of a
// part can mend.
func (serveCommand) run(ctx context.Context, env environment) error {
	log := newLog(env.config, env.err)
	s, err := startServer(ctx, env.config, log, nil)
	switch {
	case err != nil && ctx.Err() != nil: // told to stop meanwhile: nothing is wrong
		log.Info("stopped before it was ready")
		return nil
	case err != nil:
		return err
	}
	if err := s.invite(ctx); err != nil && ctx.Err() == nil {
		s.stop(log)
		return err
	}
	log.Info("ready", "version", version(), "address", env.config.URL, "listen", s.address(), "role", string(env.config.Role))
	tellSystemd(log, daemon.SdNotifyReady)
	err = s.wait(ctx)
	log.Info("stopping")
	tellSystemd(log, daemon.SdNotifyStopping)
	if err == nil {
		s.depart()
	}
	s.stop(log)
	return err
}

// tellSystemd says how far it is, if it was systemd that started Kabar.
func tellSystemd(log *slog.Logger, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Warn("tell systemd", "error", err)
	}
}

// invite prints the link by which the first who comes makes the owner's
// account, as long as there is none.
func (s *server) invite(ctx context.Context) error {
	site, err := s.blog.Site(ctx)
	if err != nil || site.Ready || !s.config.Role.Serves() {
		return err
	}
	token, err := auth.NewSetup(ctx, s.store)
	if err != nil {
		return err
	}
	link := site.Origin + templates.SetupPath + "?" + url.Values{"token": {token}}.Encode()
	s.log.Info("the blog has no owner yet: open this link, which works once, to make the account", "link", link)
	return nil
}

// checkIdentity refuses another origin than the database's and takes over the
// handle domain that the settings name.
func (a *app) checkIdentity(ctx context.Context) error {
	site, err := a.store.InitSite(ctx, blog.DefaultSite(a.config.URL, a.config.Domain()))
	if err != nil {
		return err // a *postgres.OriginMismatch tells the way out
	}
	domain := a.config.HandleDomain
	if domain == "" || domain == site.HandleDomain {
		return nil
	}
	_, err = a.blog.ChangeSite(ctx, uuid.Nil, func(site *blog.Site) error {
		site.HandleDomain = domain
		return nil
	})
	var invalid *blog.Invalid
	if errors.As(err, &invalid) && invalid.Problem == "has-followers" {
		return fmt.Errorf("KABAR_HANDLE_DOMAIN: people follow @%s already, and their servers know the blog by that: set it to %s, or leave it out",
			site.Acct(), site.HandleDomain)
	}
	return explain(err)
}
