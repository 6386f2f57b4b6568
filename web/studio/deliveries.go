package studio

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	// sentShown is how many activities stand on a page, and rowsShown how many
	// rows of one.
	sentShown = 20
	rowsShown = 50
	// week is what the numbers above the ledger are about.
	week = 7 * 24 * time.Hour
)

// ledgerFilters are the states that the ledger can be narrowed to.
var ledgerFilters = []struct {
	name, label string
	states      []delivery.State
}{
	{"", "filter.all", nil},
	{"waiting", "filter.pending", []delivery.State{delivery.Waiting}},
	{"failed", "filter.failed", []delivery.State{delivery.Failed, delivery.Expired}},
}

func (s *Studio) deliveries(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	query := only(r.URL.Query(), "state", "host", "article", "activity", "before")
	f, of, err := s.frame(r, me, "nav.deliveries")
	if err != nil {
		return err
	}
	p := &templates.DeliveriesPage{
		Frame: f, Studio: of, Host: query.Get("host"), State: query.Get("state"),
		Here: link(templates.StudioDeliveriesPath, query, "", ""),
	}
	for _, fill := range []func(*http.Request, url.Values, *templates.DeliveriesPage) error{
		s.fillSummary, s.fillPaused, s.fillArticle, s.fillLedger,
	} {
		if err := fill(r, query, p); err != nil {
			return fmt.Errorf("studio: deliveries: %w", err)
		}
	}
	return s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// fillSummary has the numbers above the ledger, and its filters.
func (s *Studio) fillSummary(r *http.Request, query url.Values, p *templates.DeliveriesPage) error {
	sum, err := s.Store.DeliverySummary(r.Context(), s.Page.Now().Add(-week))
	if err != nil {
		return err
	}
	p.Delivered, p.Pending, p.Failed, p.Oldest, p.Next = sum.Delivered, sum.Waiting, sum.Failed, sum.Oldest, sum.Next
	kept := only(query, "host", "article")
	counts := map[string]int{"waiting": sum.Waiting, "failed": sum.Failed}
	for _, filter := range ledgerFilters {
		shown := templates.Filter{
			Label: i18n.M(filter.label), URL: link(templates.StudioDeliveriesPath, kept, "state", filter.name),
			Current: filter.name == p.State && query.Get("activity") == "",
		}
		if len(kept) == 0 { // the numbers are those of the whole ledger
			shown.Count = counts[filter.name]
		}
		p.Filters = append(p.Filters, shown)
	}
	return nil
}

// fillPaused has the servers that have been silent for long.
func (s *Studio) fillPaused(r *http.Request, _ url.Values, p *templates.DeliveriesPage) error {
	troubles, err := s.Store.Troubles(r.Context(), s.Page.Now(), troublesShown)
	if err != nil {
		return err
	}
	var hosts []string
	for _, t := range troubles {
		if t.Suspended {
			hosts = append(hosts, t.Host)
		}
	}
	followers, err := s.Store.FollowersByHost(r.Context(), hosts)
	if err != nil {
		return err
	}
	for _, t := range troubles {
		if t.Suspended {
			p.Paused = append(p.Paused, troubledServer(t, followers[t.Host]))
		}
	}
	return nil
}

// fillArticle has the only article whose deliveries are asked for.
func (s *Studio) fillArticle(r *http.Request, query url.Values, p *templates.DeliveriesPage) error {
	id, err := uuid.Parse(query.Get("article"))
	if err != nil {
		return nil // none: all
	}
	a, err := s.Page.Blog.Article(r.Context(), id)
	if err != nil {
		return err
	}
	p.ArticleID, p.Object = id.String(), a.ObjectURI
	p.Article = templates.Link{Text: articleTitle(a), URL: pagePath(a)}
	return nil
}

// tryNow makes what was asked for due at once, whatever paused it.
func (s *Studio) tryNow(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	q, err := triedRows(r.PostForm)
	if err != nil {
		return err
	}
	n, err := s.Store.TryNow(r.Context(), s.Page.Now(), q)
	if err != nil {
		return fmt.Errorf("studio: try now: %w", err)
	}
	said := "flash.nothing-waits"
	if n > 0 {
		said = "flash.retry"
		if s.Nudge != nil {
			s.Nudge()
		}
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, page.LocalPath(r.PostFormValue("back"), templates.StudioDeliveriesPath))
}

var errWhatToTry = errors.New("no row, host or object, and not all")

// triedRows is what a form asks to try: a row, a host, an object, or all.
func triedRows(form url.Values) (delivery.Query, error) {
	q := delivery.Query{Host: form.Get("host"), Object: form.Get("object")}
	if row := form.Get("row"); row != "" {
		var err error
		if q.ID, err = strconv.ParseInt(row, 10, 64); err != nil {
			return q, fmt.Errorf("studio: try now: %w: %w", page.Status(http.StatusBadRequest), err)
		}
	}
	if q.Host == "" && q.Object == "" && q.ID == 0 && form.Get("all") == "" || form.Get("do") != "retry" {
		return q, fmt.Errorf("studio: try now: %w: %w", page.Status(http.StatusBadRequest), errWhatToTry)
	}
	return q, nil
}
