package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"kabar/internal/i18n"
	"kabar/web/static"
)

//go:embed site studio parts
var files embed.FS

// pages are the templates by language and Page.file. A set is put together when
// its page is asked for first: all of them take more memory than the rest of the
// program, and most are pages of the Studio.
var pages = prepare()

// HTML is the rendered page.
func HTML(p Page) ([]byte, error) {
	in, ok := pages[p.UILang()]
	if !ok {
		in = pages[i18n.Default]
	}
	var b bytes.Buffer
	b.Grow(32 << 10)
	if err := in[p.file()]().ExecuteTemplate(&b, "layout", p); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.file(), err)
	}
	return b.Bytes(), nil
}

// prepare gives each page in each language a set of its own: the shared parts,
// the layout of its directory, and its file. The files are part of the program:
// a mistake in the parts ends it at start, one in a page is found by the tests,
// which render each in every language.
func prepare() map[string]map[string]func() *template.Template {
	all := map[string]map[string]func() *template.Template{}
	for _, lang := range i18n.Languages {
		all[lang] = prepareIn(lang)
	}
	return all
}

func prepareIn(lang string) map[string]func() *template.Template {
	sets := map[string]func() *template.Template{}
	shared := template.New("").Funcs(funcs).Funcs(moderationPaths)
	read(shared, lang, "parts/*.html")
	for _, dir := range []string{"site", "studio"} {
		layout := template.Must(shared.Clone())
		read(layout, lang, dir+"/layout.html")
		for _, name := range named(dir + "/*.html") {
			if path.Base(name) == "layout.html" {
				continue
			}
			sets[strings.TrimSuffix(name, ".html")] = sync.OnceValue(func() *template.Template {
				set := template.Must(layout.Clone())
				read(set, lang, name)
				return set
			})
		}
	}
	return sets
}

// read parses files into a set.
func read(set *template.Template, lang, pattern string) {
	for _, name := range named(pattern) {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			panic(err)
		}
		template.Must(set.New(path.Base(name)).Parse(settled(lang, string(text))))
	}
}

func named(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err)
	}
	return names
}

var (
	constantText = regexp.MustCompile(`\{\{(?:\$|\.Frame)?\.T "([^"]+)"\}\}`)
	constantIcon = regexp.MustCompile(`\{\{template "icon" "([a-z-]+)"\}\}`)
)

// settled writes the texts and symbols that never change into a template: a
// page with hundreds of comments has thousands of them.
func settled(lang, text string) string {
	text = constantText.ReplaceAllStringFunc(text, func(action string) string {
		return template.HTMLEscapeString(i18n.T(lang, constantText.FindStringSubmatch(action)[1]))
	})
	return constantIcon.ReplaceAllStringFunc(text, func(action string) string {
		return string(icon(constantIcon.FindStringSubmatch(action)[1]))
	})
}

// icon is a symbol of icons.svg.
func icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + //nolint:gosec // both are the program's own
		static.Path("icons.svg") + `#` + template.HTMLEscapeString(name) + `"/></svg>`)
}
