package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tuning is appended to the postgresql.conf of a new cluster; it is the
// owner's from then on. A blog's server shares its machine with the blog.
const tuning = `
# Kabar: a small server. Change freely; sockets and durability are set by Kabar.
shared_buffers = 64MB
max_connections = 100
work_mem = 8MB
maintenance_work_mem = 32MB
max_wal_size = 512MB
max_worker_processes = 4
max_parallel_workers_per_gather = 0
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
`

const maxLog = 16 << 20 // bytes of postgres.log before a start begins a new one

// prepare makes the cluster when there is none and opens all that the server
// is handed.
func (s *Server) prepare(ctx context.Context) error {
	if err := s.openLog(); err != nil {
		return err
	}
	_, err := os.Stat(s.lay.data)
	if errors.Is(err, fs.ErrNotExist) {
		err = s.initialise(ctx)
	}
	if err != nil {
		return err
	}
	if err := s.owner.makeDir(s.lay.run); err != nil {
		return err
	}
	if s.data, err = os.Open(s.lay.data); err != nil {
		return err
	}
	s.run, err = os.Open(s.lay.run)
	return err
}

func (s *Server) openLog() error {
	if info, err := os.Stat(s.lay.log); err == nil && info.Size() > maxLog {
		if err := os.Rename(s.lay.log, s.lay.log+".1"); err != nil {
			return err
		}
	}
	var err error
	s.log, err = s.owner.openFile(s.lay.log, os.O_WRONLY|os.O_APPEND)
	return err
}

// initialise makes the cluster beside its place and moves it there when it is
// whole: what an interrupted one leaves is never taken for data.
func (s *Server) initialise(ctx context.Context) error {
	if err := os.RemoveAll(s.lay.fresh); err != nil {
		return err
	}
	if err := s.owner.makeDir(s.lay.fresh); err != nil {
		return err
	}
	s.opts.Log.Info("making a private PostgreSQL", "dir", s.lay.dir)
	if err := s.initdb(ctx); err != nil {
		return err
	}
	if err := appendFile(filepath.Join(s.lay.fresh, "postgresql.conf"), tuning); err != nil {
		return err
	}
	if err := os.Rename(s.lay.fresh, s.lay.data); err != nil {
		return err
	}
	return syncDir(s.lay.dir)
}

func (s *Server) initdb(ctx context.Context) error {
	dir, err := os.Open(s.lay.fresh)
	if err != nil {
		return err
	}
	defer dir.Close()
	args := []string{
		"-D", "/proc/self/fd/3", "--username=" + roleName, "--encoding=UTF8", "--locale=C.UTF-8",
		"--auth-local=trust", "--auth-host=reject", "--data-checksums",
	}
	if s.opts.Unsafe {
		args = append(args, "--no-sync")
	}
	var out bytes.Buffer
	cmd := s.command("initdb", []*os.File{dir}, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	p, err := spawn(cmd, syscall.SIGKILL, s.owner)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		_ = cmd.Process.Kill() // it may have ended meanwhile
		<-p.exited
		return ctx.Err()
	case <-p.exited:
	}
	if p.err != nil {
		return fmt.Errorf("initdb: %w: %s", p.err, bytes.TrimSpace(out.Bytes()))
	}
	return nil
}

// waitDying waits for the server of a Kabar that was killed: the kernel has
// told it to stop, and it may still be flushing.
func (s *Server) waitDying(ctx context.Context) error {
	until := time.Now().Add(patience)
	for {
		pid := s.postmaster()
		if pid == 0 {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("process %d, PostgreSQL on %s, has not ended within %v: stop it first", pid, s.lay.data, patience)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// postmaster is the id of the server that works in the data directory, or 0.
// Ids are used again after a restart of the machine or container, so the one
// in postmaster.pid counts only if that process stands in the directory.
func (s *Server) postmaster() int {
	text, err := os.ReadFile(filepath.Join(s.lay.data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return 0
	}
	there, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return 0
	}
	here, err := s.data.Stat()
	if err != nil || !os.SameFile(here, there) {
		return 0
	}
	return pid
}

func appendFile(path, text string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Sync(), file.Close())
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
