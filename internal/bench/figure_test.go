package bench

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	runs "kabar/internal/program"
)

// rounds is how often each figure is taken.
const rounds = 3

// figure is one line of the table at the end.
type figure struct {
	what    string
	reached string
	limit   string // the machine's own, and how it was taken
	least   string // what is asked for
	ok      bool
}

var figures struct {
	sync.Mutex
	list []figure
}

// report adds a line to the table.
func report(f figure) {
	figures.Lock()
	defer figures.Unlock()
	figures.list = append(figures.list, f)
}

func TestMain(m *testing.M) {
	code := m.Run()
	printFigures()
	os.Exit(max(code, runs.Remove()))
}

func printFigures() {
	if len(figures.list) == 0 {
		return
	}
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nwhat\treached\tasked\t\tthe machine's own limit")
	for _, f := range figures.list {
		verdict := "MISSED"
		if f.ok {
			verdict = "ok"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", f.what, f.reached, f.least, verdict, f.limit)
	}
	t.Flush()
}

func median[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// rate is how many were done in a second.
func rate(n int, in time.Duration) float64 { return float64(n) / in.Seconds() }

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }
