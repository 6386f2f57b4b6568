package federation_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
	"kabar/activitypub/inbox"
)

// From a signed request to the page, with the real inbox in front.
func TestSigned(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	s := httptest.NewServer(&inbox.Handler{
		Keys:  &inbox.Keys{Stored: r.service.StoredKey, Fetch: r.service.FetchKey},
		Known: r.service.Known, Accept: r.service.Accept, Breach: r.service.Breach,
	})
	t.Cleanup(s.Close)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	note := func(text string) aptest.Doc {
		return bob.Compose(aptest.Note{Content: text, InReplyTo: r.article.ObjectURI})
	}
	forwarded := note("forwarded")
	forwarded["actor"], forwarded["signature"] = bob.ID(), aptest.Doc{"type": "RsaSignature2017"}
	like := aptest.Doc{"type": "Like", "object": r.article.ObjectURI, "actor": bob.ID()}
	tests := []struct {
		name     string
		who      *aptest.Person
		activity aptest.Doc
		status   int
		thread   string
	}{
		{"unsigned", bob.Forging(aptest.Forgery{Unsigned: true}), note("x"), http.StatusUnauthorized, "0:"},
		{"the wrong digest", bob.Forging(aptest.Forgery{WrongDigest: true}), note("x"), http.StatusUnauthorized, "0:"},
		{"an unknown actor who goes", bob, aptest.Doc{"type": "Delete", "object": bob.ID()}, http.StatusAccepted, "0:"},
		{"a reply", bob, note("a"), http.StatusAccepted, "1: a"},
		{"RFC 9421", bob.Forging(aptest.Forgery{Kind: httpsig.RFC9421}), note("b"), http.StatusAccepted, "2: a b"},
		{"somebody else's like", eve, like, http.StatusForbidden, "2: a b"},
		{"forwarded", eve, forwarded, http.StatusAccepted, "3: a b forwarded"},
		{"an actor who goes", bob, aptest.Doc{"type": "Delete", "object": bob.ID()}, http.StatusAccepted, "0:"},
	}
	for _, tt := range tests {
		sent, err := tt.who.Send(t.Context(), tt.activity, s.URL+"/ap/inbox")
		r.check(err)
		r.work()
		if sent.Status() != tt.status {
			t.Errorf("%s: %d %s, want %d", tt.name, sent.Status(), sent.Answers[0].Body, tt.status)
		}
		if got := r.thread(); got != tt.thread {
			t.Errorf("%s: thread %q, want %q", tt.name, got, tt.thread)
		}
	}
	if n := r.count(`select count(*) from inbound where outcome = 'refused:signer'`); n != 1 {
		t.Errorf("%d breaches recorded, want 1", n)
	}
}
