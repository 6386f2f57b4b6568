package studio

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// maxBulk is how many comments one decision may be about: what a page shows,
// and a form that stands open.
const maxBulk = 2 * pageSize

// changeComments does what the pressed button says with those comments that
// were ticked.
func (s *Studio) changeComments(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	v, ok := verdicts[r.PostFormValue("do")]
	if !ok || len(r.PostForm["id"]) > maxBulk {
		return page.Status(http.StatusBadRequest)
	}
	ids := idSet{}
	for _, text := range r.PostForm["id"] {
		id, err := uuid.Parse(text)
		if err != nil {
			return page.Status(http.StatusBadRequest)
		}
		ids.add(id)
	}
	back := page.LocalPath(r.PostFormValue("back"), templates.StudioCommentsPath)
	if len(ids) == 0 {
		s.Page.Notify(r, templates.NoticeWarn, "flash.none-selected")
		return page.SeeOther(w, r, back+"#bulk")
	}
	if err := s.mayDecide(r, me, ids, v.verdict); err != nil {
		return err
	}
	done, err := s.Page.Blog.ModerateAll(r.Context(), me.ID, blog.Selection{Comments: ids.list()}, v.verdict)
	if err != nil {
		return err
	}
	s.sayDone(r, done, back+"#list", v.many, len(done.Comments))
	return page.SeeOther(w, r, back+"#list")
}

// mayDecide refuses to delete answers of others: that is for good.
func (s *Studio) mayDecide(r *http.Request, me blog.Account, ids idSet, verdict blog.Verdict) error {
	if verdict != blog.Remove || me.MayAll(blog.ChangeReply) {
		return nil
	}
	found, err := s.Store.CommentsByID(r.Context(), ids.list())
	if err != nil {
		return fmt.Errorf("studio: comments: %w", err)
	}
	for _, c := range found {
		if c.ByAuthor() && !me.May(blog.ChangeReply, c.AccountID) {
			return blog.ErrForbidden
		}
	}
	return nil
}

// undo takes a decision back.
func (s *Studio) undo(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	batch, err := uuid.Parse(r.PostFormValue("batch"))
	if err != nil {
		return blog.ErrNotFound
	}
	done, err := s.Page.Blog.UndoModeration(r.Context(), me.ID, batch)
	if err != nil {
		return err
	}
	kind := templates.NoticeGood
	if len(done.Comments) == 0 {
		kind = templates.NoticeWarn
	}
	s.Page.Notify(r, kind, "flash.undone", len(done.Comments))
	return page.SeeOther(w, r, page.LocalPath(r.PostFormValue("back"), templates.StudioCommentsPath))
}
