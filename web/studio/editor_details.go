package studio

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// seriesOffered is how many known series the editor names.
const seriesOffered = 200

// offered is how many authors the editor offers.
const offered = 100

// detailsForm is what is said of a stored article.
func detailsForm(a blog.Article) templates.DetailsForm {
	form := templates.DetailsForm{
		Series: a.Series, Pinned: !a.Pinned.IsZero(), History: a.History, CoverCaption: a.CoverCaption,
	}
	if a.Part > 0 {
		form.Part = strconv.Itoa(a.Part)
	}
	return form
}

// readDetails reads that from the editor's form.
func (d *draft) readDetails(r *http.Request) {
	d.form.Details = templates.DetailsForm{
		Series: strings.TrimSpace(r.PostFormValue("series")), Part: strings.TrimSpace(r.PostFormValue("part")),
		Pinned: r.PostFormValue("pinned") != "", History: r.PostFormValue("history") != "",
		CoverCaption: strings.TrimSpace(r.PostFormValue("cover_caption")),
	}
	d.original, d.static = d.article.TranslationOf, d.article.Static
	if d.article.Status != blog.Published {
		// What is no article is one that cannot be, so that package blog refuses it.
		if value := r.PostFormValue("translation_of"); value == "" {
			d.original = uuid.Nil
		} else if id, err := uuid.Parse(value); err != nil {
			d.original = uuid.Max
		} else {
			d.original = id
		}
		d.static = r.PostFormValue("static") != ""
	}
	for _, value := range r.PostForm["author"] {
		// What is no account is one that cannot be, so that package blog refuses it.
		id, _ := uuid.Parse(value)
		d.authors = append(d.authors, id)
	}
}

// details is what was typed; what the editor does not ask stays as it is.
func (d *draft) details(now time.Time) *blog.Details {
	form, details := d.form.Details, d.article.Details
	details.Authors, details.Series, details.History = d.authors, form.Series, form.History
	details.CoverCaption = form.CoverCaption
	details.TranslationOf, details.Static = d.original, d.static
	switch {
	case !form.Pinned:
		details.Pinned = time.Time{}
	case details.Pinned.IsZero():
		details.Pinned = now
	}
	details.Part = 0
	if form.Part != "" {
		part, err := strconv.Atoi(form.Part)
		if err != nil || part < 1 {
			part = -1
		}
		details.Part = part
	}
	return &details
}

// offer fills in whom and what the editor offers.
func (s *Studio) offer(r *http.Request, me blog.Account, p *templates.EditorPage, d *draft) error {
	bylines, err := s.Page.Blog.Bylines(r.Context(), offered)
	if err != nil {
		return fmt.Errorf("studio: editor: %w", err)
	}
	series, err := s.Page.Blog.SeriesNames(r.Context(), seriesOffered)
	if err != nil {
		return fmt.Errorf("studio: editor: %w", err)
	}
	choices, err := s.authorChoices(r, bylines, d)
	if err != nil {
		return fmt.Errorf("studio: editor: %w", err)
	}
	p.Offer(choices, series, me.May(blog.WriteArticle, d.article.AccountID))
	return nil
}

// authorChoices are those in the byline, in its order, and then the others by
// name. Who has no public profile any more stays on offer while in it.
func (s *Studio) authorChoices(r *http.Request, bylines []blog.Byline, d *draft) ([]templates.Choice, error) {
	names := map[uuid.UUID]string{}
	for _, b := range bylines {
		names[b.ID] = b.Label()
	}
	var chosen, others []templates.Choice
	for _, id := range d.authors {
		if _, known := names[id]; !known {
			account, err := s.Page.Blog.Account(r.Context(), id)
			if errors.Is(err, blog.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			names[id] = account.Label()
		}
		chosen = append(chosen, templates.Choice{Value: id.String(), Label: names[id], Selected: true})
	}
	for _, b := range bylines {
		if !slices.Contains(d.authors, b.ID) {
			others = append(others, templates.Choice{Value: b.ID.String(), Label: b.Label()})
		}
	}
	slices.SortStableFunc(others, func(a, b templates.Choice) int { return strings.Compare(a.Label, b.Label) })
	return append(chosen, others...), nil
}
