package studio

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// byCommand stands for who has no account, in the address of the log.
const byCommand = "command"

func (s *Studio) audit(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	query := only(r.URL.Query(), "by", "action", "q", "before")
	before, err := page.ParseCursor(query.Get("before"))
	if err != nil {
		return err
	}
	q := blog.AuditQuery{
		ByCommand: query.Get("by") == byCommand, Action: query.Get("action"), Subject: query.Get("q"), Before: before, Limit: pageSize + 1,
	}
	q.Account, _ = uuid.Parse(query.Get("by")) // none = by anybody
	found, err := s.Page.Blog.Audit(r.Context(), q)
	if err != nil {
		return fmt.Errorf("studio: audit: %w", err)
	}
	p := &templates.AuditPage{Query: query.Get("q"), Here: link(templates.StudioAuditPath, query, "", "")}
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioAuditPath, "log.title"); err != nil {
		return err
	}
	found, more := cut(found, pageSize)
	older := ""
	if more {
		older = page.Cursor(found[len(found)-1].Cursor())
	}
	p.Paging = paging(templates.StudioAuditPath, query, older)
	p.Asked = query.Get("by") != "" || q.Action != "" || q.Subject != ""
	if p.Rows, err = s.auditRows(r.Context(), p.Frame, found); err != nil {
		return fmt.Errorf("studio: audit: %w", err)
	}
	if err := s.fillAuditChoices(r, p, query.Get("by"), q.Action); err != nil {
		return fmt.Errorf("studio: audit: %w", err)
	}
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// fillAuditChoices offers those who have an account, and what was ever done.
func (s *Studio) fillAuditChoices(r *http.Request, p *templates.AuditPage, by, action string) error {
	accounts, err := s.Page.Blog.Accounts(r.Context())
	if err != nil {
		return err
	}
	p.People = []templates.Choice{{Label: p.T("log.anybody")}}
	for _, a := range accounts {
		p.People = append(p.People, templates.Choice{Value: a.ID.String(), Label: a.Name, Selected: a.ID.String() == by})
	}
	p.People = append(p.People, templates.Choice{Value: byCommand, Label: p.T("log.command"), Selected: by == byCommand})
	done, err := s.Page.Blog.AuditActions(r.Context())
	if err != nil {
		return err
	}
	for _, name := range done {
		group, _, _ := strings.Cut(name, ".")
		last := len(p.Actions) - 1
		if last < 0 || !strings.HasPrefix(p.Actions[last].Choices[0].Value+".", group+".") {
			whole := templates.Choice{Value: group, Label: p.T("log.all-of", groupName(p.UILang(), group)), Selected: group == action}
			p.Actions = append(p.Actions, templates.ActionGroup{Label: groupName(p.UILang(), group), Choices: []templates.Choice{whole}})
			last++
		}
		p.Actions[last].Choices = append(p.Actions[last].Choices, templates.Choice{
			Value: name, Label: actionName(p.UILang(), name), Selected: name == action,
		})
	}
	return nil
}

// groupName is what the actions of a group are about.
func groupName(lang, group string) string {
	if key := "log.group." + group; i18n.Has(lang, key) {
		return i18n.T(lang, key)
	}
	return group
}

// actionName says an action, by its name where it has no words.
func actionName(lang, name string) string {
	if slices.Contains(blog.AuditNames, name) {
		return i18n.T(lang, "audit."+name)
	}
	return name
}
