package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestServe(t *testing.T) {
	t.Parallel()
	css := Path("kabar.css")
	const forever = "public, max-age=31536000, immutable"
	type answer struct {
		Status                int
		Type, Encoding, Cache string
		Body                  bool
	}
	tests := []struct {
		name, method, path string
		header             http.Header
		want               answer
	}{
		{"plain", "GET", css, nil, answer{200, "text/css; charset=utf-8", "", forever, true}},
		{"gzip", "GET", css, http.Header{"Accept-Encoding": {"br, gzip"}}, answer{200, "text/css; charset=utf-8", "gzip", forever, true}},
		{"gzip refused", "GET", css, http.Header{"Accept-Encoding": {"gzip;q=0"}}, answer{200, "text/css; charset=utf-8", "", forever, true}},
		{"head", "HEAD", Path("editor.js"), nil, answer{200, "text/javascript; charset=utf-8", "", forever, false}},
		{"drawing", "GET", Path("icons.svg"), nil, answer{200, "image/svg+xml", "", forever, true}},
		{"known", "GET", css, http.Header{"If-None-Match": {byName["kabar.css"].etag}}, answer{304, "text/css; charset=utf-8", "", forever, false}},
		{"another version's name", "GET", Prefix + "kabar.000000000000.css", nil, answer{200, "text/css; charset=utf-8", "", "no-cache", true}},
		{"no such file", "GET", Prefix + "static.go", nil, answer{404, "text/plain; charset=utf-8", "", "", true}},
		{"post", "POST", css, nil, answer{405, "text/plain; charset=utf-8", "", "", true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Header = tt.header.Clone()
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, r)
			h := w.Result().Header
			got := answer{w.Code, h.Get("Content-Type"), h.Get("Content-Encoding"), h.Get("Cache-Control"), w.Body.Len() > 0}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestGzipHoldsTheSame(t *testing.T) {
	t.Parallel()
	for name, a := range byName {
		r, err := gzip.NewReader(bytes.NewReader(a.gzip))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(body, a.body) {
			t.Errorf("%s: unpacked differs: %v", name, err)
		}
	}
}

// What a page loads stays small, asks no other host, and is balanced.
func TestStylesheets(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]int{"kabar.css": 15 << 10, "studio.css": 24 << 10, "code.css": 2 << 10} {
		body := string(byName[name].body)
		if len(body) > limit {
			t.Errorf("%s: %d bytes, want at most %d", name, len(body), limit)
		}
		if regexp.MustCompile(`url\(|@import|https?:`).MatchString(body) {
			t.Errorf("%s loads something", name)
		}
		if strings.Count(body, "{") != strings.Count(body, "}") {
			t.Errorf("%s: braces do not match", name)
		}
	}
}

// A page loads one sheet and one script, with all that their files have: what
// is for paper holds there alone, and no script sees the names of another.
func TestBundles(t *testing.T) {
	t.Parallel()
	for name, parts := range bundles {
		body := string(byName[name].body)
		for _, part := range parts {
			want := string(byName[part].body)
			switch {
			case strings.HasSuffix(part, ".js"):
				want = "{\n" + want + "}\n"
			case part == "print.css":
				want = "@media print{" + want + "}"
			}
			if strings.Count(body, want) != 1 {
				t.Errorf("%s does not hold %s once", name, part)
			}
		}
		if limit := 30 << 10; len(body) > limit {
			t.Errorf("%s: %d bytes, want at most %d", name, len(body), limit)
		}
	}
}
