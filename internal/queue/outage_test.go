package queue

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestOutage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name               string
		err                error
		outage, unanswered bool
	}{
		{"the connection broke", &pgconn.PgError{Code: "08006"}, true, true},
		{"a deadlock", &pgconn.PgError{Code: "40P01"}, true, true},
		{"no room", &pgconn.PgError{Code: "53100"}, true, true},
		{"too many connections", &pgconn.PgError{Code: "53300"}, true, true},
		{"it shuts down", &pgconn.PgError{Code: "57P01"}, true, true},
		{"it only reads", fmt.Errorf("write: %w", &pgconn.PgError{Code: "25006"}), true, true},
		{"the statement took too long", &pgconn.PgError{Code: "57014"}, false, false},
		{"a broken rule", &pgconn.PgError{Code: "23505"}, false, false},
		{"no connection", &pgconn.ConnectError{}, true, true},
		{"no answer of a server", errors.New("no"), false, true},
		{"told to stop", context.Canceled, false, true},
	}
	for _, tt := range tests {
		if got := outage(tt.err); got != tt.outage {
			t.Errorf("%s: outage %t", tt.name, got)
		}
		if got := unanswered(tt.err); got != tt.unanswered {
			t.Errorf("%s: unanswered %t", tt.name, got)
		}
	}
}
