package studio

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	issuesShown = 20
	// importSize is the size of a file of addresses, and importRows how many are
	// asked from one file.
	importSize = 2 << 20
	importRows = 10_000
	exportRows = 1_000_000
)

func (s *Studio) newsletterPage(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	return s.showNewsletter(w, r, me, http.StatusOK, newsletterForm(site.Newsletter), nil)
}

// newsletterForm is the form with what is set.
func newsletterForm(n blog.NewsletterSettings) templates.NewsletterForm {
	return templates.NewsletterForm{
		On: n.On, Full: n.Full, Delay: strconv.Itoa(n.Delay), Rate: strconv.Itoa(n.Rate), Hour: strconv.Itoa(n.Hour), Day: strconv.Itoa(n.Day),
		Sender: n.Sender, ReplyTo: n.ReplyTo, Footer: n.Footer,
	}
}

func (s *Studio) showNewsletter(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.NewsletterForm, problems templates.Problems,
) error {
	ctx := r.Context()
	f, of, err := s.formFrame(r, me, "newsletter.title", problems)
	if err != nil {
		return err
	}
	p := &templates.StudioNewsletterPage{
		Frame: f, Studio: of, Mail: s.Mail, MayChange: me.MayAll(blog.ChangeSite), Form: form, Problems: problems, Query: r.URL.Query().Get("q"),
	}
	counts, err := s.Page.Blog.CountSubscribers(ctx)
	if err != nil {
		return fmt.Errorf("studio: newsletter: %w", err)
	}
	p.Tiles = []templates.Tile{
		{Label: i18n.M("newsletter.state.confirmed"), Value: f.Number(counts.Confirmed)},
		{Label: i18n.M("newsletter.state.waiting"), Value: f.Number(counts.Waiting)},
		{Label: i18n.M("newsletter.state.paused"), Value: f.Number(counts.Paused)},
	}
	if err := s.fillSubscribers(r, p); err != nil {
		return fmt.Errorf("studio: newsletter: %w", err)
	}
	issues, err := s.Page.Blog.Issues(ctx, issuesShown)
	if err != nil {
		return fmt.Errorf("studio: newsletter: %w", err)
	}
	for _, i := range issues {
		p.Issues = append(p.Issues, templates.IssueRow{
			Title: i.Title, Created: i.Created, Sent: i.Sent, Failed: i.Failed, Waiting: i.Waiting, Unknown: i.Unknown,
		})
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// fillSubscribers reads a page of the subscribers.
func (s *Studio) fillSubscribers(r *http.Request, p *templates.StudioNewsletterPage) error {
	before, err := page.ParseCursor(r.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	found, err := s.Page.Blog.Subscribers(r.Context(), blog.SubscriberQuery{Search: p.Query, Before: before, Limit: pageSize + 1})
	if err != nil {
		return err
	}
	found, more := cut(found, pageSize)
	older := ""
	if more {
		last := found[len(found)-1]
		older = page.Cursor(blog.Cursor{At: last.Created, ID: last.ID})
	}
	p.Paging = paging(templates.StudioNewsletterPath, r.URL.Query(), older)
	for _, sub := range found {
		p.Subscribers = append(p.Subscribers, templates.SubscriberRow{
			ID: sub.ID.String(), Email: sub.Email, Since: sub.Created, State: sub.State(), Weekly: sub.Weekly,
		})
	}
	return nil
}

func (s *Studio) changeNewsletter(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseUpload(w, r, importSize+page.SmallForm); err != nil {
		return err
	}
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
	}
	var said string
	var err error
	switch r.PostFormValue("do") {
	case "save":
		return s.saveNewsletter(w, r, me)
	case "remove":
		said, err = "newsletter.removed", s.removeSubscriber(r)
	case "test":
		said, err = "newsletter.tested", s.testLetter(r, me)
	case "import":
		if err := s.confirmed(r); err != nil {
			return err
		}
		return s.importSubscribers(w, r, me)
	default:
		return page.Status(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, templates.StudioNewsletterPath)
}

func (s *Studio) saveNewsletter(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if !me.MayAll(blog.ChangeSite) {
		return blog.ErrForbidden
	}
	typed := func(name string) string { return strings.TrimSpace(r.PostFormValue("newsletter_" + name)) }
	form := templates.NewsletterForm{
		On: typed("on") != "", Full: typed("full") != "", Delay: typed("delay"), Rate: typed("rate"), Hour: typed("hour"), Day: typed("day"),
		Sender: typed("sender"), ReplyTo: typed("reply_to"), Footer: strings.ReplaceAll(typed("footer"), "\r\n", "\n"),
	}
	_, err := s.Page.Blog.ChangeSite(r.Context(), me.ID, func(site *blog.Site) error {
		n := &site.Newsletter
		n.On, n.Full, n.Sender, n.ReplyTo, n.Footer = form.On, form.Full, form.Sender, form.ReplyTo, form.Footer
		n.Delay, n.Rate, n.Hour, n.Day = number(form.Delay), number(form.Rate), number(form.Hour), number(form.Day)
		return nil
	})
	if problems, ok := page.Problems(err); ok {
		return s.showNewsletter(w, r, me, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return fmt.Errorf("studio: newsletter: %w", err)
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.saved")
	return page.SeeOther(w, r, templates.StudioNewsletterPath)
}

// number is what was typed; -1, which is refused, for what is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (s *Studio) removeSubscriber(r *http.Request) error {
	id, err := uuid.Parse(r.PostFormValue("subscriber"))
	if err != nil {
		return page.Status(http.StatusBadRequest)
	}
	return s.Page.Blog.Store.DeleteSubscriber(r.Context(), id)
}

// testLetter sends the newest article to whoever asks.
func (s *Studio) testLetter(r *http.Request, me blog.Account) error {
	if s.TestLetter == nil || me.Email == "" {
		return &blog.Invalid{Field: "email", Problem: "required"}
	}
	lang := me.Language
	if lang == "" {
		lang = i18n.Default
	}
	return s.TestLetter(r.Context(), me.Email, lang)
}

// importSubscribers asks everybody in a file whether they want the newsletter.
// The address stands in the first column that holds one.
func (s *Studio) importSubscribers(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if r.PostFormValue("consent") == "" {
		return page.Status(http.StatusBadRequest)
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		return s.refuseImport(w, r, me, "required")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, importSize+1))
	if err != nil {
		return fmt.Errorf("studio: import: %w", err)
	}
	addresses, passed, err := readAddresses(data)
	if err != nil {
		return s.refuseImport(w, r, me, "newsletter-file")
	}
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	for _, address := range addresses {
		err := s.Page.Blog.Subscribe(r.Context(), address, site.Language)
		var invalid *blog.Invalid
		if errors.As(err, &invalid) {
			passed++
			continue
		}
		if err != nil {
			return fmt.Errorf("studio: import: %w", err)
		}
	}
	s.Page.Notify(r, templates.NoticeGood, "newsletter.imported", len(addresses), passed)
	return page.SeeOther(w, r, templates.StudioNewsletterPath)
}

func (s *Studio) refuseImport(w http.ResponseWriter, r *http.Request, me blog.Account, problem string) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	return s.showNewsletter(w, r, me, http.StatusUnprocessableEntity, newsletterForm(site.Newsletter), templates.Problems{"file": i18n.M("problem." + problem)})
}

var errTooMany = errors.New("too many rows")

// readAddresses reads a file of comma-separated values, and counts rows
// without an address.
func readAddresses(data []byte) (addresses []string, passed int, err error) {
	if len(data) > importSize {
		return nil, 0, errTooMany
	}
	rows := csv.NewReader(bytes.NewReader(data))
	rows.FieldsPerRecord, rows.LazyQuotes = -1, true
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return addresses, passed, nil
		case err != nil:
			return nil, 0, err
		case len(addresses) >= importRows:
			return nil, 0, errTooMany
		}
		found := ""
		for _, cell := range row {
			if email, err := blog.NormalEmail(strings.TrimSpace(cell)); err == nil && found == "" {
				found = email
			}
		}
		if found == "" {
			passed++
			continue
		}
		addresses = append(addresses, found)
	}
}

// exportSubscribers hands out who gets the newsletter.
func (s *Studio) exportSubscribers(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	if err := s.confirmed(r); err != nil {
		return err
	}
	found, err := s.Page.Blog.Subscribers(r.Context(), blog.SubscriberQuery{Limit: exportRows})
	if err != nil {
		return fmt.Errorf("studio: export: %w", err)
	}
	download(w, "subscribers.csv")
	return blog.WriteSubscribers(w, found)
}
