package mail

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
)

// Letter is what stands in a mail, in the language of who gets it. All texts
// are plain.
type Letter struct {
	Language string // id or en
	Blog     string // the title of the blog
	Subject  string
	Intro    string // may be ""
	Entries  []Entry
	More     *Link  // below them, drawn as a button
	Reason   string // why it is sent, for the foot
	// Leave is the address that ends such mails: a page on GET, and the end of
	// them on POST (RFC 8058). "" = there is none.
	Leave string
}

// Entry is one thing that a letter tells.
type Entry struct {
	Title string
	Text  string // may be ""
	URL   string // may be ""
	// Language is that of the title and the text, "" = the letter's.
	Language string
}

// Link is an address with its text.
type Link struct{ Text, URL string }

//go:embed letter.txt letter.html
var files embed.FS

var (
	plain = template.Must(template.ParseFS(files, "letter.txt"))
	rich  = htmltemplate.Must(htmltemplate.ParseFS(files, "letter.html"))
)

// Mail makes the job that sends the letter to one address. A job with the same
// id is the same letter.
func (l Letter) Mail(id uuid.UUID, to string) (blog.Mail, error) {
	var text, html strings.Builder
	if err := plain.ExecuteTemplate(&text, "letter.txt", l); err != nil {
		return blog.Mail{}, fmt.Errorf("write letter: %w", err)
	}
	if err := rich.ExecuteTemplate(&html, "letter.html", l); err != nil {
		return blog.Mail{}, fmt.Errorf("write letter: %w", err)
	}
	return blog.Mail{
		ID: id, To: to, Subject: oneLine(l.Subject), Text: text.String(), HTML: html.String(),
		Language: l.Language, Unsubscribe: l.Leave,
	}, nil
}

// Reasons are the lines of the foot.
func (l Letter) Reasons() []string { return strings.Split(l.Reason, "\n") }

// T says a text of the interface in the letter's language.
func (l Letter) T(key string, args ...any) string { return i18n.T(l.Language, key, args...) }

// oneLine is text for a header.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
