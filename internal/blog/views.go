package blog

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// View is how often a page was read on a day, from one place. Of who read it
// nothing is kept.
type View struct {
	Day      time.Time // midnight, UTC, of the day by the blog's time zone
	Path     string    // of the page
	Referrer string    // host that led there; "" = none told
	Views    int
	Visitors int // whose first view of the page on that day it was
}

// ViewQuery picks views.
type ViewQuery struct {
	From, Until time.Time // days, the second one not included
	Writer      uuid.UUID // articles that the account wrote or stands in the byline of; uuid.Nil = all pages
}

// LastDays are so many days up to today, by the blog's calendar.
func (s Site) LastDays(now time.Time, days int) ViewQuery {
	y, m, d := now.In(s.Location()).Date()
	until := time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC)
	return ViewQuery{From: until.AddDate(0, 0, -days), Until: until}
}

// ViewCount is how often something was read.
type ViewCount struct {
	Views, Visitors int
}

// Views are the numbers of a period.
type Views struct {
	Total     ViewCount
	Before    ViewCount // of the period before, as long
	Days      []DayViews
	Articles  []ArticleViews // the most read first
	Front     ViewCount
	Referrers []ReferrerViews
}

// DayViews is a day; each of the period is there.
type DayViews struct {
	Day time.Time
	ViewCount
}

// ArticleViews is an article.
type ArticleViews struct {
	ID                    uuid.UUID
	Slug, Title, Language string
	ViewCount
}

// ReferrerViews is a host that led readers here.
type ReferrerViews struct {
	Host string
	ViewCount
}

// ViewReader reads the numbers.
type ViewReader interface {
	// Views sums up a period, with at most so many articles and referrers.
	Views(ctx context.Context, q ViewQuery, limit int) (Views, error)
}

// KeepViews is how long views are kept: two years can be compared.
const KeepViews = 25 * 31 * 24 * time.Hour
