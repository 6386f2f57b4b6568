package templates

import (
	"html/template"
	"net/url"
	"strings"
	"time"
)

// comments are the comments of a thread, with those that answer them inside.
func comments(f Frame, list []Comment) template.HTML {
	w := newWriter(f)
	size := 0
	for i := range list {
		size += 1 + list[i].count()
	}
	w.b.Grow(size * usualComment)
	for i := range list {
		w.comment(node{&list[i], 1})
	}
	return w.html()
}

// usualComment is about how many bytes the HTML of a comment has.
const usualComment = 3600

func (w *writer) comment(n node) {
	w.raw(`<li class="comment `, n.class(), `" id="c-`)
	w.text(n.ID)
	w.raw("\">\n")
	if n.removed() {
		w.removed(n)
	} else {
		w.raw(`<article aria-label="`)
		w.say("comment.by", n.Author.DisplayName())
		w.raw("\">\n<header>")
		w.commentHead(n)
		w.raw("</header>\n<div class=\"said\">")
		w.commentSaid(n.Comment)
		w.commentFoot(n.Comment)
		w.raw("</div>\n</article>")
	}
	w.replies(n)
	w.raw("\n</li>")
}

func (w *writer) removed(n node) {
	w.raw(`<article>`)
	w.icon("shield")
	w.raw(" ")
	switch {
	case n.State == CommentDeleted:
		w.say("comment.deleted")
	case n.State == CommentPrivate:
		w.say("comment.private")
	case n.Reason != "":
		w.say("comment.hidden.reason", n.Reason)
	default:
		w.say("comment.hidden")
	}
	w.raw(`</article>`)
}

// commentHead says who wrote it, when, from where, and to whom.
func (w *writer) commentHead(n node) {
	w.raw(`<div class="row"><strong>`)
	end := w.linked(n.Author.URL, `class="p-author h-card plain"`)
	w.face(n.Author, " u-photo", 38)
	w.raw(`<bdi class="p-name">`)
	w.name(n.Author)
	w.raw(`</bdi>`, end, `</strong>`)
	if n.ByAuthor {
		w.raw(`<span class="badge">`)
		w.say("comment.author")
		w.raw(`</span>`)
	}
	w.raw(`<span class="quiet"><a `)
	if n.Local {
		w.raw(`class="u-url" href="`)
		w.link(n.URL)
	} else {
		w.raw(`href="`)
		w.link(n.Permalink)
	}
	w.raw(`">`)
	w.time("dt-published", n.Published, "", "")
	w.raw(`</a>`)
	if !n.Edited.IsZero() {
		w.raw(` · `)
		w.time("dt-updated", n.Edited, "comment.edited", "comment.edited.at")
	}
	w.raw("</span></div>\n")
	w.origin(n.Comment)
	w.answered(n)
}

// linked opens a link, or an element like it where there is nothing to lead to,
// and returns what closes it.
func (w *writer) linked(address, attributes string) (end string) {
	if address == "" {
		w.raw(`<span `, attributes, `>`)
		return `</span>`
	}
	w.raw(`<a `, attributes, ` href="`)
	w.link(address)
	w.raw(`" rel="nofollow ugc">`)
	return `</a>`
}

// time writes how long ago something was, behind a word for it.
func (w *writer) time(class string, t time.Time, word, title string) {
	w.raw(`<time class="`, class, `" datetime="`, w.ISO(t), `" title="`)
	if title != "" {
		w.say(title, w.DateTime(t))
	} else {
		w.text(w.DateTime(t))
	}
	w.raw(`">`)
	if word != "" {
		w.say(word)
		w.raw(" ")
	}
	w.text(w.Ago(t))
	w.raw(`</time>`)
}

// origin says where it was written.
func (w *writer) origin(c *Comment) {
	w.raw(`<div class="source plain">`)
	switch site := website(c.Author.URL); {
	case c.FromWeb:
		if site != "" {
			end := w.linked(c.Author.URL, ``)
			w.raw(`<bdi dir="ltr">`)
			w.text(site)
			w.raw(`</bdi>`, end, ` · `)
		}
		w.icon("pen")
		w.raw(" ")
		w.say("comment.web")
	default:
		if c.Author.Handle != "" {
			w.raw(`<bdi dir="ltr">`)
			w.text(c.Author.Handle)
			w.raw(`</bdi>`)
		}
		if c.Software != "" {
			w.raw(` · `)
			w.icon("globe")
			w.raw(" ")
			w.say("comment.via", c.Software)
		}
	}
	w.raw("</div>\n")
}

// website is the name of the site that a visitor of the web gave.
func website(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// answered says what it quotes, or whom it answers where that is not drawn.
func (w *writer) answered(n node) {
	switch {
	case n.Quote:
		w.raw(`<div class="source">`)
		w.icon("quote")
		w.raw(` <a class="u-quotation-of" href="`)
		w.link(n.QuoteURL)
		w.raw(`">`)
		if n.AnswersTo != "" {
			w.say("comment.quotes.response")
		} else {
			w.say("comment.quotes.article")
		}
		w.raw(`</a></div>`)
	case n.answers():
		w.raw(`<div class="source">`)
		w.icon("reply")
		w.raw(" ")
		w.say("comment.answers")
		w.raw(` <bdi>`)
		if n.AnswersURL != "" {
			w.raw(`<a href="`)
			w.link(n.AnswersURL)
			w.raw(`">`)
			w.text(n.AnswersTo)
			w.raw(`</a>`)
		} else {
			w.text(n.AnswersTo)
		}
		w.raw(`</bdi></div>`)
	}
}

// commentSaid is its text with what hangs on it, folded below a content
// warning.
func (w *writer) commentSaid(c *Comment) {
	if c.Warning != "" {
		w.raw(`<details class="warning"><summary title="`)
		w.say("comment.warning")
		w.raw(`"`, string(w.LangAttr(c.Language)), `>`)
		w.icon("alert")
		if c.WarningHTML != "" {
			w.raw(string(c.WarningHTML))
		} else {
			w.text(c.Warning)
		}
		w.raw(`</summary>`)
	}
	w.commentText(c)
	if c.Warning != "" {
		w.raw(`</details>`)
	}
}

// replies are the comments that answer it, and the way to those that the page
// leaves out.
func (w *writer) replies(n node) {
	if len(n.Replies) == 0 && n.More == "" {
		return
	}
	w.raw("\n<details class=\"replies")
	if n.flat() {
		w.raw(` flat`)
	}
	w.raw(`" open><summary><span>`)
	w.say("comment.replies", n.count())
	w.raw(`</span></summary><ol>`)
	for i := range n.Replies {
		w.comment(node{&n.Replies[i], n.Level + 1})
	}
	if n.More != "" {
		w.raw(`<li class="rest interface"><a href="`)
		w.link(n.More)
		if n.Apart {
			w.raw(`">`)
		} else {
			w.raw(`" rel="next">`)
		}
		w.say("comment.more", n.MoreCount)
		w.raw(`</a></li>`)
	}
	w.raw(`</ol></details>`)
}
