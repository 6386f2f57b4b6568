package templates

import (
	"html/template"
	"net/url"
	"time"

	"kabar/internal/i18n"
)

// StudioCommentsPage is the inbox. Ticked rows post to StudioCommentsPath with
// "id", repeated, and a verdict as "do": approve, wait, hide, spam or delete.
// Each row posts the same to its own Place, and like, boost, unlike, unboost
// as well. "back" is Here, and "next" the id of the row below.
type StudioCommentsPage struct {
	Frame
	Studio
	Filters     []Filter
	Filter      string      // the current one, sent along with a search; empty for all
	Only        []Narrowing // what else the list is narrowed to
	Here        string      // path and query of this page
	Query       string      // field "q"
	Rows        []CommentRow
	Paging      Paging
	Looked      int // the page ends because so many were looked through; 0 = it does not
	MayModerate bool
}

// Narrowing is something that all comments of a list have in common: they are
// from one person, or below one article.
type Narrowing struct {
	Name, Value string // of the query
	Label       i18n.Message
	Text        string // whom or what it is about
	URL         string // where that is; may be empty
	Off         string // address of the list without it
}

// CommentRow is a comment in a list of the Studio.
type CommentRow struct {
	ID          string
	Next        string // id of the row below; empty for the last
	Author      Person
	FromWeb     bool   // by a visitor of our own pages
	Website     string // of such a visitor; may be empty
	Email       string // of such a visitor, for moderators alone
	Actor       string // our id of the author
	Server      string // of the author, as the list is narrowed to it; empty for ours
	Article     Link   // title and page; zero for one that hangs on nothing
	URL         string // anchor on the public page; empty when not shown there
	Remote      string // address on its own server
	Software    string // of its server; may be empty
	Language    string
	Published   time.Time
	Edited      time.Time
	Warning     string
	WarningHTML template.HTML // the same with custom emoji
	ContentHTML template.HTML
	Attachments []Attachment
	Poll        bool
	Quote       bool // it quotes what it answers or stands below
	Standing    Standing
	Audience    Audience
	Mention     bool // said elsewhere
	ByAuthor    bool
	AnswersTo   string // name of whom it answers; may be empty
	AnswersURL  string // page of that comment
	Reasons     []i18n.Message
	Verdicts    []Button // what a moderator may decide at once
	More        []Button // and what stands in the menu
	MayAnswer   bool
	MayReact    bool
	MayBoost    bool
	Liked       bool // by the blog
	Boosted     bool
	MayChange   bool // ours, and this account's to edit and delete
	MayDecide   bool // about its author and server as a whole
	MayReport   bool
	Restorable  bool // deleted by a moderator, which can be taken back on its page
	Back        string
	Form        *ReplyForm // stands open
	Alone       bool       // it stands on its own page
}

// Place is the page of the comment in the Studio.
func (r CommentRow) Place() string { return StudioCommentPath(r.ID) }

// About is the page to decide about the author ("person") or server ("server")
// of the comment, or to report it ("report").
func (r CommentRow) About(what string) string {
	return r.Place() + "/" + what + "?" + url.Values{"back": {r.Back}}.Encode()
}

// Open is the list with a form of the row open: "reply" or "edit".
func (r CommentRow) Open(form string) string {
	path, query := r.Back, url.Values{}
	if u, err := url.Parse(r.Back); err == nil {
		path, query = u.Path, u.Query()
	}
	query.Del("reply")
	query.Del("edit")
	query.Set(form, r.ID)
	return path + "?" + query.Encode() + "#form-" + r.ID
}

// Button is a button of a form: the value that it sends as "do", and how it
// looks.
type Button struct {
	Do, Icon, Label string
	Danger          bool
}

// ReplyForm is the form to answer a comment, or to edit an answer of ours. It
// posts to the comment's Place with "text", "warning", "language", "file" and,
// for each picture there is, "media" and "alt"; "do" is reply, approve-reply
// or edit, else preview, attach or "drop:" and the name of a picture, which
// show it again.
type ReplyForm struct {
	ID            string // of the comment
	Edit          bool
	Approve       bool // it waits: the answer shows it
	Private       bool // only Only will see it
	Only          string
	Back          string
	Text, Warning string
	Languages     []Choice
	Pictures      []ReplyPicture
	Room          int // for how many more pictures there is room
	Preview       *ReplyPreview
	Problems      Problems // fields "text", "warning", "language" and "attachments"
}

