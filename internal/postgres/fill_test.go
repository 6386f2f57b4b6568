package postgres

import (
	"context"
	"errors"
	"testing"

	"kabar/internal/blog"
)

// filled is a small blog that was made up.
func filled(t *testing.T, f Filling) *Store {
	t.Helper()
	s := newStore(t)
	_, err := s.InitSite(t.Context(), blog.DefaultSite("https://blog.invalid", "blog.invalid"))
	check(t, err)
	addActor(t, s, blog.BlogActor, "blog", "blog.invalid")
	check(t, s.Fill(t.Context(), f, func(string) {}))
	return s
}

func TestFill(t *testing.T) {
	t.Parallel()
	f := Filling{Scale: 0.002, Seed: 7, Now: at(0)}
	s := filled(t, f)
	check(t, s.Settle(t.Context()))
	wrong, err := s.Recount(t.Context())
	check(t, err)
	differ(t, "what is counted wrong", []Miscount(nil), wrong)
	for table, want := range map[string]int{
		"articles where status = 'published'": 20, "actors where kind = 'remote'": 300, "followers": 200, "hosts": 24, "inbound": 10_000,
	} {
		n, err := s.count(t.Context(), table, `select count(*) from `+table)
		check(t, err)
		differ(t, table, want, n)
	}
	n, err := s.count(t.Context(), "comments", `select count(*) from comments`)
	check(t, err)
	if n < 1950 || n > 2050 {
		t.Errorf("%d comments, want about 2,000", n)
	}
	sample, err := s.Sample(t.Context())
	check(t, err)
	if sample.Big.ID == sample.Usual.ID || sample.Tag != "kopi" {
		t.Errorf("sample %+v", sample)
	}
	if err := s.Fill(t.Context(), f, func(string) {}); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("filled again: %v", err)
	}
}

// TestFillIsTheSame makes a blog twice of the same numbers, and once of others.
func TestFillIsTheSame(t *testing.T) {
	t.Parallel()
	f := Filling{Scale: 0.0005, Seed: 1, Now: at(0)}
	first, second := prints(t, f), prints(t, f)
	differ(t, "the same seed", first, second)
	f.Seed = 2
	if other := prints(t, f); other["comments"] == first["comments"] || other["inbound"] == first["inbound"] {
		t.Errorf("another seed makes the same blog: %v", other)
	}
}

// prints are sums over what each table holds.
func prints(t *testing.T, f Filling) map[string]string {
	t.Helper()
	s := filled(t, f)
	sums := map[string]string{}
	for table, columns := range map[string]string{
		"articles": "id, slug, text, likes, comments", "comments": "id, object_uri, text, state, depth, answers", "inbound": "id, activity_uri, outcome, raw",
		"reactions": "id, object_uri", "deliveries": "id, inbox, state", "hosts": "host, failures",
	} {
		var sum string
		check(t, s.pool.QueryRow(context.Background(), `select coalesce(sum(hashtextextended(row(`+columns+`)::text, 0)), 0)::text from `+table).Scan(&sum))
		sums[table] = sum
	}
	return sums
}
