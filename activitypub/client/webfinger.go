package client

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"kabar/activitypub/wellknown"
)

const acceptJRD = "application/jrd+json, application/json;q=0.9"

// WebFinger asks the host of user@host (also with "@" or "acct:" before it)
// about that account, or the host of an http(s) URL about that. Where it
// answers 404, the place that host-meta names is tried. What is said there is
// only one side's word: see [Client.Resolve].
func (c *Client) WebFinger(ctx context.Context, resource string) (*wellknown.JRD, error) {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	asked, err := fingered(resource)
	if err != nil {
		return nil, fmt.Errorf("webfinger: %w", err)
	}
	jrd, err := c.finger(ctx, asked)
	if err != nil {
		return nil, fmt.Errorf("webfinger %s: %w", asked, err)
	}
	return jrd, nil
}

// fingered is what is asked about, with the host that is asked.
func fingered(resource string) (wellknown.Resource, error) {
	if !strings.Contains(resource, "://") {
		return wellknown.ParseHandle(resource)
	}
	asked, err := wellknown.ParseResource(resource)
	if err != nil {
		return asked, err
	}
	u, err := url.Parse(asked.URL)
	if err != nil {
		return asked, err
	}
	asked.Host = strings.ToLower(u.Host)
	return asked, nil
}

func (c *Client) finger(ctx context.Context, asked wellknown.Resource) (*wellknown.JRD, error) {
	var err error
	for _, scheme := range c.schemes() {
		base := scheme + "://" + asked.Host
		var jrd *wellknown.JRD
		jrd, err = c.jrd(ctx, base+wellknown.WebFingerPath+"?resource="+url.QueryEscape(asked.String()))
		if NotFound(err) {
			jrd, err = c.fingerByHostMeta(ctx, base, asked, err)
		}
		var status *StatusError
		if err == nil || errors.As(err, &status) {
			return jrd, err
		}
	}
	return nil, err
}

// schemes are those a host named without one is tried with.
func (c *Client) schemes() []string {
	if c.options.AllowPrivate {
		return []string{"https", "http"}
	}
	return []string{"https"}
}

func (c *Client) jrd(ctx context.Context, address string) (*wellknown.JRD, error) {
	res, err := c.get(ctx, request{url: address, accept: acceptJRD, max: maxDocument})
	if err != nil {
		return nil, err
	}
	if !isJSONType(res.contentType) {
		return nil, notBelieved("%s has content type %q", res.url, res.contentType)
	}
	var jrd wellknown.JRD
	if err := json.Unmarshal(res.body, &jrd); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNotBelieved, res.url, err)
	}
	return &jrd, nil
}

// fingerByHostMeta follows the lrdd template of RFC 6415; old split-domain
// setups have nothing else. Without one, the first answer stands.
func (c *Client) fingerByHostMeta(ctx context.Context, base string, asked wellknown.Resource, first error) (*wellknown.JRD, error) {
	res, err := c.get(ctx, request{url: base + wellknown.HostMetaPath, accept: wellknown.XRDType, max: maxDocument})
	if err != nil {
		return nil, first
	}
	var meta wellknown.XRD
	if err := xml.Unmarshal(res.body, &meta); err != nil {
		return nil, first
	}
	direct := base + wellknown.WebFingerPath
	for _, l := range meta.Links {
		if l.Rel != wellknown.RelLRDD || !strings.Contains(l.Template, "{uri}") || strings.HasPrefix(l.Template, direct+"?") {
			continue
		}
		return c.jrd(ctx, strings.ReplaceAll(l.Template, "{uri}", url.QueryEscape(asked.String())))
	}
	return nil, first
}
