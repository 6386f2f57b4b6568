package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"kabar/internal/blog"
)

type searchCommand struct {
	Words    []string `arg:"" name:"words" help:"Words, phrases in quotation marks, -words that must not be there, alternatives with or; as one argument if one begins with a minus."`
	Kind     string   `enum:",article,note,page,comment" default:"" help:"Only this kind: article, note, page or comment."`
	Tag      string   `help:"Only with this topic."`
	Language string   `help:"Only in this language."`
	Limit    int      `default:"20" help:"At most so many."`
}

// hit is one thing that was found, as the command prints it.
type hit struct {
	Kind      blog.SearchKind `json:"kind"`
	URL       string          `json:"url"`
	Title     string          `json:"title"`
	Excerpt   string          `json:"excerpt"`
	Language  string          `json:"language"`
	Published time.Time       `json:"published"`
}

func (c *searchCommand) run(ctx context.Context, env environment) error {
	words := blog.ParseWanted(strings.Join(c.Words, " "))
	if words.None() {
		return usageError{fmt.Errorf("there is nothing to search for in %q", words.String())}
	}
	return with(ctx, env, func(a *app) error {
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		found, err := a.blog.Search(ctx, blog.SearchQuery{
			Words: words, Kind: blog.SearchKind(c.Kind), Tag: c.Tag, Language: c.Language, Limit: min(c.Limit, blog.MaxFound),
		})
		if err != nil {
			return err
		}
		var rows []hit
		for _, f := range found.Found {
			rows = append(rows, printableHit(site, f))
		}
		return list(env, rows, []string{"PUBLISHED", "KIND", "TITLE", "URL"}, func(h hit) []string {
			return []string{shortTime(&h.Published), string(h.Kind), cmp.Or(h.Title, h.Excerpt), h.URL}
		})
	})
}

func printableHit(site blog.Site, f blog.Found) hit {
	address := site.Address().Page(f.Slug)
	if f.Kind == blog.FindComment {
		address += blog.CommentPlace(f.ID)
	}
	return hit{f.Kind, address, blog.Unmarked(f.Title), blog.Unmarked(f.Excerpt), f.Language, f.Published}
}
