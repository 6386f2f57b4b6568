package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// A lost connection is opened again after this pause, doubled each time.
	firstPause, longestPause = 100 * time.Millisecond, 5 * time.Second
	// A connection that is silent for quietTime is asked whether it lives.
	quietTime, pingTime = 30 * time.Second, 5 * time.Second
)

// Listener hears what the Notifiers of other nodes say, on a connection of its
// own. Its functions are called one at a time; nil ones are left out.
type Listener struct {
	// Node is the name that this node's own Notifier has: it is not heard.
	Node string
	// OnPages gets the tags of pages that another node changed.
	OnPages func(tags []string)
	// OnQueue gets the name of a queue that has something to do.
	OnQueue func(name string)
	// OnLost says that something may have been missed: all cached pages have
	// to go. It is called when the connection is lost, and again once there is
	// a new one, because of what was cached in between.
	OnLost func()
	Log    *slog.Logger
}

// Listen works until ctx ends; a lost connection is opened again.
func (s *Store) Listen(ctx context.Context, l Listener) {
	pause := firstPause
	for ctx.Err() == nil {
		connected, err := s.hear(ctx, l)
		if ctx.Err() != nil {
			return
		}
		if connected {
			pause = firstPause
			l.lost()
		}
		l.Log.Warn("lost the connection that hears of changes by other nodes", "error", err, "again_in", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}

// hear opens a connection and reports what comes until it is lost.
func (s *Store) hear(ctx context.Context, l Listener) (connected bool, err error) {
	config := s.pool.Config().ConnConfig
	config.RuntimeParams["application_name"] = listenName
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, err
	}
	defer closeListener(ctx, conn)
	if _, err := conn.Exec(ctx, "listen "+pagesChannel+"; listen "+queueChannel); err != nil {
		return false, err
	}
	l.lost()
	for {
		n, err := nextNotification(ctx, conn)
		if err != nil {
			return true, err
		}
		if n != nil {
			l.dispatch(n)
		}
	}
}

func closeListener(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTime)
	defer cancel()
	_ = conn.Close(ctx) // it may be broken already
}

// nextNotification returns nil when it was quiet but the connection lives.
func nextNotification(ctx context.Context, conn *pgx.Conn) (*pgconn.Notification, error) {
	quiet, cancel := context.WithTimeout(ctx, quietTime)
	defer cancel()
	n, err := conn.WaitForNotification(quiet)
	if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
		return n, err
	}
	ping, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	if err := conn.Ping(ping); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return nil, nil
}

func (l Listener) lost() {
	if l.OnLost != nil {
		l.OnLost()
	}
}

func (l Listener) dispatch(n *pgconn.Notification) {
	node, rest, _ := strings.Cut(n.Payload, " ")
	words := strings.Fields(rest)
	switch {
	case node == l.Node:
	case n.Channel == pagesChannel && l.OnPages != nil:
		l.OnPages(words)
	case n.Channel == queueChannel && l.OnQueue != nil:
		for _, name := range words {
			l.OnQueue(name)
		}
	}
}
