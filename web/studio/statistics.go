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

// views are the numbers of the last days, today included, of what the account
// may see; all says whether that is everything.
func (s *Studio) views(r *http.Request, me blog.Account) (v blog.Views, all bool, err error) {
	site, err := s.Page.Site(r)
	if err != nil {
		return v, false, err
	}
	q := site.LastDays(s.Page.Now(), period(r))
	if !me.MayAll(blog.WriteArticle) {
		if q.Writer = me.ID; !me.MayOwn(blog.WriteArticle) {
			q.Writer = uuid.Max // writes nothing
		}
	}
	if v, err = s.Page.Blog.Views(r.Context(), q, viewRows); err != nil {
		return v, false, fmt.Errorf("studio: statistics: %w", err)
	}
	return v, q.Writer == uuid.Nil, nil
}

func (s *Studio) statistics(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	v, all, err := s.views(r, me)
	if err != nil {
		return err
	}
	f, of, err := s.frame(r, me, "nav.statistics")
	if err != nil {
		return err
	}
	p := &templates.StatisticsPage{Frame: f, Studio: of, Days: period(r), All: all}
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
	v, _, err := s.views(r, me)
	if err != nil {
		return err
	}
	download(w, "views.csv")
	out := csv.NewWriter(w)
	_ = out.Write([]string{"day", "views", "visitors"}) // who asked has gone, if it cannot be written
	for _, d := range v.Days {
		_ = out.Write([]string{d.Day.Format(time.DateOnly), strconv.Itoa(d.Views), strconv.Itoa(d.Visitors)})
	}
	out.Flush()
	return nil
}
