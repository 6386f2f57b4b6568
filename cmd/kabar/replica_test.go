package main_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kabar/internal/pgtest"
	"kabar/internal/program"
)

// replicated is a blog on a pair of databases, with its figures.
func replicated(t *testing.T, pair *pgtest.Pair) (h *house, figures string) {
	t.Helper()
	figures = program.FreePort(t)
	h = newHouse(t, "KABAR_DATABASE_URL="+pair.Primary, "KABAR_DATABASE_REPLICA_URL="+pair.Replica, "KABAR_METRICS_LISTEN="+figures)
	return h, "http://" + figures + "/metrics"
}

// readsOn is how many reads a pool had, by the figures.
func readsOn(t *testing.T, figures, pool string) int {
	t.Helper()
	found := regexp.MustCompile(`kabar_database_reads_total\{pool="` + pool + `"\} (\d+)`).FindStringSubmatch(get(t, figures).Body)
	if found == nil {
		t.Fatalf("no reads of the %s are counted", pool)
	}
	n, err := strconv.Atoi(found[1])
	must(t, err)
	return n
}

// TestReplica starts without the replica, which comes, is lost and comes back,
// while the blog is read and written.
func TestReplica(t *testing.T) {
	t.Parallel()
	pair := pgtest.NewPair(t)
	h, figures := replicated(t, pair)
	pair.StopReplica()
	node := h.serve()
	made := h.publish("Kopi", "Isi pertama.")
	used := func() bool {
		before := readsOn(t, figures, "replica")
		if got := get(t, made.URL+"?from=elsewhere").Status; got != http.StatusOK {
			t.Fatalf("the article answers %d", got)
		}
		return readsOn(t, figures, "replica") > before
	}
	if used() {
		t.Error("a replica that is not there is read from")
	}
	if words := examine(h)["replica"]; !strings.Contains(words, "KABAR_DATABASE_REPLICA_URL: ") {
		t.Errorf("doctor says %q of one that is away", words)
	}
	pair.StartReplica()
	eventually(t, "it is read from when it is there", used)
	node.await("pages are read from the replica again")
	shows(t, figures, `kabar_database_replica_lag_seconds 0`, `kabar_database_connections{pool="replica",state="idle"} `)
	if words, bad := examine(h)["replica"]; bad {
		t.Errorf("doctor says %q of one that follows", words)
	}

	if edited := h.command("article", "edit", made.URL, h.file("text.md", "---\ntitle: Kopi\n---\n\nIsi kedua.\n")); edited.Code != 0 {
		t.Fatal(edited.Err)
	}
	eventually(t, "what a command changed is shown", func() bool { return strings.Contains(get(t, made.URL).Body, "Isi kedua.") })
	pair.ExecReplica(`select pg_wal_replay_pause()`)
	h.publish("Teh", "Isi ketiga.")
	if words := examine(h)["replica"]; !strings.Contains(words, "pg_wal_replay_resume()") {
		t.Errorf("doctor says %q of one that is paused", words)
	}
	node.await("pages are not read from the replica")
	if used() {
		t.Error("a replica that is too old is read from")
	}
	pair.ExecReplica(`select pg_wal_replay_resume()`)
	eventually(t, "it is read from when it has caught up", used)
}

// TestWrongReplica stops the start with a line that says what is wrong.
func TestWrongReplica(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+database, "KABAR_DATABASE_REPLICA_URL="+database)
	p := start(t, h.env, nil, "serve")
	code := p.wait()
	if line := p.Output(); code != 1 || !strings.Contains(line, "KABAR_DATABASE_REPLICA_URL: this is a primary") {
		t.Errorf("%d: %s", code, line)
	}
}
