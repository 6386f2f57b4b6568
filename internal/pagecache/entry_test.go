package pagecache

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	page := Page{Body: []byte("<p>Kabar</p>"), Header: http.Header{"Link": {"<x>; rel=alternate"}, "Cache-Control": {"public"}}}
	e, err := prepare(page)
	if err != nil {
		t.Fatal(err)
	}
	plain, packed := `"`+e.tag+`"`, `"`+e.tag+`-gz"`
	type answer struct {
		Status                          int
		Type, Encoding, Tag, Link, Keep string
		Body                            string
	}
	tests := []struct {
		name, method string
		header       http.Header
		want         answer
	}{
		{"plain", "GET", nil, answer{200, "text/html; charset=utf-8", "", plain, "<x>; rel=alternate", "public", "<p>Kabar</p>"}},
		{"gzip", "GET", http.Header{"Accept-Encoding": {"br;q=1.0, gzip;q=0.8"}}, answer{200, "text/html; charset=utf-8", "gzip", packed, "<x>; rel=alternate", "public", "<p>Kabar</p>"}},
		{"any coding", "GET", http.Header{"Accept-Encoding": {"*"}}, answer{200, "text/html; charset=utf-8", "gzip", packed, "<x>; rel=alternate", "public", "<p>Kabar</p>"}},
		{"gzip refused", "GET", http.Header{"Accept-Encoding": {"gzip; q=0, *"}}, answer{200, "text/html; charset=utf-8", "", plain, "<x>; rel=alternate", "public", "<p>Kabar</p>"}},
		{"head", "HEAD", nil, answer{200, "text/html; charset=utf-8", "", plain, "<x>; rel=alternate", "public", ""}},
		{"known", "GET", http.Header{"If-None-Match": {plain}}, answer{304, "", "", plain, "<x>; rel=alternate", "public", ""}},
		{"known, weak, in a list", "GET", http.Header{"If-None-Match": {`"a", W/` + packed}, "Accept-Encoding": {"gzip"}}, answer{304, "", "", packed, "<x>; rel=alternate", "public", ""}},
		{"another", "GET", http.Header{"If-None-Match": {`"a"`}}, answer{200, "text/html; charset=utf-8", "", plain, "<x>; rel=alternate", "public", "<p>Kabar</p>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, "/", nil)
			r.Header = tt.header
			w := httptest.NewRecorder()
			e.write(w, r)
			h := w.Result().Header
			got := answer{w.Code, h.Get("Content-Type"), h.Get("Content-Encoding"), h.Get("Etag"), h.Get("Link"), h.Get("Cache-Control"), unpacked(t, h, w.Body.Bytes())}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func unpacked(t *testing.T, h http.Header, body []byte) string {
	t.Helper()
	if h.Get("Content-Encoding") != "gzip" {
		return string(body)
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A handler in between that adds a value does not change the kept page.
func TestHeadersAreNotShared(t *testing.T) {
	t.Parallel()
	e, err := prepare(Page{Body: []byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	e.write(w, httptest.NewRequest("GET", "/", nil))
	w.Header().Add("Vary", "Origin")
	if diff := cmp.Diff([]string{"Accept, Accept-Encoding, Accept-Language, Cookie"}, e.plain.header["Vary"]); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkWrite(b *testing.B) {
	e, err := prepare(Page{Body: bytes.Repeat([]byte("<p>Kabar</p>"), 2500)})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	for b.Loop() {
		e.write(discard{http.Header{}}, r)
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
