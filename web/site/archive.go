package site

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// archive are the years and months that have articles, by the blog's calendar.
func (p *Part) archive(w http.ResponseWriter, r *http.Request) error {
	page.Shows(r, blog.PageSite, blog.PageList)
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	months, err := p.Page.Blog.Months(r.Context(), f.Now.Location())
	if err != nil {
		return err
	}
	made := &templates.ArchivePage{Frame: f}
	made.Head = head(f, r, f.T("archive.title"), templates.Paging{})
	for _, m := range months {
		if n := len(made.Years); n == 0 || made.Years[n-1].Year != m.Year {
			made.Years = append(made.Years, templates.ArchiveYear{Year: m.Year, URL: templates.ArchiveYearPath(m.Year)})
		}
		year := &made.Years[len(made.Years)-1]
		year.Articles += m.Articles
		year.Months = append(year.Months, templates.ArchiveMonth{
			Name: f.MonthName(m.Month), URL: templates.ArchiveMonthPath(m.Year, m.Month), Articles: m.Articles,
		})
	}
	return p.Page.Render(w, r, http.StatusOK, made)
}

// span is a year, or a month of it.
type span struct {
	year  int
	month time.Month // 0 = the whole year
}

// archived lists the articles of a year or a month. One without articles is not
// there.
func (p *Part) archived(w http.ResponseWriter, r *http.Request) error {
	at := parseSpan(mux.Vars(r))
	if at.year == 0 {
		return blog.ErrNotFound
	}
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	l, err := p.listed(r, at.query(site.Location()))
	if err != nil {
		return err
	}
	if len(l.cards) == 0 {
		return blog.ErrNotFound
	}
	months, err := p.Page.Blog.Months(r.Context(), site.Location())
	if err != nil {
		return err
	}
	f := l.Frame
	made := &templates.ListPage{Frame: f, Title: at.name(f), Articles: at.count(months), Cards: l.cards, Paging: l.paging}
	made.Head = head(f, r, f.T("archive.title")+": "+made.Title, l.paging)
	made.Year = templates.Link{Text: strconv.Itoa(at.year), URL: templates.ArchiveYearPath(at.year), Current: at.month == 0}
	made.Newer, made.Older = at.beside(f, months)
	for _, m := range months {
		if m.Year == at.year {
			made.Months = append(made.Months, templates.ArchiveMonth{
				Name: f.MonthName(m.Month), URL: templates.ArchiveMonthPath(m.Year, m.Month), Articles: m.Articles, Current: m.Month == at.month,
			})
		}
	}
	return p.Page.Render(w, r, http.StatusOK, made)
}

// parseSpan reads a path such as /archive/2026/11; the zero span for what is no
// year or no month, or written in another way.
func parseSpan(vars map[string]string) (at span) {
	year, err := strconv.Atoi(vars["year"])
	if err != nil || len(vars["year"]) != 4 || year < 1 {
		return span{}
	}
	at.year = year
	if text, ok := vars["month"]; ok {
		month, err := strconv.Atoi(text)
		if err != nil || len(text) != 2 || month < 1 || month > 12 {
			return span{}
		}
		at.month = time.Month(month)
	}
	return at
}

func (s span) holds(m blog.Month) bool {
	return m.Year == s.year && (s.month == 0 || m.Month == s.month)
}

func (s span) count(months []blog.Month) (n int) {
	for _, m := range months {
		if s.holds(m) {
			n += m.Articles
		}
	}
	return n
}

func (s span) query(zone *time.Location) blog.ArticleQuery {
	if s.month == 0 {
		from := time.Date(s.year, 1, 1, 0, 0, 0, 0, zone)
		return blog.ArticleQuery{From: from, Until: from.AddDate(1, 0, 0)}
	}
	from := time.Date(s.year, s.month, 1, 0, 0, 0, 0, zone)
	return blog.ArticleQuery{From: from, Until: from.AddDate(0, 1, 0)}
}

func (s span) name(f templates.Frame) string {
	if s.month == 0 {
		return strconv.Itoa(s.year)
	}
	return f.MonthYear(s.year, s.month)
}

func (s span) link(f templates.Frame) *templates.Link {
	if s.month == 0 {
		return &templates.Link{Text: s.name(f), URL: templates.ArchiveYearPath(s.year)}
	}
	return &templates.Link{Text: s.name(f), URL: templates.ArchiveMonthPath(s.year, s.month)}
}

// beside are the nearest of the same kind that have articles; months are the
// newest first.
func (s span) beside(f templates.Frame, months []blog.Month) (newer, older *templates.Link) {
	passed := false
	for _, m := range months {
		other := span{year: m.Year}
		if s.month != 0 {
			other.month = m.Month
		}
		switch {
		case s.holds(m):
			passed = true
		case !passed:
			newer = other.link(f)
		default:
			return newer, other.link(f)
		}
	}
	return newer, nil
}
