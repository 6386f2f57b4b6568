package inbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/httpsig"
)

type later time.Duration

func (later) Error() string               { return "too many" }
func (l later) RetryAfter() time.Duration { return time.Duration(l) }

type answer struct {
	Status     int
	RetryAfter string
}

func TestAnswerToAccept(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	tests := []struct {
		name string
		in   error
		want answer
	}{
		{"taken", nil, answer{202, ""}},
		{"blocked", fmt.Errorf("federation: %w", ErrBlocked), answer{403, ""}},
		{"refused", fmt.Errorf("federation: %w", &Refused{Status: 422, Reason: "odd"}), answer{422, ""}},
		{"too many", fmt.Errorf("federation: %w", later(90*time.Second)), answer{429, "90"}},
		{"too many, soon", later(time.Millisecond), answer{429, "1"}},
		{"too many, a fraction", later(1500 * time.Millisecond), answer{429, "2"}},
		{"broken", errors.New("the password of the database is secret"), answer{503, "60"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t, func(h *Handler) { h.Accept = func(context.Context, Delivery) error { return test.in } })
			status, header := b.send(t, likeBy(home, "ann", home.signer("ann")))
			if diff := cmp.Diff(test.want, answer{status, header.Get("Retry-After")}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnswerToOurErrors must not blame the sender, who would give up.
func TestAnswerToOurErrors(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	self := strings.ReplaceAll(`{"type":"Delete","actor":"ANN","object":"ANN"}`, "ANN", home.id("ann"))
	broken := errors.New("no database")
	tests := []struct {
		name string
		in   func(*Handler)
		want answer
	}{
		{"known", func(h *Handler) { h.Known = func(context.Context, string) (bool, error) { return false, broken } }, answer{503, "60"}},
		{"stored", func(h *Handler) {
			h.Known = func(context.Context, string) (bool, error) { return true, nil }
			h.Keys.Stored = func(context.Context, string) (httpsig.Key, error) { return httpsig.Key{}, broken }
		}, answer{503, "60"}},
		{"too many fetches", func(h *Handler) {
			h.Known = func(context.Context, string) (bool, error) { return true, nil }
			h.Keys.Fetch = func(context.Context, string) (httpsig.Key, error) { return httpsig.Key{}, later(time.Hour) }
		}, answer{429, "3600"}},
		{"none", func(h *Handler) { h.Known = func(context.Context, string) (bool, error) { return true, nil } }, answer{202, ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t, test.in)
			for range 2 { // the second finds no memory of the first's failure
				status, header := b.send(t, post{body: self, by: home.signer("ann")})
				if diff := cmp.Diff(test.want, answer{status, header.Get("Retry-After")}); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	home, b := newRemote(t), newBox(t, nil)
	p := likeBy(home, "ann", home.signer("ann"))
	b.send(t, p)
	if len(b.accepted) != 1 {
		t.Fatalf("%d accepted", len(b.accepted))
	}
	got := b.accepted[0]
	want := Delivery{
		Signer: home.id("ann"), Host: strings.TrimPrefix(home.URL, "http://"),
		Activity: got.Activity, Raw: []byte(p.body), ContentType: "application/activity+json", Path: "/ap/inbox", Signed: b.clock.now().Truncate(time.Second),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Activity.Type() != "Like" {
		t.Errorf("type %q", got.Activity.Type())
	}
}

// TestErrorsAreNotShown keeps what a fetch met in our network to ourselves.
func TestErrorsAreNotShown(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	secret := errors.New("dial tcp 10.0.0.7:5432: connection refused")
	for _, change := range []func(*Handler){
		func(h *Handler) { h.Accept = func(context.Context, Delivery) error { return secret } },
		func(h *Handler) {
			h.Keys.Fetch = func(context.Context, string) (httpsig.Key, error) { return httpsig.Key{}, secret }
		},
	} {
		b := newBox(t, change)
		response, err := b.Client().Do(likeBy(home, "ann", home.signer("ann")).request(t, b))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || strings.Contains(string(text), "10.0.0.7") {
			t.Errorf("%d %q %v", response.StatusCode, text, err)
		}
	}
}

// drip sends a body that never ends and returns the status of the answer.
func (b *box) drip(ctx context.Context) (int, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", b.Listener.Addr().String())
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /ap/inbox HTTP/1.1\r\nHost: blog.example\r\nContent-Type: application/activity+json\r\nContent-Length: 1000\r\n\r\n{")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// TestDrippingBody ends after the time for a body, and with an answer.
func TestDrippingBody(t *testing.T) {
	t.Parallel()
	b := newBox(t, func(h *Handler) { h.BodyTime = 20 * time.Millisecond })
	if status, err := b.drip(t.Context()); err != nil || status != http.StatusBadRequest {
		t.Errorf("%d, %v", status, err)
	}
}

// TestSlowAccept outlives the time for the body: another request whose time
// begins later runs out of it meanwhile.
func TestSlowAccept(t *testing.T) {
	t.Parallel()
	home := newRemote(t)
	var b *box
	b = newBox(t, func(h *Handler) {
		h.BodyTime = 400 * time.Millisecond
		h.Accept = func(ctx context.Context, _ Delivery) error {
			_, err := b.drip(ctx)
			return err
		}
	})
	if status, _ := b.send(t, likeBy(home, "ann", home.signer("ann"))); status != http.StatusAccepted {
		t.Errorf("status %d", status)
	}
}
