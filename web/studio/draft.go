package studio

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// draft is what stands in the editor: an article, and what was typed on top
// of it.
type draft struct {
	article  blog.Article // as it is stored; zero for a new one
	form     templates.EditorForm
	base     int         // revision that the edit is made on
	original uuid.UUID   // that it is a translation of; uuid.Nil = none
	static   bool        // a page by itself
	cover    string      // media name, "" = none
	authors  []uuid.UUID // in the byline, in its order
	images   []string    // media names of uploads, newest first
	unsaved  bool
	conflict bool
	preview  blog.Article // with its HTML; zero for none
	problems templates.Problems
}

// openDraft puts a stored article into the editor.
func openDraft(a blog.Article) *draft {
	return &draft{
		article: a, base: a.Revision, cover: a.Cover, images: uploadsIn(a), authors: a.Authors,
		original: a.TranslationOf, static: a.Static,
		form: templates.EditorForm{
			Title: a.Title, Source: a.Markdown, Summary: a.Summary, Tags: strings.Join(ownTags(a), ", "),
			Language: a.Language, Slug: a.Slug, CoverAlt: a.CoverAlt,
			Comments: string(a.CommentPolicy), CloseAfter: typedDays(a.CloseDays), WebComments: a.WebComments,
			Quotes: string(a.QuotePolicy), Details: detailsForm(a),
		},
	}
}

// typedDays is a number of days as it is typed; nil is nothing.
func typedDays(days *int) string {
	if days == nil {
		return ""
	}
	return strconv.Itoa(*days)
}

// policy is what was typed to hold for this article alone. What is no number
// is one that cannot be, so that package blog refuses it.
func (d *draft) policy() *blog.ArticlePolicy {
	p := &blog.ArticlePolicy{
		Comments: blog.CommentPolicy(d.form.Comments), Web: d.form.WebComments, Quotes: blog.QuotePolicy(d.form.Quotes),
	}
	if d.form.CloseAfter != "" {
		days, err := strconv.Atoi(d.form.CloseAfter)
		if err != nil {
			days = -1
		}
		p.CloseDays = &days
	}
	return p
}

// readDraft reads the editor's form.
func readDraft(r *http.Request, a blog.Article) *draft {
	d := &draft{article: a, unsaved: true, problems: templates.Problems{}}
	d.form = templates.EditorForm{
		Title: r.PostFormValue("title"), Source: r.PostFormValue("source"), Summary: r.PostFormValue("summary"),
		Tags: r.PostFormValue("tags"), Language: r.PostFormValue("language"), Slug: strings.TrimSpace(r.PostFormValue("slug")),
		CoverAlt: strings.TrimSpace(r.PostFormValue("cover_alt")), Description: strings.TrimSpace(r.PostFormValue("description")),
		Comments: r.PostFormValue("comments"), CloseAfter: strings.TrimSpace(r.PostFormValue("close_after")),
		WebComments: r.PostFormValue("web_comments"), Quotes: r.PostFormValue("quotes"),
	}
	d.readDetails(r)
	d.base, _ = strconv.Atoi(r.PostFormValue("revision")) // 0, as without one, is nobody's revision
	if r.PostFormValue("cover_remove") == "" {
		d.cover = mediaName(r.PostFormValue("cover_now"))
	}
	for _, address := range r.PostForm["image"] {
		if name := mediaName(address); name != "" && !slices.Contains(d.images, name) {
			d.images = append(d.images, name)
		}
	}
	return d
}

// input is what is handed in to be saved.
func (d *draft) input(now time.Time) blog.DraftInput {
	in := blog.DraftInput{
		Title: d.form.Title, Summary: d.form.Summary, Markdown: d.form.Source, Language: d.form.Language,
		Tags: splitTags(d.form.Tags), Slug: d.form.Slug, Files: d.article.Files, Cover: d.cover, Policy: d.policy(), Details: d.details(now),
	}
	if d.cover != "" {
		in.CoverAlt = d.form.CoverAlt
	}
	return in
}

// refuse notes what is wrong with the input, at the fields of the form.
func (d *draft) refuse(invalid *blog.Invalid, text message) {
	field := invalid.Field
	if field == "markdown" {
		field = "source"
	}
	d.problems[field] = text
}

// mediaName is the name in an address of the media store; "" for any other.
func mediaName(address string) string {
	name, ok := strings.CutPrefix(address, blog.MediaPath)
	if !ok || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// uploadsIn are the pictures of an article that were uploaded in the editor,
// in the order of the text.
func uploadsIn(a blog.Article) []string {
	var names []string
	for _, rest := range strings.Split(a.Markdown, "("+blog.MediaPath)[1:] {
		name, _, _ := strings.Cut(rest, ")")
		name, _, _ = strings.Cut(name, " ")
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// ownTags are those that the text does not have as hashtags: these are found
// again with each save.
func ownTags(a blog.Article) []string {
	text := strings.ToLower(a.Markdown)
	return slices.DeleteFunc(slices.Clone(a.Tags), func(tag string) bool {
		return strings.Contains(text, "#"+strings.ToLower(tag))
	})
}

func splitTags(text string) []string {
	var tags []string
	for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '،' || r == '、' || r == '\n' }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return tags
}

// sourceLine is the Markdown that shows a picture.
func sourceLine(m blog.Media) string {
	alt := strings.NewReplacer("\\", "\\\\", "[", "\\[", "]", "\\]").Replace(strings.Join(strings.Fields(m.Description), " "))
	return "![" + alt + "](" + blog.MediaPath + m.Name + ")"
}
