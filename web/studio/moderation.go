package studio

import (
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// ModerationStore is what the pages of moderation read besides what package
// blog does.
type ModerationStore interface {
	// ActorsNamed returns those actors that have one of the given ids, ours or
	// their own.
	ActorsNamed(ctx context.Context, ids []uuid.UUID, uris []string) ([]blog.Actor, error)
	// CommentsNamed returns comments by their ids on their own servers.
	CommentsNamed(ctx context.Context, uris []string) (map[string]blog.Comment, error)
}

// moderationRoutes registers the pages of moderation.
func (s *Studio) moderationRoutes(read, write func(path string, do blog.Action, h handler)) {
	read(templates.StudioModerationPath, blog.ModerateComments, s.moderation)
	write(templates.StudioModerationPath, blog.ChangeSite, s.changeModeration)
	read(templates.StudioWordsPath, blog.BlockOthers, s.words)
	write(templates.StudioWordsPath, blog.BlockOthers, s.changeWords)
	read(templates.StudioBlocksPath, blog.BlockOthers, s.blocks)
	write(templates.StudioBlocksPath, blog.BlockOthers, s.changeBlocks)
	read(templates.StudioExportPath, blog.BlockOthers, s.exportBlocks)
	read(templates.StudioImportPath, blog.BlockOthers, s.openImport)
	write(templates.StudioImportPath, blog.BlockOthers, s.importBlocks)
	read(templates.StudioReportsPath, blog.ModerateComments, s.reports)
	write(templates.StudioReportsPath+"/{id}", blog.ModerateComments, s.changeReport)
	read(templates.StudioAuditPath, blog.ModerateComments, s.audit)
}

// moderationTabs are the pages of moderation.
var moderationTabs = []struct {
	path, label string
	do          blog.Action
}{
	{templates.StudioModerationPath, "tab.rules", blog.ModerateComments},
	{templates.StudioWordsPath, "tab.words", blog.BlockOthers},
	{templates.StudioBlocksPath, "tab.blocks", blog.BlockOthers},
	{templates.StudioReportsPath, "tab.reports", blog.ModerateComments},
	{templates.StudioAuditPath, "tab.audit", blog.ModerateComments},
}

// moderationFrame is frame for a page of moderation, with the links to all of
// them that the account may open.
func (s *Studio) moderationFrame(
	r *http.Request, me blog.Account, path, title string,
) (f templates.Frame, of templates.Studio, tabbed templates.Tabbed, err error) {
	if f, of, err = s.frame(r, me, title); err != nil {
		return f, of, tabbed, err
	}
	for _, tab := range moderationTabs {
		if !me.MayAll(tab.do) {
			continue
		}
		link := templates.Filter{Label: i18n.M(tab.label), URL: tab.path, Current: tab.path == path}
		if tab.path == templates.StudioReportsPath {
			link.Count = of.ReportsOpen
		}
		tabbed.Tabs = append(tabbed.Tabs, link)
	}
	return f, of, tabbed, nil
}

// reportTally counts the reports that somebody has still to look at.
func (s *Studio) reportTally(r *http.Request, of *templates.Studio) error {
	counts, err := s.Page.Blog.ReportCounts(r.Context())
	of.ReportsOpen = counts[blog.ReportOpen]
	return err
}

// accountNames are the names of accounts by id.
func (s *Studio) accountNames(ctx context.Context) (map[uuid.UUID]string, error) {
	accounts, err := s.Page.Blog.Accounts(ctx)
	names := map[uuid.UUID]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, err
}

func (s *Studio) moderation(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	site, err := s.Page.Blog.Site(r.Context())
	if err != nil {
		return fmt.Errorf("studio: moderation: %w", err)
	}
	return s.showModeration(w, r, me, http.StatusOK, moderationForm(site), nil, nil)
}

// showModeration shows the form, with a message above it where there is one.
func (s *Studio) showModeration(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.ModerationForm,
	problems templates.Problems, said *templates.Notice,
) error {
	p := &templates.ModerationPage{Form: form, MayChange: me.MayAll(blog.ChangeSite), Problems: problems}
	var err error
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioModerationPath, "nav.moderation"); err != nil {
		return err
	}
	if said != nil {
		p.Flash = said
	}
	_, p.Trusted, err = s.Page.Blog.BlockList(r.Context(), blog.BlockQuery{
		Kinds: []string{blog.BlockDomain}, Severity: blog.SeverityAllow, Limit: 1,
	})
	if err != nil {
		return fmt.Errorf("studio: moderation: %w", err)
	}
	if len(problems) == 0 {
		site := blog.Site{}
		if len(readModeration(form, &site)) == 0 {
			p.Newcomer = newcomer(site.Spam)
		}
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// newcomer says what the defence against spam does with the plain answer of
// somebody new on a server that is new here.
func newcomer(spam blog.SpamSettings) message {
	points := 0
	for _, rule := range []blog.SpamRule{spam.FirstContact, spam.AccountAge, spam.ServerAge} {
		if rule.On {
			points += rule.Points
		}
	}
	switch {
	case spam.Spam > 0 && points >= spam.Spam:
		return i18n.M("spam.newcomer.spam", points)
	case spam.Wait > 0 && points >= spam.Wait:
		return i18n.M("spam.newcomer.waits", points)
	}
	return i18n.M("spam.newcomer.shown", points)
}

// changeModeration saves the form, or fills it with the defence as it is by
// default.
func (s *Studio) changeModeration(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	form := typedModeration(r)
	if r.PostFormValue("do") == "defaults" {
		site := blog.Site{Spam: blog.DefaultSpam()}
		filled := moderationForm(site)
		form.Rules, form.Wait, form.Spam = filled.Rules, filled.Wait, filled.Spam
		said := &templates.Notice{Kind: templates.NoticeWarn, Text: i18n.M("flash.spam-defaults")}
		return s.showModeration(w, r, me, http.StatusOK, form, nil, said)
	}
	var wrong templates.Problems
	_, err := s.Page.Blog.ChangeSite(r.Context(), me.ID, func(site *blog.Site) error {
		wrong = readModeration(form, site)
		if len(wrong) > 0 {
			return errTyped
		}
		return nil
	})
	if problems, ok := page.Problems(err); ok {
		wrong = moderationFields(problems)
	}
	switch {
	case len(wrong) > 0:
		said := flashProblems()
		return s.showModeration(w, r, me, http.StatusUnprocessableEntity, form, wrong, said)
	case err != nil:
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.saved")
	return page.SeeOther(w, r, templates.StudioModerationPath)
}
