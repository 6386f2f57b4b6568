package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/config"
	"kabar/internal/metrics"
	"kabar/internal/pgserver"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

// growing are the tables that are never read whole.
var growing = strings.Fields(`articles slugs revisions comments reactions followers activities deliveries inbound objects keys actors reports
	media sessions audit quotes crawls forwards remote_media remote_media_uses comment_versions comment_history visitors subscriptions told
	search_documents search_words views view_days view_articles reported subscribers letters counts`)

// readWhole are the statements that may read a growing table whole, each by a
// piece of it, with the reason.
var readWhole = map[string]string{
	"from unnest($1::text[]) n (name)": "of files that go, whether anything else has them; asked only when some do",
	"max(indexed)":                     "whether the words for searching are of today, every ten minutes",
	"delete from search_words":         "the words for searching are made anew",
	"from subscribers":                 "readers of the newsletter are counted",
	"from reports":                     "reports are counted; few are written",
	"delete from forwards":             "it is emptied every few days",
	"with numbered as":                 "bench measure, which picks from all",
	"ts_headline(":                     "the hits of a search, at most a page of them, come first",
}

// TestPlans asks for every page, list, document and job of a filled blog, and
// then how PostgreSQL would come by each statement's rows if reading whole
// tables cost more than anything else. A statement that does so all the same has
// no index, and takes longer the more there is.
func TestPlans(t *testing.T) {
	t.Parallel()
	heard := &statements{args: map[string][]any{}}
	b := openTraced(t, heard)
	for _, work := range b.works {
		if err := work.do(); err != nil {
			t.Error(err)
		}
	}
	all := heard.all()
	if len(all) < 100 {
		t.Fatalf("%d statements were heard, want all of the program's", len(all))
	}
	conn, err := pgx.Connect(t.Context(), b.node.store.Pool().Config().ConnString())
	succeed(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), `set enable_seqscan = off; set jit = off; set statement_timeout = 0`)
	succeed(t, err)
	used := map[string]bool{}
	for _, sql := range slices.Sorted(maps.Keys(all)) {
		whole := wholeTables(t, conn, sql, all[sql])
		if len(whole) == 0 {
			continue
		}
		piece := excused(sql)
		used[piece] = true
		if piece == "" {
			t.Errorf("reads all of %s:\n%s", strings.Join(whole, ", "), sql)
		}
	}
	for piece := range readWhole {
		if !used[piece] {
			t.Errorf("no statement with %q reads a whole table: it needs no excuse", piece)
		}
	}
}

func excused(sql string) string {
	for piece := range readWhole {
		if strings.Contains(sql, piece) {
			return piece
		}
	}
	return ""
}

// statements notes each statement with the values of its first use.
type statements struct {
	sync.Mutex
	args map[string][]any
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	s.Lock()
	defer s.Unlock()
	if _, known := s.args[q.SQL]; !known {
		s.args[q.SQL] = slices.Clone(q.Args)
	}
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// all are those that have a plan and are the program's own.
func (s *statements) all() map[string][]any {
	s.Lock()
	defer s.Unlock()
	kept := map[string][]any{}
	for sql, args := range s.args {
		word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
		if slices.Contains([]string{"select", "with", "insert", "update", "delete"}, word) && !strings.Contains(sql, "river_") {
			kept[sql] = args
		}
	}
	return kept
}

// openTraced is a filled blog whose statements are heard.
func openTraced(t *testing.T, heard pgx.QueryTracer) *benched {
	t.Helper()
	c := config.Config{URL: "https://blog.invalid", DatabaseURL: pgtest.URL(t), DataDir: t.TempDir()}
	c.SecretKeyFile = filepath.Join(c.DataDir, "secret.key")
	a, err := openApp(t.Context(), c, slog.New(slog.DiscardHandler), pgserver.Open)
	succeed(t, err)
	t.Cleanup(func() { a.close(context.Background()) })
	succeed(t, a.store.Fill(t.Context(), postgres.Filling{Scale: 0.02, Seed: 1, Now: time.Now()}, func(string) {}))
	succeed(t, a.store.Settle(t.Context()))
	a.store.Trace(heard)
	b, err := newBenched(t.Context(), &node{app: a, metrics: metrics.New(version())})
	succeed(t, err)
	return b
}

// plan is a part of what EXPLAIN says.
type plan struct {
	Node     string `json:"Node Type"`
	Table    string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Cond     string `json:"Index Cond"`
	Plans    []plan `json:"Plans"`
	Relation string `json:"Parent Relationship"`
}

// wholeTables are the growing tables that a statement reads from end to end: one
// after the other, or along an index that covers all, and no limit ends it.
func wholeTables(t *testing.T, conn *pgx.Conn, sql string, args []any) (names []string) {
	t.Helper()
	var text []byte
	if err := conn.QueryRow(t.Context(), `explain (format json) `+sql, args...).Scan(&text); err != nil {
		t.Errorf("explain: %v\n%s", err, sql)
		return nil
	}
	var explained []struct{ Plan plan }
	succeed(t, json.Unmarshal(text, &explained))
	partial := partialIndexes(t, conn)
	var walk func(p plan, ends bool)
	walk = func(p plan, ends bool) {
		along := strings.HasPrefix(p.Node, "Index") && p.Cond == "" && !ends && !partial[p.Index]
		if slices.Contains(growing, p.Table) && (p.Node == "Seq Scan" || along) {
			names = append(names, p.Table+" ("+p.Node+" "+p.Index+")")
		}
		ends = ends && p.Node != "Sort" && p.Node != "Aggregate" && p.Node != "WindowAgg" || p.Node == "Limit"
		for _, below := range p.Plans {
			walk(below, ends)
		}
	}
	for _, e := range explained {
		walk(e.Plan, false)
	}
	return names
}

// partialIndexes hold few rows of their table.
func partialIndexes(t *testing.T, conn *pgx.Conn) map[string]bool {
	t.Helper()
	rows, err := conn.Query(t.Context(), `select indexrelid::regclass::text from pg_index where indpred is not null`)
	succeed(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	succeed(t, err)
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

func succeed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
