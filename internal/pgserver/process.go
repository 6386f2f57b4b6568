package pgserver

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is one run of a child.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{}
	err    error // of Wait; set before exited is closed
}

// spawn starts cmd such that the kernel sends it last when this process dies.
// The signal follows the thread that forked (PR_SET_PDEATHSIG in prctl(2)), so
// a goroutine holds that thread for as long as the child lives.
func spawn(cmd *exec.Cmd, last syscall.Signal, who owner) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid:    true, // an interrupt typed at the terminal is for us; we stop the child in our own order
		Pdeathsig:  last,
		Credential: who.credential(),
	}
	p := &process{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("run %s as %s: %w", cmd.Path, who, err)
	}
	return p, nil
}

// end stops a server: fast shutdown, then at once when over is closed or 30 s
// have passed, then by force (signals: section 19.5 of PostgreSQL's manual).
func (p *process) end(over <-chan struct{}) {
	steps := []struct {
		signal  syscall.Signal
		give    time.Duration
		abandon <-chan struct{}
	}{
		{syscall.SIGINT, 30 * time.Second, over},
		{syscall.SIGQUIT, 5 * time.Second, nil},
		{syscall.SIGKILL, time.Hour, nil},
	}
	for _, step := range steps {
		_ = p.cmd.Process.Signal(step.signal) // it may have ended meanwhile
		select {
		case <-p.exited:
			return
		case <-step.abandon:
		case <-time.After(step.give):
		}
	}
}

// command is a program of PostgreSQL with dirs as descriptors 3, 4 … and
// nothing of this process's environment that could steer it.
func (s *Server) command(name string, dirs []*os.File, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(s.bin, name), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + s.bin + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.ExtraFiles = dirs
	return cmd
}

// launch starts the server proper.
func (s *Server) launch() (*process, error) {
	cmd := s.command("postgres", []*os.File{s.data, s.run}, s.arguments()...)
	cmd.Stdout, cmd.Stderr = s.log, s.log
	return spawn(cmd, syscall.SIGINT, s.owner)
}

// arguments are what the owner's postgresql.conf must not change.
func (s *Server) arguments() []string {
	durable := "on"
	if s.opts.Unsafe {
		durable = "off"
	}
	args := []string{"-D", "/proc/self/fd/3"}
	for _, set := range []string{
		"unix_socket_directories=/proc/self/fd/4", "unix_socket_permissions=0700",
		"listen_addresses=", "port=5432", "cluster_name=kabar",
		"logging_collector=off", "log_destination=stderr",
		"fsync=" + durable, "full_page_writes=" + durable, "synchronous_commit=" + durable,
	} {
		args = append(args, "-c", set)
	}
	return args
}

const (
	quickDeath  = 10 * time.Second // a run shorter than this counts as a failed one
	maxFailures = 6                // failed runs in a row before the server is given up
)

// supervise keeps the server running until Stop: after a crash it starts it
// again, at once first and then after growing waits.
func (s *Server) supervise() {
	defer close(s.done)
	defer s.release()
	p, since := s.first, time.Now()
	for failures := 0; ; {
		select {
		case ctx := <-s.stop:
			p.end(ctx.Done())
			return
		case <-p.exited:
		}
		s.opts.Log.Warn("the private PostgreSQL ended and is started again", "why", p.err, "log", s.lay.log)
		if failures++; time.Since(since) > quickDeath {
			failures = 1
		}
		var stopped bool
		if p, stopped = s.again(failures); stopped || s.err != nil {
			return
		}
		since = time.Now()
	}
}

// again starts the server anew after the wait that so many failures ask for.
func (s *Server) again(failures int) (p *process, stopped bool) {
	if failures > maxFailures {
		s.err = fmt.Errorf("pgserver: PostgreSQL ended %d times in a row (see %s)", failures, s.lay.log)
		return nil, false
	}
	wait := 100 * time.Millisecond << (failures - 1)
	select {
	case <-s.stop:
		return nil, true
	case <-time.After(wait):
	}
	p, err := s.launch()
	if err != nil {
		s.err = fmt.Errorf("pgserver: %w", err)
	}
	return p, false
}

func (s *Server) logSize() int64 {
	info, err := s.log.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// lastFatal is the last line of the log since offset from that tells why the
// server ended.
func (s *Server) lastFatal(from int64) string {
	text, err := os.ReadFile(s.lay.log)
	if err != nil || int64(len(text)) < from {
		return ""
	}
	last := ""
	for line := range bytes.Lines(text[from:]) {
		for _, mark := range []string{"FATAL:", "PANIC:", "postgres: could not"} {
			if _, why, ok := strings.Cut(string(line), mark); ok {
				last = strings.TrimSpace(mark + why)
			}
		}
	}
	return last
}

// alive tells whether a process with this id exists, whoever owns it.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// pause waits for d; the error is that of a context that ended before.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
