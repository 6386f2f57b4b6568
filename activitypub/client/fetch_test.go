package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
)

// redirect makes a path answer with another address.
func redirect(s *aptest.Server, path, location string) string {
	s.Misbehave(aptest.Behaviour{Path: path, Status: http.StatusFound, Location: location})
	return s.URL() + path
}

// TestFetch asks for documents that prove themselves, and for many that do not.
func TestFetch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, evil := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	c := newClient(t, w)
	note := home.ServeObject("/notes/1", object(home.URL()+"/notes/1", "Note"))
	deeper := home.ServeObject("/notes/2", object(home.URL()+"/notes/2", "Note"))
	longLoop := home.URL() + "/r/1"
	for _, hop := range []string{"1", "2", "3"} {
		redirect(home, "/r/"+hop, "/r/"+string(hop[0]+1))
	}
	redirect(home, "/r/4", "/notes/1")
	type answer struct{ ID, Error string }
	tests := []struct {
		name string
		in   string
		want answer
	}{
		{"its own id", note, answer{ID: note}},
		{"id with a fragment", note + "#x", answer{ID: note}},
		{"page that answers with the object", home.ServeObject("/@bob/1", object(note, "Note")), answer{ID: note}},
		{"page elsewhere that answers with the object", evil.ServeObject("/copy", object(note, "Note")), answer{ID: note}},
		{"elsewhere, changed", evil.ServeObject("/forged", aptest.Doc{"id": note, "type": "Note", "content": "forged"}), answer{ID: note}},
		{"claims what is not there", evil.ServeObject("/claims", object(home.URL()+"/notes/404", "Note")), answer{Error: "404"}},
		{"claims what claims another", evil.ServeObject("/twice", object(home.URL()+"/@bob/2", "Note")), answer{Error: "404"}},
		{"page of a page", home.ServeObject("/page", object(home.ServeObject("/middle", object(note, "Note")), "Note")), answer{Error: "not believed"}},
		{"redirect on the host", redirect(home, "/old", "/notes/1"), answer{ID: note}},
		{"redirect on the host, id asked for", moved(home), answer{ID: home.URL() + "/moved"}},
		{"redirect to the id on another host", redirect(evil, "/to-home", note), answer{ID: note}},
		{"redirect to a forger", redirect(home, "/open", evil.ServeObject("/open", object(home.URL()+"/open", "Note"))), answer{Error: "not believed"}},
		{"three redirects", home.URL() + "/r/2", answer{ID: note}},
		{"four redirects", longLoop, answer{Error: "redirects"}},
		{"loop", redirect(home, "/loop", "/loop"), answer{Error: "redirects"}},
		{"loop of two", redirect(home, "/loop/a", redirect(home, "/loop/b", "/loop/a")), answer{Error: "redirects"}},
		{"redirect to another scheme", redirect(home, "/file", "file:///etc/passwd"), answer{Error: "blocked"}},
		{"redirect to nothing", redirect(home, "/bad", "http://%zz/"), answer{Error: "blocked"}},
		{"no id", home.ServeObject("/anonymous", aptest.Doc{"type": "Note"}), answer{Error: "not believed"}},
		{"ld+json", home.Serve("/ld", activitypub.ContentTypeLD, []byte(`{"id":"`+home.URL()+`/ld"}`)), answer{ID: home.URL() + "/ld"}},
		{"plain JSON", home.Serve("/json", "application/json", []byte(`{"id":"`+home.URL()+`/json"}`)), answer{Error: "not believed"}},
		{"uploaded text", home.Serve("/upload", "text/plain", []byte(`{"id":"`+home.URL()+`/upload"}`)), answer{Error: "not believed"}},
		{"no JSON", home.Serve("/html", activitypub.ContentType, []byte(`<html>`)), answer{Error: "not believed"}},
		{"list", home.Serve("/list", activitypub.ContentType, []byte(`[{}]`)), answer{Error: "not believed"}},
		{"two documents", home.Serve("/two", activitypub.ContentType, []byte(`{"id":"x"}{}`)), answer{Error: "not believed"}},
		{"deep", home.Serve("/deep", activitypub.ContentType, []byte(strings.Repeat(`{"a":`, 5000)+"1"+strings.Repeat("}", 5000))), answer{Error: "not believed"}},
		{"not there", home.URL() + "/nothing", answer{Error: "404"}},
		{"tombstone", home.ServeObject("/tomb", object(home.URL()+"/tomb", "Tombstone")), answer{Error: "tombstone"}},
		{"somebody else's tombstone", evil.ServeObject("/tomb", object(deeper, "Tombstone")), answer{ID: deeper}},
		{"own origin", w.Servers()[2].URL() + "/actor", answer{Error: "blocked"}},
		{"no URL", "tag:home,2026:1", answer{Error: "blocked"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got answer
			o, raw, err := c.Fetch(withTimeout(t), tt.in)
			if err == nil {
				got.ID = o.ID
				if strings.Contains(string(raw), "forged") {
					t.Error("the forged document was believed")
				}
			}
			got.Error = meaning(err)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}

// moved is an object whose id redirects to where it is stored, on its host.
func moved(s *aptest.Server) string {
	id := s.URL() + "/moved"
	s.ServeObject("/storage/1", object(id, "Note"))
	return redirect(s, "/moved", "/storage/1")
}

// TestFetchSigned asks servers that demand signatures.
func TestFetchSigned(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   aptest.Options
		want int // requests
	}{
		{"both kinds", aptest.Options{AuthorizedFetch: true}, 1},
		{"cavage only", aptest.Options{AuthorizedFetch: true, Understands: []httpsig.Kind{httpsig.Cavage}}, 1},
		{"RFC 9421 only", aptest.Options{AuthorizedFetch: true, Understands: []httpsig.Kind{httpsig.RFC9421}}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, aptest.WorldOptions{TLS: true})
			s := start(t, w, tt.in)
			if _, _, err := newClient(t, w).Fetch(withTimeout(t), s.Person("bob").ID()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, s.Requests("/users/bob")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFetchSignsEachHop: a redirect needs a signature for the new target.
func TestFetchSignsEachHop(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, first := start(t, w, aptest.Options{AuthorizedFetch: true}), start(t, w, aptest.Options{})
	bob := home.Person("bob")
	o, _, err := newClient(t, w).Fetch(withTimeout(t), redirect(first, "/alias", bob.ID()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bob.ID(), o.ID); diff != "" {
		t.Error(diff)
	}
}

// TestFetchGone tells deleted actors from those that never were.
func TestFetchGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home := start(t, w, aptest.Options{})
	bob, c := home.Person("bob"), newClient(t, w)
	if _, err := bob.DeleteAccount(withTimeout(t)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"deleted", bob.ID(), "410"},
		{"never there", home.URL() + "/users/nobody", "404"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := c.Fetch(withTimeout(t), tt.in)
			if diff := cmp.Diff(tt.want, meaning(err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
