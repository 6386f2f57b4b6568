package metrics

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/jackc/pgx/v5/pgxpool"
)

// TestDashboards ask for no figure that there is none of.
func TestDashboards(t *testing.T) {
	t.Parallel()
	known := names(t)
	for _, file := range []string{"../../docs/grafana.json", "../../docs/alerts.yml"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var parsed any
		if strings.HasSuffix(file, ".json") {
			err = json.Unmarshal(raw, &parsed)
		} else {
			err = yaml.Unmarshal(raw, &parsed)
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		asked := regexp.MustCompile(`\bkabar_\w+`).FindAllString(string(raw), -1)
		if len(asked) < 5 {
			t.Errorf("%s asks for %v", file, asked)
		}
		for _, name := range asked {
			if !known[name] {
				t.Errorf("%s asks for %s, which does not exist", file, name)
			}
		}
	}
}

// names are all that is exposed, those of histograms with their endings.
func names(t *testing.T) map[string]bool {
	t.Helper()
	m := New("1")
	s := sources(func(context.Context) ([]Queue, error) { return []Queue{{Name: "inbound"}}, nil })
	config, err := pgxpool.ParseConfig("postgres://127.0.0.1:1/none")
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config) // dials nobody until it is asked
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s.Pools["primary"] = pool.Stat
	m.Watch(s)
	m.Refused("x")
	m.Processed("x")
	m.Delivered("x", false, time.Second)
	m.Requested("x", "GET", 200, time.Second)
	m.Worked("x", "done", time.Second)
	families, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range families {
		known[f.GetName()] = true
		if f.GetType().String() == "HISTOGRAM" {
			for _, end := range []string{"_bucket", "_sum", "_count"} {
				known[f.GetName()+end] = true
			}
		}
	}
	return known
}
