package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"kabar/internal/blog"
)

// resolveArticle finds the people named in an article who are not known yet,
// and stores their links and the page's HTML with them. Who cannot be found
// stays text.
func (s *Service) resolveArticle(ctx context.Context, site blog.Site, a blog.Article) (blog.Article, error) {
	found, changed := s.resolveMentions(ctx, site, a.Mentions)
	if !changed {
		return a, nil
	}
	a.Mentions = found
	rendered, err := s.Blog.Render(ctx, site, a)
	if err != nil {
		return a, err
	}
	a.HTML = rendered.HTML
	return a, s.Store.SetArticleMentions(ctx, a.ID, a.Revision, a.Mentions, a.HTML)
}

func (s *Service) resolveReply(ctx context.Context, site blog.Site, c blog.Comment) (blog.Comment, error) {
	found, changed := s.resolveMentions(ctx, site, c.Mentions)
	if !changed {
		return c, nil
	}
	c.Mentions = found
	rendered, err := blog.RenderReply(site, c, "")
	if err != nil {
		return c, err
	}
	c.HTML = rendered.HTML
	return c, s.Store.SetCommentMentions(ctx, c)
}

func (s *Service) resolveMentions(ctx context.Context, site blog.Site, mentions []blog.Mention) ([]blog.Mention, bool) {
	found := slices.Clone(mentions)
	ctx, cancel := context.WithTimeout(ctx, resolveAllTime)
	defer cancel()
	var searches errgroup.Group
	searches.SetLimit(resolveAtOnce)
	for i, m := range mentions {
		if m.ActorURI != "" {
			continue
		}
		searches.Go(func() error {
			resolved, err := s.resolveMention(ctx, site, m)
			if err != nil {
				s.Log.InfoContext(ctx, "a mentioned person was not found", "handle", m.Handle, "error", err)
				return nil // the name stays text
			}
			found[i] = resolved
			return nil
		})
	}
	_ = searches.Wait() // no search returns an error
	return found, !slices.Equal(found, mentions)
}

// How long one person named in a text is looked for, how long all of them
// together, and how many at once: the article waits for it.
const (
	resolveTime    = 5 * time.Second
	resolveAllTime = 20 * time.Second
	resolveAtOnce  = 10
)

func (s *Service) resolveMention(ctx context.Context, site blog.Site, m blog.Mention) (blog.Mention, error) {
	user, domain, _ := strings.Cut(m.Handle, "@")
	if strings.EqualFold(domain, site.HandleDomain) || strings.EqualFold(domain, Host(site.Origin)) {
		return s.resolveLocal(ctx, site, m, user)
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	uri, err := s.Client.Resolve(ctx, m.Handle)
	if err != nil {
		return m, err
	}
	actor, err := s.RemoteActor(ctx, uri)
	if err != nil {
		return m, err
	}
	m.ActorURI, m.URL = actor.URI, actor.URL
	if m.URL == "" {
		m.URL = actor.URI
	}
	return m, nil
}

func (s *Service) resolveLocal(ctx context.Context, site blog.Site, m blog.Mention, user string) (blog.Mention, error) {
	for _, kind := range []blog.Kind{blog.BlogActor, blog.AuthorActor} {
		actor, err := s.Store.LocalActor(ctx, kind, user)
		if err == nil && strings.EqualFold(actor.Handle, user) {
			m.ActorURI, m.URL = actor.URI, ProfilePage(site, actor)
			return m, nil
		}
		if err != nil && !errors.Is(err, blog.ErrNotFound) {
			return m, err
		}
	}
	return m, fmt.Errorf("nobody here is called %s: %w", user, blog.ErrNotFound)
}

// inboxes returns where to reach remote people, their shared inboxes where
// they have one.
func (s *Service) inboxes(ctx context.Context, uris []string) ([]string, error) {
	var inboxes []string
	for _, uri := range uris {
		actor, err := s.Store.RemoteActor(ctx, uri)
		switch {
		case errors.Is(err, blog.ErrNotFound), errors.Is(err, blog.ErrGone):
			continue // ours, or gone meanwhile
		case err != nil:
			return nil, err
		}
		inboxes = appendNew(inboxes, actor.deliverTo())
	}
	return inboxes, nil
}

// deliverTo is the inbox that public activities for the actor go to.
func (a RemoteActor) deliverTo() string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}
