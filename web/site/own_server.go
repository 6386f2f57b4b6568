package site

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"kabar/activitypub/client"
	"kabar/activitypub/wellknown"
	"kabar/internal/i18n"
	"kabar/internal/markup"
)

// intents are the relations of the pages on which a person does something
// (FEP-3b86); answering has none of its own.
var intents = map[string]string{
	"follow": wellknown.IntentFollow, "like": wellknown.IntentLike, "boost": wellknown.IntentAnnounce,
}

// atHome is the page of a reader's own server on which they do something to
// target, or what is wrong with the address of the reader: user@server, or
// the server alone.
func (p *Part) atHome(ctx context.Context, account, do, target string) (string, i18n.Message) {
	host, resource, ok := p.ownServer(account)
	if !ok {
		return "", i18n.M("problem.account")
	}
	jrd, err := p.WebFinger(ctx, resource)
	var refused *client.StatusError
	switch {
	case errors.As(err, &refused):
		jrd = &wellknown.JRD{} // it is there, but hides who it has
	case err != nil:
		return "", i18n.M("problem.server-unknown", host)
	}
	address, ok := markup.SafeURL(p.template(jrd, host, do, target))
	if !ok {
		return "", i18n.M("problem.server-unknown", host)
	}
	return address, i18n.Message{}
}

// ownServer is the server that a reader named, and what it is asked about.
func (p *Part) ownServer(account string) (host, resource string, ok bool) {
	if handle, err := wellknown.ParseHandle(account); err == nil {
		return handle.Host, handle.Handle(), true
	}
	_, rest, found := strings.Cut(account, "://")
	if !found {
		rest = account
	}
	u, err := url.Parse("//" + rest)
	if err != nil || u.User != nil || !strings.ContainsAny(u.Host, ".:") {
		return "", "", false
	}
	host = strings.ToLower(u.Host)
	return host, p.scheme() + "://" + host, true
}

// template is the most fitting page that a server offers: for what is to be
// done, for any post or person, by the older convention, and last Mastodon's
// own, which others have too.
func (p *Part) template(jrd *wellknown.JRD, host, do, target string) string {
	for _, rel := range []string{intents[do], wellknown.IntentObject} {
		if link, ok := jrd.Find(rel); ok && strings.Contains(link.Template, "{object}") {
			return fill(link.Template, "{object}", target)
		}
	}
	if link, ok := jrd.Find(wellknown.RelSubscribe); ok && strings.Contains(link.Template, "{uri}") {
		return fill(link.Template, "{uri}", target)
	}
	return fill(p.scheme()+"://"+host+"/authorize_interaction?uri={uri}", "{uri}", target)
}

var unknownVariable = regexp.MustCompile(`\{[^{}]*\}`)

// fill puts the target into a template; variables that mean nothing here stay
// empty (FEP-3b86, section 3.2).
func fill(template, variable, target string) string {
	before, after, _ := strings.Cut(template, variable)
	empty := func(s string) string { return unknownVariable.ReplaceAllString(s, "") }
	return empty(before) + url.QueryEscape(target) + empty(strings.ReplaceAll(after, variable, url.QueryEscape(target)))
}

// scheme is that of other servers: https, unless this blog itself is a trial
// without.
func (p *Part) scheme() string {
	if p.Page.Secure() {
		return "https"
	}
	return "http"
}
