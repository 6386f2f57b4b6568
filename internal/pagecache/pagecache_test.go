package pagecache

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// text is a page of this body.
func text(body string) Page { return Page{Body: []byte(body)} }

// ask gets key from c; render says what a new render would be.
func ask(t *testing.T, c *Cache, key string, tags []string, render func() Page) string {
	t.Helper()
	w := httptest.NewRecorder()
	err := c.Serve(w, httptest.NewRequest("GET", "/", nil), key, tags, func(context.Context) (Page, error) { return render(), nil })
	if err != nil {
		t.Error(err)
	}
	return w.Body.String()
}

// newCache is a cache that ends with its test.
func newCache(t *testing.T, bytes uint64) *Cache {
	t.Helper()
	c := New(bytes, time.Minute)
	t.Cleanup(c.Close)
	return c
}

func TestInvalidate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		act  func(c *Cache)
		want int // renders after asking twice
	}{
		{"nothing", func(*Cache) {}, 1},
		{"its tag", func(c *Cache) { c.Invalidate("article:1") }, 2},
		{"one of several", func(c *Cache) { c.Invalidate("article:2", "site") }, 2},
		{"a tag found while rendering", func(c *Cache) { c.Invalidate("actor:7") }, 2},
		{"another tag", func(c *Cache) { c.Invalidate("article:2") }, 1},
		{"everything", func(c *Cache) { c.Empty() }, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCache(t, 1<<20)
			renders := 0
			render := func() Page {
				renders++
				return Page{Body: []byte("x"), Tags: []string{"actor:7"}}
			}
			ask(t, c, "k", []string{"site", "article:1"}, render)
			tt.act(c)
			ask(t, c, "k", []string{"site", "article:1"}, render)
			if diff := cmp.Diff(tt.want, renders); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A page that names nothing that it depends on could never be dropped.
func TestWithoutTags(t *testing.T) {
	t.Parallel()
	c := newCache(t, 1<<20)
	for _, body := range []string{"old", "new"} {
		if got := ask(t, c, "k", nil, func() Page { return text(body) }); got != body {
			t.Errorf("got %s, want %s", got, body)
		}
	}
}

// What changes while a page is rendered is not kept.
func TestChangeDuringRender(t *testing.T) {
	t.Parallel()
	for _, change := range []func(c *Cache){func(c *Cache) { c.Invalidate("a") }, func(c *Cache) { c.Empty() }} {
		c := newCache(t, 1<<20)
		ask(t, c, "k", []string{"a"}, func() Page {
			change(c)
			return text("old")
		})
		if diff := cmp.Diff("new", ask(t, c, "k", []string{"a"}, func() Page { return text("new") })); diff != "" {
			t.Error(diff)
		}
	}
}

// Whoever asks after a change never gets a render that began before it, even
// when one is under way.
func TestReadYourWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(t, 1<<20)
		defer c.pages.StopAllGoroutines()
		finish := make(chan struct{})
		go ask(t, c, "k", []string{"a"}, func() Page {
			<-finish
			return text("old")
		})
		synctest.Wait() // the first render has begun
		c.Invalidate("a")
		var got string
		go func() { got = ask(t, c, "k", []string{"a"}, func() Page { return text("new") }) }()
		synctest.Wait() // the second request waits for it
		close(finish)
		synctest.Wait()
		if diff := cmp.Diff("new", got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestOneRenderForMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCache(t, 1<<20)
		defer c.pages.StopAllGoroutines()
		var renders atomic.Int32
		finish := make(chan struct{})
		for range 20 {
			go ask(t, c, "k", nil, func() Page {
				renders.Add(1)
				<-finish
				return text("x")
			})
		}
		synctest.Wait()
		close(finish)
		synctest.Wait()
		if diff := cmp.Diff(int32(1), renders.Load()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestErrorsAndOtherStatusesAreNotKept(t *testing.T) {
	t.Parallel()
	c := newCache(t, 1<<20)
	broken := errors.New("no database")
	w := httptest.NewRecorder()
	err := c.Serve(w, httptest.NewRequest("GET", "/", nil), "k", nil, func(context.Context) (Page, error) { return Page{}, broken })
	if !errors.Is(err, broken) || w.Body.Len() > 0 {
		t.Errorf("got %v, wrote %q", err, w.Body)
	}
	for range 2 {
		body := ask(t, c, "k", nil, func() Page { return Page{Status: 404, Body: []byte("gone")} })
		if diff := cmp.Diff("gone", body); diff != "" {
			t.Error(diff)
		}
	}
	if _, kept := c.lookup("k"); kept {
		t.Error("a 404 is kept")
	}
}

// A render outlives the request that began it.
func TestContext(t *testing.T) {
	t.Parallel()
	c := newCache(t, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := c.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx), "k", nil, func(ctx context.Context) (Page, error) {
		return text("x"), ctx.Err()
	})
	if err != nil {
		t.Error(err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	c := newCache(t, 100<<10)
	for i := range 100 {
		ask(t, c, fmt.Sprint(i), []string{"site"}, func() Page { return text(strings.Repeat("x", 10<<10)) })
	}
	c.pages.CleanUp()
	if size := c.pages.WeightedSize(); size > 100<<10 {
		t.Errorf("%d bytes are kept", size)
	}
	for i := range maxTags + 2 {
		c.Invalidate(fmt.Sprint("article:", i))
	}
	if len(c.tags) > maxTags+1 {
		t.Errorf("%d tags are kept", len(c.tags))
	}
}

func TestFront(t *testing.T) {
	t.Parallel()
	c := newCache(t, 1<<20)
	key := func(r *http.Request) string {
		if r.Header.Get("Cookie") != "" {
			return ""
		}
		return Key(r, "id")
	}
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	ask(t, c, "id example.com/a?page=2", []string{"site"}, func() Page { return text("kept") })
	tests := []struct {
		name, method, path, cookie string
		want                       int
	}{
		{"kept", "GET", "/a?page=2", "", 200},
		{"kept, head", "HEAD", "/a?page=2", "", 200},
		{"other query", "GET", "/a", "", 418},
		{"session", "GET", "/a?page=2", "s=1", 418},
		{"post", "POST", "/a?page=2", "", 418},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, tt.path, nil)
		if tt.cookie != "" {
			r.Header.Set("Cookie", tt.cookie)
		}
		w := httptest.NewRecorder()
		Front{Cache: c, Key: key, Next: next}.ServeHTTP(w, r)
		if diff := cmp.Diff(tt.want, w.Code); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
