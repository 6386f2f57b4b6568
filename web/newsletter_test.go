package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// TestNewsletterForm goes from the front page to the question, and back from
// the link in the question.
func TestNewsletterForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := w.post("/-/newsletter", url.Values{"email": {"mika@danau.example"}}); got.StatusCode != http.StatusNotFound {
		t.Errorf("turned off: %d", got.StatusCode)
	}
	_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Newsletter.On = true; return nil })
	check(t, err)
	seal, err := w.blog.Seal(t.Context())
	check(t, err)
	if n := w.get("/").page(t).Find(`form[action="/-/newsletter"] input[type=email]`).Length(); n != 1 {
		t.Errorf("%d forms on the front page", n)
	}
	stamp := seal.Token("newsletter form", newID())
	count := func() int {
		n, err := w.store.CountSubscribers(t.Context())
		check(t, err)
		return n.Waiting
	}
	tests := []struct {
		name  string
		in    url.Values
		want  int
		asked int
	}{
		{"from another page", url.Values{"email": {"mika@danau.example"}}, 200, 0},
		{"a trap", url.Values{"email": {"mika@danau.example"}, "stamp": {stamp}, "subject": {"x"}}, 422, 0},
		{"a forged stamp", url.Values{"email": {"mika@danau.example"}, "stamp": {stamp[:9]}}, 422, 0},
		{"no address", url.Values{"email": {"mika\r\nBcc: x@y.example"}, "stamp": {stamp}}, 422, 0},
		{"good", url.Values{"email": {"mika@danau.example"}, "stamp": {stamp}}, 303, 1},
		{"known", url.Values{"email": {"MIKA@danau.example"}, "stamp": {stamp}}, 303, 1},
	}
	for _, tt := range tests {
		got := w.post("/-/newsletter", tt.in)
		if got.StatusCode != tt.want || count() != tt.asked {
			t.Errorf("%s: %d, %d asked; want %d, %d", tt.name, got.StatusCode, count(), tt.want, tt.asked)
		}
	}
	sub, err := w.store.SubscriberByEmail(t.Context(), "mika@danau.example")
	check(t, err)
	confirm := "/-/newsletter/confirm?token=" + seal.Token(blog.NewsletterConfirmPurpose, sub.Question)
	leave := "/-/newsletter/leave?token=" + seal.Token(blog.NewsletterLeavePurpose, sub.ID)
	steps := []struct {
		name, path string
		post       url.Values // nil = GET
		want       int
	}{
		{"a scanner opens the link", confirm, nil, 200},
		{"and again", confirm, nil, 200},
		{"confirmed", confirm, url.Values{}, 200},
		{"replayed", confirm, url.Values{}, 410},
		{"the subscriber's page", leave, nil, 200},
		{"left by one click", leave, url.Values{"List-Unsubscribe": {"One-Click"}}, 200},
		{"left again", leave, url.Values{}, 200},
		{"forged", strings.TrimSuffix(leave, leave[len(leave)-4:]) + "AAAA", url.Values{}, 404},
	}
	for _, tt := range steps {
		got := 0
		if tt.post == nil {
			got = w.get(tt.path).StatusCode
		} else {
			got = w.post(tt.path, tt.post).StatusCode
		}
		if got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestNewsletterFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Newsletter.On = true; return nil })
	check(t, err)
	seal, err := w.blog.Seal(t.Context())
	check(t, err)
	stamp, taken := seal.Token("newsletter form", newID()), 0
	for i := range 500 {
		got := w.post("/-/newsletter", url.Values{"email": {fmt.Sprintf("reader%d@danau.example", i)}, "stamp": {stamp}})
		switch got.StatusCode {
		case http.StatusSeeOther:
			taken++
		case http.StatusTooManyRequests:
		default:
			t.Fatalf("sign-up %d: %d", i, got.StatusCode)
		}
	}
	n, err := w.store.CountSubscribers(t.Context())
	check(t, err)
	if taken == 0 || taken > 100 || n.Waiting != taken {
		t.Errorf("%d taken, %d asked", taken, n.Waiting)
	}
}
