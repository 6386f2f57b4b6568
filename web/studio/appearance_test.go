package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"kabar/internal/blog"
)

const appearanceAt = "/studio/appearance"

// lookForm is the form of a look; more are pairs of name and value.
func lookForm(do string, more ...string) url.Values {
	form := url.Values{"do": {do}, "ground": {"paper"}}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = append(form[more[i]], more[i+1])
	}
	return form
}

func (w *world) look() blog.Theme {
	w.t.Helper()
	site, err := w.blog.Site(w.t.Context())
	check(w.t, err)
	return site.Theme
}

func TestAppearance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	got := b.get(appearanceAt)
	differ(t, "usual look", "Contrast Every text and every control can be told from what is behind it (WCAG 2.2, AA).", got.say("#contrast"))
	differ(t, "picks of the ground", "Rice paper", got.say(".grounds label:has([checked])"))

	form := lookForm("save", "light-action", "#0a5a2b", "dark-action", "#8fe0ac", "header_alt", "Garden", "footer", "CC BY",
		"nav_kind", "page", "nav_target", "/tentang", "nav_order", "2", "nav_label_id", "Tentang", "nav_label_en", "About",
		"nav_kind", "", "nav_target", "left out", "nav_order", "1", "nav_label_id", "", "nav_label_en", "",
		"nav_kind", "archive", "nav_target", "ignored", "nav_order", "1", "nav_label_id", "", "nav_label_en", "",
		"foot_kind", "tag", "foot_target", "#kopi", "css", ".card{\r\ncolor:red}")
	got = b.send(appearanceAt, form, map[string][]byte{"reading": goregular.TTF, "logo": drawing(t), "header": drawing(t)})
	differ(t, "answer", "303 "+appearanceAt, got.String())
	look := w.look()
	want := blog.Theme{
		Light: blog.Colours{Action: "#0a5a2b"}, Dark: blog.Colours{Action: "#8fe0ac"}, Footer: "CC BY", CSS: ".card{\ncolor:red}",
		Reading: blog.ThemeFont{Name: look.Reading.Name, Label: "reading.png"},
		Logo:    blog.ThemePicture{Name: look.Logo.Name, Width: 40, Height: 30},
		Header:  blog.ThemePicture{Name: look.Header.Name, Width: 40, Height: 30, Alt: "Garden"},
		Navigation: []blog.ThemeLink{
			{Kind: "archive"}, {Kind: "page", Target: "tentang", Labels: map[string]string{"id": "Tentang", "en": "About"}},
		},
		FooterLinks: []blog.ThemeLink{{Kind: "tag", Target: "kopi"}},
	}
	differ(t, "look", want, look)
	if !strings.HasSuffix(look.Reading.Name, ".ttf") || look.Logo.Name == "" {
		t.Errorf("files: %+v", look)
	}

	page := b.get(appearanceAt)
	differ(t, "css", ".card{\ncolor:red}", strings.TrimSpace(page.doc.Find("#css").Text()))
	differ(t, "links", "ArchivePage or article", page.say("select[name=nav_kind] option[value!=''][selected]"))
	differ(t, "sheets of the Studio", 0, page.doc.Find(`link[href*="theme."]`).Length())
	log, err := w.store.Audit(t.Context(), blog.AuditQuery{Action: "settings.change", Limit: 1})
	check(t, err)
	differ(t, "log", "light, dark, reading, logo, header, navigation, footer, footer_links, css", log[0].Detail["theme"])

	got = b.send(appearanceAt, lookForm("save", "reading_remove", "1", "logo_remove", "1"), nil)
	differ(t, "taken away", "303 "+appearanceAt, got.String())
	differ(t, "without files", blog.Theme{Header: blog.ThemePicture{Name: look.Header.Name, Width: 40, Height: 30}}, w.look())
	differ(t, "reset", "303 "+appearanceAt, b.send(appearanceAt, lookForm("reset"), nil).String())
	differ(t, "after it", blog.Theme{}, w.look())
	differ(t, "says", "The blog has Kabar's own look again.", b.get(appearanceAt).say(".notice"))
}

