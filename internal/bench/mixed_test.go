package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kabar/activitypub/aptest"
)

const (
	mixedHosts     = 20
	mixedFollowers = 100
	mostMemory     = 200.0 // MB
	mostGrowth     = 0.1   // of the median, over what is measured
)

// mixedTime is how long everything happens at once: KABAR_MIXED, a minute
// without it.
func mixedTime(b *testing.B) time.Duration {
	b.Helper()
	asked := os.Getenv("KABAR_MIXED")
	if asked == "" {
		return time.Minute
	}
	d, err := time.ParseDuration(asked)
	if err != nil {
		b.Fatalf("KABAR_MIXED is a time such as 10m or 1h: %v", err)
	}
	return d
}

// BenchmarkMixed runs the program under everything at once, at a steady rate:
// readers, searches, fetches of other servers, replies, edits, deletions,
// reactions, forgeries, newcomers, threads to crawl, open pages, and articles
// that are published, edited and delivered. Its memory must stay flat after a
// warm-up, and it must not have logged an error.
func BenchmarkMixed(b *testing.B) {
	length := mixedTime(b)
	metrics := freeAddress(b)
	b.Setenv("KABAR_METRICS_LISTEN", metrics)
	p := newProgram(b)
	running, _ := p.start(b)
	w, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(b, err)
	defer w.Close()
	startServers(b, w, mixedHosts)
	m := newMixed(b, p, w)
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	var acts sync.WaitGroup
	m.everything(ctx, &acts)
	memory := watch(ctx, b, running, "http://"+metrics+"/metrics", time.Second)
	acts.Wait()
	m.reportFailures(b)
	p.stop(b, running)
	if log := running.Stderr.(*bytes.Buffer).String(); strings.Contains(log, "level=ERROR") {
		b.Errorf("the program logged errors:\n%s", errorLines(log))
	}
	memory.report(b, length, m.done.String())
}

// errorLines are the first lines of a log that tell of errors.
func errorLines(log string) string {
	lines := slices.DeleteFunc(strings.Split(log, "\n"), func(line string) bool { return !strings.Contains(line, "level=ERROR") })
	return strings.Join(lines[:min(len(lines), 10)], "\n")
}

func freeAddress(b *testing.B) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	check(b, listener.Close()) // somebody else opens it
	return listener.Addr().String()
}

func (m *memory) report(b *testing.B, length time.Duration, done string) {
	b.Helper()
	settled := m.resident[int(float64(len(m.resident))*warm):]
	most, middle, grown := slices.Max(m.resident), median(settled), growth(m.resident)
	b.ReportMetric(most, "MB-most")
	b.ReportMetric(middle, "MB-median")
	b.ReportMetric(grown, "MB-grown")
	ok := most <= mostMemory && grown <= mostGrowth*middle
	report(figure{
		what:    fmt.Sprintf("memory under the mixed load of %s: %s", length, done),
		reached: fmt.Sprintf("median %.0f MB, most %.0f MB, %+.1f MB after the warm-up", middle, most, grown),
		least:   "under 200 MB, flat", ok: ok,
		limit: fmt.Sprintf("heap median %.0f MB %+.1f, goroutines %.0f %+.0f",
			median(m.heap), growth(m.heap), median(m.routines), growth(m.routines)),
	})
	fmt.Println("resident MB, medians of twentieths:", curve(m.resident, 20))
	fmt.Println("heap MB, medians of twentieths:    ", curve(m.heap, 20))
	if !ok {
		b.Errorf("memory is not flat below %.0f MB", mostMemory)
	}
}

// curve is the median of each part of the values.
func curve(values []float64, parts int) string {
	var text strings.Builder
	for part := range slices.Chunk(values, max(1, (len(values)+parts-1)/parts)) {
		fmt.Fprintf(&text, " %.0f", median(part))
	}
	return text.String()
}
