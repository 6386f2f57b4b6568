package postgres

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"kabar/internal/blog"
)

// Whatever happens to articles and followers, in any order: what was counted
// on the way is what a count of everything gives.
func TestCountersFollow(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	target := addBlogActor(t, s)
	addActor(t, s, blog.AuthorActor, "ratri", "blog.test")
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 5 {
		a := draft(target.ID, fmt.Sprintf("a%d", i))
		a.ObjectURI = ""
		save(t, s, a)
		addActor(t, s, blog.Remote, fmt.Sprintf("p%d", i), fmt.Sprintf("s%d.test", i%3))
	}
	for range 150 {
		s.exec(t, change(r), r.IntN(5))
	}
	type row struct{ Name, Key, Count string }
	read := func(sql string) []row {
		rows, err := s.pool.Query(t.Context(), sql)
		check(t, err)
		defer rows.Close()
		var list []row
		for rows.Next() {
			var one row
			check(t, rows.Scan(&one.Name, &one.Key, &one.Count))
			list = append(list, one)
		}
		return list
	}
	differ(t, "counters", read(`
		select 'state', status, count(*)::text from articles where not static and translation_of is null group by 2
		union all
		select 'tag', key, count(*)::text from articles, unnest(tag_keys) key
		where status = 'published' and not static and translation_of is null group by 2
		union all
		select 'server', a.domain, count(distinct a.id)::text from followers f join actors a on a.id = f.actor_id group by 2
		order by 1, 2`), read(`
		select 'state', status, articles::text from article_counts where articles <> 0
		union all
		select 'tag', key, articles::text from tags where articles <> 0
		union all
		select 'server', domain, followers::text from follower_servers where followers <> 0
		order by 1, 2`))
}

// change is a statement that does something to the nth article or actor.
func change(r *rand.Rand) string {
	article, actor := `(select id from articles order by slug offset $1 limit 1)`, `(select id from actors where kind = 'remote' order by handle offset $1 limit 1)`
	ours := `(select id from actors where kind = '` + []string{"blog", "author"}[r.IntN(2)] + `')`
	statements := []string{
		`update articles set status = 'published', published = now() where id = ` + article,
		`update articles set status = 'deleted', tags = '{}', tag_keys = '{}' where id = ` + article,
		`update articles set tags = '{Kopi,Teh}', tag_keys = '{kopi,teh}' where id = ` + article,
		`update articles set tags = '{kopi,Desa}', tag_keys = '{kopi,desa}', status = 'published' where id = ` + article,
		`update articles set static = not static where id = ` + article,
		`update articles set likes = likes + 1 where id = ` + article,
		`insert into followers (target_id, actor_id, follow_uri, created) values (` + ours + `, ` + actor + `, 'x', now()) on conflict do nothing`,
		`insert into followers (target_id, actor_id, follow_uri, created) select o.id, p.id, 'x', now() from actors o, actors p
			where o.kind in ('blog', 'author') and p.id = ` + actor + ` on conflict do nothing`,
		`delete from followers where actor_id = ` + actor,
		`delete from followers where target_id = ` + ours + ` and $1 >= 0`,
		`update actors set domain = 'moved.test' where id = ` + actor,
		`update actors set domain = 's1.test', name = 'x' where id = ` + actor,
	}
	return statements[r.IntN(len(statements))]
}

func TestTagCounts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	first, second := published(actor.ID, "satu", 0), published(actor.ID, "dua", 1)
	second.Tags = []string{"KOPI"}
	page := published(actor.ID, "tentang", 2)
	page.Static = true
	save(t, s, first, second, page)
	tags, err := s.TagCounts(t.Context(), 5)
	check(t, err)
	differ(t, "tags", []blog.TagCount{{Tag: "KOPI", Articles: 2}, {Tag: "Kota Tua", Articles: 1}}, tags)
	counts, err := s.ArticleCounts(t.Context())
	check(t, err)
	differ(t, "states", map[blog.Status]int{blog.Published: 2}, counts)
}
