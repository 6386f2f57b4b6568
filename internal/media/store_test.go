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

	"kabar/internal/s3test"
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

// stores are all kinds of Store, empty.
func stores(t *testing.T) map[string]Store {
	t.Helper()
	return map[string]Store{"folder": folder(t), "bucket": bucket(t, s3test.Start(t))}
}

func TestStore(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			testStore(t, store)
		})
	}
}

func testStore(t *testing.T, f Store) {
	t.Helper()
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

func TestStoreNames(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		want := map[string]bool{}
		for i := range 20 {
			data := []byte{byte(i)}
			want[Name(data, ".png")] = true
			if err := store.Put(Name(data, ".png"), data); err != nil {
				t.Fatal(kind, err)
			}
		}
		got := map[string]bool{}
		if err := store.Names(func(name string) error { got[name] = true; return nil }); err != nil {
			t.Error(kind, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
		stop, n := errors.New("enough"), 0
		if err := store.Names(func(string) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
			t.Errorf("%s: %v after %d", kind, err, n)
		}
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		want bool
	}{
		{Name([]byte("a"), ".png"), true},
		{Name([]byte("b"), ".png"), false},
		{Name([]byte("a"), ".html"), false},
		{"", false},
	} {
		if got := Holds(tt.name, []byte("a")); got != tt.want {
			t.Errorf("%q: %t", tt.name, got)
		}
	}
}

func TestStoreRefusesNames(t *testing.T) {
	t.Parallel()
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			refuseNames(t, store)
		})
	}
}

func refuseNames(t *testing.T, f Store) {
	t.Helper()
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
	for kind, store := range stores(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			testHandler(t, store)
		})
	}
}

func testHandler(t *testing.T, f Store) {
	t.Helper()
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
		{"the end", "GET", "/media/" + name, "Range", "bytes=-3", 206, "789"},
		{"past the end", "GET", "/media/" + name, "Range", "bytes=10-", 416, "invalid range: failed to overlap\n"},
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
