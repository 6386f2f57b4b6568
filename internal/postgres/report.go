package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// AddReport keeps a Flag of another server.
func (s *Store) AddReport(ctx context.Context, r federation.Report, done federation.Done) error {
	return wrap("add report", s.tx(ctx, func(tx pgx.Tx) error {
		if waits, err := lockInbound(ctx, tx, done.ID); !waits || err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into reports (id, actor_uri, objects, content, inbound_id, created)
			values ($1, $2, $3, $4, $5, $6)`,
			r.ID, r.Actor, orEmpty(r.Objects), r.Content, nullInbound(done.ID), done.At)
		if err != nil {
			return err
		}
		return finishInbound(ctx, tx, done)
	}))
}
