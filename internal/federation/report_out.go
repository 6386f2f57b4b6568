package federation

import (
	"context"
	"errors"
	"fmt"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// ReportMade sends a report of ours to the server that it is about. It comes
// from the instance actor, and names nobody who made it: what Mastodon sends
// and expects.
func (s *Service) ReportMade(ctx context.Context, job blog.ReportMade) error {
	r, err := s.Blog.ReportByID(ctx, job.Report)
	if errors.Is(err, blog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("report made: %w", err)
	}
	if len(r.Objects) == 0 {
		return nil
	}
	about, err := s.Store.RemoteActor(ctx, r.Objects[0])
	if errors.Is(err, blog.ErrGone) || errors.Is(err, blog.ErrNotFound) {
		return nil // whom it is about is gone
	}
	if err != nil {
		return fmt.Errorf("report made: %w", err)
	}
	us, err := s.Store.LocalActor(ctx, blog.InstanceActor, "")
	if err != nil {
		return fmt.Errorf("report made: %w", err)
	}
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("report made: %w", err)
	}
	flag := &activitypub.Activity{
		ID: site.Address().Activity(job.Activity), Type: "Flag", Actor: us.URI, Content: r.Content,
		Object: activitypub.IDs(r.Objects),
	}
	planned, err := s.stored(flag, job.Activity, us.ID, "")
	if err != nil {
		return fmt.Errorf("report made: %w", err)
	}
	return s.plan(ctx, Outgoing{Activity: planned, Inboxes: []string{inboxOf(about)}})
}

// inboxOf is where something for one person goes: the inbox that their server
// shares, if there is one.
func inboxOf(a RemoteActor) string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}
