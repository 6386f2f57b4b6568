package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// block is one block as commands print it.
type block struct {
	Kind    string    `json:"kind"`
	Value   string    `json:"value"`
	Reason  string    `json:"reason"`
	Created time.Time `json:"created"`
}

type blockAddCommand struct {
	Target string `arg:"" name:"domain-or-actor" help:"example.org (with its subdomains), or somebody: actor id, profile page or user@host."`
	Reason string `help:"Why, for the record."`
}

func (c *blockAddCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		target, err := a.blockTarget(ctx, c.Target)
		if err != nil {
			return err
		}
		b, err := a.blog.Block(ctx, uuid.Nil, target, c.Reason)
		if err != nil {
			return explain(err)
		}
		return env.object(block{b.Kind, b.Value, b.Reason, b.Created}, "Blocked: "+b.Value)
	})
}

type blockRemoveCommand struct {
	Target string `arg:"" name:"domain-or-actor" help:"As it was blocked."`
}

func (c *blockRemoveCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		target, err := a.blockTarget(ctx, c.Target)
		if err != nil {
			return err
		}
		err = a.blog.Unblock(ctx, uuid.Nil, target)
		if errors.Is(err, blog.ErrNotFound) {
			return fmt.Errorf("%s is not blocked; kabar block list shows who is", c.Target)
		}
		if err != nil {
			return explain(err)
		}
		return env.object(map[string]string{"value": c.Target}, "No longer blocked: "+c.Target)
	})
}

// blockTarget is the actor id of somebody we know by handle or profile page.
// Anything else is what it says: a domain, or the id of somebody unknown.
func (a *app) blockTarget(ctx context.Context, target string) (string, error) {
	actor, err := a.store.FindActor(ctx, target)
	switch {
	case err == nil:
		return actor.URI, nil
	case !errors.Is(err, blog.ErrNotFound):
		return "", err
	}
	return target, nil
}

type blockListCommand struct{}

func (blockListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := a.blog.Blocks(ctx)
		if err != nil {
			return err
		}
		rows := make([]block, 0, len(found))
		for _, b := range found {
			rows = append(rows, block{b.Kind, b.Value, b.Reason, b.Created})
		}
		return list(env, rows, []string{"SINCE", "KIND", "VALUE", "REASON"}, func(r block) []string {
			return []string{shortTime(&r.Created), r.Kind, r.Value, r.Reason}
		})
	})
}
