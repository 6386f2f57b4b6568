package studio

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// reading shows what feed readers, search engines and other programs get.
func (s *Studio) reading(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	return s.showReading(w, r, me, http.StatusOK, templates.ReadingForm{
		FeedFull: site.Feeds.Full, FeedEntries: strconv.Itoa(site.Feeds.Entries), FeedHub: site.Feeds.Hub,
		Crawlers: string(site.Crawlers), SearchComments: site.Search.Comments,
	}, nil)
}

func (s *Studio) showReading(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.ReadingForm, problems templates.Problems,
) error {
	f, of, err := s.formFrame(r, me, "settings.reading", problems)
	if err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, status, &templates.ReadingPage{Frame: f, Studio: of, Form: form, Problems: problems})
}

func (s *Studio) saveReading(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	form := templates.ReadingForm{
		FeedFull: r.PostFormValue("feed_full") != "", FeedEntries: strings.TrimSpace(r.PostFormValue("feed_entries")),
		FeedHub: strings.TrimSpace(r.PostFormValue("feed_hub")), Crawlers: r.PostFormValue("crawlers"),
		SearchComments: r.PostFormValue("search_comments") != "",
	}
	_, err := s.Page.Blog.ChangeSite(r.Context(), me.ID, func(site *blog.Site) error {
		entries, _ := strconv.Atoi(form.FeedEntries) // 0, as without a number, is refused
		site.Feeds = blog.FeedSettings{Full: form.FeedFull, Entries: entries, Hub: form.FeedHub}
		site.Crawlers, site.Search.Comments = blog.Crawlers(form.Crawlers), form.SearchComments
		return nil
	})
	if problems, ok := page.Problems(err); ok {
		return s.showReading(w, r, me, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return fmt.Errorf("studio: reading: %w", err)
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.saved")
	return page.SeeOther(w, r, templates.StudioReadingPath)
}
