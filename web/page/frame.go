package page

import (
	"fmt"
	"net/http"
	"strings"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// Frame is what every page carries: the blog around it, the reader's language,
// the clock of the blog's time zone, and the message that a form left behind.
// The handler fills its Head.
func (m *Maker) Frame(r *http.Request) (templates.Frame, error) {
	site, err := m.Site(r)
	if err != nil {
		return templates.Frame{}, err
	}
	f := m.bareFrame(r, site)
	ctx := r.Context()
	actor, err := m.Blog.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return templates.Frame{}, fmt.Errorf("page: %w", err)
	}
	f.Site.ActorURL = actor.URI
	if f.Site.Followers, err = m.Blog.FollowerCount(ctx); err != nil {
		return templates.Frame{}, fmt.Errorf("page: %w", err)
	}
	f.Site.SignedIn = m.signedIn(r)
	f.Flash = m.notice(r)
	m.tried(r, &f)
	return f, nil
}

// bareFrame is a Frame without what has to be read.
func (m *Maker) bareFrame(r *http.Request, site blog.Site) templates.Frame {
	lang := Language(r, site.Language)
	f := templates.Frame{Lang: lang, Now: m.Now().In(site.Location())}
	f.Site = templates.Site{
		Title: site.Title, Description: site.Description, Handle: "@" + site.Acct(), URL: site.Origin,
		Language: site.Language, Icon: "/-/icon.png",
		Nav: []templates.Link{{
			Text: i18n.T(lang, "nav.archive"), URL: templates.ArchivePath, Current: r.URL.Path == templates.ArchivePath,
		}},
	}
	if site.Icon != "" {
		f.Site.Icon = blog.MediaPath + site.Icon
	}
	f.Head.LanguageURLs = languageURLs(r)
	m.look(r, &f, site.Theme, safely(r))
	return f
}

// languageURLs are the addresses of the page in each language.
func languageURLs(r *http.Request) map[string]string {
	urls := make(map[string]string, len(i18n.Languages))
	query := r.URL.Query()
	for _, lang := range i18n.Languages {
		query.Set("lang", lang)
		urls[lang] = "/" + strings.TrimLeft(r.URL.EscapedPath(), "/") + "?" + query.Encode()
	}
	return urls
}
