package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"kabar/internal/blog"
	"kabar/internal/mail"
)

// newsletter sends articles by mail.
func (n *node) newsletter(ctx context.Context) error {
	if !n.mail.Configured() {
		return nil
	}
	return n.letters().Run(ctx)
}

func (n *node) letters() *mail.Newsletter {
	return &mail.Newsletter{Blog: n.blog, Store: n.store, Send: n.mail.Send, Log: n.log}
}

// subscriber is one of them as commands print it.
type subscriber struct {
	Email    string    `json:"email"`
	State    string    `json:"state"` // confirmed, waiting or paused
	Weekly   bool      `json:"weekly"`
	Language string    `json:"language"`
	Since    time.Time `json:"since"`
}

type newsletterListCommand struct {
	Search string `help:"Part of the address."`
	Limit  uint32 `default:"100000" help:"How many, newest first."`
}

func (c *newsletterListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := a.store.Subscribers(ctx, blog.SubscriberQuery{Search: c.Search, Limit: int(c.Limit)})
		if err != nil {
			return err
		}
		rows := make([]subscriber, 0, len(found))
		for _, s := range found {
			rows = append(rows, subscriber{s.Email, s.State(), s.Weekly, s.Language, s.Created})
		}
		return list(env, rows, []string{"SINCE", "STATE", "LANGUAGE", "ADDRESS"}, func(r subscriber) []string {
			return []string{shortTime(&r.Since), r.State, r.Language, r.Email}
		})
	})
}

type newsletterExportCommand struct{}

func (c *newsletterExportCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := a.store.Subscribers(ctx, blog.SubscriberQuery{Limit: math.MaxInt32})
		if err != nil {
			return err
		}
		return blog.WriteSubscribers(env.out, found)
	})
}

type newsletterAddCommand struct {
	Email string `arg:"" help:"The address; it gets the question whether it wants the newsletter."`
}

func (c *newsletterAddCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		if err := a.blog.Subscribe(ctx, c.Email, site.Language); err != nil {
			return err
		}
		return env.object(map[string]string{"email": c.Email}, "The address is asked, unless it gets the newsletter or was asked lately.")
	})
}

type newsletterRemoveCommand struct {
	Email string `arg:"" help:"The address to forget."`
}

func (c *newsletterRemoveCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		email, err := blog.NormalEmail(c.Email)
		if err != nil {
			return err
		}
		sub, err := a.store.SubscriberByEmail(ctx, email)
		if errors.Is(err, blog.ErrNotFound) {
			return fmt.Errorf("%s is no subscriber; kabar newsletter list shows who is", email)
		}
		if err != nil {
			return err
		}
		if err := a.store.DeleteSubscriber(ctx, sub.ID); err != nil {
			return err
		}
		return env.object(map[string]string{"email": email}, "Removed: "+email)
	})
}
