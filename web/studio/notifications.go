package studio

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	// noticesRead is how many events a page looks at to make its rows.
	noticesRead = 300
	// noticeText is how much of a comment a row shows, in characters.
	noticeText = 180
)

func (s *Studio) notifications(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	n, err := s.Page.Blog.NotificationSettings(r.Context(), me.ID)
	if err != nil {
		return fmt.Errorf("studio: notifications: %w", err)
	}
	return s.showNotifications(w, r, me, http.StatusOK, n, nil)
}

// showNotifications shows the list with a form of these settings.
func (s *Studio) showNotifications(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, n blog.NotificationSettings, problems templates.Problems,
) error {
	query := only(r.URL.Query(), "before")
	before, err := page.ParseCursor(query.Get("before"))
	if err != nil {
		return err
	}
	q := me.OnPage(n)
	q.Before, q.Limit = before, noticesRead
	list, err := s.Page.Blog.Notifications(r.Context(), q)
	if err != nil {
		return fmt.Errorf("studio: notifications: %w", err)
	}
	f, of, err := s.frame(r, me, "nav.notifications")
	if err != nil {
		return err
	}
	p := &templates.NotificationsPage{
		Frame: f, Studio: of, Digest: string(n.Digest), Hour: n.Hour, Kinds: noticeChoices(me, n), Problems: problems,
		HasMail: s.Mail, HasEmail: me.Email != "", Until: strconv.FormatInt(s.Page.Now().UnixMicro(), 36),
	}
	groups, next := blog.GroupNotifications(list, n.Seen, pageSize)
	for _, g := range groups {
		p.Rows = append(p.Rows, noticeRow(f, g))
	}
	older := ""
	if len(list) == noticesRead || len(list) > 0 && next != list[len(list)-1].Cursor() {
		older = page.Cursor(next)
	}
	p.Paging = paging(templates.StudioNotificationsPath, query, older)
	return s.Page.RenderPrivate(w, r, status, p)
}

func noticeRow(f templates.Frame, g blog.NotificationGroup) templates.NotificationRow {
	row := templates.NotificationRow{
		Kind: string(g.Kind), Sentence: g.Sentence(f.UILang()), URL: noticePlace(g.Notification),
		Text: markup.Excerpt(g.Text, noticeText), At: g.At, Unread: g.Unread,
	}
	if g.Kind == blog.NotifyReport || g.Kind == blog.NotifySecurity {
		return row // it comes from nobody
	}
	if g.Kind == blog.NotifyLike && g.Count > 1 {
		row.Text = "" // the emoji of one of them
	}
	for _, a := range g.People {
		row.People = append(row.People, person(a))
	}
	return row
}

// noticePlace is where something can be seen or dealt with, always on this
// site.
func noticePlace(n blog.Notification) string {
	switch n.Kind {
	case blog.NotifyFollow:
		return templates.StudioFollowersPath
	case blog.NotifyReport:
		return templates.StudioReportsPath
	case blog.NotifySecurity:
		return templates.StudioSecurityPath
	case blog.NotifyLike, blog.NotifyBoost:
		return onPage(n)
	}
	return templates.StudioCommentPath(n.Comment.String())
}

// onPage is the article, or the comment on its page; what stands elsewhere has
// none.
func onPage(n blog.Notification) string {
	switch {
	case n.Slug == "":
		return ""
	case n.Comment == uuid.Nil:
		return "/" + url.PathEscape(n.Slug)
	}
	return "/" + url.PathEscape(n.Slug) + blog.CommentPlace(n.Comment)
}

func noticeChoices(me blog.Account, n blog.NotificationSettings) []templates.NotificationChoice {
	var list []templates.NotificationChoice
	kinds, _ := me.Notified()
	for _, kind := range kinds {
		if kind == blog.NotifySecurity {
			continue // nobody, not even who took the account over, leaves it out
		}
		list = append(list, templates.NotificationChoice{
			Kind: string(kind), Page: !slices.Contains(n.Hidden, kind), Mail: !slices.Contains(n.Unmailed, kind),
		})
	}
	return list
}

func (s *Studio) changeNotifications(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	switch r.PostFormValue("do") {
	case "read":
		micro, err := strconv.ParseInt(r.PostFormValue("until"), 36, 64)
		if err != nil {
			return page.Status(http.StatusBadRequest)
		}
		if err := s.Page.Blog.MarkRead(r.Context(), me.ID, time.UnixMicro(micro)); err != nil {
			return fmt.Errorf("studio: notifications: %w", err)
		}
		s.Page.Notify(r, templates.NoticeGood, "notifications.flash.read")
		return page.SeeOther(w, r, templates.StudioNotificationsPath)
	case "save":
		return s.saveNotifications(w, r, me)
	}
	return page.Status(http.StatusBadRequest)
}

func (s *Studio) saveNotifications(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	n, err := s.Page.Blog.NotificationSettings(r.Context(), me.ID)
	if err != nil {
		return fmt.Errorf("studio: notifications: %w", err)
	}
	n.Hidden, n.Unmailed = leftOut(me, r.PostForm["page"]), leftOut(me, r.PostForm["mail"])
	n.Digest = blog.Digest(r.PostFormValue("digest"))
	if n.Hour, err = strconv.Atoi(cmp.Or(r.PostFormValue("hour"), "0")); err != nil {
		n.Hour = -1
	}
	if err := s.Page.Blog.SaveNotificationSettings(r.Context(), me, n); err != nil {
		problems, ok := page.Problems(err)
		if !ok {
			return fmt.Errorf("studio: notifications: %w", err)
		}
		return s.showNotifications(w, r, me, http.StatusUnprocessableEntity, n, problems)
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.saved")
	return page.SeeOther(w, r, templates.StudioNotificationsPath)
}

// leftOut are the kinds that were offered and not chosen.
func leftOut(me blog.Account, chosen []string) []blog.NotificationKind {
	kinds, _ := me.Notified()
	return slices.DeleteFunc(slices.Clone(kinds), func(k blog.NotificationKind) bool {
		return k == blog.NotifySecurity || slices.Contains(chosen, string(k))
	})
}
