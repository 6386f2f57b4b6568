package main

import (
	"context"
	"fmt"
	"time"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

// play is a demo in progress.
type play struct {
	environment
	*server
	dir      string
	password string // of the author
	world    *aptest.World
	cast     map[string]*aptest.Person

	actor   blog.Actor // the blog's
	article blog.Article
	page    string            // address of the article
	told    map[string]string // ids of what was said, by name
}

// stepTime is how long a step may take before it counts as failed.
const stepTime = 30 * time.Second

// say prints a line.
func (p *play) say(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

// step does something, prints whether it held, and what was seen.
type step struct {
	what string
	do   func(context.Context) (seen string, err error)
}

// everything goes through the steps until one does not hold.
func (p *play) everything(ctx context.Context) bool {
	p.told = map[string]string{}
	for _, scene := range []struct {
		title string
		steps []step
	}{
		{"People on other servers follow the blog", p.following()},
		{"An article goes out", p.publishing()},
		{"People react", p.reacting()},
		{"Signed replies come in", p.answering()},
		{"What must not show", p.hiding()},
		{"What a reader sees", p.looking()},
	} {
		p.say("\n%s", scene.title)
		for _, s := range scene.steps {
			if !p.try(ctx, s) {
				return false
			}
		}
	}
	return true
}

func (p *play) try(ctx context.Context, s step) bool {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	seen, err := s.do(ctx)
	if err != nil {
		p.say("  ✗ %s: %v", s.what, err)
		return false
	}
	if seen != "" {
		seen = ": " + seen
	}
	p.say("  ✓ %s%s", s.what, seen)
	return true
}

// settled returns when everything that came in has had its effect.
func (p *play) settled(ctx context.Context) error {
	if err := p.inbound.Idle(ctx); err != nil {
		return fmt.Errorf("what came in is not done yet: %w", err)
	}
	return nil
}

// taken is settled for an activity, which must have been answered with 202.
func (p *play) taken(ctx context.Context, sent *aptest.Sent, err error) error {
	if err != nil {
		return err
	}
	for _, answer := range sent.Answers {
		if answer.Status != 202 {
			return fmt.Errorf("%s answered %d: %s", answer.Inbox, answer.Status, answer.Body)
		}
	}
	return p.settled(ctx)
}
