package websub_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub/client"
	"kabar/internal/blog"
	"kabar/internal/websub"
)

// reader is a blog with a hub and one author.
type reader struct{ hub string }

func (r reader) Site(context.Context) (blog.Site, error) {
	s := blog.DefaultSite("https://blog.example", "blog.example")
	s.Feeds.Hub = r.hub
	return s, nil
}

func (reader) Profiles(_ context.Context, ids []uuid.UUID) ([]blog.Account, error) {
	return make([]blog.Account, len(ids)), nil
}

func TestPing(t *testing.T) {
	t.Parallel()
	status, asked := http.StatusNoContent, make(chan []string, 1)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- append([]string{r.Method, r.PostFormValue("hub.mode")}, r.PostForm["hub.url"]...)
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
	}))
	defer hub.Close()
	p := &websub.Publisher{Blog: reader{hub.URL}, Post: client.New(client.Options{AllowPrivate: true}).PostForm}
	job := blog.FeedsChanged{Tags: []string{"kopi susu"}}
	if err := p.Ping(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POST", "publish",
		"https://blog.example/feed.atom", "https://blog.example/feed.rss", "https://blog.example/feed.json",
		"https://blog.example/authors/blog/feed.atom", "https://blog.example/authors/blog/feed.rss", "https://blog.example/authors/blog/feed.json",
		"https://blog.example/tags/kopi%20susu/feed.atom", "https://blog.example/tags/kopi%20susu/feed.rss", "https://blog.example/tags/kopi%20susu/feed.json",
	}
	if diff := cmp.Diff(want, <-asked); diff != "" {
		t.Error(diff)
	}
	for code, permanent := range map[int]bool{400: true, 410: true, 429: false, 503: false} {
		status = code
		err := p.Ping(t.Context(), job)
		<-asked
		var answer *client.StatusError
		if !errors.As(err, &answer) || answer.Permanent() != permanent || answer.RetryAfter != 7*time.Second {
			t.Errorf("%d: %v", code, err)
		}
	}
	hub.Close()
	if err := p.Ping(t.Context(), job); err == nil {
		t.Errorf("a hub that is away: %v", err)
	}
}

func TestNoHub(t *testing.T) {
	t.Parallel()
	p := &websub.Publisher{Blog: reader{}}
	if err := p.Ping(t.Context(), blog.FeedsChanged{}); err != nil {
		t.Error(err)
	}
}

// A hub inside of the owner's network is not for others to reach.
func TestPrivateHub(t *testing.T) {
	t.Parallel()
	p := &websub.Publisher{Blog: reader{"https://127.0.0.1:1/"}, Post: client.New(client.Options{}).PostForm}
	if err := p.Ping(t.Context(), blog.FeedsChanged{}); !errors.Is(err, client.ErrBlockedAddress) {
		t.Error(err)
	}
}