func TestAppearanceProblems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	tests := []struct {
		name  string
		in    url.Values
		files map[string][]byte
		field string
		want  string
	}{
		{"colour", lookForm("save", "light-mark", "red"), nil, "light-mark", "Not a colour like #2f3d8f: red"},
		{"ground", url.Values{"do": {"save"}, "ground": {"mud"}}, nil, "ground", "This background is not known: mud"},
		{"font that is a picture", lookForm("save"), map[string][]byte{"reading": drawing(t)}, "reading", "This file is no font: WOFF2, WOFF, TTF or OTF."},
		{"font that is cut off", lookForm("save"), map[string][]byte{"interface": goregular.TTF[:9000]}, "interface", "This font is damaged or not complete."},
		{"logo that is a drawing", lookForm("save"), map[string][]byte{"logo": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)}, "logo", "This file is no PNG, JPEG, WebP or GIF image."},
		{"link", lookForm("save", "nav_kind", "address", "nav_target", "javascript:alert(1)"), nil, "navigation", ""},
		{"css that imports", lookForm("save", "css", "a{}\r\n@import url(//evil.example/x.css);"), nil, "css", "The CSS may not load other sheets. Line 2: @import"},
		{"css that closes the style", lookForm("home", "css", "</style><script>alert(1)</script>"), nil, "css", "HTML is not allowed in CSS. Line 1: <"},
		{"css that never ends", lookForm("save", "css", "a{}\nb{"), nil, "css", "What is opened here is never closed. Line 2: {"},
		{"css too long", lookForm("save", "css", strings.Repeat("a{}", 20000)), nil, "css", "The CSS is longer than 50 KB."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.send(appearanceAt, tt.in, tt.files)
			differ(t, "status", http.StatusUnprocessableEntity, got.status)
			if tt.want != "" {
				differ(t, "says", tt.want, got.say("#"+tt.field+"-problem"))
			}
			differ(t, "says on top", "Something below needs to be put right.", got.say(".notice[role=alert]"))
			differ(t, "kept", strings.ReplaceAll(tt.in.Get("css"), "\r\n", "\n"), strings.TrimPrefix(got.doc.Find("#css").Text(), "\n"))
		})
	}
	differ(t, "nothing is stored", blog.Theme{}, w.look())
}

// Colours that are hard to read are shown with numbers and advice, and taken
// when the owner says so; files that came with them are not asked for again.
func TestAppearanceContrast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	form := lookForm("save", "light-action", "#efae2a")
	got := b.send(appearanceAt, form, map[string][]byte{"logo": drawing(t)})
	differ(t, "status", http.StatusUnprocessableEntity, got.status)
	differ(t, "stored", blog.Theme{}, w.look())
	if said := got.say("#contrast"); !strings.Contains(said, "Links and buttons (#efae2a), on “Quiet panel”: 1.7 : 1, needs 4.5 : 1") ||
		!strings.Contains(said, "The nearest colour that is enough: #") {
		t.Errorf("says %q", said)
	}
	differ(t, "goes on from what was tried", "tried", got.doc.Find("input[name=base]").AttrOr("value", ""))
	form.Set("base", "tried")
	form.Set("accept", "1")
	differ(t, "accepted", "303 "+appearanceAt, b.send(appearanceAt, form, nil).String())
	if look := w.look(); look.Light.Action != "#efae2a" || look.Logo.Name == "" {
		t.Errorf("got %+v", look)
	}
	if b.get(appearanceAt).doc.Find("#contrast input[name=accept][checked]").Length() != 1 {
		t.Error("does not warn any more")
	}
}

// A look that is tried is seen by who tries it alone.
func TestAppearancePreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	w.publish(me.ID, "Kopi pagi")
	differ(t, "nothing tried", http.StatusNotFound, b.get(appearanceAt+"/preview.css").status)
	css := "body{display:none}"
	for do, want := range map[string]string{"home": "/?look=tried", "article": "/kopi-pagi?look=tried"} {
		got := b.send(appearanceAt, lookForm(do, "css", css, "dye", "#004400"), nil)
		differ(t, do, "303 /studio/appearance/preview?page="+do, got.String())
		differ(t, do, "303 "+want, b.get(got.location).String())
	}
	differ(t, "the blog's", blog.Theme{}, w.look())
	sheet := b.get(appearanceAt + "/preview.css")
	differ(t, "sheet", "@layer tokens{:root{--dye:#004400}}\n"+css, sheet.text)
	differ(t, "kept by nobody", "private, no-store", sheet.header.Get("Cache-Control"))

	other, _ := w.signedIn(blog.Editor)
	differ(t, "an editor", http.StatusForbidden, other.get(appearanceAt+"/preview.css").status)
	differ(t, "an editor", http.StatusForbidden, other.get(appearanceAt).status)
	differ(t, "a visitor", http.StatusSeeOther, w.browser().get(appearanceAt+"/preview.css").status)
}
