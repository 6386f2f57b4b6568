// Package static holds the stylesheets, scripts and drawings of the pages.
// Each file is served under a name with a hash of its content, so that
// browsers may keep it for ever, and compressed once at start.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// Prefix is where Handler is mounted.
const Prefix = "/static/"

//go:embed *.css *.js *.svg
var files embed.FS

// bundles are what pages load in one piece, of these files in this order: all
// that readers' pages look like, and all that scripts add to them.
var bundles = map[string][]string{
	"site.css": {"kabar.css", "text.css", "thread.css", "around.css", "search.css", "look.css", "code.css", "print.css"},
	"site.js":  {"theme.js", "dialog.js", "copy.js", "account.js", "print.js", "more.js", "live.js"},
}

// types are the media types by extension: the system's table is not asked,
// since it differs between machines.
var types = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// asset is one file, ready to be sent.
type asset struct {
	path       string // with Prefix and hash
	etag       string
	kind       string
	body, gzip []byte
}

var (
	byName = load()
	byPath = index(byName)
)

// Path is the address of the file with this name, e.g. "kabar.css". It panics
// for a name that is not there, which is a mistake in a template.
func Path(name string) string {
	a, ok := byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return a.path
}

func load() map[string]*asset {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	assets := map[string]*asset{}
	for _, e := range entries {
		body, err := files.ReadFile(e.Name())
		if err != nil {
			panic(err)
		}
		assets[e.Name()] = prepare(e.Name(), body)
	}
	for name, parts := range bundles {
		assets[name] = prepare(name, join(parts, assets))
	}
	return assets
}

// join puts files behind each other, as each would be by itself: a script has
// its own names, and what is for paper holds there. The first script runs at
// once, before anything is drawn, as one that blocks; the others wait for the
// page, as modules do.
func join(parts []string, assets map[string]*asset) []byte {
	var b bytes.Buffer
	end := ""
	if path.Ext(parts[0]) == ".js" {
		b.WriteString("'use strict';{\n")
		b.Write(assets[parts[0]].body)
		b.WriteString("}\ndocument.addEventListener('DOMContentLoaded',()=>{\n")
		end = "})\n"
		parts = parts[1:]
	}
	for _, part := range parts {
		open, shut := "", "\n"
		switch {
		case path.Ext(part) == ".js":
			open, shut = "{\n", "}\n"
		case part == "print.css":
			open, shut = "@media print{", "}"
		}
		b.WriteString(open)
		b.Write(assets[part].body)
		b.WriteString(shut)
	}
	b.WriteString(end)
	return b.Bytes()
}

func prepare(name string, body []byte) *asset {
	ext := path.Ext(name)
	if ext == ".css" {
		body = squeeze(body)
	}
	if ext == ".js" {
		body = jsComment.ReplaceAll(body, nil)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:6])
	return &asset{
		path: Prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		etag: `"` + hash + `"`,
		kind: types[ext],
		body: body,
		gzip: compress(body),
	}
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s*([{};,])\s*`)
	jsComment  = regexp.MustCompile(`(?m)^\s*//.*\n`) // a line of its own
)

// squeeze drops comments and the space around punctuation that CSS does not
// need. No string in the stylesheets holds such punctuation.
func squeeze(css []byte) []byte {
	return bytes.TrimSpace(cssSpace.ReplaceAll(cssComment.ReplaceAll(css, nil), []byte("$1")))
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	if _, err := w.Write(body); err != nil {
		panic(fmt.Sprintf("static: compress: %v", err))
	}
	if err := w.Close(); err != nil {
		panic(fmt.Sprintf("static: compress: %v", err))
	}
	return b.Bytes()
}

func index(assets map[string]*asset) map[string]*asset {
	paths := map[string]*asset{}
	for _, a := range assets {
		paths[a.path] = a
	}
	return paths
}

// Handler serves the files below Prefix.
func Handler() http.Handler { return http.HandlerFunc(serve) }
