package main

import (
	"context"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

const (
	// garbage is how many percent of the live memory may pile up between two
	// collections: collecting less often is throughput for deliveries.
	garbage = 400
	// leastRoom is what the whole heap and the stacks may take before they are
	// collected more often than that.
	leastRoom = 128 << 20
	quiet     = 15 * time.Second
	lookEvery = time.Second
)

// What is read of package runtime/metrics.
const (
	liveMetric   = "/gc/heap/live:bytes"
	stacksMetric = "/memory/classes/heap/stacks:bytes"
	cyclesMetric = "/gc/cycles/automatic:gc-cycles"
)

func boundMemory() {
	debug.SetGCPercent(garbage)
	debug.SetMemoryLimit(leastRoom)
}

// room is how much memory may be taken when so much of it is in use: a fixed
// bound would have the collector run all the time once what is in use comes near.
func room(used uint64) int64 { return max(leastRoom, int64(used+used/2)) }

// keepRoom follows what is in use with the bound of the memory, and returns the
// garbage to the system whenever there was so little to do that it did not fill
// up: after the start, and after each burst of work. Until ctx ends.
func keepRoom(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	bound, cycles, since := int64(leastRoom), measured(cyclesMetric), time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if want := room(measured(liveMetric) + measured(stacksMetric)); want != bound {
			bound = want
			debug.SetMemoryLimit(bound)
		}
		if now := measured(cyclesMetric); now != cycles {
			cycles, since = now, time.Now()
		} else if time.Since(since) >= quiet {
			debug.FreeOSMemory()
			since = time.Now()
		}
	}
}

// measured reads one metric of the runtime that is a whole number.
func measured(name string) uint64 {
	sample := []runtimemetrics.Sample{{Name: name}}
	runtimemetrics.Read(sample)
	return sample[0].Value.Uint64()
}
