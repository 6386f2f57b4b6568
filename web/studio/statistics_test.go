package studio_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kabar/internal/blog"
)

func TestStatistics(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, me := w.signedIn(blog.Owner)
	author, _ := w.signedIn(blog.Author)
	a, err := w.blog.Save(t.Context(), me.ID, blog.Save{Publish: true, Input: blog.DraftInput{Title: "Rumah", Markdown: "Pintu."}})
	check(t, err)
	site, err := w.store.Site(t.Context())
	check(t, err)
	day := site.LastDays(time.Now(), 1).From // by the blog's calendar
	check(t, w.store.AddViews(t.Context(), []blog.View{
		{Day: day, Path: "/" + a.Slug, Referrer: "danau.example", Views: 1200, Visitors: 800}, {Day: day.AddDate(0, 0, -8), Path: "/", Views: 400, Visitors: 400},
	}))
	page := owner.get("/studio/statistics?days=7")
	differ(t, "tiles", "1,200800", page.doc.Find(".tile b").Text())
	differ(t, "change", "+200 %", page.doc.Find(".tile .change").First().Text())
	for _, text := range []string{"Rumah", "danau.example"} {
		if !strings.Contains(page.doc.Find("table").Text(), text) {
			t.Errorf("no %s", text)
		}
	}
	differ(t, "days of the table", 7, page.doc.Find(".as-table tbody tr").Length())
	differ(t, "any other period", "30", page30(owner.get("/studio/statistics?days=5").doc.Find("[aria-current=true]").Text()))

	own := author.get("/studio/statistics?days=7")
	if own.status != http.StatusOK || strings.Contains(own.doc.Text(), "danau.example") {
		t.Errorf("an author sees what others' articles got: %d", own.status)
	}
	file := owner.get("/studio/statistics/views.csv?days=7")
	if rows := strings.Split(strings.TrimSpace(file.text), "\n"); len(rows) != 8 || rows[0] != "day,views,visitors" || rows[7] != day.Format(time.DateOnly)+",1200,800" {
		t.Errorf("%q", rows)
	}
}

func page30(text string) string { return strings.TrimSuffix(text, " days") }
