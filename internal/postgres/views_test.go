package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"

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
