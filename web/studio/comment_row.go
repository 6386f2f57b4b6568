package studio

import (
	"context"
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/markup"
	"kabar/web/templates"
)

// rows turns comments into rows. What these need besides is read once for all
// of them.
type rows struct {
	*Studio
	frame    templates.Frame
	me       blog.Account
	back     string // path and query of the page
	articles map[uuid.UUID]blog.Article
	parents  map[uuid.UUID]blog.Comment
	visitors map[uuid.UUID]blog.Visitor
	ours     map[uuid.UUID]map[string]bool // what the blog likes and boosts
	files    map[string]blog.RemoteFile
}

// commentRows are rows to read.
func (s *Studio) commentRows(
	ctx context.Context, f templates.Frame, me blog.Account, comments []blog.Comment,
) ([]templates.CommentRow, error) {
	return s.inboxRows(ctx, f, me, comments, templates.StudioCommentsPath, nil)
}

// inboxRows are rows to act on, with a form open in one of them, unless open is
// nil.
func (s *Studio) inboxRows(
	ctx context.Context, f templates.Frame, me blog.Account, comments []blog.Comment, back string, open *answer,
) ([]templates.CommentRow, error) {
	m := &rows{Studio: s, frame: f, me: me, back: back}
	if err := m.load(ctx, comments); err != nil {
		return nil, fmt.Errorf("studio: comments: %w", err)
	}
	list := make([]templates.CommentRow, len(comments))
	for i, c := range comments {
		list[i] = m.row(c)
		if i+1 < len(comments) {
			list[i].Next = comments[i+1].ID.String()
		}
		if open == nil || open.comment.ID != c.ID {
			continue
		}
		form, err := s.replyForm(ctx, f, c, open, back)
		if err != nil {
			return nil, err
		}
		list[i].Form = form
	}
	return list, nil
}

func (m *rows) load(ctx context.Context, comments []blog.Comment) (err error) {
	ids, articles, parents := idSet{}, idSet{}, idSet{}
	visitors, files := idSet{}, map[string]bool{}
	for _, c := range comments {
		ids.add(c.ID)
		articles.add(c.ArticleID)
		parents.add(c.ParentID)
		if c.FromWeb() && m.me.MayAll(blog.ModerateComments) {
			visitors.add(c.Actor.ID)
		}
		for _, address := range c.RemoteAddresses() {
			files[address] = true
		}
	}
	if m.articles, err = m.Store.ArticleHeads(ctx, articles.list()); err != nil {
		return err
	}
	if m.parents, err = m.Store.CommentsByID(ctx, parents.list()); err != nil {
		return err
	}
	if m.visitors, err = m.Store.Visitors(ctx, visitors.list()); err != nil {
		return err
	}
	if m.ours, err = m.Page.Blog.OurReactions(ctx, ids.list()); err != nil {
		return err
	}
	m.files, err = m.Page.Blog.RemoteFiles(ctx, slices.Collect(maps.Keys(files)))
	return err
}

// idSet holds each id once.
type idSet map[uuid.UUID]bool

func (s idSet) add(id uuid.UUID) {
	if id != uuid.Nil {
		s[id] = true
	}
}

func (s idSet) list() []uuid.UUID { return slices.Collect(maps.Keys(s)) }

func (m *rows) row(c blog.Comment) templates.CommentRow {
	pictures := blog.EmojiPictures(c.Emojis, m.files)
	row := templates.CommentRow{
		ID: c.ID.String(), Author: m.person(c.Actor), Actor: c.Actor.ID.String(), FromWeb: c.FromWeb(), ByAuthor: c.ByAuthor(),
		Language: c.Language, Published: c.Published, Edited: c.Edited, Warning: c.Warning, Poll: c.Type == "Question",
		Quote: c.Quotes != "", Mention: c.Mention, Audience: audience(c.Visibility), Standing: standing(c), Back: m.back,
		ContentHTML: template.HTML(markup.Emojify(c.HTML, pictures).String()), // markup.Safe
	}
	if c.Warning != "" {
		row.WarningHTML = template.HTML(markup.EmojifyName(c.Warning, pictures).String()) // markup.Safe
	}
	switch {
	case c.FromWeb():
		visitor := m.visitors[c.Actor.ID]
		row.Website, row.Email = webAddress(c.Actor.URL), visitor.Email
	case !c.Local:
		row.Server, row.Remote, row.Software = serverOf(c.Actor), webAddress(c.URL), c.Actor.Software
	}
	for _, a := range c.Attachments {
		if file := m.Page.Attachment(a, c, m.files); file.URL != "" {
			row.Attachments = append(row.Attachments, file)
		}
	}
	row.Reasons = reasons(c.Reasons)
	m.place(&row, c)
	m.allow(&row, c)
	return row
}

