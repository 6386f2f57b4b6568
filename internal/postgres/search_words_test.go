package postgres

import (
	"testing"
	"time"

	"kabar/internal/blog"
)

func TestSpellWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		without bool // pg_trgm
		want    map[string]string
	}{
		{"with pg_trgm", false, map[string]string{"perjalann": "perjalanan", "toarja": "toraja"}},
		{"without", true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			library(t, s, written("id", "Perjalanan ke Toraja", "kopi pagi kopi"), written("en", "Coffee", "of the morning"))
			check(t, s.RefreshSearch(t.Context()))
			if test.without {
				s.exec(t, `drop extension pg_trgm cascade`)
			}
			got, err := s.SpellWords(t.Context(), []string{"perjalann", "toarja", "kopi", "xyzzyq", "ke", "pagi"})
			check(t, err)
			differ(t, "spelled", test.want, got)
			differ(t, "search goes on", []string{"a0"}, foundBy(t, s, "toraja"))
		})
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	site := blog.DefaultSite("https://b.test", "b.test")
	_, err := s.InitSite(t.Context(), site)
	check(t, err)
	a := library(t, s, written("id", "Perjalanan ke Toraja", "kopi"))[0]
	check(t, s.RefreshSearch(t.Context()))
	service := &blog.Service{Reader: s, Store: s}
	ask := func(typed string) string {
		better, err := service.DidYouMean(t.Context(), blog.SearchQuery{Words: blog.ParseWanted(typed)}, 0)
		check(t, err)
		return better
	}
	differ(t, "another spelling", `toraja perjalanan -teh`, ask("torajaa perjalanann -teh"))
	differ(t, "nothing is near", "", ask("zzzzzz"))
	differ(t, "nothing would be found", "", ask("torajaa -kopi"))
	check(t, s.DeleteArticle(t.Context(), a.ID, at(5), nil, audit("article.delete")))
	differ(t, "a word of what was deleted", "", ask("torajaa"))
}

func TestRefreshSearchWords(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	check(t, s.RefreshSearch(t.Context()))
	a := library(t, s, written("id", "Kopi Toraja", "enak 1234 ab x@y.example"))[0]
	words := func() (all []string) {
		t.Helper()
		check(t, s.RefreshSearch(t.Context()))
		check(t, s.pool.QueryRow(t.Context(), `select coalesce(array_agg(word order by word), '{}') from search_words`).Scan(&all))
		return all
	}
	differ(t, "words", []string{"enak", "kopi", "toraja"}, words())
	s.exec(t, `insert into search_words values ('stays', 1, now())`)
	differ(t, "nothing was written since", []string{"enak", "kopi", "stays", "toraja"}, words())
	edited := next(a)
	edited.Title, edited.Text = "Teh", ""
	edited.Title = "Teh Wangi"
	save(t, s, edited)
	differ(t, "after an edit", []string{"wangi"}, words())
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		without bool
		want    []blog.Label
	}{
		{"with pg_trgm", false, []blog.Label{{Slug: "kopi-pagi-toraja", Title: "Title of kopi-pagi-toraja", Excerpt: "It begins", Language: "id"}}},
		{"without", true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			actor := addBlogActor(t, s).ID
			gone := published(actor, "kopi-pagi-torajo", 2)
			save(t, s, published(actor, "kopi-pagi-toraja", 1), gone, published(actor, "tentang", 3), draft(actor, "kopi-pagi-toraj"))
			check(t, s.DeleteArticle(t.Context(), gone.ID, at(4), nil, audit("article.delete")))
			if test.without {
				s.exec(t, `drop extension pg_trgm cascade`)
			}
			got, err := s.Similar(t.Context(), "kopi-pagi-di-toraja", 3)
			check(t, err)
			differ(t, "similar", test.want, got)
		})
	}
}

