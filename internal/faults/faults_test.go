package faults

import (
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"kabar/activitypub/aptest"
	"kabar/internal/program"
)

// kind is one kind of fault.
type kind struct {
	name    string
	quick   bool         // also in the short form
	prepare func(*trial) // before the program starts
	hurt    func(*play)  // while the play goes on
	repeats bool         // an answer can be lost, so an activity may come twice
	lives   bool         // the program lives through it
}

// How much goes on at least in one trial: what each of the people and what the
// author do.
const (
	crowd      = 5
	activities = 12
	articles   = 4
)

func short() bool { return testing.Short() || os.Getenv("KABAR_FAULTS") == "short" }

// rounds is how many trials each kind gets.
func rounds() int {
	if short() {
		return 1
	}
	n, err := strconv.Atoi(os.Getenv("KABAR_FAULTS"))
	if err != nil {
		return 3
	}
	return n
}

// firstSeed is that of the whole suite: KABAR_SEED, or by the time.
var firstSeed = sync.OnceValue(func() uint64 {
	if seed, err := strconv.ParseUint(os.Getenv("KABAR_SEED"), 10, 64); err == nil {
		return seed
	}
	return uint64(time.Now().UnixNano()) //nolint:gosec // any will do
})

// seed is that of one trial, whichever others run.
func seed(name string, round int) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, firstSeed(), name, round)
	return h.Sum64()
}

func TestFaults(t *testing.T) {
	t.Parallel()
	if os.Getenv("KABAR_FAULTS") == "" {
		t.Skip("make faults runs it")
	}
	for _, k := range kinds() {
		if short() && !k.quick && os.Getenv("KABAR_FAULTS") == "short" {
			continue
		}
		for round := range rounds() {
			t.Run(fmt.Sprintf("%s/%d", k.name, round+1), func(t *testing.T) {
				t.Parallel()
				report(k.name, k.try(t, seed(k.name, round)))
			})
		}
	}
}

// try is one trial.
func (k kind) try(t *testing.T, seed uint64) tally {
	began := time.Now()
	tr := newTrial(t, seed)
	world, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	must(t, err)
	t.Cleanup(world.Close)
	tr.world = world
	if k.prepare != nil {
		k.prepare(tr)
	}
	t.Cleanup(tr.stop)
	tr.start()
	tr.gather(crowd)
	p := tr.begin()
	if tr.born, err = tr.vitals(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		k.hurt(p)
	}()
	p.until(over, activities, articles)
	result := p.count(k)
	t.Logf("seed %d, started %d times, %.0f s: %+v", firstSeed(), tr.starts, time.Since(began).Seconds(), result)
	return result
}

// summary is what came of each kind.
var summary struct {
	sync.Mutex
	kinds map[string]*line
}

type line struct {
	runs int
	tally
}

func report(name string, one tally) {
	summary.Lock()
	defer summary.Unlock()
	if summary.kinds == nil {
		summary.kinds = map[string]*line{}
	}
	l := summary.kinds[name]
	if l == nil {
		l = &line{}
		summary.kinds[name] = l
	}
	l.runs++
	l.acknowledged += one.acknowledged
	l.delivered += one.delivered
	l.lost += one.lost
	l.doubled += one.doubled
	l.repeated += one.repeated
	l.disordered += one.disordered
}

func TestMain(m *testing.M) {
	code := m.Run()
	printSummary()
	os.Exit(max(code, program.Remove()))
}

func printSummary() {
	if len(summary.kinds) == 0 {
		return
	}
	fmt.Printf("\nseed %d (KABAR_SEED)\n", firstSeed())
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fault\truns\tacknowledged\tdelivered\tlost\tdoubled\tout of order\tcame again with the same id")
	names := []string{}
	for name := range summary.kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		l := summary.kinds[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", name, l.runs, l.acknowledged, l.delivered, l.lost, l.doubled, l.disordered, l.repeated)
	}
	w.Flush()
}
