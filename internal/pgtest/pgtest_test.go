package pgtest_test

import (
	"fmt"
	"testing"

	"kabar/internal/pgtest"

	"github.com/jackc/pgx/v5/pgxpool"
)

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			pool := pgtest.New(t)
			insert := "INSERT INTO sessions (token, data, expiry) VALUES ('same', '', now())"
			if _, err := pool.Exec(t.Context(), insert); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDurable(t *testing.T) {
	t.Parallel()
	pool := pgtest.NewDurable(t)
	tests := []struct{ name, want string }{
		{"fsync", "on"},
		{"full_page_writes", "on"},
		{"synchronous_commit", "on"},
	}
	for _, tt := range tests {
		if got := show(t, pool, tt.name); got != tt.want {
			t.Errorf("%s = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func show(t *testing.T, pool *pgxpool.Pool, name string) (value string) {
	t.Helper()
	if err := pool.QueryRow(t.Context(), "SHOW "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
