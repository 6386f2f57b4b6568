package main

import (
	"context"
	"fmt"
	"time"

	"kabar/internal/postgres"
)

// inboundRow is one activity that came in, as commands print it.
type inboundRow struct {
	ID       int64      `json:"id"`
	Activity string     `json:"activity"`
	Type     string     `json:"type"`
	Actor    string     `json:"actor"`
	Object   string     `json:"object"`
	Received time.Time  `json:"received"`
	Done     *time.Time `json:"done"`
	Attempts int        `json:"attempts"`
	Outcome  string     `json:"outcome"` // "" while it waits
	Detail   string     `json:"detail"`
}

type inboundListCommand struct {
	Outcome string `help:"Only those with this outcome, or one that begins with it, such as refused."`
	Actor   string `help:"Only those of this actor."`
	Limit   uint32 `default:"100" help:"How many, newest first."`
}

func (c *inboundListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := a.store.InboundList(ctx, postgres.InboundQuery{Outcome: c.Outcome, Actor: c.Actor, Limit: int(c.Limit)})
		if err != nil {
			return err
		}
		rows := make([]inboundRow, 0, len(found))
		for _, r := range found {
			rows = append(rows, inboundRow{
				r.ID, r.ActivityURI, r.Type, r.Actor, r.ObjectURI, r.Received, stamp(r.Done), r.Attempts, r.Outcome, r.Detail,
			})
		}
		return list(env, rows, []string{"RECEIVED", "TYPE", "OUTCOME", "ACTOR", "OBJECT", "DETAIL"}, func(r inboundRow) []string {
			outcome := r.Outcome
			if outcome == "" {
				outcome = fmt.Sprintf("waiting (%d tries)", r.Attempts)
			}
			return []string{shortTime(&r.Received), r.Type, outcome, r.Actor, r.Object, brief(r.Detail)}
		})
	})
}
