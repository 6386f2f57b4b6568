package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// report is one report as commands print it.
type report struct {
	ID       uuid.UUID        `json:"id"`
	Created  time.Time        `json:"created"`
	State    blog.ReportState `json:"state"`
	Outgoing bool             `json:"outgoing"`
	Forward  bool             `json:"forward"`
	Reporter string           `json:"reporter"`
	Objects  []string         `json:"objects"`
	Content  string           `json:"content"`
	Resolved *time.Time       `json:"resolved"`
}

type reportListCommand struct {
	State blog.ReportState `help:"open or resolved." enum:"open,resolved," default:"" placeholder:"STATE"`
	Limit uint32           `default:"100" help:"How many, newest first."`
}

func (c *reportListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := a.blog.Reports(ctx, blog.ReportQuery{State: c.State, Limit: int(c.Limit)})
		if err != nil {
			return err
		}
		rows := make([]report, 0, len(found))
		for _, r := range found {
			rows = append(rows, report{r.ID, r.Created, r.State, r.Outgoing, r.Forward, r.Reporter, r.Objects, r.Content, stamp(r.Resolved)})
		}
		return list(env, rows, []string{"CREATED", "STATE", "FROM", "ABOUT", "TEXT", "ID"}, func(r report) []string {
			from := r.Reporter
			if r.Outgoing {
				from = "us"
			}
			return []string{shortTime(&r.Created), string(r.State), from, strings.Join(r.Objects, " "), brief(r.Content), r.ID.String()}
		})
	})
}

type reportResolveCommand struct {
	ID     string `arg:"" help:"As kabar report list shows it."`
	Reopen bool   `help:"Open it again instead."`
}

func (c *reportResolveCommand) run(ctx context.Context, env environment) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return usageError{fmt.Errorf("%q is no report", c.ID)}
	}
	return with(ctx, env, func(a *app) error {
		state, done := blog.ReportResolved, "Resolved:"
		if c.Reopen {
			state, done = blog.ReportOpen, "Open again:"
		}
		err := a.blog.ResolveReport(ctx, uuid.Nil, id, state)
		if errors.Is(err, blog.ErrNotFound) {
			return fmt.Errorf("there is no report %s", id)
		}
		if err != nil {
			return explain(err)
		}
		return env.object(map[string]string{"id": id.String(), "state": string(state)}, done+" "+id.String())
	})
}

type reportSendCommand struct {
	commentTarget
	Text  string `help:"What is wrong."`
	Local bool   `help:"Keep it here; do not tell the comment's server."`
}

func (c *reportSendCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := c.find(ctx, a)
		if err != nil {
			return err
		}
		r, err := a.blog.Report(ctx, uuid.Nil, found.ID, c.Text, !c.Local)
		if err != nil {
			return explain(err)
		}
		return env.object(map[string]any{"id": r.ID, "objects": r.Objects, "forward": r.Forward}, "Reported: "+r.ID.String())
	})
}
