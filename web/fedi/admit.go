package fedi

import (
	"errors"
	"fmt"
	"net/http"

	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/web/page"
)

// admit checks the signature of a fetch when the settings want one. Without
// that setting no signature is looked at and no key fetched.
func (p *Part) admit(w http.ResponseWriter, r *http.Request) error {
	site, err := p.Page.Site(r)
	if err != nil || !site.SignedGET {
		return err
	}
	w.Header().Add("Vary", "Signature")
	w.Header().Set("Cache-Control", page.Private)
	key, err := p.Keys.Authenticate(r, nil, p.Policy)
	var refused *inbox.Refused
	switch {
	case errors.As(err, &refused):
		return fmt.Errorf("signed fetch: %w: %w", page.Status(refused.Status), err)
	case errors.Is(err, inbox.ErrBlocked):
		return fmt.Errorf("signed fetch: %w", blog.ErrForbidden)
	case err != nil:
		return fmt.Errorf("signed fetch: %w", err)
	}
	blocks, err := p.Page.Blog.Blocks(r.Context())
	if err != nil {
		return fmt.Errorf("signed fetch: %w", err)
	}
	if blog.Blocked(blocks, key.Owner, federation.Host(key.Owner)) {
		return fmt.Errorf("signed fetch: %w", blog.ErrForbidden)
	}
	return nil
}
