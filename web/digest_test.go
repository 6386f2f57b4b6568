package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// TestDigestLink: the link in a digest asks, and only a POST with its own token
// ends them (RFC 8058).
func TestDigestLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	ana, err := w.blog.CreateAccount(ctx, uuid.Nil, blog.Account{Name: "ana", Email: "ana@rumah.example", Role: blog.Owner})
	check(t, err)
	check(t, w.blog.SaveNotificationSettings(ctx, ana, blog.NotificationSettings{Digest: blog.DigestDaily}))
	digest := func() blog.Digest {
		n, err := w.blog.NotificationSettings(ctx, ana.ID)
		check(t, err)
		return n.Digest
	}
	seal, err := w.blog.Seal(ctx)
	check(t, err)
	token := seal.Token(blog.DigestPurpose, ana.ID)
	forged := []string{
		"", "x", ana.ID.String(), seal.Token(blog.LeavePurpose, ana.ID), blog.Seal{}.Token(blog.DigestPurpose, ana.ID),
		seal.Token(blog.DigestPurpose, uuid.New())[:22] + token[22:], token + "A", "../" + token,
	}
	for _, link := range forged {
		target := "/-/digest?" + url.Values{"token": {link}}.Encode()
		if got := w.get(target).StatusCode; got != http.StatusNotFound {
			t.Errorf("GET with %q: %d", link, got)
		}
		if got := w.post(target, url.Values{"List-Unsubscribe": {"One-Click"}}).StatusCode; got != http.StatusNotFound {
			t.Errorf("POST with %q: %d", link, got)
		}
	}
	target := "/-/digest?" + url.Values{"token": {token}}.Encode()
	page := w.get(target)
	if page.StatusCode != http.StatusOK || !strings.Contains(page.body, `value="`+token+`"`) || page.Header.Get("Cache-Control") == "" {
		t.Errorf("the page: %d %s", page.StatusCode, page.body)
	}
	if got := digest(); got != blog.DigestDaily {
		t.Fatalf("the link alone ended the digests: %q", got)
	}
	if got := w.post(target, url.Values{"List-Unsubscribe": {"One-Click"}}, "Origin", "https://evil.example").StatusCode; got != http.StatusForbidden {
		t.Errorf("from another site: %d", got)
	}
	if got := w.post(target, url.Values{"List-Unsubscribe": {"One-Click"}}).StatusCode; got != http.StatusOK || digest() != blog.DigestNever {
		t.Errorf("one click: %d, %q", got, digest())
	}
	if got := w.post("/-/digest", url.Values{"token": {token}}).StatusCode; got != http.StatusOK {
		t.Errorf("the button, again: %d", got)
	}
}
