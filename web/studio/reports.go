package studio

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// reportFilters are what the list can be narrowed to, the first if nothing
// else is asked for.
var reportFilters = []struct {
	name, label string
	query       blog.ReportQuery
}{
	{"", "reports.open", blog.ReportQuery{State: blog.ReportOpen}},
	{"resolved", "reports.resolved", blog.ReportQuery{State: blog.ReportResolved}},
	{"received", "reports.received", blog.ReportQuery{Came: true}},
	{"sent", "reports.sent", blog.ReportQuery{Made: true}},
}

func (s *Studio) reports(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	return s.showReports(w, r, me, http.StatusOK, r.URL.Query(), nil)
}

// showReports shows the list that a query asks for; wrong is a report whose
// note could not be taken, or nil.
func (s *Studio) showReports(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, asked url.Values, wrong *templates.ReportRow,
) error {
	query := only(asked, "show", "before", "id")
	p := &templates.ReportsPage{Here: link(templates.StudioReportsPath, query, "", "")}
	var err error
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioReportsPath, "reports.title"); err != nil {
		return err
	}
	for i, filter := range reportFilters {
		shown := templates.Filter{
			Label: i18n.M(filter.label), Current: filter.name == query.Get("show") && !query.Has("id"),
			URL: link(templates.StudioReportsPath, nil, "show", filter.name),
		}
		if i == 0 {
			shown.Count, shown.Urgent = p.ReportsOpen, true
		}
		p.Filters = append(p.Filters, shown)
	}
	found, older, err := s.findReports(r.Context(), query)
	if err != nil {
		return err
	}
	p.Paging = paging(templates.StudioReportsPath, query, older)
	if p.Rows, err = s.reportRows(r.Context(), p.Frame, me, found, p.Here); err != nil {
		return fmt.Errorf("studio: reports: %w", err)
	}
	for i := range p.Rows {
		if wrong != nil && p.Rows[i].ID == wrong.ID {
			p.Rows[i].Note, p.Rows[i].Problems = wrong.Note, wrong.Problems
		}
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// findReports reads the one report that a query names, or a page of those that
// it picks and where the next one starts.
func (s *Studio) findReports(ctx context.Context, query url.Values) (found []blog.Report, older string, err error) {
	if query.Has("id") {
		id, err := uuid.Parse(query.Get("id"))
		if err != nil {
			return nil, "", blog.ErrNotFound
		}
		report, err := s.Page.Blog.ReportByID(ctx, id)
		return []blog.Report{report}, "", err
	}
	q := reportFilters[0].query
	for _, filter := range reportFilters {
		if filter.name == query.Get("show") {
			q = filter.query
		}
	}
	if q.Before, err = page.ParseCursor(query.Get("before")); err != nil {
		return nil, "", err
	}
	q.Limit = pageSize + 1
	if found, err = s.Page.Blog.Reports(ctx, q); err != nil {
		return nil, "", fmt.Errorf("studio: reports: %w", err)
	}
	found, more := cut(found, pageSize)
	if more {
		older = page.Cursor(found[len(found)-1].Cursor())
	}
	return found, older, nil
}

// reportRows shows reports with the comments that they are about, which are
// read once for all of them.
func (s *Studio) reportRows(
	ctx context.Context, f templates.Frame, me blog.Account, found []blog.Report, here string,
) ([]templates.ReportRow, error) {
	ids := idSet{}
	for _, report := range found {
		for _, id := range report.Comments {
			ids.add(id)
		}
	}
	comments, err := s.Store.CommentsByID(ctx, ids.list())
	if err != nil {
		return nil, err
	}
	shown, err := s.rowsByID(ctx, f, me, comments)
	if err != nil {
		return nil, err
	}
	names, err := s.accountNames(ctx)
	if err != nil {
		return nil, err
	}
	anchored := map[uuid.UUID]bool{}
	list := make([]templates.ReportRow, 0, len(found))
	for _, report := range found {
		row := templates.ReportRow{
			ID: report.ID.String(), At: report.Created, Made: report.Outgoing, Forward: report.Forward, Text: report.Content,
			Resolved: report.Resolved, By: names[report.ResolvedBy], Note: report.Note, From: names[report.Account],
		}
		if !report.Outgoing {
			row.From = hostOf(report.Reporter)
		}
		about := commentsOf(report, comments)
		for _, c := range about {
			said := templates.ReportedComment{CommentRow: shown[c.ID], Anchor: !anchored[c.ID]}
			said.Back, anchored[c.ID] = here, true
			row.Comments = append(row.Comments, said)
		}
		row.Others = otherObjects(report, about)
		list = append(list, row)
	}
	return list, nil
}

// rowsByID shows comments, by their ids.
func (s *Studio) rowsByID(
	ctx context.Context, f templates.Frame, me blog.Account, comments map[uuid.UUID]blog.Comment,
) (map[uuid.UUID]templates.CommentRow, error) {
	list := slices.Collect(maps.Values(comments))
	rows, err := s.inboxRows(ctx, f, me, list, "", nil)
	byID := map[uuid.UUID]templates.CommentRow{}
	for i, row := range rows {
		row.Next = ""
		byID[list[i].ID] = row
	}
	return byID, err
}

// commentsOf are the comments that a report is about, as far as they are here.
func commentsOf(report blog.Report, all map[uuid.UUID]blog.Comment) []blog.Comment {
	var about []blog.Comment
	for _, id := range report.Comments {
		if c, ok := all[id]; ok {
			about = append(about, c)
		}
	}
	return about
}

// otherObjects links to what a report is about beside comments and their
// authors.
func otherObjects(report blog.Report, about []blog.Comment) []templates.Link {
	shown := func(object string) bool {
		return slices.ContainsFunc(about, func(c blog.Comment) bool {
			return object == c.ObjectURI || object == c.URL || object == c.Actor.URI
		})
	}
	var others []templates.Link
	for _, object := range report.Objects {
		if !shown(object) {
			others = append(others, templates.Link{Text: object, URL: webAddress(object)})
		}
	}
	return others
}

// hostOf is the server of an address; the address itself where there is none.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// changeReport keeps the note, and closes the report or opens it again.
func (s *Studio) changeReport(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.ErrNotFound
	}
	back := page.LocalPath(r.PostFormValue("back"), templates.StudioReportsPath)
	said, err := s.decideReport(r, me, id)
	if problems, ok := page.Problems(err); ok {
		wrong := &templates.ReportRow{ID: id.String(), Note: r.PostFormValue("note"), Problems: problems}
		return s.showReports(w, r, me, http.StatusUnprocessableEntity, url.Values{"id": {wrong.ID}}, wrong)
	}
	if err != nil {
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, back)
}

// decideReport does what the button says, after it kept a note that is new.
func (s *Studio) decideReport(r *http.Request, me blog.Account, id uuid.UUID) (said string, err error) {
	ctx, do := r.Context(), r.PostFormValue("do")
	states := map[string]blog.ReportState{"resolve": blog.ReportResolved, "reopen": blog.ReportOpen}
	state, decides := states[do]
	if !decides && do != "note" {
		return "", page.Status(http.StatusBadRequest)
	}
	report, err := s.Page.Blog.ReportByID(ctx, id)
	if err != nil {
		return "", err
	}
	if note := r.PostFormValue("note"); note != report.Note {
		if err := s.Page.Blog.NoteReport(ctx, me.ID, id, note); err != nil {
			return "", err
		}
	}
	if !decides {
		return "flash.saved", nil
	}
	return "flash.report-" + string(state), s.Page.Blog.ResolveReport(ctx, me.ID, id, state)
}
