package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// follower is one follower as commands print it.
type follower struct {
	ID     string    `json:"id"` // of the actor
	Handle string    `json:"handle"`
	Name   string    `json:"name"`
	Since  time.Time `json:"since"`
}

type followerListCommand struct {
	Search string `help:"Part of a name, handle or server."`
	Limit  uint32 `default:"100" help:"How many, newest first."`
}

func (c *followerListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		found, err := a.blog.Followers(ctx, blog.FollowerQuery{Search: c.Search, Limit: int(c.Limit)})
		if err != nil {
			return err
		}
		rows := make([]follower, 0, len(found))
		for _, f := range found {
			rows = append(rows, follower{f.Actor.URI, "@" + f.Actor.Acct(), f.Actor.Label(), f.Created})
		}
		return list(env, rows, []string{"SINCE", "HANDLE", "NAME", "ACTOR"}, func(r follower) []string {
			return []string{shortTime(&r.Since), r.Handle, r.Name, r.ID}
		})
	})
}

type followerRemoveCommand struct {
	Actor string `arg:"" help:"Actor id, profile page, or user@host."`
}

func (c *followerRemoveCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		f, err := a.findFollower(ctx, c.Actor)
		if err != nil {
			return err
		}
		if err := a.blog.RemoveFollower(ctx, uuid.Nil, f.Target, f.Actor.ID); err != nil {
			return err
		}
		row := follower{f.Actor.URI, "@" + f.Actor.Acct(), f.Actor.Label(), f.Created}
		return env.object(row, "Removed: "+row.Handle)
	})
}

func (a *app) findFollower(ctx context.Context, who string) (blog.Follower, error) {
	handle := strings.TrimPrefix(who, "@")
	user, _, _ := strings.Cut(handle, "@")
	q := blog.FollowerQuery{Limit: 500}
	if !strings.Contains(who, "://") {
		q.Search = user
	}
	for {
		found, err := a.blog.Followers(ctx, q)
		if err != nil {
			return blog.Follower{}, err
		}
		for _, f := range found {
			if f.Actor.URI == who || f.Actor.URL == who || strings.EqualFold(f.Actor.Acct(), handle) {
				return f, nil
			}
		}
		if len(found) < q.Limit {
			return blog.Follower{}, fmt.Errorf("%s does not follow the blog; kabar follower list shows who does", who)
		}
		q.Before = found[len(found)-1].Cursor()
	}
}
