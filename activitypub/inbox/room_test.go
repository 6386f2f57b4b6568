package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// TestBusy takes nothing new while there is too much, and everything after.
func TestBusy(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	var wait atomic.Int64
	b := newBox(t, func(h *Handler) { h.Busy = func(context.Context) time.Duration { return time.Duration(wait.Load()) } })
	type answer struct {
		Status int
		Wait   string
	}
	var got []answer
	for _, busy := range []time.Duration{0, 30 * time.Second, time.Millisecond, 0} {
		wait.Store(int64(busy))
		status, header := b.send(t, likeBy(home, "ann", home.signer("ann")))
		got = append(got, answer{status, header.Get("Retry-After")})
	}
	if diff := cmp.Diff([]answer{{202, ""}, {503, "30"}, {503, "1"}, {202, ""}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"busy", "busy"}, b.refused); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	if len(b.accepted) != 2 {
		t.Errorf("%d accepted", len(b.accepted))
	}
}

// slowBody is the body of a request that has come in part.
type slowBody struct {
	sent  *io.PipeWriter
	ended sync.WaitGroup
}

// begin sends a part of a body and returns when the inbox has read it.
func begin(t *testing.T, h *Handler, from string, size int) *slowBody {
	t.Helper()
	out, in := io.Pipe()
	s := &slowBody{sent: in}
	s.ended.Go(func() { ask(h, from, out) })
	for _, part := range [][]byte{make([]byte, size), {0}} { // when the last byte is read, all before has been counted
		if _, err := in.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// end hangs up.
func (s *slowBody) end() {
	s.sent.CloseWithError(io.ErrUnexpectedEOF)
	s.ended.Wait()
}

func ask(h *Handler, from string, body io.Reader) int {
	r := httptest.NewRequest(http.MethodPost, "/ap/inbox", body)
	r.Header.Set("Content-Type", activitypub.ContentType)
	r.Header.Set("X-From", from)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

// TestRoomOfBodies holds what slow senders of large bodies take up.
func TestRoomOfBodies(t *testing.T) {
	t.Parallel()
	const large = MaxBody - 2
	b := newBox(t, func(h *Handler) { h.Sender = func(r *http.Request) string { return r.Header.Get("X-From") } })
	small := func(from string) int {
		return ask(b.handler, from, strings.NewReader(`{"type":"Like","actor":"x"}`+strings.Repeat(" ", 1000)))
	}
	var slow []*slowBody
	fill := func(from string, n int) {
		for range n {
			slow = append(slow, begin(t, b.handler, from, large))
		}
	}
	type step struct {
		what string
		got  int
	}
	var got []step
	note := func(what, from string) { got = append(got, step{what, small(from)}) }
	note("nobody else", "eve")
	fill("eve", 8)
	note("share used up", "eve")
	note("somebody else", "ann")
	for i := range 7 {
		fill(fmt.Sprint("eve", i), 8)
	}
	note("room used up", "ann")
	for _, s := range slow {
		s.end()
	}
	note("all gone", "eve")
	want := []step{{"nobody else", 401}, {"share used up", 503}, {"somebody else", 401}, {"room used up", 503}, {"all gone", 401}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if b.handler.bodies.taken != 0 || len(b.handler.bodies.by) != 0 {
		t.Errorf("left over: %d bytes of %d senders", b.handler.bodies.taken, len(b.handler.bodies.by))
	}
}

// TestKeysThatHang holds how many keys are fetched at a time from all hosts,
// and lets those through whose keys are known.
func TestKeysThatHang(t *testing.T) {
	t.Parallel()
	begun, answers := make(chan struct{}), make(chan struct{})
	key := func(id string) httpsig.Key {
		owner, _, _ := strings.Cut(id, "#")
		return httpsig.Key{ID: id, Owner: owner}
	}
	k := &Keys{
		Stored: func(_ context.Context, id string) (httpsig.Key, error) {
			if strings.Contains(id, "//known.example/") {
				return key(id), nil
			}
			return httpsig.Key{}, ErrNoKey
		},
		Fetch: func(_ context.Context, id string) (httpsig.Key, error) {
			begun <- struct{}{}
			<-answers
			return key(id), nil
		},
	}
	k.once.Do(func() { k.known.limit, k.missing.limit, k.renewed.limit = maxKeys, maxMissing, maxKeys })
	find := func(host string) error {
		_, err := k.find(t.Context(), "https://"+host+"/ann#main-key")
		return err
	}
	var strangers sync.WaitGroup
	for i := range fetchesInAll {
		strangers.Go(func() {
			if err := find(fmt.Sprintf("host%d.example", i)); err != nil {
				t.Errorf("host %d: %v", i, err)
			}
		})
	}
	for range fetchesInAll {
		<-begun
	}
	if err := find("one-more.example"); !errors.Is(err, ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	if err := find("known.example"); err != nil {
		t.Errorf("known: %v", err)
	}
	close(answers)
	strangers.Wait()
	go func() { <-begun }()
	if err := find("one-more.example"); err != nil { // it was not taken for a key that cannot be had
		t.Errorf("afterwards: %v", err)
	}
}
