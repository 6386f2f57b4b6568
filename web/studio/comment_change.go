package studio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// verdicts are the buttons of moderation: the state they give, and what is
// said then.
var verdicts = map[string]struct {
	state blog.State
	said  string
}{
	"approve": {blog.Visible, "flash.approved"},
	"hide":    {blog.Hidden, "flash.hidden"},
	"spam":    {blog.Spam, "flash.spam"},
}

// changeComment does what the pressed button of a row says, and goes back to
// the list.
func (s *Studio) changeComment(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.ErrNotFound
	}
	back := page.LocalPath(r.PostFormValue("back"), templates.StudioCommentsPath)
	said, err := s.actOn(r.Context(), me, id, r.PostForm)
	if err != nil {
		return s.commentProblem(w, r, me, back, id, err)
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, back+"#c-"+id.String())
}

// actOn changes the comment and returns what is said about it.
func (s *Studio) actOn(ctx context.Context, me blog.Account, id uuid.UUID, form url.Values) (said string, err error) {
	do := form.Get("do")
	if verdict, ok := verdicts[do]; ok {
		if !me.MayAll(blog.ModerateComments) {
			return "", blog.ErrForbidden
		}
		return verdict.said, s.Page.Blog.Moderate(ctx, me.ID, id, verdict.state)
	}
	switch do {
	case "reply":
		_, err = s.Page.Blog.Reply(ctx, me.ID, blog.Reply{Comment: id, Markdown: form.Get("text"), Warning: form.Get("warning")})
		return "flash.replied", err
	case "edit", "delete":
		if err := s.mayChange(ctx, me, id); err != nil {
			return "", err
		}
	}
	switch do {
	case "edit":
		_, err = s.Page.Blog.EditReply(ctx, me.ID, id, blog.Reply{Markdown: form.Get("text"), Warning: form.Get("warning")})
		return "flash.reply-edited", err
	case "delete":
		return "flash.reply-deleted", s.Page.Blog.DeleteReply(ctx, me.ID, id)
	}
	return "", page.Status(http.StatusBadRequest)
}

// mayChange holds whose answer it is: EditReply and DeleteReply refuse what is
// not of this blog.
func (s *Studio) mayChange(ctx context.Context, me blog.Account, id uuid.UUID) error {
	c, err := s.Page.Blog.Comment(ctx, id)
	if err == nil && !me.May(blog.ChangeReply, c.AccountID) {
		err = blog.ErrForbidden
	}
	return err
}

// commentProblem shows the list again with the form open and what was typed,
// if the error is about that.
func (s *Studio) commentProblem(
	w http.ResponseWriter, r *http.Request, me blog.Account, back string, id uuid.UUID, err error,
) error {
	problems, ok := page.Problems(err)
	if !ok {
		return err
	}
	var invalid *blog.Invalid
	if errors.As(err, &invalid) && invalid.Field != "text" {
		problems = templates.Problems{"text": page.Problem(invalid)}
	}
	_, query, _ := strings.Cut(back, "?")
	asked, _ := url.ParseQuery(query) // what cannot be read is the whole list
	return s.showComments(w, r, me, http.StatusUnprocessableEntity, asked, &answer{
		comment: id, edit: r.PostFormValue("do") == "edit", text: r.PostFormValue("text"), warning: r.PostFormValue("warning"),
		problems: problems,
	})
}
