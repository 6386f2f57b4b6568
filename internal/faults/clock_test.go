package faults

import (
	"time"

	"kabar/internal/program"
)

// jumping gives the program a clock that can be set.
func jumping(tr *trial) {
	tr.t.Helper()
	path, err := program.PathJumping()
	must(tr.t, err)
	tr.binary = path
	tr.clock, err = program.NewClock(tr.dir)
	must(tr.t, err)
	tr.t.Cleanup(func() { must(tr.t, tr.clock.Close()) })
	tr.set(tr.clock.Setting())
}

// jumps set the clock back and forth. It stays at the latest time that it ever
// showed: what is due then waits, when a clock is set back, until it is there again.
func jumps(p *play) {
	for _, off := range []time.Duration{-3 * time.Hour, 0, 20 * time.Minute, -20 * time.Minute, 40 * time.Minute} {
		wait(p.upTo(2 * time.Second))
		if err := p.clock.Set(off); err != nil {
			p.problem("set the clock: %v", err)
		}
		wait(4*time.Second + p.upTo(4*time.Second))
	}
	p.further(10)
}
