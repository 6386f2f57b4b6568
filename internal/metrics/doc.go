// Package metrics counts what a node does, for Prometheus. The parts of the
// program know nothing of it: they call functions that package main has set to
// the methods of Metrics. Labels take few values, so that no stranger can make
// many series.
package metrics
