package templates

import (
	"bytes"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kabar/internal/i18n"
)

// everyPage calls check on each page, rich and empty, in both languages.
func everyPage(t *testing.T, check func(t *testing.T, html string, doc *goquery.Document)) {
	t.Helper()
	run := func(name string, p Page) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, err := HTML(p)
			if err != nil {
				t.Fatal(err)
			}
			check(t, string(html), parsed(t, html))
		})
	}
	for _, lang := range i18n.Languages {
		for name, p := range sitePages(lang) {
			run("site/"+name+"/"+lang, p)
		}
		for name, p := range studioPages(lang) {
			run("studio/"+name+"/"+lang, p)
		}
		for name, p := range moderationPages(lang) {
			run("moderation/"+name+"/"+lang, p)
		}
	}
	for name, p := range emptyPages() {
		run("empty/"+name, p)
	}
}

func parsed(t *testing.T, html []byte) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func page(t *testing.T, p Page) *goquery.Document {
	t.Helper()
	html, err := HTML(p)
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, html)
}

// What holds for every page: it says everything in words, needs no inline
// style or script (Content-Security-Policy), has one h1, a title, a language
// and a way past the navigation, labels its fields and repeats no id.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	unsaid := regexp.MustCompile(`%!|ZgotmplZ|&lt;no value|\b(nav|comment|studio|editor|settings|error|field|delivery|follower|standing|audience|attachment|actor|people|problem|flash)\.[a-z.-]+[a-z]\b<`)
	everyPage(t, func(t *testing.T, html string, doc *goquery.Document) {
		if found := unsaid.FindString(strings.ReplaceAll(html, "#ZgotmplZ", "")); found != "" {
			t.Errorf("a text is not said: %q", found)
		}
		for selector, want := range map[string]int{"h1": 1, "main#content": 1, "html[lang][dir]": 1, "head title": 1, "a.skip[href='#content']": 1, "[style]": 0, "script:not([src]):not([type='application/ld+json'])": 0, "style": 0, "img:not([alt])": 0, "[onload],[onclick]": 0} {
			if got := doc.Find(selector).Length(); got != want {
				t.Errorf("%s: %d, want %d", selector, got, want)
			}
		}
		if strings.TrimSpace(doc.Find("title").Text()) == "" {
			t.Error("the title is empty")
		}
		checkIDs(t, doc)
		checkLabels(t, doc)
		checkAddresses(t, doc)
	})
}

func checkIDs(t *testing.T, doc *goquery.Document) {
	t.Helper()
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] {
			t.Errorf("id %q stands twice", id)
		}
		seen[id] = true
	})
	doc.Find("[aria-describedby],[aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
		for _, id := range strings.Fields(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
			if !seen[id] {
				t.Errorf("nothing has the id %q", id)
			}
		}
	})
}

func checkLabels(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("input:not([type=hidden]),textarea,select").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if doc.Find("label[for='"+id+"']").Length() == 0 && s.Closest("label").Length() == 0 {
			t.Errorf("field %q has no label", s.AttrOr("name", ""))
		}
	})
}

// checkAddresses asserts that a page loads nothing from another host.
func checkAddresses(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("img,script:not([type='application/ld+json']),source,video,audio,iframe,link[rel=stylesheet],link[rel=icon],use").Each(func(_ int, s *goquery.Selection) {
		address := s.AttrOr("src", s.AttrOr("href", ""))
		if !strings.HasPrefix(address, "/") && address != "#ZgotmplZ" {
			t.Errorf("loads %q", address)
		}
	})
	doc.Find("[href^='javascript:'],[src^='javascript:']").Each(func(_ int, s *goquery.Selection) {
		t.Errorf("runs %q", s.AttrOr("href", s.AttrOr("src", "")))
	})
}

// Every key that the templates use is defined in every language.
func TestKeys(t *testing.T) {
	t.Parallel()
	used := regexp.MustCompile(`\.T "([^"]+)"`)
	keys := []string{
		"comment.origin", "actor.Person", "actor.Organization", "actor.Group", "actor.Service", "attachment.video", "attachment.audio", "attachment.file", "audience.followers", "audience.direct", "standing.pending", "standing.deleted", "standing.unattached", "people.boosted", "people.boosted.others", "people.liked", "people.liked.others", "list.and",
	}
	for _, status := range []string{"400", "403", "404", "410", "429", "500", "503"} {
		keys = append(keys, "error."+status+".title", "error."+status+".help")
	}
	for _, tool := range tools {
		keys = append(keys, tool.Label)
	}
	for _, entry := range navigation(&OverviewPage{}) {
		keys = append(keys, entry.Label)
	}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		for _, m := range used.FindAllSubmatch(text, -1) {
			keys = append(keys, string(m[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"comment.go", "comment_body.go", "attachment.go"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:say\(|")((?:comment|attachment|responses|reactions)\.[a-z.]+[a-z])"`).FindAllSubmatch(text, -1) {
			keys = append(keys, string(m[1]))
		}
	}
	for _, lang := range i18n.Languages {
		for _, key := range keys {
			if !i18n.Has(lang, key) {
				t.Errorf("%s: %q is not defined", lang, key)
			}
		}
	}
}
