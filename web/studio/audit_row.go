package studio

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// auditSubjects are what entries of the audit log are about, read once for all of them.
type auditSubjects struct {
	frame    templates.Frame
	accounts map[uuid.UUID]string
	articles map[uuid.UUID]blog.Article
	comments map[string]blog.Comment
	actors   map[string]blog.Actor // by our id and by their own
}

// auditRows says entries of the log in words.
func (s *Studio) auditRows(ctx context.Context, f templates.Frame, entries []blog.AuditEntry) ([]templates.AuditRow, error) {
	n, err := s.auditSubjects(ctx, f, entries)
	if err != nil {
		return nil, err
	}
	rows := make([]templates.AuditRow, len(entries))
	for i, e := range entries {
		rows[i] = templates.AuditRow{
			At: e.At, By: n.accounts[e.AccountID], Said: actionName(f.UILang(), e.Action), Details: auditDetails(f.UILang(), e),
		}
		n.subject(&rows[i], e)
	}
	offerUndo(rows, entries)
	return rows, nil
}

// offerUndo lets decisions be taken back that are not yet, as far as the page
// tells: what took them back stands above them.
func offerUndo(rows []templates.AuditRow, entries []blog.AuditEntry) {
	undone := map[string]bool{}
	for i, e := range entries {
		switch n := e.Detail["comments"]; {
		case e.Action == "comment.undo":
			undone[e.Subject] = true
		case n != "" && n != "0" && !undone[e.Detail["batch"]]:
			rows[i].Undo = e.Detail["batch"]
		}
	}
}

func (s *Studio) auditSubjects(ctx context.Context, f templates.Frame, entries []blog.AuditEntry) (n auditSubjects, err error) {
	ids, uris := idSet{}, map[string]bool{}
	for _, e := range entries {
		if id, err := uuid.Parse(e.Subject); err == nil {
			ids.add(id)
		} else if strings.Contains(e.Subject, ":") {
			uris[e.Subject] = true
		}
	}
	n.frame = f
	if n.accounts, err = s.accountNames(ctx); err != nil {
		return n, err
	}
	if n.articles, err = s.Store.ArticleHeads(ctx, ids.list()); err != nil {
		return n, err
	}
	addresses := slices.Collect(maps.Keys(uris))
	if n.comments, err = s.Store.CommentsNamed(ctx, addresses); err != nil {
		return n, err
	}
	found, err := s.Store.ActorsNamed(ctx, ids.list(), addresses)
	n.actors = map[string]blog.Actor{}
	for _, a := range found {
		n.actors[a.ID.String()], n.actors[a.URI] = a, a
	}
	return n, err
}

// subject says what an entry is about, with a link to where that can be seen.
func (n auditSubjects) subject(row *templates.AuditRow, e blog.AuditEntry) {
	id, _ := uuid.Parse(e.Subject) // uuid.Nil is nobody's
	article, isArticle := n.articles[id]
	actor, isActor := n.actors[e.Subject]
	comment, isComment := n.comments[e.Subject]
	group, _, _ := strings.Cut(e.Action, ".")
	switch {
	case isArticle:
		row.Subject.Text = cmp.Or(articleTitle(article), n.frame.T("studio.untitled"))
		if article.Status == blog.Published {
			row.Subject.URL = pagePath(article)
		}
	case isActor:
		who := person(actor)
		row.Who = &who
		row.Subject.URL = templates.StudioCommentsPath + "?" + url.Values{"actor": {actor.ID.String()}}.Encode()
	case isComment:
		row.Subject = templates.Link{Text: n.frame.T("log.comment", comment.Actor.Label()), URL: templates.StudioCommentPath(comment.ID.String())}
	case n.accounts[id] != "":
		row.Subject.Text = n.accounts[id]
	case id != uuid.Nil && group == "report":
		row.Subject = templates.Link{Text: n.frame.T("log.report"), URL: templates.StudioReportsPath + "?id=" + id.String()}
	case id == uuid.Nil:
		row.Subject = templates.Link{Text: e.Subject, URL: webAddress(e.Subject)}
	}
}

// auditDetails says the particulars of an entry, in an order that stays.
func auditDetails(lang string, e blog.AuditEntry) []string {
	var said []string
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		value, kind := e.Detail[name], e.Detail["kind"]
		switch {
		case name == "batch" || name == "kind" || value == "":
		case name == "comments" && value == "1" && e.Subject != "":
		case name == "severity" && (kind == blog.BlockWord || kind == blog.BlockRegex):
			said = append(said, i18n.T(lang, "words."+value))
		default:
			said = append(said, auditDetail(lang, name, value))
		}
	}
	return said
}

func auditDetail(lang, name, value string) string {
	key := "log.detail." + name
	switch name {
	case "comments", "taken", "bad":
		if n, err := strconv.Atoi(value); err == nil {
			return i18n.T(lang, key, n)
		}
		return i18n.T(lang, "log.detail.policy", settingValue(lang, value)) // of one article
	case "severity":
		return i18n.T(lang, "severity."+value)
	}
	if was, now, ok := strings.Cut(value, " → "); ok {
		value = settingValue(lang, was) + " → " + settingValue(lang, now)
	} else {
		value = settingValue(lang, value)
	}
	if !i18n.Has(lang, key) {
		return name + ": " + value
	}
	return i18n.T(lang, key, value)
}

// settingValue says what a setting can be, where it has words.
func settingValue(lang, value string) string {
	if rule := strings.Split(value, ", "); len(rule) == 3 { // one against spam
		return i18n.T(lang, "log.value.rule", settingValue(lang, rule[0]), rule[1], rule[2])
	}
	switch value {
	case "true":
		value = "on"
	case "false":
		value = "off"
	}
	if key := "log.value." + value; i18n.Has(lang, key) {
		return i18n.T(lang, key)
	}
	return value
}
