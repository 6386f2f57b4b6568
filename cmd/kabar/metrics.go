package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// figures are what Prometheus reads on an address of its own.
type figures struct {
	registry *prometheus.Registry
	refused  *prometheus.CounterVec // inbound requests by the reason they were refused
}

func newFigures() *figures {
	m := &figures{
		registry: prometheus.NewRegistry(),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kabar_inbox_refused_total", Help: "Inbound activities that were refused, by reason.",
		}, []string{"reason"}),
	}
	m.registry.MustRegister(m.refused, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *figures) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}
