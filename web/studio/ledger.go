package studio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/web/templates"
)

// fillLedger has the activities that the query picks, or one with all its
// rows in pages.
func (s *Studio) fillLedger(r *http.Request, query url.Values, p *templates.DeliveriesPage) error {
	ctx := r.Context()
	q := delivery.SentQuery{Object: p.Object, Host: p.Host, Limit: sentShown + 1}
	for _, filter := range ledgerFilters {
		if filter.name == p.State {
			q.States = filter.states
		}
	}
	var err error
	if q.Activity, err = uuid.Parse(query.Get("activity")); err != nil {
		q.Before, _ = uuid.Parse(query.Get("before")) // none = from the newest
	}
	sent, err := s.Store.Sent(ctx, q)
	if err != nil {
		return err
	}
	sent, more := cut(sent, sentShown)
	older := ""
	if more {
		older = sent[len(sent)-1].Activity.String()
	}
	rows := make([][]delivery.Entry, len(sent))
	for i, a := range sent {
		shown, found, lastRow, err := s.activity(ctx, q, a, p, query.Get("before"))
		if err != nil {
			return err
		}
		if q.Activity != uuid.Nil {
			older = lastRow
		}
		p.Activities, rows[i] = append(p.Activities, shown), found
	}
	p.Paging = paging(templates.StudioDeliveriesPath, query, older)
	followers, err := s.Store.FollowersByHost(ctx, hostsOf(slices.Concat(rows...)))
	for i := range rows {
		p.Activities[i].Servers = serverRows(rows[i], followers, p.Here)
	}
	return err
}

func hostsOf(rows []delivery.Entry) []string {
	var hosts []string
	for _, e := range rows {
		hosts = append(hosts, e.Host)
	}
	return hosts
}

// activity shows one activity, and reads rows of it: all in pages when it alone
// is asked for, else those that are not delivered or that the filters pick.
// lastRow is where the next page of rows starts.
func (s *Studio) activity(
	ctx context.Context, q delivery.SentQuery, a delivery.Sent, p *templates.DeliveriesPage, before string,
) (shown templates.DeliveryActivity, found []delivery.Entry, lastRow string, err error) {
	alone := q.Activity != uuid.Nil
	shown = templates.DeliveryActivity{
		ID: a.Activity.String(), Type: a.Type, At: a.Created, Open: alone || p.Host != "" || p.State != "",
		Delivered: a.Counts[delivery.Delivered], Pending: a.Counts[delivery.Waiting],
		Failed:     a.Counts[delivery.Failed] + a.Counts[delivery.Expired],
		Superseded: a.Counts[delivery.Superseded] + a.Counts[delivery.Skipped],
	}
	if err = s.nameObject(ctx, p.Frame, a.ObjectURI, &shown); err != nil {
		return shown, nil, "", err
	}
	rows := delivery.Query{Activity: a.Activity, Host: q.Host, States: q.States, Limit: rowsShown + 1}
	if alone {
		rows.Before, _ = strconv.ParseInt(before, 10, 64) // none = from the newest
	} else if p.Host == "" && len(rows.States) == 0 {
		rows.States = []delivery.State{delivery.Waiting, delivery.Failed, delivery.Expired}
	}
	if found, err = s.Store.Deliveries(ctx, rows); err != nil {
		return shown, nil, "", err
	}
	found, more := cut(found, rowsShown)
	if more {
		lastRow = strconv.FormatInt(found[len(found)-1].ID, 10)
	}
	if !alone {
		shown.More = templates.StudioDeliveriesPath + "?" + url.Values{"activity": {shown.ID}}.Encode()
	}
	return shown, found, lastRow, nil
}

// serverRows shows rows of the ledger.
func serverRows(found []delivery.Entry, followers map[string]int, back string) []templates.DeliveryServer {
	list := make([]templates.DeliveryServer, 0, len(found))
	for _, e := range found {
		row := templates.DeliveryServer{
			Row: strconv.FormatInt(e.ID, 10), Host: e.Host, State: rowState(e), Tries: e.Attempts, At: e.LastAt,
			Answer: answerText(e.LastStatus, e.LastError), Followers: followers[e.Host], Back: back,
		}
		if e.State == delivery.Waiting && !e.Suspended {
			row.NextTry = e.Next()
		}
		list = append(list, row)
	}
	return list
}

func rowState(e delivery.Entry) templates.DeliveryState {
	switch e.State {
	case delivery.Delivered:
		return templates.DeliveryDone
	case delivery.Failed, delivery.Expired:
		return templates.DeliveryFailed
	case delivery.Superseded, delivery.Skipped:
		return templates.DeliverySuperseded
	}
	if e.Suspended {
		return templates.DeliverySuspended
	}
	return templates.DeliveryPending
}

// troubledServer shows a server that does not answer.
func troubledServer(t delivery.Trouble, followers int) templates.DeliveryServer {
	row := templates.DeliveryServer{
		Host: t.Host, State: templates.DeliveryPending, Tries: t.Failures, At: t.Since, NextTry: t.Paused,
		Answer: answerText(t.LastStatus, t.LastError), Followers: followers, Waiting: t.Waiting,
	}
	if t.Suspended {
		row.State, row.NextTry = templates.DeliverySuspended, time.Time{}
	}
	return row
}

// answerText is the last answer of a server: what it said, or its status.
func answerText(status int, said string) string {
	switch {
	case said != "":
		return clip(said, 160)
	case status != 0:
		return strconv.Itoa(status) + " " + http.StatusText(status)
	}
	return ""
}

// nameObject says what an activity was about: an article, an answer of ours,
// or the blog itself. What is none of these, or gone, keeps its id.
func (s *Studio) nameObject(ctx context.Context, f templates.Frame, uri string, shown *templates.DeliveryActivity) error {
	if shown.Title = uri; uri == f.Site.ActorURL {
		shown.Title, shown.Language = f.Site.Title, f.Site.Language
		return nil
	}
	a, err := s.Page.Blog.ArticleByObject(ctx, uri)
	switch {
	case err == nil:
		shown.Title, shown.Language, shown.URL = articleTitle(a), a.Language, pagePath(a)
		return nil
	case errors.Is(err, blog.ErrGone):
		if a.Slug != "" {
			shown.Title = articleTitle(a)
		}
		return nil
	case !errors.Is(err, blog.ErrNotFound):
		return err
	}
	c, err := s.Page.Blog.CommentByObject(ctx, uri)
	switch {
	case err == nil && c.Text != "":
		shown.Title, shown.Language = "“"+clip(c.Text, 80)+"”", c.Language
	case err != nil && !errors.Is(err, blog.ErrNotFound) && !errors.Is(err, blog.ErrGone):
		return err
	}
	return nil
}
