package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// AddFont stores a font file. One that cannot be taken is a *blog.Invalid.
func (u uploads) AddFont(ctx context.Context, filename string, data []byte) (blog.ThemeFont, error) {
	stored, font, err := u.intake.Font(ctx, bytes.NewReader(data))
	if err != nil {
		return blog.ThemeFont{}, fmt.Errorf("add font: %w", blog.FontProblem(err))
	}
	return blog.ThemeFont{Name: stored.Name, Label: blog.FontLabel(filename), Variable: font.Variable}, nil
}

type themeExportCommand struct{}

func (c *themeExportCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		return env.document(site.Theme)
	})
}

type themeImportCommand struct {
	File   string `arg:"" help:"What kabar theme export printed; - is standard input."`
	Accept bool   `help:"Take colours that are hard to read all the same."`
}

// maxThemeFile is the size of such a file, in bytes: the CSS, escaped, and the
// rest.
const maxThemeFile = 1 << 20

func (c *themeImportCommand) run(ctx context.Context, env environment) error {
	t, err := c.read(env)
	if err != nil {
		return err
	}
	return with(ctx, env, func(a *app) error {
		if err := a.hasFiles(t); err != nil {
			return err
		}
		if err := a.blog.ChangeTheme(ctx, uuid.Nil, t); err != nil {
			for _, w := range t.Warnings() {
				env.warn(w)
			}
			return explain(err)
		}
		return env.object(t, "Saved.")
	})
}

func (c *themeImportCommand) read(env environment) (t blog.Theme, err error) {
	in := env.in
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return t, fmt.Errorf("theme: %w", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		in = file
	}
	decoder := json.NewDecoder(io.LimitReader(in, maxThemeFile))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&t); err != nil {
		return t, fmt.Errorf("theme: %s is not what kabar theme export prints: %w", c.File, err)
	}
	t.Accept = t.Accept || c.Accept
	return t, nil
}

// warn tells of colours that are hard to read.
func (env environment) warn(w blog.ThemeWarning) {
	scheme := "light"
	if w.Dark {
		scheme = "dark"
	}
	fmt.Fprintf(env.err, "%s: %s %s on %s %s is %.2f:1, needs %.1f:1; %s would do (--accept takes it all the same)\n",
		scheme, w.Token, w.Value, w.Behind, w.BehindValue, w.Ratio, w.Want, w.Better)
}

// hasFiles checks that the fonts and pictures of a theme are here: they do not
// come with it.
func (a *app) hasFiles(t blog.Theme) error {
	for _, name := range []string{t.Reading.Name, t.Interface.Name, t.Logo.Name, t.Header.Name} {
		if name == "" {
			continue
		}
		if ok, err := a.media.Exists(name); err != nil {
			return fmt.Errorf("theme: %w", err)
		} else if !ok {
			return fmt.Errorf("theme: the file %s is not in the media folder of this blog: take it out, or copy it there", name)
		}
	}
	return nil
}
