package metrics

import (
	"net/http"
	"net/http/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures of one node; make them with New. The methods may be
// called concurrently.
type Metrics struct {
	registry   *prometheus.Registry
	refused    *prometheus.CounterVec
	processed  *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	sending    *prometheus.HistogramVec
	rendering  prometheus.Histogram
	requests   *prometheus.HistogramVec
	jobs       *prometheus.HistogramVec
}

// Upper bounds in seconds: for what this machine does alone, and for what
// waits for other servers.
var (
	here      = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30}
	elsewhere = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
)

// New makes the figures of a program of this version.
func New(version string) *Metrics {
	m := &Metrics{
		registry:   prometheus.NewRegistry(),
		refused:    counter("kabar_inbox_refused_total", "Inbound activities that were refused, by reason.", "reason"),
		processed:  counter("kabar_inbound_total", "Accepted activities that came to an end, by what became of them.", "outcome"),
		deliveries: counter("kabar_deliveries_total", "Tries to deliver an activity to an inbox, by outcome and by how the server fared before.", "outcome", "host_class"),
		sending:    histogram("kabar_delivery_seconds", "Duration of a try to deliver an activity.", elsewhere, "host_class"),
		rendering: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "kabar_page_render_seconds", Help: "Time to render a page that was not in the cache.", Buckets: here,
		}),
		requests: histogram("kabar_http_request_seconds", "Duration of requests that the page cache did not answer.", here, "route", "method", "status"),
		jobs:     histogram("kabar_job_seconds", "Duration of jobs, by kind and outcome.", elsewhere, "kind", "outcome"),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "kabar_build_info", Help: "Always 1; the label says which Kabar this is.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.refused, m.processed, m.deliveries, m.sending, m.rendering, m.requests, m.jobs, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
}

// Refused counts a request to an inbox that was not taken.
func (m *Metrics) Refused(reason string) { m.refused.WithLabelValues(reason).Inc() }

// Processed counts an accepted activity that came to its end.
func (m *Metrics) Processed(outcome string) { m.processed.WithLabelValues(outcome).Inc() }

// Delivered counts a try to send an activity. Failing tells whether the server
// had failed before it.
func (m *Metrics) Delivered(outcome string, failing bool, took time.Duration) {
	class := "healthy"
	if failing {
		class = "failing"
	}
	m.deliveries.WithLabelValues(outcome, class).Inc()
	m.sending.WithLabelValues(class).Observe(took.Seconds())
}

// Rendered notes a page that was made.
func (m *Metrics) Rendered(took time.Duration) { m.rendering.Observe(took.Seconds()) }

// Requested notes a request that a route answered; the route is its template,
// never an address.
func (m *Metrics) Requested(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// Worked notes a job.
func (m *Metrics) Worked(kind, outcome string, took time.Duration) {
	m.jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// Handler serves /metrics and, if profiles is set, /debug/pprof/.
func (m *Metrics) Handler(profiles bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

// index serves the list of profiles, and each of them but the command line,
// which may hold secrets.
func index(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/cmdline") {
		http.NotFound(w, r)
		return
	}
	pprof.Index(w, r)
}
