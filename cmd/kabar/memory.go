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
	garbage     = 400
	memoryLimit = 1 << 30
	quiet       = 15 * time.Second
)

func boundMemory() {
	debug.SetGCPercent(garbage)
	debug.SetMemoryLimit(memoryLimit)
}

// giveBack returns the garbage to the system whenever there was so little to do
// that it did not fill up: after the start, and after each burst of work. Until
// ctx ends.
func giveBack(ctx context.Context) {
	cycles := []runtimemetrics.Sample{{Name: "/gc/cycles/automatic:gc-cycles"}}
	runtimemetrics.Read(cycles)
	tick := time.NewTicker(quiet)
	defer tick.Stop()
	for {
		before := cycles[0].Value.Uint64()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if runtimemetrics.Read(cycles); cycles[0].Value.Uint64() == before {
			debug.FreeOSMemory()
		}
	}
}
