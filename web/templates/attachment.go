package templates

import (
	"html/template"
	"strconv"
)

// newFile is an attachment of a comment; below a content warning it is folded
// already.
func newFile(f Frame, a Attachment, warning string) template.HTML {
	a.Sensitive = a.Sensitive && warning == ""
	w := newWriter(f)
	w.attachment(a)
	return w.html()
}

// attachment shows a file that we have, and links one that we have not.
func (w *writer) attachment(a Attachment) {
	switch a.Kind {
	case "image":
		w.raw(`<figure class="attachment">`)
		w.picture(a)
	case "video", "audio":
		w.raw(`<figure class="attachment">`)
		w.player(a)
	default:
		w.elsewhere(a)
		return
	}
	if a.Description != "" {
		w.raw(`<figcaption dir="auto">`)
		w.text(a.Description)
		w.raw(`</figcaption>`)
	}
	w.raw(`</figure>`)
}

// picture is an image above its blur, which is as large, so that nothing moves
// when the image comes. A sensitive one lies under its cover until opened.
func (w *writer) picture(a Attachment) {
	if !a.Sensitive {
		w.raw(`<div class="picture">`)
		w.blur(a)
		w.image(a)
		w.raw(`</div>`)
		return
	}
	w.raw(`<details class="picture covered"><summary>`)
	w.blur(a)
	w.raw(`<span class="button light">`)
	w.icon("eye")
	w.raw(" ")
	w.say("attachment.sensitive")
	w.raw(`</span></summary>`)
	w.image(a)
	w.raw(`</details>`)
}

func (w *writer) blur(a Attachment) {
	switch {
	case a.Width <= 0 || a.Height <= 0:
	case a.Placeholder != "":
		w.raw(`<img class="blur" src="`)
		w.source(a.Placeholder)
		w.raw(`" alt=""`)
		w.size(a)
		w.raw(` loading="lazy">`)
	default:
		w.raw(`<svg class="blur"`)
		w.size(a)
		w.raw(` viewBox="0 0 `, strconv.Itoa(a.Width), ` `, strconv.Itoa(a.Height), `" aria-hidden="true"></svg>`)
	}
}

func (w *writer) image(a Attachment) {
	w.raw(`<img class="u-photo" src="`)
	w.source(a.URL)
	w.raw(`" alt="`)
	w.text(a.Description)
	w.raw(`"`)
	w.size(a)
	w.raw(` loading="lazy">`)
}

// size writes the pixels, where both are known.
func (w *writer) size(a Attachment) {
	if a.Width > 0 && a.Height > 0 {
		w.raw(` width="`, strconv.Itoa(a.Width), `" height="`, strconv.Itoa(a.Height), `"`)
	}
}

// player is a film or a sound, of which nothing is loaded before it is played.
func (w *writer) player(a Attachment) {
	if a.Sensitive {
		w.raw(`<details class="warning"><summary>`)
		w.icon("eye")
		w.say("attachment.sensitive")
		w.raw(`</summary>`)
	}
	w.raw(`<`, a.Kind, ` class="u-`, a.Kind, `" src="`)
	w.source(a.URL)
	w.raw(`"`)
	if a.Poster != "" {
		w.raw(` poster="`)
		w.source(a.Poster)
		w.raw(`"`)
	}
	if a.Kind == "video" {
		w.size(a)
	}
	w.raw(` controls preload="none" aria-label="`)
	if a.Description != "" {
		w.text(a.Description)
	} else {
		w.say("attachment." + map[string]string{"video": "film", "audio": "sound"}[a.Kind])
	}
	w.raw(`"></`, a.Kind, `>`)
	if a.Sensitive {
		w.raw(`</details>`)
	}
}

// elsewhere is a link to a file at its own server.
func (w *writer) elsewhere(a Attachment) {
	w.raw(`<p class="attachment interface"><a href="`)
	w.link(a.URL)
	w.raw(`" rel="nofollow ugc">`)
	w.icon("link")
	w.raw(" ")
	w.say("attachment." + a.Kind)
	if a.Sensitive {
		w.raw(` (`)
		w.say("attachment.sensitive")
		w.raw(`)`)
	}
	w.raw(`</a>`)
	if a.Description != "" {
		w.raw(`<br><span class="quiet" dir="auto">`)
		w.text(a.Description)
		w.raw(`</span>`)
	}
	w.raw(`</p>`)
}
