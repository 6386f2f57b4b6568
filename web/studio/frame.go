package studio

import (
	"fmt"
	"net/http"
	"slices"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// closable are the pages that not everybody may open.
var closable = []struct {
	path string
	do   blog.Action
}{
	{templates.StudioArticlesPath, blog.WriteArticle},
	{templates.StudioNewPath, blog.WriteArticle},
	{templates.StudioCommentsPath, blog.WriteReply},
	{templates.StudioQuotesPath, blog.ModerateComments},
	{templates.StudioModerationPath, blog.ModerateComments},
	{templates.StudioFollowersPath, blog.SeeFollowers},
	{templates.StudioDeliveriesPath, blog.SeeDeliveries},
	{templates.StudioAppearancePath, blog.ChangeSite},
	{templates.StudioSettingsPath, blog.ChangeSite},
}

// formFrame is frame for a form, with a notice if something in it is wrong.
func (s *Studio) formFrame(
	r *http.Request, me blog.Account, title string, problems templates.Problems,
) (templates.Frame, templates.Studio, error) {
	f, of, err := s.frame(r, me, title)
	if len(problems) > 0 {
		f.Flash = flashProblems()
	}
	return f, of, err
}

// flashProblems is the notice above a form that is shown again.
func flashProblems() *templates.Notice {
	return &templates.Notice{Kind: templates.NoticeBad, Text: i18n.M("flash.problems")}
}

// download says that the answer is a file of comma-separated values.
func download(w http.ResponseWriter, name string) {
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", page.Private)
}

// troublesShown is how many silent servers a page tells of.
const troublesShown = 50

// frame is what surrounds every page of the Studio. title is the key of the
// page's name.
func (s *Studio) frame(r *http.Request, me blog.Account, title string) (templates.Frame, templates.Studio, error) {
	f, err := s.Page.Frame(r)
	if err != nil {
		return f, templates.Studio{}, err
	}
	if me.Language != "" && slices.Contains(i18n.Languages, me.Language) && !page.ChoseLanguage(r) {
		f.Lang = me.Language
	}
	f.Head.Title, f.Head.NoIndex = f.T(title), true
	of := templates.Studio{Me: templates.Person{Name: me.Label(), Handle: me.Name}}
	if me.Avatar != "" {
		of.Me.Avatar = blog.MediaPath + me.Avatar
	}
	for _, c := range closable {
		if !me.MayOwn(c.do) {
			of.Closed = append(of.Closed, c.path)
		}
	}
	if of.Unread, err = s.Page.Blog.Unread(r.Context(), me); err != nil {
		return f, of, fmt.Errorf("studio: %w", err)
	}
	if me.MayAll(blog.ModerateComments) {
		counts, err := s.Page.Blog.CommentCounts(r.Context())
		if err != nil {
			return f, of, fmt.Errorf("studio: %w", err)
		}
		of.CommentsWaiting = counts[blog.Waiting]
		if err := s.reportTally(r, &of); err != nil {
			return f, of, fmt.Errorf("studio: %w", err)
		}
		if err := s.quoteTally(r, &of); err != nil {
			return f, of, fmt.Errorf("studio: %w", err)
		}
	}
	if me.MayAll(blog.SeeDeliveries) {
		if of.DeliveriesStuck, err = s.Store.TroubleCount(r.Context(), s.Page.Now(), troublesShown); err != nil {
			return f, of, fmt.Errorf("studio: %w", err)
		}
	}
	return f, of, nil
}
