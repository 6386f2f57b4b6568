package studio

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// viewRows is how many articles and hosts the page names.
const viewRows = 20

// periods are what can be looked at, in days.
var periods = []int{7, 30, 90, 365}

// period is the one that the query asks for.
func period(r *http.Request) int {
	asked, _ := strconv.Atoi(r.URL.Query().Get("days")) // 0, as without one, is none of them
	for _, days := range periods {
		if days == asked {
			return days
		}
	}
	return 30
}

// viewQuery are the last days, today included, of what the account may see.
func (s *Studio) viewQuery(r *http.Request, me blog.Account) (blog.ViewQuery, error) {
	site, err := s.Page.Site(r)
	if err != nil {
		return blog.ViewQuery{}, err
	}
	y, m, d := s.Page.Now().In(site.Location()).Date()
	until := time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
	q := blog.ViewQuery{From: until.AddDate(0, 0, -period(r)), Until: until}
	if !me.MayAll(blog.WriteArticle) {
		if q.Writer = me.ID; !me.MayOwn(blog.WriteArticle) {
			q.Writer = uuid.Max // writes nothing
		}
	}
	return q, nil
}

func (s *Studio) statistics(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	q, err := s.viewQuery(r, me)
	if err != nil {
		return err
	}
	v, err := s.Page.Blog.Views(r.Context(), q, viewRows)
	if err != nil {
		return fmt.Errorf("studio: statistics: %w", err)
	}
	f, of, err := s.frame(r, me, "nav.statistics")
	if err != nil {
		return err
	}
	p := &templates.StatisticsPage{Frame: f, Studio: of, Days: period(r), All: q.Writer == uuid.Nil}
	for _, days := range periods {
		p.Periods = append(p.Periods, templates.Link{
			Text: f.T("statistics.days", days), URL: templates.StudioStatisticsPath + "?days=" + strconv.Itoa(days), Current: days == p.Days,
		})
	}
	p.Tiles = []templates.Tile{
		tile(f, "statistics.views", v.Total.Views, v.Before.Views), tile(f, "statistics.visitors", v.Total.Visitors, v.Before.Visitors),
	}
	for _, d := range v.Days {
		p.Plot = append(p.Plot, templates.PlotDay{Day: d.Day, Views: d.Views, Visitors: d.Visitors})
	}
	for _, a := range v.Articles {
		p.Articles = append(p.Articles, templates.ViewRow{
			Title: a.Title, Language: a.Language, URL: templates.StudioEditPath(a.ID.String()), Views: a.Views, Visitors: a.Visitors,
		})
	}
	if v.Front.Views > 0 {
		p.Articles = append(p.Articles, templates.ViewRow{Title: f.T("statistics.front"), URL: "/", Views: v.Front.Views, Visitors: v.Front.Visitors})
	}
	for _, h := range v.Referrers {
		p.Referrers = append(p.Referrers, templates.ViewRow{Title: h.Host, Views: h.Views, Visitors: h.Visitors})
	}
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// tile compares a number with that of the period before.
func tile(f templates.Frame, label string, now, before int) templates.Tile {
	t := templates.Tile{Label: i18n.M(label), Value: f.Number(now)}
	if before > 0 {
		t.Note, t.Down = i18n.M("statistics.change", (now-before)*100/before), now < before
	}
	return t
}

// exportViews is the table of days as a file for a spreadsheet.
func (s *Studio) exportViews(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	q, err := s.viewQuery(r, me)
	if err != nil {
		return err
	}
	v, err := s.Page.Blog.Views(r.Context(), q, viewRows)
	if err != nil {
		return fmt.Errorf("studio: statistics: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="views.csv"`)
	h.Set("Cache-Control", "private, no-store")
	out := csv.NewWriter(w)
	_ = out.Write([]string{"day", "views", "visitors"}) // who asked has gone, if it cannot be written
	for _, d := range v.Days {
		_ = out.Write([]string{d.Day.Format(time.DateOnly), strconv.Itoa(d.Views), strconv.Itoa(d.Visitors)})
	}
	out.Flush()
	return nil
}
