package metrics

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func sources(queues func(context.Context) ([]Queue, error)) Sources {
	return Sources{
		Pools:   map[string]func() *pgxpool.Stat{},
		Reads:   func() map[string]uint64 { return map[string]uint64{"primary": 4, "replica": 9} },
		Lag:     func() time.Duration { return 1500 * time.Millisecond },
		Cache:   func() CacheState { return CacheState{Hits: 7, Entries: 2, Bytes: 4096} },
		Loops:   func() map[string]int { return map[string]int{"inbound": 3} },
		Streams: func() int { return 5 },
		Queues:  queues,
	}
}

func scrape(t *testing.T, m *Metrics, profiles bool, path string) (status int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler(profiles).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(text)
}

func TestFigures(t *testing.T) {
	t.Parallel()
	m := New("1.2.3")
	m.Watch(sources(func(context.Context) ([]Queue, error) {
		return []Queue{{Name: "inbound", Waiting: 12, Oldest: time.Now().Add(-time.Hour)}, {Name: "jobs"}}, nil
	}))
	m.Refused("unsigned")
	m.Processed("comment")
	m.Delivered("delivered", false, 40*time.Millisecond)
	m.Delivered("retried", true, 10*time.Second)
	m.Rendered(3 * time.Millisecond)
	m.Requested("/{slug}", "GET", 404, time.Millisecond)
	m.Worked("mail", "failed", time.Second)
	_, got := scrape(t, m, false, "/metrics")
	for _, want := range []string{
		`kabar_build_info{version="1.2.3"} 1`,
		`kabar_inbox_refused_total{reason="unsigned"} 1`,
		`kabar_inbound_total{outcome="comment"} 1`,
		`kabar_deliveries_total{host_class="healthy",outcome="delivered"} 1`,
		`kabar_deliveries_total{host_class="failing",outcome="retried"} 1`,
		`kabar_delivery_seconds_bucket{host_class="healthy",le="0.05"} 1`,
		`kabar_page_render_seconds_count 1`,
		`kabar_http_request_seconds_count{method="GET",route="/{slug}",status="4xx"} 1`,
		`kabar_job_seconds_count{kind="mail",outcome="failed"} 1`,
		`kabar_database_reads_total{pool="primary"} 4`, `kabar_database_reads_total{pool="replica"} 9`, `kabar_database_replica_lag_seconds 1.5`,
		`kabar_page_cache_hits_total 7`, `kabar_page_cache_entries 2`, `kabar_page_cache_bytes 4096`,
		`kabar_queue_in_hand{queue="inbound"} 3`, `kabar_live_streams 5`,
		`kabar_queue_waiting{queue="inbound"} 12`, `kabar_queue_oldest_seconds{queue="inbound"} 36`,
		`kabar_queue_oldest_seconds{queue="jobs"} 0`, `kabar_queue_read_errors_total 0`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "kabar_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// TestQueuesUnknown gives no figures rather than old ones, asks seldom, and
// says that it could not ask.
func TestQueuesUnknown(t *testing.T) {
	t.Parallel()
	asked := 0
	m := New("1")
	m.Watch(sources(func(context.Context) ([]Queue, error) {
		asked++
		return []Queue{{Name: "inbound"}}, errors.New("no database")
	}))
	for range 3 {
		_, got := scrape(t, m, false, "/metrics")
		if strings.Contains(got, "kabar_queue_waiting{") || !strings.Contains(got, "kabar_queue_read_errors_total 1") {
			t.Errorf("got\n%s", got)
		}
	}
	if asked != 1 {
		t.Errorf("the database was asked %d times", asked)
	}
}

// TestProfiles are there when they are wanted, and never tell the command line.
func TestProfiles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path     string
		profiles bool
		want     int
	}{
		{"/debug/pprof/", false, 404},
		{"/debug/pprof/heap?debug=1", false, 404},
		{"/debug/pprof/", true, 200},
		{"/debug/pprof/heap?debug=1", true, 200},
		{"/debug/pprof/goroutine?debug=1", true, 200},
		{"/debug/pprof/cmdline", true, 404},
		{"/metrics", true, 200},
		{"/", true, 404},
	}
	m := New("1")
	for _, tt := range tests {
		if got, _ := scrape(t, m, tt.profiles, tt.path); got != tt.want {
			t.Errorf("%s with profiles %t: %d, want %d", tt.path, tt.profiles, got, tt.want)
		}
	}
}
