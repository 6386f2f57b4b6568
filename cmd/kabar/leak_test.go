package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"kabar/internal/pgtest"
	"kabar/internal/program"
)

// TestNothingStays starts a whole node, asks it for pages, listens to an open
// one and stops it: no goroutine may be left. It runs alone, since the
// goroutines of other tests would count.
func TestNothingStays(t *testing.T) { //nolint:paralleltest // see above
	tests := []struct{ name, database, role string }{
		{"with a private database", "", "all"},
		{"with somebody else's", pgtest.URL(t), "all"},
		{"that serves only", pgtest.URL(t), "web"},
		{"that works only", pgtest.URL(t), "worker"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { //nolint:paralleltest // see above
			before := goleak.IgnoreCurrent()
			listen := program.FreePort(t)
			args := []string{"serve", "--listen=" + listen, "--data-dir=" + t.TempDir(), "--node-role=" + tt.role, "--metrics-listen=" + program.FreePort(t)}
			if tt.database != "" {
				args = append(args, "--database-url="+tt.database)
			}
			lead(t, args, func() {
				if tt.role == "worker" {
					return
				}
				for _, path := range []string{"/", "/ap/actor", "/.well-known/nodeinfo", "/readyz", "/missing"} {
					ask(t, "http://"+listen+path)
				}
			})
			http.DefaultClient.CloseIdleConnections()
			// The caches of those who ask too often live as long as the process, and so
			// does a store that scs.New starts and has no way to end.
			if err := goleak.Find(before, goleak.IgnoreTopFunction("github.com/maypok86/otter/v2.periodicCleanUp[...]"),
				goleak.IgnoreTopFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup")); err != nil {
				t.Error(err)
			}
		})
	}
}

// lead runs the program, does something when it is ready, and ends it.
func lead(t *testing.T, args []string, do func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	said, log := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, args, strings.NewReader(""), io.Discard, log)
		log.Close()
	}()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if strings.Contains(lines.Text(), "msg=ready") {
			do()
			stop()
		}
	}
	if code := <-status; code != 0 {
		t.Errorf("it ended with %d", code)
	}
}

func ask(t *testing.T, address string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Error(err)
	}
}
