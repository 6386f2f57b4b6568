package page

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

const (
	// SafeQuery is the parameter that shows a page without the style sheet that
	// the blog's owner wrote, should that hide something: /?safe=1.
	SafeQuery = "safe"
	// triedQuery shows a page in the look that who is signed in tried last.
	triedQuery = "look"
)

// TriedPath is a page in the look that who is signed in tried last.
func TriedPath(path string) string { return path + "?" + triedQuery + "=tried" }

func safely(r *http.Request) bool {
	return r.URL.RawQuery != "" && r.URL.Query().Get(SafeQuery) != ""
}

// sheets are the style sheets of a theme, with their addresses.
type sheets struct {
	theme     blog.Theme
	all, safe sheet
}

type sheet struct{ path, text string }

func newSheet(text string) sheet { return sheet{blog.ThemePath(text), text} }

// sheetsOf makes the sheets of a theme, of the last one once.
func (m *Maker) sheetsOf(t blog.Theme) *sheets {
	if last := m.sheets.Load(); last != nil && reflect.DeepEqual(last.theme, t) {
		return last
	}
	made := &sheets{t, newSheet(t.Sheet(false)), newSheet(t.Sheet(true))}
	m.sheets.Store(made)
	return made
}

// ThemeSheet serves the style sheet of the blog's theme. One that a page made
// before a change asks for is answered with the present one, not to be kept.
func (m *Maker) ThemeSheet(w http.ResponseWriter, r *http.Request) error {
	site, err := m.Site(r)
	if err != nil {
		return err
	}
	of := m.sheetsOf(site.Theme)
	chosen, keep := of.all, "no-cache"
	switch r.URL.Path {
	case of.all.path:
		keep = "public, max-age=31536000, immutable"
	case of.safe.path:
		chosen, keep = of.safe, "public, max-age=31536000, immutable"
	}
	w.Header().Set("Cache-Control", keep)
	return sendSheet(w, r, chosen.text)
}

// TriedSheet serves the style sheet of the look that somebody tried.
func (m *Maker) TriedSheet(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	t, err := m.Blog.TriedTheme(r.Context(), me.ID)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", Private)
	return sendSheet(w, r, t.Sheet(false))
}

func sendSheet(w http.ResponseWriter, r *http.Request, text string) error {
	sum := sha256.Sum256([]byte(text))
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Etag", tag)
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("If-None-Match"), strings.Trim(tag, `"`)) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(text)))
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(text)) // the reader has gone; nobody is left to tell
	}
	return nil
}

// look sets what a theme changes on every page.
func (m *Maker) look(r *http.Request, f *templates.Frame, t blog.Theme, safe bool) {
	of := m.sheetsOf(t)
	l := templates.Look{
		Sheet: of.all.path, Logo: ThemeImage(t.Logo), Header: ThemeImage(t.Header),
		Navigation: themeLinks(r, f, t.Navigation), Footer: themeLinks(r, f, t.FooterLinks),
	}
	if safe {
		l.Sheet = of.safe.path
	}
	l.PageLight, l.PageDark = t.PageColours()
	f.Site.Look, f.Site.Footer = l, t.Footer
}

// tried shows the look that who is signed in tried, if the page is asked for
// so, and says when the owner's sheet is left out.
func (m *Maker) tried(r *http.Request, f *templates.Frame) {
	if safely(r) && f.Flash == nil {
		f.Flash = &templates.Notice{Kind: templates.NoticeGood, Text: i18n.M("look.safe")}
	}
	if r.URL.RawQuery == "" || r.URL.Query().Get(triedQuery) == "" {
		return
	}
	me, err := m.Account(r)
	if err != nil || !me.MayAll(blog.ChangeSite) {
		return
	}
	t, err := m.Blog.TriedTheme(r.Context(), me.ID)
	if err != nil {
		return // it was tried too long ago
	}
	m.look(r, f, t, false)
	f.Site.Look.Sheet = templates.StudioPreviewSheet + "?" + url.Values{"of": {f.Site.Look.Sheet}}.Encode()
	f.Flash = &templates.Notice{Kind: templates.NoticeWarn, Text: i18n.M("look.tried")}
	f.Head.NoIndex = true
}

// ThemeImage is a picture of a theme; nil for none.
func ThemeImage(p blog.ThemePicture) *templates.Image {
	if p.Name == "" {
		return nil
	}
	return &templates.Image{URL: blog.MediaPath + p.Name, Alt: p.Alt, Width: p.Width, Height: p.Height}
}

func themeLinks(r *http.Request, f *templates.Frame, links []blog.ThemeLink) []templates.Link {
	if len(links) == 0 {
		return nil
	}
	all := make([]templates.Link, 0, len(links))
	for _, l := range links {
		link := templates.Link{Text: l.Labels[f.UILang()], URL: themeTarget(l)}
		if link.Text == "" {
			link.Text = themeLabel(f, l)
		}
		link.Current = r.URL.EscapedPath() == link.URL
		all = append(all, link)
	}
	return all
}

// themeLabel is the usual word for a link, or the one in another language.
func themeLabel(f *templates.Frame, l blog.ThemeLink) string {
	switch l.Kind {
	case "page", "tag", "address":
		for _, lang := range i18n.Languages {
			if text := l.Labels[lang]; text != "" {
				return text
			}
		}
		return l.Target
	}
	return f.T("nav." + l.Kind)
}

// themeTarget is the address of a link.
func themeTarget(l blog.ThemeLink) string {
	switch l.Kind {
	case "authors", "topics":
		return "/#" + l.Kind
	case "archive":
		return templates.ArchivePath
	case "search":
		return templates.SearchPath
	case "page":
		return "/" + url.PathEscape(l.Target)
	case "tag":
		return templates.TagPath(l.Target)
	case "address":
		return l.Target
	}
	return templates.HomePath
}
