package aptest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kabar/activitypub"
)

// target is where activities about an actor or object go.
type target struct {
	actor   string // its id, or that of the author
	inbox   string // the actor's own
	shared  string // the shared inbox, else the actor's own
	replied string // the object that this one answers
}

// target looks up an actor or object; what was found is remembered.
func (s *Server) target(ctx context.Context, id string) (target, error) {
	s.mu.Lock()
	t, known := s.targets[id]
	s.mu.Unlock()
	if known {
		return t, nil
	}
	o, err := s.Fetch(ctx, id)
	if err != nil {
		return target{}, err
	}
	if o.IsActor() {
		t = target{actor: o.ID, inbox: o.Inbox, shared: or(o.SharedInbox, o.Inbox)}
	} else {
		author := o.AttributedTo.ID()
		if author == "" {
			return target{}, fmt.Errorf("%s has no author", id)
		}
		if t, err = s.target(ctx, author); err != nil {
			return target{}, err
		}
		t.replied = o.InReplyTo.ID()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.targets[id] = t
	return t, nil
}

// sharedBy returns the shared inbox that stands for a personal one, or the
// same inbox.
func (s *Server) sharedBy(inbox string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.targets {
		if t.inbox == inbox {
			return t.shared
		}
	}
	return inbox
}

// maxThread is how far up a thread is gone for its first author.
const maxThread = 100

// address finds the inboxes for a note, and mentions the people of its thread
// if it mentions nobody.
func (p *Person) address(ctx context.Context, n *Note) ([]string, error) {
	if n.Inboxes != nil {
		return n.Inboxes, nil
	}
	people, err := p.thread(ctx, n.InReplyTo)
	if err != nil {
		return nil, err
	}
	for _, id := range n.Mention {
		t, err := p.server.target(ctx, id)
		if err != nil {
			return nil, err
		}
		people = append(people, t)
	}
	var inboxes []string
	for _, t := range people {
		if t.actor != p.id && !slices.Contains(n.Mention, t.actor) {
			n.Mention = append(n.Mention, t.actor)
		}
		inbox := t.shared
		if n.Visibility == activitypub.VisibilityDirect {
			inbox = t.inbox
		}
		if !slices.Contains(inboxes, inbox) && !strings.HasPrefix(inbox, p.server.origin+"/") {
			inboxes = append(inboxes, inbox)
		}
	}
	return inboxes, nil
}

// thread returns the author of the first post above id, then that of id.
func (p *Person) thread(ctx context.Context, id string) ([]target, error) {
	if id == "" {
		return nil, nil
	}
	parent, err := p.server.target(ctx, id)
	if err != nil {
		return nil, err
	}
	first := parent
	for range maxThread {
		if first.replied == "" {
			break
		}
		above, err := p.server.target(ctx, first.replied)
		if err != nil {
			break // a thread whose top is gone can be answered all the same
		}
		first = above
	}
	return []target{first, parent}, nil
}
