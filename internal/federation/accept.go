package federation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"

	"kabar/activitypub/inbox"
	"kabar/internal/blog"
)

// Accept puts a believable activity on disk: when it returns nil, the activity
// will be processed whatever happens. inbox.ErrBlocked for a blocked sender.
func (s *Service) Accept(ctx context.Context, d inbox.Delivery) error {
	in := s.inbound(d)
	in.ActivityURI = identity(in, d.Activity.ID)
	if err := s.bounds.mayDeliver(s.Limits, d, s.Now()); err != nil {
		return err
	}
	err := s.Store.AddInbound(ctx, in, append(domains(Host(in.Actor)), domains(d.Host)...))
	if errors.Is(err, blog.ErrForbidden) {
		return inbox.ErrBlocked
	}
	if err != nil {
		return fmt.Errorf("accept %s of %s: %w", in.Type, in.Actor, err)
	}
	return nil
}

func (s *Service) inbound(d inbox.Delivery) Inbound {
	return Inbound{
		Actor: printable(d.Activity.Actor.ID()), Signer: d.Signer, Signed: d.Signed, Host: d.Host, Type: printable(d.Activity.Type()),
		ObjectURI: printable(d.Activity.Object.ID()), Forwarded: d.Forwarded, Raw: d.Raw, ContentType: printable(d.ContentType), Received: s.Now(),
	}
}

// Breach records a delivery that inbox.Handler refused for what it says,
// though its signature was good. It counts like any other; what is over the
// limits is not kept.
func (s *Service) Breach(ctx context.Context, d inbox.Delivery, reason string) {
	if s.bounds.mayDeliver(s.Limits, d, s.Now()) != nil {
		return
	}
	in := s.inbound(d)
	hash := sha256.Sum256(append([]byte(d.Signer+"\x00"), d.Raw...))
	in.ActivityURI = "refused:" + hex.EncodeToString(hash[:])
	if err := s.Store.AddRefused(ctx, in, "refused:"+reason); err != nil {
		s.Log.ErrorContext(ctx, "record a refused activity", "signer", d.Signer, "reason", reason, "err", err)
	}
}

// Known reports whether an actor is stored; a deleted one is not.
func (s *Service) Known(ctx context.Context, actor string) (bool, error) {
	known, err := s.Store.KnownActors(ctx, []string{actor})
	if err != nil {
		return false, fmt.Errorf("known actor: %w", err)
	}
	a, ok := known[actor]
	return ok && !a.Deleted, nil
}

// identity is the id by which an activity is taken once. An id counts only
// when the signature vouches for it: otherwise somebody could use up the ids
// of others before they arrive.
func identity(in Inbound, id string) string {
	if !in.Forwarded && id != "" && sameOrigin(id, in.Actor) && printable(id) == id {
		return id
	}
	parts := []string{in.Actor, in.Type, in.ObjectURI}
	switch {
	case in.Forwarded:
		parts = append(parts, id, "forwarded")
	case in.Type == "Update":
		// Two edits of one object are two activities.
		parts = append(parts, string(in.Raw))
	case id != "":
		parts = append(parts, id)
	}
	hash := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "sha256:" + hex.EncodeToString(hash[:])
}

// printable drops what PostgreSQL cannot store as text.
func printable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// domains returns a host as blocks may name it: with its port, without, and
// every domain above it.
func domains(host string) []string {
	host = strings.ToLower(host)
	list := []string{host}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
		list = append(list, host)
	}
	for {
		_, above, ok := strings.Cut(host, ".")
		if !ok || net.ParseIP(host) != nil {
			return list
		}
		list = append(list, above)
		host = above
	}
}
