package main_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kabar/internal/pgtest"
)

// ping is what a hub heard, and what the first of the feeds held right then.
type ping struct {
	topics []string
	feed   string
}

// newHub is a hub that fetches a feed the moment it hears of it. Its first
// answer is that it is busy.
func newHub(t *testing.T) (address string, heard <-chan ping) {
	pings, busy := make(chan ping, 16), true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		topics := []string{}
		if r.PostFormValue("hub.mode") == "publish" {
			topics = r.PostForm["hub.url"]
		}
		if busy {
			busy = false
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		got := ping{topics: topics}
		if len(topics) > 0 {
			feed, err := fetch(topics[0])
			if err != nil {
				t.Error(err)
			}
			got.feed = feed.Body
		}
		pings <- got
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	return server.URL, pings
}

// TestHub publishes, edits and deletes beside a running server: the hub hears of
// each once, of all feeds that it concerns, and finds the change in them.
func TestHub(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	address, heard := newHub(t)
	if got := h.command("settings", "set", "feeds.hub="+address); got.Code != 0 {
		t.Fatal(got.Err)
	}
	h.serve()
	get(t, h.url+"/feed.atom") // is kept from now on
	next := func(what string, has, hasNot []string) ping {
		t.Helper()
		select {
		case p := <-heard:
			for _, want := range has {
				if !strings.Contains(p.feed+strings.Join(p.topics, "\n"), want) {
					t.Errorf("%s: %q is missing in %q and\n%s", what, want, p.topics, p.feed)
				}
			}
			for _, not := range hasNot {
				if strings.Contains(p.feed, not) {
					t.Errorf("%s: the feed still has %q", what, not)
				}
			}
			return p
		case <-time.After(patience):
			t.Fatalf("%s: the hub heard nothing", what)
			return ping{}
		}
	}
	text := func(title, tag string) string {
		return h.file("kabar.md", "---\ntitle: "+title+"\ntags: ["+tag+"]\n---\nIsi tulisan.\n")
	}

	made := ask[reference](h, "article", "publish", text("Kabar satu", "kopi"))
	next("published", []string{"Kabar satu", made.ID, h.url + "/feed.rss", h.url + "/feed.json", h.url + "/tags/kopi/feed.atom", h.url + "/authors/blog/feed.atom"}, nil)
	ask[reference](h, "article", "edit", made.URL, text("Kabar dua", "teh"))
	next("edited", []string{"Kabar dua", h.url + "/tags/kopi/feed.atom", h.url + "/tags/teh/feed.atom"}, []string{"Kabar satu"})
	if got := h.command("article", "delete", made.ID); got.Code != 0 {
		t.Fatal(got.Err)
	}
	next("deleted", []string{h.url + "/feed.atom", h.url + "/tags/teh/feed.atom"}, []string{"Kabar dua", made.ID})
	feed := get(t, h.url+"/feed.atom")
	if link := strings.Join(feed.Header.Values("Link"), ", "); !strings.Contains(link, "<"+address+`>; rel="hub"`) {
		t.Errorf("Link: %s", link)
	}
}
