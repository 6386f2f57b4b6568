package main

import (
	"context"

	"kabar/internal/blog"
	"kabar/internal/mail"
)

// tellVisitors plans the mails to visitors that are due, where mail can be
// sent.
func (n *node) tellVisitors(ctx context.Context) error {
	if !n.mail.Configured() {
		return nil
	}
	return n.blog.TellVisitors(ctx)
}

// visitorMail sends one of them.
func (n *node) visitorMail(ctx context.Context, job blog.VisitorMail) error {
	return (&mail.Visitors{Blog: n.blog, Send: n.mail.Send}).Tell(ctx, job)
}
