package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// settle is how long the program is left alone before its memory counts.
const settle = 20 * time.Second

// BenchmarkProcess starts the program on a database that it knows and looks at
// its memory when it has nothing to do.
func BenchmarkProcess(b *testing.B) {
	p := newProgram(b)
	first, _ := p.start(b)
	time.Sleep(settle)
	p.stop(b, first)
	var ready, bare []time.Duration
	var memory []float64
	for range rounds {
		bare = append(bare, p.bareStart(b))
		running, took := p.start(b)
		ready = append(ready, took)
		time.Sleep(settle)
		memory = append(memory, resident(b, running))
		p.stop(b, running)
	}

	b.ReportMetric(median(memory), "MB-resident")
	b.ReportMetric(float64(median(ready).Milliseconds()), "ms-ready")
	report(figure{
		what: "memory when idle", reached: fmt.Sprintf("%.0f MB", median(memory)), least: "60 MB", ok: median(memory) <= 60,
	})
	report(figure{
		what: "start to ready on an existing database", reached: ms(median(ready)),
		limit: ms(median(bare)) + ", the program prints its help", least: "1 s", ok: median(ready) <= time.Second,
	})
}

// bareStart is what it takes to start the program and do nothing.
func (p *program) bareStart(b *testing.B) time.Duration {
	b.Helper()
	cmd := p.command(b, "--help")
	start := time.Now()
	check(b, cmd.Run())
	return time.Since(start)
}

// resident reads VmRSS of proc_pid_status(5), in MB.
func resident(b *testing.B, cmd *exec.Cmd) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	check(b, err)
	for line := range bytes.Lines(status) {
		if fields := bytes.Fields(line); len(fields) > 1 && string(fields[0]) == "VmRSS:" {
			kib, err := strconv.Atoi(string(fields[1]))
			check(b, err)
			return float64(kib) * 1024 / 1e6
		}
	}
	b.Fatal("no VmRSS")
	return 0
}
