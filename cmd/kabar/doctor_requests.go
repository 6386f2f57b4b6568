package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
	"kabar/web/templates"
)

// unsigned is an activity that is refused for that alone, and so tells whether
// what others send comes here as they sent it.
func unsigned(size int) []byte {
	return fmt.Appendf(nil, `{"@context":"https://www.w3.org/ns/activitystreams","type":"Like","id":"https://doctor.invalid/1","actor":"https://doctor.invalid/2",`+
		`"object":"https://doctor.invalid/3","summary":%q}`, strings.Repeat("-", size))
}

const inboxPath = "/ap/inbox"

// checkRequests sends what another server sends, and looks who answers.
func (d *doctor) checkRequests(ctx context.Context) (string, error) {
	for _, size := range []int{10, 900 << 10} {
		res, err := d.probe(ctx, http.MethodPost, inboxPath, "application/activity+json", unsigned(size))
		switch {
		case err != nil:
			return "", d.unanswered(err)
		case res.StatusCode == http.StatusMisdirectedRequest:
			return "", errors.New("the proxy passes another Host on than it was asked for, which breaks every signature: " +
				"in nginx proxy_set_header Host $host; in Apache ProxyPreserveHost On")
		case res.StatusCode == http.StatusRequestEntityTooLarge && !ours(res):
			return "", fmt.Errorf("%s refuses large requests: allow 20 MB (client_max_body_size 20m in nginx)", inFront(res))
		case !ours(res):
			return "", fmt.Errorf("%s answers %s to other servers: let POST to /ap/ through, without a challenge for browsers or a firewall for bots", inFront(res), res.Status)
		case res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusTooManyRequests:
			return "", fmt.Errorf("an unsigned activity is answered %s, and not 401: is another Kabar, or another KABAR_URL, behind %s?", res.Status, d.site.Origin)
		}
	}
	return "what others send comes through", nil
}

// checkUploads sends as much as a picture has.
func (d *doctor) checkUploads(ctx context.Context) (string, error) {
	res, err := d.probe(ctx, http.MethodPost, templates.LoginPath, "application/octet-stream", bytes.Repeat([]byte{'-'}, 8<<20))
	switch {
	case err != nil:
		return "", d.unanswered(err)
	case res.StatusCode == http.StatusRequestEntityTooLarge && !ours(res):
		return "", fmt.Errorf("%s refuses requests of 8 MB, so pictures cannot be uploaded: allow 20 MB (client_max_body_size 20m in nginx)", inFront(res))
	case !ours(res):
		return "", fmt.Errorf("%s answers %s to an upload", inFront(res), res.Status)
	}
	return "pictures come through", nil
}

// checkDocuments asks for the same page as a browser and as a server: a cache
// that cannot tell them apart gives one of them what is the other's.
func (d *doctor) checkDocuments(ctx context.Context) (string, error) {
	actor, err := d.blog.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return "", err
	}
	path := strings.TrimPrefix(actor.URI, d.site.Origin)
	kinds := []struct {
		path, accept string
		good         func(seen) bool
	}{
		{"/", "text/html", func(res seen) bool { return is(res, http.StatusOK, "text/html") }},
		{"/", "application/activity+json", func(res seen) bool {
			return res.StatusCode == http.StatusSeeOther || is(res, http.StatusOK, "application/activity+json")
		}},
		{"/", "text/html", func(res seen) bool { return is(res, http.StatusOK, "text/html") }},
		{path, "application/activity+json", func(res seen) bool { return is(res, http.StatusOK, "application/activity+json") }},
	}
	for _, k := range kinds {
		res, err := d.probe(ctx, http.MethodGet, k.path, k.accept, nil)
		switch {
		case err != nil:
			return "", d.unanswered(err)
		case k.good(res):
		case !ours(res) && res.StatusCode != http.StatusOK:
			return "", fmt.Errorf("%s answers %s to %s: let all of /ap/ and what asks for %s through, without a challenge for browsers",
				inFront(res), res.Status, k.path, k.accept)
		case res.StatusCode == http.StatusMovedPermanently:
			return "", fmt.Errorf("%s leads to %s and to itself: let the proxy pass Host on unchanged", k.path, res.Header.Get("Location"))
		default:
			return "", fmt.Errorf("who asks %s for %s gets %s, %s: a cache in front must obey Vary, or leave pages alone",
				k.path, k.accept, res.Status, res.Header.Get("Content-Type"))
		}
	}
	return "browsers and servers get what they ask for", nil
}

func is(res seen, status int, kind string) bool {
	return res.StatusCode == status && strings.HasPrefix(res.Header.Get("Content-Type"), kind)
}

// checkActor finds the blog by its handle, as another server does before it
// follows.
func (d *doctor) checkActor(ctx context.Context) (string, error) {
	none := func(context.Context) (httpsig.Signer, error) {
		return httpsig.Signer{}, errors.New("not signed")
	}
	c := client.New(client.Options{
		UserAgent: userAgent(d.site.Origin), Signer: none,
		AllowPrivate: d.config.AllowPrivate || strings.HasPrefix(d.site.Origin, "http://"),
	})
	defer c.CloseIdle()
	jrd, err := c.WebFinger(ctx, d.site.Acct())
	if err != nil {
		return "", fmt.Errorf("WebFinger of @%s: let /.well-known/webfinger of %s lead to %s with its query (%w)", d.site.Acct(), d.site.HandleDomain, d.site.Origin, err)
	}
	actor, err := d.blog.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return "", err
	}
	if jrd.Self() != actor.URI {
		return "", fmt.Errorf("WebFinger of @%s leads to %q instead of %s: is another program answering for %s?",
			d.site.Acct(), jrd.Self(), actor.URI, d.site.HandleDomain)
	}
	return "@" + d.site.Acct() + " leads to " + actor.URI, nil
}