// ReplyPicture is a picture of an answer.
type ReplyPicture struct {
	Image
	Name string // in the media store
}

// ReplyPreview is what an answer will look like.
type ReplyPreview struct {
	HTML     template.HTML
	Warning  string
	Language string
}

// Standing is what moderation says about a comment.
type Standing string

// The standings of a comment.
const (
	StandingNone       Standing = "" // not for readers anyway
	StandingApproved   Standing = "approved"
	StandingPending    Standing = "pending"
	StandingHidden     Standing = "hidden"
	StandingSpam       Standing = "spam"
	StandingDeleted    Standing = "deleted"    // by its author
	StandingRemoved    Standing = "removed"    // by a moderator
	StandingUnattached Standing = "unattached" // its parent cannot be had
)

// Audience is to whom a comment was addressed. Only public ones stand on
// pages; the others are seen in the Studio alone.
type Audience string

// The audiences of a comment.
const (
	AudiencePublic    Audience = "public"
	AudienceFollowers Audience = "followers"
	AudienceDirect    Audience = "direct"
)

// StudioCommentPage is one comment with all that is known of it.
type StudioCommentPage struct {
	Frame
	Studio
	Row      CommentRow
	Above    []CommentRow // what it answers, the outermost first
	History  []CommentEvent
	Versions []CommentVersion // before its edits, newest first
	Person   *RecordBox       // nil for ours
	Server   *RecordBox       // nil for ours and for visitors
	Here     string
}

// CommentEvent is one change of a comment's state.
type CommentEvent struct {
	At      time.Time
	By      string // name of the account; empty: a rule, the author or the command line
	Said    i18n.Message
	Reasons []i18n.Message
	Undo    string // the batch that can be taken back; empty for none
}

// CommentVersion is what a comment said before an edit.
type CommentVersion struct {
	Number      int
	At          time.Time
	Language    string
	Warning     string
	ContentHTML template.HTML
	Attachments []Attachment
}

// RecordBox is what a person or server did here so far.
type RecordBox struct {
	Name                                  string
	Handle                                string // of a person
	Software                              string // of a server; may be empty
	First                                 time.Time
	Shown, Waiting, Hidden, Spam, Deleted int
	People, Followers, Reports            int
	Rule                                  string // block, silence or allow; empty for none
	All                                   string // the list of their comments; empty where it is shown
	Decide                                string // page to decide about them; empty for who may not
}

// DecidePage decides about everything of a person or a server, or reports a
// comment. It posts to its own address with "do" (one of Choices), "reason",
// "past" and "back", or with "text" and "forward".
type DecidePage struct {
	Frame
	Studio
	About    string // person, server or report
	Row      CommentRow
	Record   *RecordBox // nil for a report
	Choices  []DecideChoice
	Action   string // where it posts to
	Reason   string
	Past     bool
	Forward  bool
	MayBlock bool
	Problems Problems // "do", "reason" and "text"
}

// DecideChoice is one thing that can be decided.
type DecideChoice struct {
	Do       string
	Label    i18n.Message
	Help     i18n.Message
	Selected bool
}

// StudioCommentPath is the page of a comment in the Studio.
func StudioCommentPath(id string) string { return StudioCommentsPath + "/" + url.PathEscape(id) }

// Addresses of the inbox beside StudioCommentsPath.
const (
	// StudioUndoPath takes a decision back: POST with "batch" and "back".
	StudioUndoPath = "/studio/comments/undo"
	// StudioPeoplePath answers with people to mention, as JSON, for "q".
	StudioPeoplePath = "/studio/people"
)

func (*StudioCommentsPage) file() string { return "studio/comments" }
func (*StudioCommentPage) file() string  { return "studio/comment" }
func (*DecidePage) file() string         { return "studio/comment_decide" }

// newReply are the fields of a form in the frame of its page.
func newReply(f Frame, form *ReplyForm) replyData { return replyData{f, form} }

type replyData struct {
	Frame
	*ReplyForm
}

// Field is the id of a field of this form.
func (r replyData) Field(name string) string { return name + "-" + r.ID }

// Problem is what is wrong with a field, under an id of its own.
func (r replyData) Problem(field string) problemData {
	return problemData{ID: r.Field(field) + "-problem", Text: problemText(r.Frame, r.Problems, field)}
}
