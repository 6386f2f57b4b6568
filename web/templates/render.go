package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

//go:embed site studio parts
var files embed.FS

// pages are the parsed templates by Page.file.
var pages = parse()

// HTML is the rendered page.
func HTML(p Page) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(32 << 10)
	if err := pages[p.file()].ExecuteTemplate(&b, "layout", p); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.file(), err)
	}
	return b.Bytes(), nil
}

// parse gives each page a set of its own: the shared parts, the layout of its
// directory, and its file. The files are part of the program, so that a
// mistake in them ends it at start.
func parse() map[string]*template.Template {
	sets := map[string]*template.Template{}
	shared := template.Must(template.New("").Funcs(funcs).ParseFS(files, "parts/*.html"))
	for _, dir := range []string{"site", "studio"} {
		entries, err := fs.Glob(files, dir+"/*.html")
		if err != nil {
			panic(err)
		}
		layout := template.Must(template.Must(shared.Clone()).ParseFS(files, dir+"/layout.html"))
		for _, name := range entries {
			if path.Base(name) == "layout.html" {
				continue
			}
			set := template.Must(template.Must(layout.Clone()).ParseFS(files, name))
			sets[strings.TrimSuffix(name, ".html")] = set
		}
	}
	return sets
}
