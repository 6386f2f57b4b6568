package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Open is for commands: it attaches to the server that another process runs
// on the directory, or else starts one that others wait for. Stop ends what
// Open started, and nothing else.
func Open(ctx context.Context, opts Options) (*Server, error) {
	opts.Brief = true
	s, err := Start(ctx, opts)
	var locked *LockedError
	if !errors.As(err, &locked) {
		return s, err
	}
	if s, err = attach(ctx, opts); err != nil {
		return nil, fmt.Errorf("pgserver: use of the database of process %d: %w", locked.PID, err)
	}
	return s, nil
}

func attach(ctx context.Context, opts Options) (*Server, error) {
	lay, err := newLayout(opts.Dir)
	if err != nil {
		return nil, err
	}
	s := &Server{opts: opts, lay: lay, stop: make(chan context.Context), done: make(chan struct{})}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if s.run, err = awaitOpen(ctx, lay.run); err != nil {
		return nil, err
	}
	if err := awaitReady(ctx, s.URL(), nil); err != nil {
		s.release()
		return nil, err
	}
	go func() {
		<-s.stop
		s.release()
		close(s.done)
	}()
	return s, nil
}

// awaitOpen opens a directory that the other process may not have made yet.
func awaitOpen(ctx context.Context, path string) (*os.File, error) {
	for {
		dir, err := os.Open(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return dir, err
		}
		if pause(ctx, 20*time.Millisecond) != nil {
			return nil, err
		}
	}
}
