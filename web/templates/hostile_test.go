package templates

import (
	"html/template"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// hostile are values that would break out of where they stand.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`, " jAvascript:alert(1)",
	"java\nscript:alert(1)", `data:text/html,<script>alert(1)</script>`, `//evil.example/x.png`, `https://evil.example/"onload="x`, "\x00<b>", `--><svg onload=alert(1)>`,
}

// poison puts a value into every text that is no HTML of ours.
func poison(v reflect.Value, value string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != reflect.TypeFor[template.HTML]() && v.Type() != reflect.TypeFor[CommentState]() {
			v.SetString(value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				poison(v.Field(i), value)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), value)
		}
	}
}

// TestHostileComments renders comments whose every field is hostile: nothing
// runs, nothing is loaded from elsewhere, no link leads to what runs.
func TestHostileComments(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 3, 8, 0, 0, 0, time.UTC)
	for _, value := range hostile {
		files := []Attachment{{Kind: "image"}, {Kind: "image"}, {Kind: "video"}, {Kind: "audio"}, {Kind: "file"}}
		c := Comment{Attachments: files, Reactions: []Reaction{{People: []Person{{}, {}}}, {People: []Person{{}}}}, Replies: []Comment{{}}}
		poison(reflect.ValueOf(&c).Elem(), value)
		for i, kind := range []string{"image", "image", "video", "audio", "file"} {
			c.Attachments[i].Kind, c.Attachments[i].Width, c.Attachments[i].Height, c.Attachments[i].Sensitive = kind, 10, 10, i == 1
		}
		c.Reactions[0].Kind, c.Reactions[0].Count, c.Reactions[1].Kind, c.Reactions[1].Count = "like", 3, "emoji", 1
		c.Published, c.Edited, c.Long, c.Poll, c.Quote, c.MoreCount = at, at, true, true, true, 3
		for _, web := range []bool{true, false} {
			c.FromWeb, c.Local = web, web
			for _, depth := range []int{0, 9} {
				inspect(t, value, string(CommentHTML(sampleFrame("en"), c, depth)))
			}
			inspect(t, value, string(comments(sampleFrame("id"), []Comment{c})))
		}
	}
}

func inspect(t *testing.T, value, html string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("script, b, iframe, object, style").Length() > 0 {
		t.Errorf("%q became an element", value)
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			address := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style":
				t.Errorf("%q became the attribute %s", value, a.Key)
			case a.Key == "href" && (strings.Contains(address, "script:") && !strings.Contains(address, "?") || strings.HasPrefix(address, "data:")):
				t.Errorf("%q is a link: %s", value, a.Val)
			case (a.Key == "src" || a.Key == "poster") && (!strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//")):
				t.Errorf("%q is loaded: %s", value, a.Val)
			}
		}
	})
}
