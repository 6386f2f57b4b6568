package program

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Patience bounds every wait for something that has to happen.
const Patience = time.Minute

// Process is one run of the program.
type Process struct {
	cmd   *exec.Cmd
	out   record // both streams
	ended chan struct{}
	code  int // valid when ended is closed
}

// Start runs the program with settings and nothing else of this process's
// environment but PATH, as another user if who is not nil.
func Start(env []string, who *syscall.Credential, args ...string) (*Process, error) {
	path, err := Path()
	if err != nil {
		return nil, err
	}
	return StartFrom(path, env, who, args...)
}

// StartFrom does the same with a program that was built in another way.
func StartFrom(path string, env []string, who *syscall.Credential, args ...string) (*Process, error) {
	p := &Process{cmd: exec.Command(path, args...), out: record{changed: make(chan struct{})}, ended: make(chan struct{})}
	p.cmd.Dir = "/"
	p.cmd.Env = Environment(env)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait() // the status tells
		p.code = p.cmd.ProcessState.ExitCode()
		close(p.ended)
	}()
	return p, nil
}

// Environment is that of a program with settings.
func Environment(settings []string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent"}, settings...)
}

// Await returns the first line that contains the words, when it was written.
func (p *Process) Await(words string) (string, error) {
	limit := time.After(Patience)
	for {
		text, changed := p.out.read()
		if line, found := lineWith(text, words); found {
			return line, nil
		}
		select {
		case <-changed:
		case <-p.ended:
			if line, found := lineWith(p.Output(), words); found {
				return line, nil
			}
			return "", fmt.Errorf("it ended with %d and never said %q", p.code, words)
		case <-limit:
			return "", fmt.Errorf("it does not say %q", words)
		}
	}
}

func lineWith(text, words string) (string, bool) {
	for line := range strings.Lines(text) {
		if strings.Contains(line, words) {
			return strings.TrimSpace(line), true
		}
	}
	return "", false
}

// Output is what it has written so far.
func (p *Process) Output() string {
	text, _ := p.out.read()
	return text
}

// Ended is closed when it has ended.
func (p *Process) Ended() <-chan struct{} { return p.ended }

// PID is its process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Signal sends it a signal; an error if it has ended.
func (p *Process) Signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// Wait returns its exit status, -1 if a signal ended it. One that goes on for
// too long is killed, with an error.
func (p *Process) Wait() (int, error) {
	select {
	case <-p.ended:
		return p.code, nil
	case <-time.After(Patience):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return p.code, errKilled
	}
}

// record keeps what a process writes and wakes whoever waits for something.
type record struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	r.changed = make(chan struct{})
	return r.text.Write(p)
}

// read returns what was written, and what is closed when there is more.
func (r *record) read() (string, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String(), r.changed
}
