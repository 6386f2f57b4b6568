package blog

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/net/http/httpguts"
)

// The kinds of blocks.
const (
	BlockDomain = "domain" // a server with its subdomains
	BlockActor  = "actor"  // a person, by id
	BlockWord   = "word"   // a whole word or phrase, whatever its case and accents
	BlockRegex  = "regex"  // a regular expression (RE2)
)

// Block refuses everything from a domain (with its subdomains) or an actor id
// from now on, ends their follows, and sends a blocked domain nothing new.
func (s *Service) Block(ctx context.Context, by uuid.UUID, value, reason string) (Block, error) {
	kind, value, err := blockValue(value)
	if err != nil {
		return Block{}, err
	}
	b := Block{Kind: kind, Value: value, Reason: reason, Account: by, Created: s.Now()}
	if err := s.Store.AddBlock(ctx, b, s.NewID, s.audit(by, "block.add", value)); err != nil {
		return Block{}, fmt.Errorf("block: %w", err)
	}
	return b, nil
}

// Unblock takes a block back; what was refused meanwhile does not come back.
func (s *Service) Unblock(ctx context.Context, by uuid.UUID, value string) error {
	kind, value, err := blockValue(value)
	if err != nil {
		return err
	}
	if err := s.Store.RemoveBlock(ctx, kind, value, s.audit(by, "block.remove", value)); err != nil {
		return fmt.Errorf("unblock: %w", err)
	}
	return nil
}

// blockValue tells a domain from an actor id and brings it to one form.
func blockValue(value string) (kind, normal string, err error) {
	value = strings.TrimSpace(value)
	if strings.Contains(value, "://") {
		u, err := url.Parse(value)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return "", "", &Invalid{Field: "block", Problem: "block", Detail: value}
		}
		if strings.Trim(u.Path, "/") != "" {
			return "actor", value, nil
		}
		value = u.Host
	}
	value = strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(value, "@"), "."))
	if value == "" || strings.ContainsAny(value, "/@ \t") {
		return "", "", &Invalid{Field: "block", Problem: "block", Detail: value}
	}
	// Ids name hosts in ASCII.
	if ascii, err := httpguts.PunycodeHostPort(value); err == nil {
		value = ascii
	}
	return "domain", value, nil
}

// Blocked reports whether a list of blocks covers an actor of a host.
func Blocked(blocks []Block, actorURI, host string) bool {
	host = strings.ToLower(host)
	name := host
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		name = host[:i]
	}
	for _, b := range blocks {
		switch {
		case b.Kind == "actor" && b.Value == actorURI:
			return true
		case b.Kind == "domain" && (b.Value == host || b.Value == name || strings.HasSuffix(name, "."+b.Value)):
			return true
		}
	}
	return false
}
