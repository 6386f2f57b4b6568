package templates

import (
	"html/template"
	"net/url"
	"time"

	"kabar/internal/i18n"
)

// CommentPath is the address of a comment of its own: it leads to its place.
const CommentPath = "/-/comments/"

// LeavePath asks and takes what a mail to a visitor links to; the token is in
// "token".
const LeavePath = "/-/leave"

// ConfirmPath takes the yes to such mails.
const ConfirmPath = "/-/confirm"

// RespondPath is the page of the form under the article with this id.
func RespondPath(article string) string { return "/-/respond/" + url.PathEscape(article) }

// RespondToPath is the page of the form for an answer to a comment.
func RespondToPath(article, comment string) string {
	return RespondPath(article) + "?to=" + url.QueryEscape(comment) + "#respond"
}

// Respond is what stands below a conversation for visitors of the web: the
// form, or why there is none. The names of its fields are name, email, website,
// text, notify, remember; to, stamp and subject (which stays empty).
type Respond struct {
	Article   string // id
	ObjectURL string // what "reply from your server" looks up
	Cancel    string // address of the article, on the form's own page; else ""
	Closed    bool   // nobody may comment
	ClosedOn  time.Time
	Web       bool // visitors of the web may
	Hold      bool // and wait for a moderator at first
	Mail      bool // answers can be told by mail
	Stamp     string
	To        *RespondTo // the comment answered; nil = the article
	Form      RespondForm
	Problems  Problems
	Waiting   bool      // what was just sent waits for a moderator
	Held      []Comment // of this browser, that only it sees
}

// RespondTo is the comment that a visitor answers.
type RespondTo struct {
	ID, Name, URL string
}

// RespondForm is what was typed.
type RespondForm struct {
	Name, Email, Website, Text string
	Notify, Remember           bool
}

// RespondPage is the form on its own page, with what it answers and what the
// text will look like.
type RespondPage struct {
	Frame
	Article     Link
	To          *Comment // nil = the article
	Respond     Respond
	PreviewHTML template.HTML
}

// LeavePage asks whether a visitor wants mails (Confirm) or no more of them,
// and says what became of it.
type LeavePage struct {
	Frame
	Confirm bool
	Token   string
	Article Link
	Done    bool
}

func (*RespondPage) file() string { return "site/respond" }
func (*LeavePage) file() string   { return "site/leave" }

// FieldProblem is a wrong field in the summary above a form.
type FieldProblem struct{ Field, Label, Text string }

// respondFields are the fields of the form in their order.
var respondFields = []string{"name", "email", "website", "text"}

// RespondProblems are the wrong fields of the form, in its order.
func (f Frame) RespondProblems(all Problems) []FieldProblem {
	var list []FieldProblem
	for _, field := range respondFields {
		if text := problemText(f, all, field); text != "" {
			list = append(list, FieldProblem{field, i18n.T(f.UILang(), "respond."+field), text})
		}
	}
	return list
}