func TestSearchComments(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := s.InitSite(t.Context(), blog.DefaultSite("https://b.test", "b.test"))
	check(t, err)
	a := library(t, s, written("id", "Kopi", "pagi"))[0]
	who := addActor(t, s, blog.Remote, "budi", "a.test")
	say := func(text string, change func(*blog.Comment)) blog.Comment {
		c := commentBy(who, a, 1)
		c.Text = text
		if change != nil {
			change(&c)
		}
		addComments(t, s, c)
		return c
	}
	shown := say("enak sekali jahenya", nil)
	say("jahe yang ditahan", func(c *blog.Comment) { c.State = blog.Waiting })
	say("jahe untuk pengikut", func(c *blog.Comment) { c.Visibility = blog.Followers })
	say("jahe di balik peringatan", func(c *blog.Comment) { c.Warning = "Makanan" })
	q := blog.SearchQuery{Words: blog.ParseWanted("jahe"), Comments: true}

	check(t, s.RefreshSearch(t.Context()))
	differ(t, "by default", 0, search(t, s, q).Total)
	set := func(on bool) {
		t.Helper()
		s.exec(t, `insert into settings (key, value) values ('search', jsonb_build_object('comments', $1::bool))
			on conflict (key) do update set value = excluded.value`, on)
		check(t, s.RefreshSearch(t.Context()))
	}
	set(true)
	found := search(t, s, q).Found
	for i := range found {
		found[i].Published = time.Time{}
	}
	differ(t, "public ones", []blog.Found{{
		Kind: blog.FindComment, ID: shown.ID, Slug: "a0", Title: "Kopi", Excerpt: "enak sekali \x02jahenya\x03", Language: "id", Words: 2,
		Tags: []string{}, Names: []string{"The budi"},
	}}, found)
	q.Comments = false
	differ(t, "as long as the blog says so", 0, search(t, s, q).Total)
	q.Comments = true

	s.exec(t, `update comments set state = 'hidden' where id = $1`, shown.ID)
	differ(t, "a hidden one is gone at once", 0, search(t, s, q).Total)
	s.exec(t, `update comments set state = 'visible', text = 'kunyit' where id = $1`, shown.ID)
	check(t, s.RefreshSearch(t.Context()))
	differ(t, "the old words", 0, search(t, s, q).Total)
	q.Words = blog.ParseWanted("kunyit")
	differ(t, "the new words", 1, search(t, s, q).Total)
	set(false)
	differ(t, "switched off", 0, search(t, s, q).Total)
}

func TestMonths(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	on := func(text string) func(*blog.Article) {
		at, err := time.Parse(time.RFC3339, text)
		check(t, err)
		return func(a *blog.Article) { a.Published = at }
	}
	static := on("2026-03-01T00:00:00Z")
	library(t, s, on("2025-12-31T18:00:00Z"), on("2025-12-31T16:00:00Z"), on("2026-01-31T16:59:59Z"), on("2026-01-31T17:00:00Z"),
		func(a *blog.Article) { static(a); a.Static = true })
	zone := func(name string) *time.Location {
		in, err := time.LoadLocation(name)
		check(t, err)
		return in
	}
	for _, test := range []struct {
		name string
		in   *time.Location
		want []blog.Month
	}{
		{"Jakarta", zone("Asia/Jakarta"), []blog.Month{{Year: 2026, Month: time.February, Articles: 1}, {Year: 2026, Month: time.January, Articles: 2}, {Year: 2025, Month: time.December, Articles: 1}}},
		{"Kiritimati", zone("Pacific/Kiritimati"), []blog.Month{
			{Year: 2026, Month: time.February, Articles: 2}, {Year: 2026, Month: time.January, Articles: 2},
		}},
		{"Honolulu", zone("Pacific/Honolulu"), []blog.Month{{Year: 2026, Month: time.January, Articles: 2}, {Year: 2025, Month: time.December, Articles: 2}}},
		{"UTC", time.UTC, []blog.Month{{Year: 2026, Month: time.January, Articles: 2}, {Year: 2025, Month: time.December, Articles: 2}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.Months(t.Context(), test.in)
			check(t, err)
			differ(t, "months", test.want, got)
		})
	}
}
