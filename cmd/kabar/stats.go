package main

import (
	"context"
	"strconv"
)

type statsCommand struct {
	Days int `default:"30" help:"Of the last days, today included."`
}

// viewStats is what the command prints as JSON.
type viewStats struct {
	Views     int         `json:"views"`
	Visitors  int         `json:"visitors"`
	Articles  []viewCount `json:"articles"`
	Referrers []viewCount `json:"referrers"`
}

type viewCount struct {
	Name     string `json:"name"`
	Views    int    `json:"views"`
	Visitors int    `json:"visitors"`
}

func (c *statsCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		v, err := a.blog.Views(ctx, site.LastDays(a.blog.Now(), max(c.Days, 1)), 50)
		if err != nil {
			return err
		}
		stats := viewStats{Views: v.Total.Views, Visitors: v.Total.Visitors, Articles: []viewCount{}, Referrers: []viewCount{}}
		for _, one := range v.Articles {
			stats.Articles = append(stats.Articles, viewCount{site.Address().Page(one.Slug), one.Views, one.Visitors})
		}
		for _, one := range v.Referrers {
			stats.Referrers = append(stats.Referrers, viewCount{one.Host, one.Views, one.Visitors})
		}
		if env.json {
			return env.document(stats)
		}
		rows := append([]viewCount{{"all pages", stats.Views, stats.Visitors}}, stats.Articles...)
		for _, one := range stats.Referrers {
			rows = append(rows, viewCount{"from " + one.Name, one.Views, one.Visitors})
		}
		return list(env, rows, []string{"VIEWS", "READERS", "WHAT"}, func(n viewCount) []string {
			return []string{strconv.Itoa(n.Views), strconv.Itoa(n.Visitors), n.Name}
		})
	})
}
