package studio

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/markup"
	"kabar/web/page"
	"kabar/web/templates"
)

// contextShown is how many comments above one are shown with it.
const contextShown = 20

// comment shows one comment with all that is known of it.
func (s *Studio) comment(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	c, err := s.namedComment(r, me)
	if err != nil {
		return err
	}
	edit := r.URL.Query().Has("edit")
	var open *answer
	if edit || r.URL.Query().Has("reply") {
		open = s.openAnswer(c, me, edit)
	}
	return s.showComment(w, r, me, http.StatusOK, c, open)
}

// namedComment is the comment of the address, if the account may see it.
func (s *Studio) namedComment(r *http.Request, me blog.Account) (blog.Comment, error) {
	id, err := uuid.Parse(mux.Vars(r)["id"])
	if err != nil {
		return blog.Comment{}, blog.ErrNotFound
	}
	return s.commentFor(r.Context(), me, id)
}

func (s *Studio) showComment(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, c blog.Comment, open *answer,
) error {
	ctx := r.Context()
	f, of, err := s.frame(r, me, "nav.comments")
	if err != nil {
		return err
	}
	f.Head.Title = f.T("inbox.by", c.Actor.Label())
	if open != nil && open.said != nil {
		f.Flash = open.said
	}
	p := &templates.StudioCommentPage{Frame: f, Studio: of, Here: templates.StudioCommentPath(c.ID.String())}
	rows, err := s.inboxRows(ctx, f, me, []blog.Comment{c}, p.Here, open)
	if err != nil {
		return err
	}
	p.Row = rows[0]
	p.Row.Alone = true
	if p.Above, err = s.above(ctx, f, me, c); err != nil {
		return err
	}
	if me.MayAll(blog.ModerateComments) {
		if err := s.fillBackground(ctx, p, me, c); err != nil {
			return fmt.Errorf("studio: comment: %w", err)
		}
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// above are the comments that one answers, the outermost first, as far as the
// account may see them.
func (s *Studio) above(ctx context.Context, f templates.Frame, me blog.Account, c blog.Comment) ([]templates.CommentRow, error) {
	found, err := s.Store.CommentsAbove(ctx, c.ID, contextShown)
	if err != nil {
		return nil, fmt.Errorf("studio: comment: %w", err)
	}
	if !me.MayAll(blog.ModerateComments) {
		found = slices.DeleteFunc(found, func(c blog.Comment) bool { return !c.Shown() })
	}
	slices.Reverse(found)
	return s.commentRows(ctx, f, me, found)
}

// fillBackground adds what only moderators see.
func (s *Studio) fillBackground(ctx context.Context, p *templates.StudioCommentPage, me blog.Account, c blog.Comment) (err error) {
	if p.History, err = s.history(ctx, p.UILang(), c); err != nil {
		return err
	}
	if p.Versions, err = s.versions(ctx, c); err != nil {
		return err
	}
	if c.ByAuthor() {
		return nil
	}
	blocks, err := s.Page.Blog.Blocks(ctx)
	if err != nil {
		return err
	}
	if p.Person, err = s.personRecord(ctx, blocks, c.Actor); err != nil {
		return err
	}
	p.Person.Decide = p.Row.About("person")
	if p.Server, err = s.serverRecord(ctx, blocks, c.Actor); err == nil && p.Server != nil {
		p.Server.Decide = p.Row.About("server")
	}
	return err
}

// history is what became of a comment, the newest first.
func (s *Studio) history(ctx context.Context, lang string, c blog.Comment) ([]templates.CommentEvent, error) {
	events, err := s.Page.Blog.CommentHistory(ctx, c.ID)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	accounts, err := s.Page.Blog.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	list := make([]templates.CommentEvent, len(events))
	for i, e := range events {
		list[i] = templates.CommentEvent{At: e.At, By: names[e.AccountID], Said: happened(lang, e), Reasons: grounds(e.Reasons)}
	}
	if last := events[len(events)-1]; last.Batch != uuid.Nil {
		list[len(list)-1].Undo = last.Batch.String()
	}
	slices.Reverse(list)
	return list, nil
}

// happened says what a change was.
func happened(lang string, e blog.CommentEvent) i18n.Message {
	switch {
	case e.Undoes != uuid.Nil:
		return i18n.M("history.undone", i18n.T(lang, "history."+string(e.State)))
	case e.Was == "":
		return i18n.M("history.came." + string(e.State))
	}
	return i18n.M("history." + string(e.State))
}

// grounds are the reasons of a change, without the rule that somebody decided
// it: their name stands there.
func grounds(list []blog.Reason) []i18n.Message {
	return reasons(slices.DeleteFunc(slices.Clone(list), func(r blog.Reason) bool { return r.Rule == blog.RuleModerator }))
}

func (s *Studio) versions(ctx context.Context, c blog.Comment) ([]templates.CommentVersion, error) {
	found, err := s.Page.Blog.CommentVersions(ctx, c.ID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var addresses []string
	for _, v := range found {
		for _, a := range v.Attachments {
			addresses = append(addresses, a.URL)
		}
	}
	files, err := s.Page.Blog.RemoteFiles(ctx, addresses)
	if err != nil {
		return nil, err
	}
	list := make([]templates.CommentVersion, len(found))
	for i, v := range found {
		list[i] = templates.CommentVersion{
			Number: v.Number, At: v.At, Language: v.Language, Warning: v.Warning,
			ContentHTML: template.HTML(markup.Emojify(v.HTML, nil).String()), // markup.Safe
		}
		for _, a := range v.Attachments {
			list[i].Attachments = append(list[i].Attachments, s.Page.Attachment(a, c, files))
		}
	}
	return list, nil
}

// personRecord is what somebody did here so far.
func (s *Studio) personRecord(ctx context.Context, blocks []blog.Block, a blog.Actor) (*templates.RecordBox, error) {
	r, err := s.Store.ActorRecord(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	box := recordBox(r)
	box.Name, box.People = a.Label(), 0
	if a.Acct() != "" {
		box.Handle = "@" + a.Acct()
	}
	box.All = templates.StudioCommentsPath + "?" + url.Values{"actor": {a.ID.String()}}.Encode()
	if rule, _ := blog.RulesAbout(blocks, a); rule != nil && a.Kind == blog.Remote {
		box.Rule = string(rule.Severity)
	}
	return box, nil
}

// serverRecord is what the people of somebody's server did here so far; nil for
// who has none.
func (s *Studio) serverRecord(ctx context.Context, blocks []blog.Block, a blog.Actor) (*templates.RecordBox, error) {
	host := serverOf(a)
	if host == "" {
		return nil, nil
	}
	r, err := s.Store.ServerRecord(ctx, host)
	if err != nil {
		return nil, err
	}
	box := recordBox(r)
	box.Name, box.Software = host, a.Software
	box.All = templates.StudioCommentsPath + "?" + url.Values{"server": {host}}.Encode()
	if _, rule := blog.RulesAbout(blocks, a); rule != nil {
		box.Rule = string(rule.Severity)
	}
	return box, nil
}

func recordBox(r blog.Record) *templates.RecordBox {
	return &templates.RecordBox{
		First: r.First, Shown: r.States[blog.Visible], Waiting: r.States[blog.Waiting], Hidden: r.States[blog.Hidden],
		Spam: r.States[blog.Spam], Deleted: r.States[blog.CommentDeleted],
		People: r.People, Followers: r.Followers, Reports: r.Reports,
	}
}

// people answers with those who may be mentioned: they follow or wrote here.
func (s *Studio) people(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	const most = 8
	text := r.URL.Query().Get("q")
	if text == "" || len(text) > 100 {
		return page.JSON(w, []mentionable{})
	}
	found, err := s.Store.KnownPeople(r.Context(), text, most)
	if err != nil {
		return fmt.Errorf("studio: people: %w", err)
	}
	list := make([]mentionable, len(found))
	for i, a := range found {
		list[i] = mentionable{Handle: "@" + a.Acct(), Name: a.Label(), Avatar: person(a).Avatar}
	}
	return page.JSON(w, list)
}

// mentionable is somebody whose handle can be put into a text.
type mentionable struct {
	Handle string `json:"handle"`
	Name   string `json:"name"`
	Avatar string `json:"avatar,omitempty"`
}
