package postgres

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

func TestViews(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	writer := newID()
	check(t, s.InsertAccount(t.Context(), blog.Account{ID: writer, Name: "ratri", Role: blog.Author, Created: at(0)}, audit("account.create")))
	first, second := published(actor.ID, "satu", 0), published(actor.ID, "dua", 1)
	first.AccountID = writer
	save(t, s, first, second)
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	add := func(days int, path, referrer string, views, visitors int) {
		t.Helper()
		check(t, s.AddViews(t.Context(), []blog.View{{Day: day.AddDate(0, 0, days), Path: path, Referrer: referrer, Views: views, Visitors: visitors}}))
	}
	add(0, "/satu", "", 3, 2)
	add(0, "/satu", "", 4, 1) // of another node
	add(1, "/satu", "danau.example", 5, 5)
	add(0, "/dua", "", 2, 2)
	add(0, "/", "", 10, 9)
	add(0, "/tags/kopi", "", 1, 1)
	add(-1, "/satu", "", 7, 7) // before
	check(t, s.AddViews(t.Context(), nil))

	q := blog.ViewQuery{From: day, Until: day.AddDate(0, 0, 2)}
	got, err := s.Views(t.Context(), q, 10)
	check(t, err)
	differ(t, "views", blog.Views{
		Total: blog.ViewCount{Views: 25, Visitors: 20}, Before: blog.ViewCount{Views: 7, Visitors: 7},
		Days: []blog.DayViews{{Day: day, ViewCount: blog.ViewCount{Views: 20, Visitors: 15}}, {Day: day.AddDate(0, 0, 1), ViewCount: blog.ViewCount{Views: 5, Visitors: 5}}},
		Articles: []blog.ArticleViews{
			{ID: first.ID, Slug: "satu", Title: first.Title, Language: "id", ViewCount: blog.ViewCount{Views: 12, Visitors: 8}}, {ID: second.ID, Slug: "dua", Title: second.Title, Language: "id", ViewCount: blog.ViewCount{Views: 2, Visitors: 2}},
		},
		Front:     blog.ViewCount{Views: 10, Visitors: 9},
		Referrers: []blog.ReferrerViews{{Host: "danau.example", ViewCount: blog.ViewCount{Views: 5, Visitors: 5}}},
	}, got)
	q.Writer = writer
	got, err = s.Views(t.Context(), q, 10)
	check(t, err)
	differ(t, "of one writer", blog.ViewCount{Views: 12, Visitors: 8}, got.Total)
	q.Writer = uuid.Max
	got, err = s.Views(t.Context(), q, 10)
	check(t, err)
	differ(t, "of nobody", blog.ViewCount{}, got.Total)

	gone, err := s.DeleteOldViews(t.Context(), day)
	check(t, err)
	differ(t, "forgotten", 1, gone)
}

// Whatever is counted, moved or forgotten, in any order: what is kept of a period
// says the same as its rows, and a recount finds nothing wrong.
func TestViewsKept(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	var all []blog.Article
	for i := range 5 {
		all = append(all, published(actor.ID, fmt.Sprint("a", i), i))
	}
	save(t, s, all...)
	r := rand.New(rand.NewPCG(7, 8))
	today := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	paths := []string{"/", "/a0", "/a1", "/a2", "/a3", "/a4", "/tags/kopi"}
	for i := range 60 {
		var views []blog.View
		for range 1 + r.IntN(6) {
			views = append(views, blog.View{
				Day: today.AddDate(0, 0, -r.IntN(2)*r.IntN(100)), Path: paths[r.IntN(len(paths))],
				Referrer: []string{"", "danau.example", "bukit.example"}[r.IntN(3)], Views: 1 + r.IntN(9), Visitors: r.IntN(2),
			})
		}
		views = append(views, blog.View{Day: today, Path: "/a0", Views: 1}) // today has begun
		check(t, s.AddViews(t.Context(), views))
		if i%4 == 3 { // nobody reads on the next day
			today = today.AddDate(0, 0, 1)
			check(t, s.MoveViews(t.Context(), today.AddDate(0, 0, 1)))
		}
		for _, days := range []int{7, 30, 90, 365} {
			q := blog.ViewQuery{From: today.AddDate(0, 0, 1-days), Until: today.AddDate(0, 0, 1)}
			differ(t, fmt.Sprint(i, ": days ", days), viewsByRows(t, s, q), viewsKept(t, s, q))
		}
		if wrong := wrongs(t, s); len(wrong) > 0 {
			t.Fatalf("%d: %v", i, wrong)
		}
		switch today = today.AddDate(0, 0, []int{0, 0, 1, 3, 40}[r.IntN(5)]); {
		case i == 30: // the clock was wrong
			today = today.AddDate(0, 0, -20)
		case i%20 == 19:
			_, err := s.DeleteOldViews(t.Context(), today.AddDate(0, 0, -50))
			check(t, err)
		}
	}
}

func viewsByRows(t *testing.T, s *Store, q blog.ViewQuery) blog.Views {
	t.Helper()
	return viewsBySQL(t, s, q, viewRows, q.From, q.Until, nil, 10)
}

// viewsKept fails where the period is not kept.
func viewsKept(t *testing.T, s *Store, q blog.ViewQuery) blog.Views {
	t.Helper()
	until := time.Time{}
	check(t, s.pool.QueryRow(t.Context(), `select until from view_periods where days = $1`, len(daysOf(q))).Scan(&until))
	differ(t, "end of the period", q.Until, until)
	return viewsBySQL(t, s, q, viewSums, q.From, q.Until, 10)
}

func daysOf(q blog.ViewQuery) (days []time.Time) {
	for day := q.From; day.Before(q.Until); day = day.AddDate(0, 0, 1) {
		days = append(days, day)
	}
	return days
}

func viewsBySQL(t *testing.T, s *Store, q blog.ViewQuery, sql string, args ...any) (v blog.Views) {
	t.Helper()
	check(t, pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) (err error) {
		v, err = readViews(t.Context(), tx, q, sql, args...)
		return err
	}))
	return v
}

// Nodes that count at once, each in its own order, wait for each other and lose
// nothing, also on the first views of a day.
func TestViewsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	actor := addBlogActor(t, s)
	save(t, s, published(actor.ID, "satu", 0), published(actor.ID, "dua", 1))
	day := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	const nodes, times = 4, 10
	done := make(chan error, nodes)
	for node := range nodes {
		go func() {
			var failed error
			for i := range times {
				views := []blog.View{
					{Day: day.AddDate(0, 0, i), Path: "/satu", Views: 1, Visitors: 1}, {Day: day.AddDate(0, 0, i-1), Path: "/dua", Views: 1, Visitors: 1},
				}
				if node%2 > 0 {
					slices.Reverse(views)
				}
				failed = errors.Join(failed, s.AddViews(t.Context(), views))
			}
			done <- failed
		}()
	}
	for range nodes {
		check(t, <-done)
	}
	differ(t, "recount", map[string]int{}, wrongs(t, s))
	v, err := s.Views(t.Context(), blog.ViewQuery{From: day.AddDate(0, 0, times-30), Until: day.AddDate(0, 0, times)}, 10)
	check(t, err)
	differ(t, "total", blog.ViewCount{Views: 2 * nodes * times, Visitors: 2 * nodes * times}, v.Total)
	differ(t, "articles", []int{nodes * times, nodes * times}, []int{v.Articles[0].Views, v.Articles[1].Views})
}
