package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// Every kind of answer tells browsers to hold to the same rules, those that
// fail and those that lead elsewhere too.
func TestHeaders(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	gone := f.publish(blog.DraftInput{Title: "Sudah hilang", Markdown: "Dulu ada."})
	check(t, f.blog.Delete(t.Context(), uuid.Nil, gone.ID))
	strict := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
	}
	object, owner := strings.TrimPrefix(f.article.ObjectURI, f.origin), f.owner()
	tests := []struct {
		name, method, path string
		want               int
		header             []string
	}{
		{"front page", "GET", "/", 200, nil},
		{"from the cache", "GET", "/", 200, nil},
		{"not changed", "GET", "/", 304, []string{"If-None-Match", "*"}},
		{"article", "GET", "/" + f.article.Slug, 200, nil},
		{"deleted", "GET", "/" + gone.Slug, 410, nil},
		{"not there", "GET", "/tidak-ada", 404, nil},
		{"wrong method", "DELETE", "/", 405, nil},
		{"of another site", "POST", "/follow", 403, []string{"Sec-Fetch-Site", "cross-site"}},
		{"feed", "GET", "/feed.atom", 200, nil},
		{"sheet", "GET", f.sheet(), 200, nil},
		{"object", "GET", object, 200, []string{"Accept", asActivity}},
		{"object to a page", "GET", object, 303, []string{"Accept", asBrowser}},
		{"inbox", "POST", "/ap/inbox", 415, nil},
		{"WebFinger", "GET", "/.well-known/webfinger?resource=acct:nobody@blog.example", 404, nil},
		{"health", "GET", "/livez", 200, nil},
		{"Studio, signed out", "GET", "/studio", 303, nil},
		{"Studio", "GET", "/studio", 200, []string{"Cookie", owner}},
		{"Studio, not there", "GET", "/studio/nothing", 404, []string{"Cookie", owner}},
	}
	for _, tt := range tests {
		got := f.do(tt.method, tt.path, nil, tt.header...)
		if got.StatusCode != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got.StatusCode, tt.want)
		}
		told := map[string]string{}
		for name := range strict {
			told[name] = strings.Join(got.Header.Values(name), " and ")
		}
		if diff := cmp.Diff(strict, told); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		checkPolicy(t, tt.name, strings.HasPrefix(tt.path, "/studio"), got.Header)
		for _, name := range []string{"Server", "X-Powered-By", "Strict-Transport-Security"} { // the last needs HTTPS
			if got.Header.Get(name) != "" {
				t.Errorf("%s: %s is told", tt.name, name)
			}
		}
	}
}

// sheet is the path of the style sheet of a page.
func (f *fortress) sheet() string {
	f.t.Helper()
	return f.get("/").page(f.t).Find("link[rel=stylesheet]").First().AttrOr("href", "")
}

// checkPolicy grades a Content-Security-Policy: everything comes from here,
// nothing is inline, nothing frames us, and forms of the Studio stay here.
func checkPolicy(t *testing.T, name string, private bool, h http.Header) {
	t.Helper()
	if n := len(h.Values("Content-Security-Policy")); n != 1 {
		t.Errorf("%s: %d policies", name, n)
	}
	leads := []string{"'self'", "https:", "http:"} // the blog under test has no HTTPS
	if private {
		leads = leads[:1]
	}
	want := map[string][]string{"default-src": {"'none'"}, "base-uri": {"'none'"}, "frame-ancestors": {"'none'"}, "form-action": leads}
	for directive := range strings.SplitSeq(h.Get("Content-Security-Policy"), ";") {
		words := strings.Fields(directive)
		expected := want[words[0]]
		if expected == nil {
			expected = []string{"'self'"}
		}
		if !slices.Equal(expected, words[1:]) {
			t.Errorf("%s: %s is %q", name, words[0], words[1:])
		}
		delete(want, words[0])
	}
	if len(want) > 0 {
		t.Errorf("%s: the policy lacks %v", name, want)
	}
}
