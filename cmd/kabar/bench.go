package main

import (
	"context"
	"fmt"
	"time"

	"kabar/internal/postgres"
)

// benchFillCommand makes up a blog, to see how Kabar does with much.
type benchFillCommand struct {
	Scale float64 `default:"0.01" help:"1 is 10,000 articles, 1,000,000 comments, 100,000 followers on 12,000 servers and 5,000,000 activities that came in: about 7 GB."`
	Seed  int64   `default:"1" help:"The same seed makes the same blog."`
}

func (c *benchFillCommand) run(ctx context.Context, env environment) error {
	if c.Scale <= 0 || c.Scale > 10 {
		return usageError{fmt.Errorf("--scale %g: give a number above 0 and at most 10", c.Scale)}
	}
	return with(ctx, env, func(a *app) error {
		begun := time.Now()
		told := func(step string) { fmt.Fprintf(env.err, "%6.1f s  %s\n", time.Since(begun).Seconds(), step) }
		f := postgres.Filling{Scale: c.Scale, Seed: c.Seed, Now: time.Now()}
		if err := a.store.Fill(ctx, f, told); err != nil {
			return err
		}
		told("settling")
		if err := a.store.Settle(ctx); err != nil {
			return err
		}
		told("filled")
		return nil
	})
}
