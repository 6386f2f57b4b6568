package client

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		in   string
		want time.Duration
	}{
		{"absent", "", 0},
		{"seconds", "120", 2 * time.Minute},
		{"negative", "-5", 0},
		{"huge", "99999999999999", (1 << 31) * time.Second},
		{"beyond a number", "99999999999999999999999999", 0},
		{"date", "Wed, 25 Nov 2026 10:01:30 GMT", 90 * time.Second},
		{"date in the past", "Wed, 25 Nov 2020 10:01:30 GMT", 0},
		{"nonsense", "soon", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			res := &http.Response{Header: http.Header{"Retry-After": {tt.in}}}
			if diff := cmp.Diff(tt.want, retryAfter(res, now)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIsObjectType(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		want bool
	}{
		{"activity+json", "application/activity+json", true},
		{"with charset", "application/activity+json; charset=utf-8", true},
		{"in capitals", "Application/Activity+JSON", true},
		{"ld+json with profile", `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true},
		{"ld+json with two profiles", `application/ld+json; profile="https://a.example https://www.w3.org/ns/activitystreams"`, true},
		{"ld+json", "application/ld+json", false},
		{"ld+json with longer profile", `application/ld+json; profile="https://www.w3.org/ns/activitystreams-extra"`, false},
		{"json", "application/json", false},
		{"text", "text/plain", false},
		{"html", "text/html", false},
		{"picture", "image/png", false},
		{"none", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, isObjectType(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"lines", "not\r\n  accepted\t\n", "not accepted"},
		{"terminal", "\x1b[31mred", "[31mred"},
		{"cut in a character", "sel\xc3", "sel"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, printable([]byte(tt.in))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	type meaning struct{ Gone, NotFound, Permanent bool }
	status := func(code int) error { return fmt.Errorf("fetch: %w", &StatusError{Status: code}) }
	tests := []struct {
		name string
		in   error
		want meaning
	}{
		{"404", status(404), meaning{NotFound: true, Permanent: true}},
		{"410", status(410), meaning{Gone: true, Permanent: true}},
		{"tombstone", fmt.Errorf("fetch: %w", ErrTombstone), meaning{Gone: true, Permanent: true}},
		{"401", status(401), meaning{}},
		{"403", status(403), meaning{Permanent: true}},
		{"408", status(408), meaning{}},
		{"429", status(429), meaning{}},
		{"500", status(500), meaning{}},
		{"501", status(501), meaning{Permanent: true}},
		{"503", status(503), meaning{}},
		{"blocked", fmt.Errorf("fetch: %w", ErrBlockedAddress), meaning{Permanent: true}},
		{"not believed", notBelieved("why"), meaning{Permanent: true}},
		{"connection", errors.New("connection refused"), meaning{}},
		{"none", nil, meaning{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, meaning{Gone(tt.in), NotFound(tt.in), Permanent(tt.in)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
