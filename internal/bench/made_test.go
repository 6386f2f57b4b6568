package bench

import (
	"context"
	"strings"
	"testing"
	"time"

	"kabar/internal/blog"
)

// BenchmarkMade makes the pages that readers open most, without any cache:
// from the request to the last byte, with what the database needs for it.
func BenchmarkMade(b *testing.B) {
	s := newSystem(b, "https://blog.example", nil)
	pages := s.pages()
	a := s.publish(b)
	s.converse(b, a, 9, func(i int, all []blog.Comment) *blog.Comment {
		if i < 3 {
			return nil
		}
		return &all[i-3]
	}, enrich)
	s.react(b)
	s.fill(b, 10_000)
	for _, made := range []struct{ what, path string }{
		{"article with 9 comments", "/" + a.Slug},
		{"front page of 10,000 articles", "/"},
	} {
		shown := strings.Count(render(b, pages, made.path), "h-entry")
		var times []time.Duration
		for range rounds {
			times = append(times, renderTimes(b, pages, made.path)...)
		}
		report(figure{
			what: made.what + ", not cached", reached: ms(median(times)), limit: "-",
			least: "5 ms", ok: shown > 0 && median(times) <= 5*time.Millisecond,
		})
	}
}

// fill adds so many articles like the one that there is, over ten years, each
// with one of 300 tags.
func (s *system) fill(b *testing.B, articles int) {
	b.Helper()
	var columns string
	check(b, s.store.Pool().QueryRow(context.Background(), `
		select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns
		where table_schema = 'public' and table_name = 'articles' and is_generated = 'NEVER'`).Scan(&columns))
	s.exec(b, `
		insert into articles (`+columns+`)
		select `+columns+` from jsonb_populate_recordset(null::articles, (
			select jsonb_agg(to_jsonb(a) || jsonb_build_object(
				'id', gen_random_uuid(), 'slug', a.slug || '-' || n, 'object_uri', a.object_uri || '-' || n,
				'title', a.title || ' ' || n, 'published', a.published - n * interval '8 hours', 'comments', n % 50, 'likes', n % 90,
				'tags', array['kopi', 'tag' || n % 300], 'tag_keys', array['kopi', 'tag' || n % 300]))
			from (select * from articles limit 1) a, generate_series(1, $1::int) n))`, articles)
	s.exec(b, `
		insert into slugs (slug, article_id) select slug, id from articles on conflict do nothing`)
	s.exec(b, `vacuum analyze`)
}
