package pgserver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// awaitReady returns when the database takes connections, and makes the
// database itself at the first start. A recovery may take its time; what ends
// the wait is ctx, or the end of the server.
func awaitReady(ctx context.Context, url string, exited <-chan struct{}) error {
	for {
		err := ensureDatabase(ctx, url)
		if err == nil {
			return nil
		}
		if permanent(err) {
			return err
		}
		select {
		case <-exited:
			return errEnded
		default:
		}
		if pause(ctx, 10*time.Millisecond) != nil {
			return fmt.Errorf("%w (last: %w)", ctx.Err(), err)
		}
	}
}

func ensureDatabase(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err == nil {
		return conn.Close(ctx)
	}
	if sqlState(err) != "3D000" { // invalid_catalog_name: there is no such database yet
		return err
	}
	config.Database = "postgres"
	if conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{databaseName}.Sanitize())
	return err
}

// permanent tells an answer of the server from its not being there yet: of
// its answers only class 57, operator intervention ("starting up"), passes.
func permanent(err error) bool {
	state := sqlState(err)
	return state != "" && state[:2] != "57"
}

func sqlState(err error) string {
	var answer *pgconn.PgError
	if errors.As(err, &answer) && len(answer.Code) == 5 {
		return answer.Code
	}
	return ""
}
