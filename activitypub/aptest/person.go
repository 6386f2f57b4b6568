package aptest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Person is somebody with an account on a server. What people do returns the
// activity that was sent together with the answer; an answer that refuses is
// no error.
type Person struct {
	*account
	forgery Forgery
}

// Person returns the person of that name, who is there from now on.
func (s *Server) Person(name string) *Person {
	if a := s.account(name); a != nil {
		return &Person{account: a}
	}
	a := s.newAccount(name, "Person")
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.accounts[name]; known != nil {
		a = known
	}
	s.accounts[name] = a
	return &Person{account: a}
}

// Instance returns the server's own actor, an Application.
func (s *Server) Instance() *Person { return &Person{account: s.instance} }

// Forging returns the same person, who lies in everything they send.
func (p *Person) Forging(f Forgery) *Person { return &Person{p.account, f} }

// ID is the id of the actor.
func (p *Person) ID() string { return p.id }

// Name is the name in the handle.
func (p *Person) Name() string { return p.name }

// Handle is user@host.
func (p *Person) Handle() string { return p.handle() }

// Inbox is the person's own inbox.
func (p *Person) Inbox() string { return p.inbox() }

// KeyID is the id of the key that the person signs with.
func (p *Person) KeyID() string { return p.keyID() }

// Signer is the key that the person signs with now.
func (p *Person) Signer() (httpsig.Signer, error) { return p.signer() }

// Server is where the person is at home.
func (p *Person) Server() *Server { return p.server }

// Profile returns what the person says about themselves.
func (p *Person) Profile() Profile {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.profile
}

// RotateKey gives the person a new key under the old id, as a server does that
// lost its database. Nobody is told.
func (p *Person) RotateKey() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key = sync.OnceValues(newKey)
}

// Follow asks to follow an actor.
func (p *Person) Follow(ctx context.Context, actorID string) (*Sent, error) {
	to, err := p.server.target(ctx, actorID)
	if err != nil {
		return nil, fmt.Errorf("aptest: follow: %w", err)
	}
	return p.Send(ctx, Doc{"type": "Follow", "object": actorID}, to.inbox)
}

// Block tells an actor that it is blocked.
func (p *Person) Block(ctx context.Context, actorID string) (*Sent, error) {
	to, err := p.server.target(ctx, actorID)
	if err != nil {
		return nil, fmt.Errorf("aptest: block: %w", err)
	}
	return p.Send(ctx, Doc{"type": "Block", "object": actorID}, to.inbox)
}

// Flag reports an actor and objects. As at Mastodon the reporter stays
// unnamed: the server's own actor sends it.
func (p *Person) Flag(ctx context.Context, actorID, text string, objectIDs ...string) (*Sent, error) {
	to, err := p.server.target(ctx, actorID)
	if err != nil {
		return nil, fmt.Errorf("aptest: flag: %w", err)
	}
	reporter := Person{p.server.instance, p.forgery}
	return reporter.Send(ctx, Doc{"type": "Flag", "content": text, "object": append([]string{actorID}, objectIDs...)}, to.inbox)
}

// UpdateProfile changes the profile and tells everybody the person ever wrote
// to.
func (p *Person) UpdateProfile(ctx context.Context, change func(*Profile)) (*Sent, error) {
	p.mu.Lock()
	change(&p.profile)
	p.mu.Unlock()
	return p.Send(ctx, Doc{
		"id": fmt.Sprintf("%s#updates/%d", p.id, p.server.serial.Add(1)), "type": "Update",
		"to": []string{activitypub.Public}, "object": p.actor(),
	}, p.known()...)
}

// Move says to everybody the person ever wrote to that another account takes
// over. Both documents say so too.
func (p *Person) Move(ctx context.Context, to *Person) (*Sent, error) {
	to.mu.Lock()
	to.alsoKnownAs = append(to.alsoKnownAs, p.id)
	to.mu.Unlock()
	p.mu.Lock()
	p.movedTo = to.id
	p.mu.Unlock()
	return p.Send(ctx, Doc{"type": "Move", "object": p.id, "target": to.id, "to": []string{p.id + "/followers"}}, p.known()...)
}

// DeleteAccount says to everybody the person ever wrote to that the account is
// deleted. Its documents answer 410 from now on; the key still signs.
func (p *Person) DeleteAccount(ctx context.Context) (*Sent, error) {
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	return p.Send(ctx, Doc{
		"id": p.id + "#delete", "type": "Delete",
		"to": []string{activitypub.Public}, "object": p.id,
	}, p.known()...)
}

// known are the inboxes the person ever wrote to, the shared one instead of a
// personal one that has it.
func (p *Person) known() []string {
	p.mu.Lock()
	contacts := slices.Clone(p.contacts)
	p.mu.Unlock()
	var inboxes []string
	for _, inbox := range contacts {
		if shared := p.server.sharedBy(inbox); !slices.Contains(inboxes, shared) {
			inboxes = append(inboxes, shared)
		}
	}
	return inboxes
}
