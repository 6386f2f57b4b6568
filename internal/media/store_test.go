package media

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func content(t *testing.T, store Store, name string) []byte {
	t.Helper()
	file, err := store.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFolder(t *testing.T) {
	t.Parallel()
	f := folder(t)
	data := []byte("halo")
	name := Name(data, ".webp")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := f.Put(name, data); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if diff := cmp.Diff(data, content(t, f, name)); diff != "" {
		t.Error(diff)
	}
	if ok, err := f.Exists(name); !ok || err != nil {
		t.Error("stored, but", ok, err)
	}
	for range 2 {
		if err := f.Delete(name); err != nil {
			t.Error(err)
		}
	}
	if ok, err := f.Exists(name); ok || err != nil {
		t.Error("deleted, but", ok, err)
	}
	if _, err := f.Open(name); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
}

func TestFolderRefusesNames(t *testing.T) {
	t.Parallel()
	f := folder(t)
	long := strings.Repeat("a", 64)
	for _, name := range []string{"", ".", "..", "../" + long + ".webp", long, long + ".svg", long + ".html", "/etc/passwd", strings.ToUpper(long) + ".webp", long + ".webp/", long + ".webp\x00", "a/" + long + ".jpg"} {
		_, openErr := f.Open(name)
		ok, existsErr := f.Exists(name)
		if !errors.Is(f.Put(name, nil), ErrBadName) || !errors.Is(openErr, fs.ErrNotExist) || !errors.Is(f.Delete(name), ErrBadName) || ok || existsErr != nil {
			t.Errorf("%q was taken for a name", name)
		}
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	f := folder(t)
	name := Name([]byte("0123456789"), ".jpg")
	if err := f.Put(name, []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, method, path, header, value string
		status                            int
		body                              string
	}{
		{"whole", "GET", "/media/" + name, "", "", 200, "0123456789"},
		{"head", "HEAD", "/media/" + name, "", "", 200, ""},
		{"part", "GET", "/media/" + name, "Range", "bytes=2-4", 206, "234"},
		{"known", "GET", "/media/" + name, "If-None-Match", `"` + name + `"`, 304, ""},
		{"unknown", "GET", "/media/" + strings.Repeat("0", 64) + ".jpg", "", "", 404, "404 page not found\n"},
		{"no name", "GET", "/media/..%2f..%2fetc%2fpasswd", "", "", 404, "404 page not found\n"},
		{"post", "POST", "/media/" + name, "", "", 405, "Method Not Allowed\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Header.Set(tt.header, tt.value)
			w := httptest.NewRecorder()
			Handler{Store: f}.ServeHTTP(w, r)
			if w.Code != tt.status || w.Body.String() != tt.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body.String(), tt.status, tt.body)
			}
		})
	}
}

func TestHandlerHeaders(t *testing.T) {
	t.Parallel()
	f := folder(t)
	name := Name([]byte("a"), ".webp")
	if err := f.Put(name, []byte("a")); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	Handler{Store: f}.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/media/"+name, nil))
	for header, want := range map[string]string{
		"Content-Type": "image/webp", "Cache-Control": "public, max-age=31536000, immutable",
		"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff",
	} {
		if diff := cmp.Diff(want, w.Header().Get(header)); diff != "" {
			t.Error(header, diff)
		}
	}
}
