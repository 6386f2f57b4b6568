package bench

import (
	"bufio"
	"context"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// memory is what a program used, sampled while it worked.
type memory struct {
	every    time.Duration
	resident []float64 // VmRSS, MB
	heap     []float64 // reachable and not yet collected, MB
	routines []float64 // goroutines
}

// watch samples a program, whose metrics are served at an address, until ctx
// ends.
func watch(ctx context.Context, b *testing.B, cmd *exec.Cmd, metrics string, every time.Duration) *memory {
	m := &memory{every: every}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return m
		case <-tick.C:
		}
		m.resident = append(m.resident, resident(b, cmd))
		values, err := readMetrics(ctx, metrics)
		if err != nil {
			continue // the end of ctx, or a moment without a sample
		}
		m.heap = append(m.heap, values["go_memstats_heap_alloc_bytes"]/1e6)
		m.routines = append(m.routines, values["go_goroutines"])
	}
}

// readMetrics reads the figures without labels.
func readMetrics(ctx context.Context, address string) (map[string]float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	values := map[string]float64{}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			values[name] = n
		}
	}
	return values, nil
}

// warm is the part of a measurement that does not count: pools fill, caches
// reach their bound, the database's connections come.
const warm = 0.25

// growth is how much a line through the values rises from the end of the warm
// up to the last of them, by least squares. It is in the unit of the values.
func growth(values []float64) float64 {
	values = values[int(float64(len(values))*warm):]
	n := float64(len(values))
	if n < 2 {
		return 0
	}
	var sumX, sumY, sumXX, sumXY float64
	for i, y := range values {
		x := float64(i)
		sumX, sumY, sumXX, sumXY = sumX+x, sumY+y, sumXX+x*x, sumXY+x*y
	}
	slope := (n*sumXY - sumX*sumY) / (n*sumXX - sumX*sumX)
	return slope * (n - 1)
}

// TestGrowth holds the measure of flatness itself.
func TestGrowth(t *testing.T) {
	flat, rising, settling := make([]float64, 400), make([]float64, 400), make([]float64, 400)
	for i := range flat {
		saw := float64(i % 7)
		flat[i], rising[i], settling[i] = 100+saw, 100+saw+float64(i)/10, min(100, float64(i))+saw
	}
	tests := []struct {
		name       string
		values     []float64
		from, upTo float64
	}{
		{"flat", flat, -1, 1},
		{"rising", rising, 29, 31},
		{"settled within the warm-up", settling, -1, 1},
		{"nothing", nil, 0, 0},
	}
	for _, tt := range tests {
		if got := growth(tt.values); got < tt.from || got > tt.upTo {
			t.Errorf("%s: grows by %.2f, want %v to %v", tt.name, got, tt.from, tt.upTo)
		}
	}
}
