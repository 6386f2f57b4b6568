package federation

import (
	"html"
	"regexp"
	"strings"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// Bounds of what a comment shows beside its text.
const (
	maxAttachments = 16
	maxMentions    = 50
	maxWarning     = 500  // characters
	maxCaption     = 1500 // characters
	maxOptions     = 20   // of a poll
)

// writeContent makes everything safe that readers will see. Quotes of c is set
// before: a quote that is shown as one needs no line that tells of it.
func writeContent(c *blog.Comment, o *activitypub.Object) {
	content := source(o)
	if c.Quotes != "" {
		content = markup.WithoutQuoteLine(content)
	}
	c.HTML = markup.Sanitize(content)
	c.Text = markup.Plain(c.HTML.String())
	c.Policy = markup.PolicyVersion
	if o.Is("Note", "Question") {
		c.Warning = markup.Excerpt(markup.Plain(o.Summary), maxWarning)
	}
	c.Type = ""
	if o.Is("Article", "Page", "Question") {
		c.Type = o.Type()
	}
	c.Sensitive = o.Sensitive || c.Warning != ""
	c.Language = language(o.Language())
	c.URL, _ = markup.SafeURL(o.Page())
	c.Attachments = attachments(o)
	c.Mentions = namedPeople(o)
	c.Emojis = emojis(o, c.HTML.String()+" "+c.Warning, maxNoteEmojis)
}

// source is the HTML of a post: that of an Article below its title, that of a
// Question above its choices.
func source(o *activitypub.Object) string {
	content := o.Content
	if o.Is("Article", "Page") && o.Name != "" {
		content = "<p><strong>" + html.EscapeString(markup.Name(o.Name)) + "</strong></p>" + content
	}
	choices := o.OneOf.Objects()
	if len(choices) == 0 {
		choices = o.AnyOf.Objects()
	}
	if len(choices) == 0 {
		return content
	}
	var b strings.Builder
	b.WriteString(content + "<ul>")
	for _, choice := range choices[:min(len(choices), maxOptions)] {
		b.WriteString("<li>" + html.EscapeString(markup.Name(choice.Name)) + "</li>")
	}
	return b.String() + "</ul>"
}

// languagePattern is the shape of a BCP 47 tag.
var languagePattern = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}$`)

func language(tag string) string {
	if !languagePattern.MatchString(tag) {
		return ""
	}
	return tag
}

// attachments are the files of a post, at their origin. A card for a link
// (Lemmy and others attach a Link) is none: the text has it.
func attachments(o *activitypub.Object) []blog.Attachment {
	list := []blog.Attachment{}
	for _, file := range o.Attachment.Objects() {
		safe, ok := markup.SafeURL(fileAddress(file))
		kind := fileType(file)
		if card := file.Is("Link") && kind == "" || kind == "text/html"; card || !ok || len(list) == maxAttachments {
			continue
		}
		a := blog.Attachment{
			URL: safe, Type: kind, Description: description(file), Blurhash: blurhash(file),
			Width: pixels(file.Width), Height: pixels(file.Height),
		}
		if icon := file.Icon.First().Object; icon != nil {
			a.Preview, _ = markup.SafeURL(fileAddress(icon))
		}
		list = append(list, a)
	}
	return list
}

// pixels is a size that can be one.
func pixels(n int) int {
	if n < 0 || n > 1<<16 {
		return 0
	}
	return n
}

var blurhashPattern = regexp.MustCompile(`^[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,170}$`)

func blurhash(file *activitypub.Object) string {
	if !blurhashPattern.MatchString(file.Blurhash) {
		return ""
	}
	return file.Blurhash
}

// fileType is the media type, told by the file or by its link.
func fileType(file *activitypub.Object) string {
	told := file.MediaType
	if link := file.URL.First().Object; told == "" && link != nil {
		told = link.MediaType
	}
	if told == "" && file.Is("Image", "Video", "Audio") {
		return strings.ToLower(file.Type()) + "/*"
	}
	return markup.Name(told)
}

// description is the caption, where Mastodon looks for it: summary, then name.
func description(file *activitypub.Object) string {
	caption := markup.Plain(file.Summary)
	if caption == "" {
		caption = file.Name
	}
	return markup.Excerpt(markup.Plain(html.EscapeString(caption)), maxCaption)
}

// namedPeople are the mentions of a post.
func namedPeople(o *activitypub.Object) []blog.Mention {
	list := []blog.Mention{}
	for _, tag := range o.Tag.Objects() {
		if len(list) == maxMentions {
			break
		}
		if tag.Is("Mention") && tag.Href != "" {
			handle := strings.TrimPrefix(markup.Name(tag.Name), "@")
			list = append(list, blog.Mention{Handle: handle, ActorURI: printable(tag.Href)})
		}
	}
	return list
}
