package page

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzNegotiate reads Accept, Accept-Language, X-Forwarded-For and the cookie of
// the language: whatever they say, one kind of answer and one language is meant.
func FuzzNegotiate(f *testing.F) {
	f.Add(`application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1`, "id, en;q=0.5", "10.0.0.1, [::1]:80")
	f.Add(`text/html;q=",";q=2,*/*;q=NaN`, "*;q=nope,,,x-y-z", "a,,b")
	f.Fuzz(func(t *testing.T, accept, language, forwarded string) {
		r := httptest.NewRequest(http.MethodGet, "https://blog.example/", nil)
		r.Header.Set("Accept", accept)
		r.Header.Set("Accept-Language", language)
		r.Header.Set("X-Forwarded-For", forwarded)
		r.AddCookie(&http.Cookie{Name: "lang", Value: "x"})
		if WantsActivity(r) && WantsPage(r) {
			t.Errorf("%q wants both", accept)
		}
		if got := Language(r, "id"); got != "id" && got != "en" {
			t.Errorf("%q is answered in %q", language, got)
		}
		if got := Forwarded(r, nil); got.String() != "192.0.2.1" {
			t.Errorf("without a proxy it comes from %s", got)
		}
	})
}

// FuzzCursor reads places in lists: what is taken can be written again and is
// the same place.
func FuzzCursor(f *testing.F) {
	f.Add("kf12oi.01890a5d-ac96-774b-bcce-b302099a8057")
	f.Add("-1.00000000-0000-0000-0000-000000000000")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCursor(text)
		if err != nil || text == "" {
			return
		}
		again, err := ParseCursor(Cursor(c))
		if diff := cmp.Diff(c, again); err != nil || diff != "" {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	})
}

// FuzzKept reads the forms that browsers keep for us: none leads elsewhere.
func FuzzKept(f *testing.F) {
	k := kept{To: "/studio/articles/new", Fields: map[string][]string{"text": {"x"}}}
	f.Add(k.field())
	f.Add("e30")
	f.Fuzz(func(t *testing.T, field string) {
		if shown := Kept(field); shown != nil && !ofStudio(shown.To) {
			t.Errorf("it leads to %q", shown.To)
		}
	})
}
