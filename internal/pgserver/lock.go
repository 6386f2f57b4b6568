package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// LockedError refuses a start: a live process runs the database already.
type LockedError struct {
	Dir string
	PID int
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("Kabar is running already on %s, as process %d", e.Dir, e.PID)
}

// lock is a flock(2) on a file that names its holder. The kernel drops it when
// the holder dies, so there are no stale ones.
type lock struct{ file *os.File }

// waitLock takes the lock, waiting for holders that said they would be brief.
func waitLock(ctx context.Context, path string, brief bool, who owner) (*lock, error) {
	until := time.Now().Add(patience)
	for {
		l, holder, err := tryLock(path, brief, who)
		if l != nil || err != nil {
			return l, err
		}
		if holder.serves || time.Now().After(until) {
			return nil, &LockedError{Dir: filepath.Dir(path), PID: holder.pid}
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// holder is what the lock file says. It is zero while the holder is writing it.
type holder struct {
	pid    int
	serves bool // for long; not a command
}

func tryLock(path string, brief bool, who owner) (*lock, holder, error) {
	file, err := who.openFile(path, os.O_RDWR)
	if err != nil {
		return nil, holder{}, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer file.Close()
		return nil, readHolder(path), nil
	}
	if err == nil {
		err = writeHolder(file, brief)
	}
	if err != nil {
		file.Close()
		return nil, holder{}, fmt.Errorf("lock %s: %w", path, err)
	}
	return &lock{file}, holder{}, nil
}

func readHolder(path string) holder {
	text, err := os.ReadFile(path)
	words := strings.Fields(string(text))
	if err != nil || len(words) != 2 {
		return holder{}
	}
	pid, err := strconv.Atoi(words[0])
	if err != nil || !alive(pid) { // what the last holder left, before the new one has written
		return holder{}
	}
	return holder{pid: pid, serves: words[1] == "serve"}
}

func writeHolder(file *os.File, brief bool) error {
	kind := "serve"
	if brief {
		kind = "brief"
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt(fmt.Appendf(nil, "%d %s\n", os.Getpid(), kind), 0)
	return err
}

func (l *lock) release() {
	if l != nil {
		_ = l.file.Truncate(0)
		l.file.Close()
	}
}
