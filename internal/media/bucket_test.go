package media

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/config"
	"kabar/internal/s3test"
)

func settings(s *s3test.Server) config.S3 {
	return config.S3{Endpoint: s.URL, Bucket: s3test.Bucket, Region: s3test.Region, AccessKey: s3test.AccessKey, SecretKey: s3test.SecretKey}
}

func bucket(t *testing.T, s *s3test.Server) *Bucket {
	t.Helper()
	b, err := OpenBucket(settings(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// TestBucketStores looks from outside at what is stored.
func TestBucketStores(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	b := bucket(t, server)
	name := Name([]byte("halo"), ".webp")
	at := name[:2] + "/" + name
	server.Set("another's file", nil)
	server.Set(name, nil) // in no folder, so not ours
	for range 2 {
		if err := b.Put(name, []byte("halo")); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	if err := b.Names(func(name string) error { names = append(names, name); return nil }); err != nil {
		t.Fatal(err)
	}
	got := []any{names, server.Type(at), strings.Count(strings.Join(server.Asked(), "\n"), "PUT")}
	if diff := cmp.Diff([]any{[]string{name}, "image/webp", 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := b.Put(Name([]byte("another"), ".png"), []byte("cut")); err == nil {
		t.Error("the storage took what its name is not the hash of")
	}
}

// TestBucketReads moves about in a file, and counts what is asked for.
func TestBucketReads(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	b := bucket(t, server)
	data := bytes.Repeat([]byte("0123456789"), 10_000)
	name := Name(data, ".mp4")
	if err := b.Put(name, data); err != nil {
		t.Fatal(err)
	}
	server.Asked()
	file, err := b.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		offset int64
		whence int
		want   []byte
	}{
		{0, io.SeekStart, data[:5]},
		{5, io.SeekStart, data[5:10]}, // goes on, and asks for nothing
		{90_000, io.SeekCurrent, data[90_010:90_015]},
		{-3, io.SeekEnd, data[99_997:]},
		{0, io.SeekEnd, nil},
		{100, io.SeekEnd, nil},
	} {
		if _, err := file.Seek(tt.offset, tt.whence); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 5)
		n, err := io.ReadFull(file, got)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.Equal(got[:n], tt.want) {
			t.Errorf("at %d: %q, %v", tt.offset, got[:n], err)
		}
	}
	if _, err := file.Seek(-1, io.SeekStart); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("before the beginning: %v", err)
	}
	if asked := len(server.Asked()); asked != 3 || file.Close() != nil {
		t.Errorf("%d requests", asked)
	}
}

// TestBucketWrong meets what users set wrongly, with words that say what to do.
func TestBucketWrong(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	for _, tt := range []struct {
		name  string
		wrong func(*config.S3)
		says  string
	}{
		{"another bucket", func(s *config.S3) { s.Bucket = "nothing" }, "there is no bucket nothing: make it, or correct KABAR_S3_BUCKET"},
		{"another key", func(s *config.S3) { s.AccessKey = "nobody" }, "correct KABAR_S3_ACCESS_KEY and KABAR_S3_SECRET_KEY"},
		{"another secret", func(s *config.S3) { s.SecretKey = "wrong" }, "correct KABAR_S3_ACCESS_KEY and KABAR_S3_SECRET_KEY"},
	} {
		s := settings(server)
		tt.wrong(&s)
		b, err := OpenBucket(s)
		if err != nil {
			t.Fatal(err)
		}
		name := Name(nil, ".png")
		_, openErr := b.Open(name)
		for _, err := range []error{b.Check(t.Context()), b.Put(name, nil), b.Names(nil), openErr} {
			if !errors.Is(err, ErrBucketRefused) || errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
		if err := b.Check(t.Context()); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if len(server.Keys()) > 0 {
		t.Errorf("there is %v", server.Keys())
	}
	if _, err := OpenBucket(config.S3{Endpoint: server.URL, SecretKeyFile: "/nonexistent"}); err == nil {
		t.Error("the secret's file is not there")
	}
}

// TestBucketFails has the storage fail for a time and for good.
func TestBucketFails(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	b := bucket(t, server)
	name := Name([]byte("halo"), ".png")
	failures := func(n, status int) {
		server.Fail(func(*http.Request) int {
			if n--; n < 0 {
				return 0
			}
			return status
		})
	}
	failures(2, 503)
	if err := b.Put(name, []byte("halo")); err != nil {
		t.Errorf("it passes: %v", err)
	}
	failures(1, -1)
	if err := b.Check(t.Context()); err != nil {
		t.Errorf("it passes: %v", err)
	}
	failures(1_000, 500)
	_, existsErr := b.Exists(name)
	for what, err := range map[string]error{"exists": existsErr, "delete": b.Delete(name), "check": b.Check(t.Context()), "put": b.Put(name, []byte("halo"))} {
		if err == nil || errors.Is(err, ErrBucketRefused) || !strings.Contains(err.Error(), "does not answer as it should") {
			t.Errorf("%s: %v", what, err)
		}
	}
	var heard error
	w := httptest.NewRecorder()
	Handler{Store: b, Failed: func(_ *http.Request, err error) { heard = err }}.
		ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/media/"+name, nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" || heard == nil {
		t.Errorf("a reader gets %d %v, and the log %v", w.Code, w.Header(), heard)
	}
	failures(0, 0)
	if diff := cmp.Diff("halo", string(content(t, b, name))); diff != "" {
		t.Error(diff)
	}
}
