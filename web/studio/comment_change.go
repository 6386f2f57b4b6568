package studio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// verdicts are the buttons of moderation: the state they give, and what is
// said then, about one and about many.
var verdicts = map[string]struct {
	verdict    blog.Verdict
	state      blog.State
	said, many string
}{
	"approve": {blog.Approve, blog.Visible, "flash.approved", "flash.bulk-approved"},
	"hide":    {blog.Hide, blog.Hidden, "flash.hidden", "flash.bulk-hidden"},
	"spam":    {blog.MarkSpam, blog.Spam, "flash.spam", "flash.bulk-spam"},
	"wait":    {blog.Hold, blog.Waiting, "flash.waits", "flash.bulk-waits"},
	"delete":  {blog.Remove, blog.CommentDeleted, "flash.comment-deleted", "flash.bulk-deleted"},
}

// change is a pressed button of one comment.
type change struct {
	me      blog.Account
	comment blog.Comment
	do      string
	back    string // the page to return to
	next    string // id of the row below
}

// changeComment does what the pressed button of a row says, and goes back to
// the list.
func (s *Studio) changeComment(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	done, err := parseReply(w, r)
	if err != nil {
		return err
	}
	defer done()
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.ErrNotFound
	}
	c, err := s.commentFor(r.Context(), me, id)
	if err != nil {
		return err
	}
	ch := change{
		me: me, comment: c, do: r.PostFormValue("do"),
		back: page.LocalPath(r.PostFormValue("back"), templates.StudioCommentsPath), next: r.PostFormValue("next"),
	}
	_, verdict := verdicts[ch.do]
	switch {
	case verdict && !(ch.do == "delete" && c.ByAuthor()):
		return s.decideOne(w, r, ch)
	case reactions[ch.do].said != "":
		return s.react(w, r, ch)
	}
	return s.changeReply(w, r, ch)
}

// decideOne gives one comment a state.
func (s *Studio) decideOne(w http.ResponseWriter, r *http.Request, ch change) error {
	if !ch.me.MayAll(blog.ModerateComments) {
		return blog.ErrForbidden
	}
	if ch.comment.State == blog.CommentDeleted {
		return blog.ErrGone
	}
	v := verdicts[ch.do]
	what := blog.Selection{Comments: []uuid.UUID{ch.comment.ID}}
	done, err := s.Page.Blog.ModerateAll(r.Context(), ch.me.ID, what, v.verdict)
	if err != nil {
		return err
	}
	s.sayDone(r, done, ch.back+ch.anchor(ch.comment.State), v.said)
	return page.SeeOther(w, r, ch.back+ch.anchor(v.state))
}

// sayDone tells of a decision, with the way to take it back if there is one.
func (s *Studio) sayDone(r *http.Request, done blog.Moderated, back, key string, args ...any) {
	switch {
	case len(done.Comments) == 0:
		s.Page.Notify(r, templates.NoticeWarn, "flash.unchanged")
	case done.Batch == uuid.Nil:
		s.Page.Notify(r, templates.NoticeGood, key, args...)
	default:
		s.Page.NotifyUndo(r, &templates.Undo{Batch: done.Batch.String(), Back: back}, key, args...)
	}
}

// anchor is the place of the row, or of the one below if the list no longer has
// it in this state.
func (ch change) anchor(state blog.State) string {
	here := "#c-" + ch.comment.ID.String()
	u, err := url.Parse(ch.back)
	if err != nil || u.Path != templates.StudioCommentsPath {
		return here
	}
	states := inboxFilter(ch.me, u.Query().Get("show")).States
	if state == blog.CommentDeleted && len(states) == 0 || len(states) > 0 && !slices.Contains(states, state) {
		if _, err := uuid.Parse(ch.next); err == nil {
			return "#c-" + ch.next
		}
		return "#list"
	}
	return here
}

// reactions are the buttons to like and boost.
var reactions = map[string]struct {
	kind string
	undo bool
	said string
}{
	"like":    {"like", false, "flash.liked"},
	"unlike":  {"like", true, "flash.unliked"},
	"boost":   {"boost", false, "flash.boosted"},
	"unboost": {"boost", true, "flash.unboosted"},
}