// place says where a comment stands.
func (m *rows) place(row *templates.CommentRow, c blog.Comment) {
	if parent, ok := m.parents[c.ParentID]; ok {
		row.AnswersTo = parent.Actor.Label()
		if m.me.MayAll(blog.ModerateComments) || parent.Shown() {
			row.AnswersURL = templates.StudioCommentPath(parent.ID.String())
		}
	}
	a, ok := m.articles[c.ArticleID]
	if !ok {
		return
	}
	row.Article = templates.Link{Text: articleTitle(a), URL: pagePath(a)}
	if c.Shown() && a.Status == blog.Published {
		row.URL = pagePath(a) + blog.CommentPlace(c.ID)
	}
}

// allow says what the account may do with a comment.
func (m *rows) allow(row *templates.CommentRow, c blog.Comment) {
	moderates := m.me.MayAll(blog.ModerateComments)
	gone := c.State == blog.CommentDeleted
	row.MayChange = c.ByAuthor() && !gone && m.me.May(blog.ChangeReply, c.AccountID)
	row.MayAnswer = m.mayAnswer(c)
	row.MayReact = !c.Local && c.State == blog.Visible
	row.MayBoost = row.MayReact && c.Shown()
	row.Liked, row.Boosted = m.ours[c.ID]["like"], m.ours[c.ID]["boost"]
	if !moderates {
		return
	}
	row.Restorable = gone && c.HTML.String() != ""
	row.MayDecide = !c.ByAuthor()
	row.MayReport = !c.Local && !gone
	row.Verdicts, row.More = verdictButtons(c)
}

// mayAnswer reports whether an answer has a place: where the comment is shown,
// or where who moderates can show it with the same click.
func (m *rows) mayAnswer(c blog.Comment) bool {
	if _, err := blog.ReplyPlace(c); err != nil {
		return false
	}
	if a, ok := m.articles[c.ArticleID]; ok && a.Status != blog.Published && !c.Private() {
		return false
	}
	return c.State == blog.Visible || m.me.MayAll(blog.ModerateComments) && !c.Private()
}

// verdictButtons are those that change something: the frequent ones, and the
// rest. Answers of ours are deleted by their own form.
func verdictButtons(c blog.Comment) (first, more []templates.Button) {
	if c.State == blog.CommentDeleted {
		return nil, nil
	}
	if c.State != blog.Visible {
		first = append(first, templates.Button{Do: "approve", Icon: "check", Label: "comment.approve"})
	}
	if c.State != blog.Hidden {
		first = append(first, templates.Button{Do: "hide", Icon: "eye", Label: "comment.hide"})
	}
	if c.ByAuthor() {
		return first, nil
	}
	if c.State != blog.Spam {
		first = append(first, templates.Button{Do: "spam", Icon: "shield", Label: "comment.spam"})
	}
	if c.State != blog.Waiting {
		more = append(more, templates.Button{Do: "wait", Icon: "clock", Label: "inbox.wait"})
	}
	return first, append(more, templates.Button{Do: "delete", Icon: "close", Label: "comment.delete", Danger: true})
}

// person is who wrote a comment, with the emoji of the name.
func (m *rows) person(a blog.Actor) templates.Person {
	if a.Kind != blog.Remote && a.Kind != blog.VisitorActor {
		return author(m.frame, a)
	}
	p := person(a)
	if pictures := blog.EmojiPictures(a.Emojis, m.files); len(pictures) > 0 {
		p.NameHTML = template.HTML(markup.EmojifyName(a.Label(), pictures).String()) // markup.Safe
	}
	if a.Kind == blog.VisitorActor {
		p.Handle = ""
	}
	return p
}

// serverOf is the host that somebody's id is on.
func serverOf(a blog.Actor) string {
	u, err := url.Parse(a.URI)
	if err != nil || a.Kind != blog.Remote {
		return ""
	}
	return u.Host
}

// reasons are the grounds of a verdict in words.
func reasons(list []blog.Reason) []i18n.Message {
	var said []i18n.Message
	for _, r := range list {
		key := "reason." + r.Rule
		switch {
		case !i18n.Has(i18n.Default, key):
			said = append(said, i18n.M("inbox.rule", r.Rule))
		case i18n.Takes(key):
			said = append(said, i18n.M(key, r.Detail))
		default:
			said = append(said, i18n.M(key))
		}
	}
	return said
}

// standing is what became of a comment, in the words of the page.
func standing(c blog.Comment) templates.Standing {
	switch c.State {
	case blog.Waiting:
		return templates.StandingPending
	case blog.Hidden:
		return templates.StandingHidden
	case blog.Spam:
		return templates.StandingSpam
	case blog.CommentDeleted:
		if c.Judged() {
			return templates.StandingRemoved
		}
		return templates.StandingDeleted
	}
	switch {
	case !c.Shown():
		return templates.StandingNone // for its audience, which is said beside
	case c.ArticleID == uuid.Nil && c.Mention:
		return templates.StandingNone // it stands elsewhere
	case c.ArticleID == uuid.Nil:
		return templates.StandingUnattached
	}
	return templates.StandingApproved
}

func audience(v blog.Visibility) templates.Audience {
	switch v {
	case blog.Followers:
		return templates.AudienceFollowers
	case blog.Direct:
		return templates.AudienceDirect
	}
	return templates.AudiencePublic
}
