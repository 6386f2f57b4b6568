package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kabar/internal/postgres"
)

// openReplica lets pages be read from a replica, if one is set. One that
// belongs to another database stops the start; one that cannot be reached does
// not: it is used when it comes.
func (n *node) openReplica(ctx context.Context) error {
	if n.config.ReplicaURL == "" || !n.config.Role.Serves() {
		return nil
	}
	r, err := n.store.OpenReplica(ctx, n.config.ReplicaURL, n.log, n.pages.Changes)
	if err != nil {
		return err
	}
	n.replica = r
	var wrong *postgres.WrongReplica
	if err := r.Look(ctx); errors.As(err, &wrong) {
		r.Close()
		return wrong
	}
	n.pages.Replica = r
	return nil
}

// followReplica keeps in mind how far the replica is until ctx ends.
func (n *node) followReplica(ctx context.Context) {
	if n.replica != nil {
		n.running.Go(func() { n.replica.Follow(ctx) })
	}
}

func (n *node) closeReplica() {
	if n.replica != nil {
		n.replica.Close()
	}
}

// checkReplica looks whether the replica follows.
func (d *doctor) checkReplica(ctx context.Context) (string, error) {
	if d.config.ReplicaURL == "" {
		return "none: all is read from the primary (KABAR_DATABASE_REPLICA_URL)", nil
	}
	r, err := d.store.OpenReplica(ctx, d.config.ReplicaURL, d.log, func() uint64 { return 0 })
	if err != nil {
		return "", err
	}
	defer r.Close()
	took, err := r.Await(ctx, postgres.MaxLag)
	var late *postgres.LateReplica
	switch {
	case errors.As(err, &late):
		return "", fmt.Errorf("KABAR_DATABASE_REPLICA_URL: %w: pages are read from the primary. "+
			"Is it streaming (select * from pg_stat_replication, on the primary), and not paused (select pg_wal_replay_resume(), on the replica)?", late)
	case err != nil:
		return "", fmt.Errorf("KABAR_DATABASE_REPLICA_URL: %w", err)
	}
	return "follows the primary within " + max(took.Round(time.Millisecond), time.Millisecond).String(), nil
}
