package i18n

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/message"
)

// Each key is defined in every language, with the same number of arguments: what
// is missing is listed.
func TestComplete(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages {
		for _, other := range Languages {
			for key, said := range all[lang].Texts {
				if !Has(other, key) {
					t.Errorf("languages/%s.json: %q is missing", other, key)
				} else if want, got := verbs(said), verbs(all[other].Texts[key]); want != got {
					t.Errorf("languages/%s.json: %q takes %d arguments, in %s %d", other, key, got, lang, want)
				}
			}
		}
	}
}

func verbs(t text) int {
	if t.cases != nil {
		return strings.Count(t.cases["other"], "%")
	}
	return strings.Count(t.plain, "%")
}

// Adding a language is adding its file: one with other plurals, which lacks
// most, is said as far as it goes.
func TestAnotherLanguage(t *testing.T) {
	t.Parallel()
	dates := `"dates": {"months": ["يناير"], "date": "%d %s %d", "long": "%s، %d %s %d", "clock": "15:04", "at": " "}`
	l, err := parse("ar", []byte(`{"name": "العربية", `+dates+`, "texts": {
		"count.likes": {"=0": "لا أحد", "one": "واحد", "two": "اثنان", "few": "%d قليل", "many": "%d كثير", "other": "%d"},
		"skip": "إلى النص"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{0: "لا أحد", 1: "واحد", 2: "اثنان", 5: "٥ قليل", 12: "١٢ كثير", 100: "١٠٠"} {
		if got := l.printer.Sprintf(message.Key("count.likes", ""), n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for name, file := range map[string]string{
		"no JSON": `{`, "no name": `{` + dates + `}`, "no dates": `{"name": "x"}`,
		"no such plural": `{"name": "x", ` + dates + `, "texts": {"a": {"some": "x", "other": "y"}}}`,
		"no other":       `{"name": "x", ` + dates + `, "texts": {"a": {"one": "x"}}}`,
		"a number":       `{"name": "x", ` + dates + `, "texts": {"a": 1}}`,
	} {
		if _, err := parse("ar", []byte(file)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := parse("no language", []byte(`{}`)); err == nil {
		t.Error("a file of no language is taken")
	}
}

func TestT(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, lang, key string
		args            []any
		want            string
	}{
		{"plain", "id", "skip", nil, "Langsung ke isi"},
		{"unknown language falls back", "fr", "skip", nil, "Langsung ke isi"},
		{"unknown key is shown", "en", "no.such.key", nil, "no.such.key"},
		{"zero", "en", "followers", []any{0}, "No followers yet"},
		{"one", "en", "followers", []any{1}, "1 follower"},
		{"many", "en", "followers", []any{12345}, "12,345 followers"},
		{"zero id", "id", "followers", []any{0}, "Belum ada pengikut"},
		{"one id", "id", "followers", []any{1}, "1 pengikut"},
		{"many id", "id", "followers", []any{12345}, "12.345 pengikut"},
		{"count without number", "en", "count.likes", []any{1}, "like"},
		{"two arguments", "en", "studio.shown", []any{4, 6}, "Showing 4 of 6."},
		{"text argument", "en", "home.warm.in", []any{"Mika", "Six habits"}, "Mika in “Six habits”"},
		{"sign", "en", "tile.change", []any{214}, "+214 in 30 days"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, T(tt.lang, tt.key, tt.args...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, accept, fallback, want string }{
		{"empty", "", "en", "en"},
		{"nothing known", "", "fr", "id"},
		{"english", "en-GB,en;q=0.8", "id", "en"},
		{"old code", "in", "en", "id"},
		{"malay reads indonesian", "ms-MY", "en", "id"},
		{"preferred order", "jv,en;q=0.1", "id", "en"},
		{"unknown language", "fi", "en", "en"},
		{"broken", ";;;", "id", "id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Match(tt.accept, tt.fallback)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	jakarta := time.FixedZone("WIB", 7*3600)
	now := time.Date(2026, 11, 23, 17, 25, 0, 0, jakarta)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, jakarta) }
	tests := []struct{ name, want, got string }{
		{"date", "21 Nov 2026", Date("id", at(21, 7, 30))},
		{"long", "Sabtu, 21 November 2026", DateLong("id", at(21, 7, 30))},
		{"long en", "Saturday, 21 November 2026", DateLong("en", at(21, 7, 30))},
		{"time", "21 Nov 2026 pukul 18.05", DateTime("id", at(21, 18, 5))},
		{"time en", "21 Nov 2026, 18:05", DateTime("en", at(21, 18, 5))},
		{"seconds ago", "baru saja", Ago("id", now, now.Add(-30*time.Second))},
		{"minutes ago", "40 menit lalu", Ago("id", now, at(23, 16, 45))},
		{"hours ago", "5 hours ago", Ago("en", now, at(23, 12, 20))},
		{"other zone", "2 jam lalu", Ago("id", now, at(23, 15, 20).UTC())},
		{"yesterday", "kemarin", Ago("id", now, at(22, 7, 40))},
		{"short night", "2 jam lalu", Ago("id", at(23, 1, 0), at(22, 23, 0))},
		{"days ago", "2 days ago", Ago("en", now, at(21, 18, 5))},
		{"week ago", "16 Nov 2026", Ago("id", now, at(16, 18, 5))},
		{"ahead", "24 Nov 2026", Ago("id", now, at(24, 18, 5))},
		{"seconds long", "30 detik", Duration("id", 30*time.Second)},
		{"minutes long, rounded up", "2 minutes", Duration("en", 61*time.Second)},
		{"hours long", "1 hour", Duration("en", time.Hour)},
		{"days long", "3 hari", Duration("id", 72*time.Hour)},
		{"number", "4.812", Number("id", 4812)},
		{"number en", "4,812", Number("en", 4812)},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

func TestTakes(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"skip": false, "problem.slug-taken": true, "followers": true} {
		if diff := cmp.Diff(want, Takes(key)); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}
