package mail

import (
	"context"

	"kabar/internal/blog"
	"kabar/internal/i18n"
)

// Alerts tell accounts at once what happened to their security. All fields are
// required.
type Alerts struct {
	Blog   *blog.Service
	Sender *Sender
	// Page is the path where an account looks after its security.
	Page string
}

// Alert is the letter about an entry of the audit log; nil when there is no
// server to send it, or no address to send it to. Nothing that is secret
// stands in it.
func (a *Alerts) Alert(ctx context.Context, to blog.Account, e blog.AuditEntry) (*blog.Mail, error) {
	if !a.Sender.Configured() || to.Email == "" {
		return nil, nil
	}
	site, err := a.Blog.Site(ctx)
	if err != nil {
		return nil, err
	}
	l := Letter{Language: to.Language, Blog: site.Title}
	if l.Language == "" {
		l.Language = site.Language
	}
	said := i18n.T(l.Language, "alert."+e.Action)
	l.Subject = site.Title + ": " + said
	l.Intro = i18n.T(l.Language, "alert.intro", to.Name)
	note := i18n.DateTime(l.Language, e.At.In(site.Location()))
	if where := blog.EventNote(e.Detail); where != "" {
		note += " · " + where
	}
	l.Entries = []Entry{{Title: said, Text: note}, {Title: i18n.T(l.Language, "alert.you")}, {Title: i18n.T(l.Language, "alert.not-you")}}
	l.More = &Link{i18n.T(l.Language, "alert.open"), site.Origin + a.Page}
	l.Reason = i18n.T(l.Language, "alert.reason")
	m, err := l.Mail(e.ID, to.Email)
	return &m, err
}
