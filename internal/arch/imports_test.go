package arch

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// layer is a set of packages with the same rights, lowest first.
type layer struct {
	name     string
	packages []string // path/... means all below, too
	imports  []string // layers it may import; its own name: packages of the layer that share their first folder
}

var layers = []layer{
	{"library", []string{"activitypub/..."}, []string{"library"}},
	{"leaf", []string{
		"internal/markup", "internal/i18n", "internal/config", "internal/pagecache",
		"internal/pgserver", "internal/queue", "internal/theme", "internal/metrics", "internal/secret", "migrations",
	}, nil},
	{"domain", []string{"internal/blog"}, []string{"leaf"}},
	{"feature", []string{
		"internal/federation", "internal/delivery", "internal/auth", "internal/backup", "internal/media", "internal/mail", "internal/websub",
		"internal/search", "internal/stats", "internal/transfer", "internal/webmention",
	}, []string{"library", "leaf", "domain"}},
	{"adapter", []string{"internal/postgres", "internal/jobs", "web/..."}, []string{
		"library", "leaf", "domain", "feature", "adapter",
	}},
	{"program", []string{"cmd/..."}, []string{"library", "leaf", "domain", "feature", "adapter", "program"}},
	{"test", []string{"internal/arch", "internal/pgtest", "internal/bench", "internal/program", "internal/faults", "internal/s3test"}, []string{
		"library", "leaf", "domain", "feature", "adapter",
	}},
}

// libraryImports are the modules that activitypub may use.
var libraryImports = []string{
	"github.com/go-fed/httpsig", "github.com/piprate/json-gold", "github.com/dunglas/httpsfv",
	"github.com/gowebpki/jcs", "github.com/mr-tron/base58", "code.dny.dev/ssrf", "golang.org/x/",
}

const longestChain = 6

func layerOf(dir string) *layer {
	for i := range layers {
		for _, pattern := range layers[i].packages {
			folder, below := strings.CutSuffix(pattern, "/...")
			if dir == folder || below && strings.HasPrefix(dir, folder+"/") {
				return &layers[i]
			}
		}
	}
	return nil
}

// problem tells what is wrong with an import; "" if nothing is.
func problem(dir, imported string) string {
	from := layerOf(dir)
	if from == nil {
		return dir + " is in no layer: add it to internal/arch"
	}
	target, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return foreignProblem(dir, imported, from)
	}
	to := layerOf(target)
	if to == nil {
		return target + " is in no layer: add it to internal/arch"
	}
	sameFolder := strings.SplitN(dir, "/", 2)[0] == strings.SplitN(target, "/", 2)[0] && from.name != "adapter" ||
		strings.HasPrefix(dir+"/", "web/") && strings.HasPrefix(target+"/", "web/")
	if !slices.Contains(from.imports, to.name) || from == to && !sameFolder {
		return dir + " (" + from.name + ") imports " + target + " (" + to.name + ")"
	}
	return ""
}

func foreignProblem(dir, imported string, from *layer) string {
	first, _, _ := strings.Cut(imported, "/")
	if from.name != "library" || !strings.Contains(first, ".") {
		return ""
	}
	for _, allowed := range libraryImports {
		if strings.HasPrefix(imported, allowed) {
			return ""
		}
	}
	return dir + " (library) imports " + imported
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, imported := range s.imports() {
			if wrong := problem(s.dir(), imported); wrong != "" {
				t.Errorf("%s: %s", s.path, wrong)
			}
		}
	}
}

func TestImportChains(t *testing.T) {
	t.Parallel()
	graph := map[string]map[string]bool{}
	for _, s := range sources(t) {
		for _, imported := range s.imports() {
			if target, ours := strings.CutPrefix(imported, module+"/"); ours && !s.test {
				if graph[s.dir()] == nil {
					graph[s.dir()] = map[string]bool{}
				}
				graph[s.dir()][target] = true
			}
		}
	}
	for dir := range graph {
		if chain := longest(graph, dir); len(chain) > longestChain {
			t.Errorf("a chain of %d imports: %s", len(chain), strings.Join(chain, " → "))
		}
	}
}

func longest(graph map[string]map[string]bool, dir string) []string {
	var best []string
	for _, next := range slices.Sorted(maps.Keys(graph[dir])) {
		if chain := longest(graph, next); len(chain) > len(best) {
			best = chain
		}
	}
	return append([]string{dir}, best...)
}

func TestProblem(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, dir, imported string
		want                bool
	}{
		{"library on itself", "activitypub/client", "kabar/activitypub/httpsig", false},
		{"library on the domain", "activitypub/client", "kabar/internal/blog", true},
		{"library on the standard", "activitypub", "net/http", false},
		{"library on a database", "activitypub", "github.com/jackc/pgx/v5", true},
		{"leaf on leaf", "internal/markup", "kabar/internal/i18n", true},
		{"leaf on another module", "internal/queue", "github.com/jackc/pgx/v5/pgconn", false},
		{"domain on leaf", "internal/blog", "kabar/internal/markup", false},
		{"domain on library", "internal/blog", "kabar/activitypub", true},
		{"feature on domain", "internal/delivery", "kabar/internal/blog", false},
		{"feature on feature", "internal/delivery", "kabar/internal/federation", true},
		{"feature on adapter", "internal/auth", "kabar/internal/postgres", true},
		{"adapter on feature", "internal/postgres", "kabar/internal/delivery", false},
		{"adapter on adapter", "internal/jobs", "kabar/internal/postgres", true},
		{"web on jobs", "web/studio", "kabar/internal/jobs", true},
		{"web on its parts", "web", "kabar/web/site", false},
		{"program on all", "cmd/kabar", "kabar/internal/postgres", false},
		{"program on test support", "cmd/kabar", "kabar/internal/pgtest", true},
		{"new package", "internal/novel", "fmt", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := problem(tt.dir, tt.imported); (got != "") != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
