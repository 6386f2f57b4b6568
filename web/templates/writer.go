package templates

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"kabar/web/static"
)

// writer writes the HTML of a part by hand, where a page repeats it hundreds of
// times: html/template takes ten times as long. Whatever is not the program's
// own passes through text, link or source.
type writer struct {
	*Frame
	b     strings.Builder
	texts map[said]string
}

// said is a text of the interface with its argument.
type said struct {
	key string
	arg any
}

func newWriter(f Frame) *writer { return &writer{Frame: &f, texts: map[said]string{}} }

// raw writes HTML of the program's own, or that was made safe.
func (w *writer) raw(parts ...string) {
	for _, part := range parts {
		w.b.WriteString(part)
	}
}

var escapes = strings.NewReplacer(`&`, "&amp;", `<`, "&lt;", `>`, "&gt;", `"`, "&#34;", `'`, "&#39;", "\x00", "\uFFFD")

// text writes what anybody wrote: between tags, or as a quoted attribute.
func (w *writer) text(s string) { _, _ = escapes.WriteString(&w.b, s) } // a Builder takes everything

// link writes an address to be followed; one with a scheme that could run
// something leads nowhere.
func (w *writer) link(address string) {
	scheme, _, ok := strings.Cut(address, ":")
	if ok && !strings.ContainsAny(scheme, "/?#") && !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		address = "#"
	}
	w.text(address)
}

// query writes a value in the query of an address.
func (w *writer) query(value string) { w.raw(url.QueryEscape(value)) }

// source writes the address of a file to be loaded: never from another host.
func (w *writer) source(path string) {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		path = static.Path("icons.svg") // which shows nothing
	}
	w.text(path)
}

// face writes somebody's picture, or a drawing for who has none here.
func (w *writer) face(p Person, class string, size int) {
	pixels := strconv.Itoa(size)
	if !strings.HasPrefix(p.Avatar, "/") {
		w.raw(string(noFace(size)))
		return
	}
	w.raw(`<img class="avatar size-`, pixels, class, `" src="`)
	w.source(p.Avatar)
	w.raw(`" alt="" width="`, pixels, `" height="`, pixels, `" loading="lazy">`)
}

// say writes a text of the interface with at most one argument. Most stand on
// a page many times.
func (w *writer) say(key string, args ...any) {
	what := said{key: key}
	if len(args) > 0 {
		what.arg = args[0]
	}
	text, ok := w.texts[what]
	if !ok {
		text = template.HTMLEscapeString(w.T(key, args...))
		w.texts[what] = text
	}
	w.raw(text)
}

// icon writes a symbol.
func (w *writer) icon(name string) {
	text, ok := w.texts[said{"icon", name}]
	if !ok {
		text = string(icon(name))
		w.texts[said{"icon", name}] = text
	}
	w.raw(text)
}

// number writes a number in the language.
func (w *writer) number(n int) {
	text, ok := w.texts[said{"number", n}]
	if !ok {
		text = template.HTMLEscapeString(w.Number(n))
		w.texts[said{"number", n}] = text
	}
	w.raw(text)
}

// name writes the name of a person.
func (w *writer) name(p Person) {
	if p.NameHTML != "" {
		w.raw(string(p.NameHTML))
		return
	}
	w.text(p.DisplayName())
}

// html is what was written.
func (w *writer) html() template.HTML { return template.HTML(w.b.String()) } //nolint:gosec // see the type
