package main

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// block is one block as commands print it.
type block struct {
	Kind    string    `json:"kind"`
	Value   string    `json:"value"`
	Reason  string    `json:"reason"`
	Created time.Time `json:"created"`
}

type blockAddCommand struct {
	Target string `arg:"" name:"domain-or-actor" help:"example.org (with its subdomains), or an actor id."`
	Reason string `help:"Why, for the record."`
}

func (c *blockAddCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		b, err := a.blog.Block(ctx, uuid.Nil, c.Target, c.Reason)
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
		if err := a.blog.Unblock(ctx, uuid.Nil, c.Target); err != nil {
			return explain(err)
		}
		return env.object(map[string]string{"value": c.Target}, "No longer blocked: "+c.Target)
	})
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
