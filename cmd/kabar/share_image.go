package main

import (
	"context"
	"errors"
	"image/color"

	"kabar/internal/blog"
	"kabar/internal/media"
	"kabar/internal/theme"
)

// shareImage makes the picture of an article that other sites show of a link
// to it, where it has no cover, and removes the one before.
func (n *node) shareImage(ctx context.Context, job blog.ShareImage) error {
	if err := n.mayRemove(ctx); err != nil {
		return err
	}
	a, err := n.blog.Article(ctx, job.Article)
	if errors.Is(err, blog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	site, err := n.blog.Site(ctx)
	if err != nil {
		return err
	}
	name := ""
	if a.Status == blog.Published && a.Title != "" && a.Cover == "" {
		stored, err := shareOf(site, a).Put(n.media)
		if err != nil {
			return err
		}
		name = stored.Name
	}
	old, err := n.store.SetShareImage(ctx, a.ID, name)
	if err != nil || old == "" {
		return err
	}
	return n.media.Delete(old)
}

// shareOf takes the colours of the theme by day: others show it so.
func shareOf(site blog.Site, a blog.Article) media.Share {
	light, _ := site.Theme.Effective()
	page, _ := site.Theme.PageColours()
	return media.Share{
		Width: blog.ShareWidth, Height: blog.ShareHeight, Title: a.Title, Blog: site.Title,
		Ground: opaque(page), Accent: opaque(light.Action), Ink: color.NRGBA{31, 27, 22, 255},
	}
}

// opaque is a colour of a checked theme.
func opaque(text string) color.NRGBA {
	c, _ := theme.ParseColour(text) // black, if it was not
	return color.NRGBA{c.R, c.G, c.B, 255}
}