func (s *Studio) react(w http.ResponseWriter, r *http.Request, ch change) error {
	button, on := reactions[ch.do], blog.Subject{Comment: ch.comment.ID}
	do := s.Page.Blog.React
	if button.undo {
		do = s.Page.Blog.Unreact
	}
	kind, said := templates.NoticeGood, i18n.M(button.said)
	if err := do(r.Context(), ch.me.ID, on, button.kind); err != nil {
		var invalid *blog.Invalid
		if !errors.As(err, &invalid) {
			return err
		}
		kind, said = templates.NoticeBad, page.Problem(invalid)
	}
	s.Page.Notify(r, kind, said.Key, said.Args...)
	return page.SeeOther(w, r, ch.back+"#c-"+ch.comment.ID.String())
}

// changeReply writes, edits or deletes an answer, or shows its form again.
func (s *Studio) changeReply(w http.ResponseWriter, r *http.Request, ch change) error {
	edits := ch.do == "edit" || ch.do == "delete" || r.PostFormValue("editing") != ""
	if edits && !(ch.comment.ByAuthor() && ch.me.May(blog.ChangeReply, ch.comment.AccountID)) {
		return blog.ErrForbidden
	}
	if ch.do == "delete" {
		if err := s.Page.Blog.DeleteReply(r.Context(), ch.me.ID, ch.comment.ID); err != nil {
			return err
		}
		s.Page.Notify(r, templates.NoticeGood, "flash.reply-deleted")
		return page.SeeOther(w, r, ch.back+ch.anchor(blog.CommentDeleted))
	}
	a, err := s.readAnswer(r, ch.me, ch.comment)
	if err != nil {
		return s.answerProblem(w, r, ch, a, err)
	}
	switch {
	case ch.do == "preview":
		seen, err := s.look(r.Context(), a)
		if err != nil {
			return s.answerProblem(w, r, ch, a, err)
		}
		a.preview, a.said = &seen, &templates.Notice{Kind: templates.NoticeGood, Text: i18n.M("flash.reply-preview")}
		return s.showAnswer(w, r, ch, a, http.StatusOK)
	case ch.do == "attach" || strings.HasPrefix(ch.do, "drop:"):
		return s.showAnswer(w, r, ch, a, http.StatusOK)
	}
	place, said, err := s.writeAnswer(r.Context(), ch, a)
	if err != nil {
		return s.answerProblem(w, r, ch, a, err)
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return page.SeeOther(w, r, ch.back+"#c-"+place.String())
}

// writeAnswer does what the button says and returns the comment to show then.
func (s *Studio) writeAnswer(ctx context.Context, ch change, a *answer) (place uuid.UUID, said string, err error) {
	place = ch.comment.ID
	switch ch.do {
	case "edit":
		_, err = s.Page.Blog.EditReply(ctx, ch.me.ID, place, a.reply)
		return place, "flash.reply-edited", err
	case "approve-reply":
		if err := s.approveFor(ctx, ch, a); err != nil {
			return place, "", err
		}
		said = "flash.replied-approved"
	case "reply":
		said = "flash.replied"
		if ch.comment.Private() {
			said = "flash.replied-private"
		} else if ch.comment.Mention {
			said = "flash.replied-mention"
		}
	default:
		return place, "", page.Status(http.StatusBadRequest)
	}
	_, err = s.Page.Blog.Reply(ctx, ch.me.ID, a.reply)
	return place, said, err
}

// approveFor shows a comment for an answer to it, once that has been found
// good.
func (s *Studio) approveFor(ctx context.Context, ch change, a *answer) error {
	if !ch.me.MayAll(blog.ModerateComments) {
		return blog.ErrForbidden
	}
	if _, err := s.look(ctx, a); err != nil {
		return err
	}
	_, err := s.Page.Blog.ModerateAll(ctx, ch.me.ID, blog.Selection{Comments: []uuid.UUID{ch.comment.ID}}, blog.Approve)
	return err
}

// answerProblem shows the form again with what was typed, if the error is about
// that.
func (s *Studio) answerProblem(w http.ResponseWriter, r *http.Request, ch change, a *answer, err error) error {
	problems, ok := page.Problems(err)
	if !ok {
		return err
	}
	a.refuse(problems)
	a.said = flashProblems()
	return s.showAnswer(w, r, ch, a, http.StatusUnprocessableEntity)
}

// showAnswer shows the page that the form came from, with the form open.
func (s *Studio) showAnswer(w http.ResponseWriter, r *http.Request, ch change, a *answer, status int) error {
	u, err := url.Parse(ch.back)
	if err == nil && u.Path == templates.StudioCommentPath(ch.comment.ID.String()) {
		return s.showComment(w, r, ch.me, status, ch.comment, a)
	}
	asked := url.Values{}
	if err == nil && u.Path == templates.StudioCommentsPath {
		asked = u.Query()
	}
	return s.showComments(w, r, ch.me, status, asked, a)
}
