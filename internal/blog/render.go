package blog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kabar/internal/i18n"
	"kabar/internal/markup"
)

// Render makes the HTML of an article for our own pages, with the links of
// the people that Mentions has resolved.
func (s *Service) Render(ctx context.Context, site Site, a Article) (markup.Rendered, error) {
	return s.render(ctx, site, a, "")
}

// RenderRemote makes the HTML that is sent to other servers: absolute
// addresses, and nothing that only our pages need.
func (s *Service) RenderRemote(ctx context.Context, site Site, a Article) (markup.Rendered, error) {
	return s.render(ctx, site, a, site.Address().Page(a.Slug))
}

func (s *Service) render(ctx context.Context, site Site, a Article, base string) (markup.Rendered, error) {
	pictures, err := s.pictures(ctx, a)
	if err != nil {
		return markup.Rendered{}, fmt.Errorf("render: %w", err)
	}
	rendered, err := markup.Render(a.Markdown, markup.Options{
		Language: a.Language,
		Labels:   labels(a.Language),
		BaseURL:  base,
		Hashtag:  site.Address().Tag,
		Mentions: mentionLinks(a.Mentions),
		Picture:  pictures,
	})
	return rendered, renderError("markdown", err)
}

// renderReply makes the HTML of an answer; it shows no pictures.
func (s *Service) renderReply(_ context.Context, site Site, c Comment) (markup.Rendered, error) {
	return RenderReply(site, c, "")
}

// RenderReply makes the HTML of an answer of ours; base is "" for our own
// pages and the answer's address for other servers.
func RenderReply(site Site, c Comment, base string) (markup.Rendered, error) {
	rendered, err := markup.Render(c.Markdown, markup.Options{
		Language: c.Language,
		BaseURL:  base,
		Hashtag:  site.Address().Tag,
		Mentions: mentionLinks(c.Mentions),
		Picture:  func(string) (markup.Picture, bool) { return markup.Picture{}, false },
	})
	return rendered, renderError("text", err)
}

func renderError(field string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, markup.ErrTooLong):
		return &Invalid{Field: field, Problem: "too-long", Detail: "2 MiB"}
	case errors.Is(err, markup.ErrTooDeep), errors.Is(err, markup.ErrTooDense):
		return &Invalid{Field: field, Problem: "too-deep", Detail: err.Error()}
	}
	return fmt.Errorf("render: %w", err)
}

// Pictures returns the stored pictures among the images of an article, each
// once, with the description that stands in the text.
func (s *Service) Pictures(ctx context.Context, a Article, images []markup.Image) ([]Media, error) {
	var names, alts []string
	for _, image := range images {
		if name, ok := mediaName(a.Files, image.Src); ok && !slices.Contains(names, name) {
			names, alts = append(names, name), append(alts, image.Alt)
		}
	}
	found, err := s.MediaByNames(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("pictures: %w", err)
	}
	var pictures []Media
	for i, name := range names {
		if m, ok := found[name]; ok {
			m.Description = alts[i]
			pictures = append(pictures, m)
		}
	}
	return pictures, nil
}

// mediaName is the stored file that a reference names: one taken along from
// beside the text, or one uploaded in the editor.
func mediaName(files map[string]string, src string) (string, bool) {
	if name, ok := files[src]; ok {
		return name, true
	}
	name, ok := strings.CutPrefix(src, MediaPath)
	return name, ok && name != "" && !strings.Contains(name, "/")
}

// describedImages refuses a picture without a description: those who cannot
// see it would be left out.
func describedImages(images []markup.Image) error {
	for _, image := range images {
		if strings.TrimSpace(image.Alt) == "" {
			return &Invalid{Field: "markdown", Problem: "description-missing", Detail: image.Src}
		}
	}
	return nil
}

func mentionLinks(mentions []Mention) map[string]string {
	links := make(map[string]string, len(mentions))
	for _, m := range mentions {
		if m.URL != "" {
			links[strings.ToLower(m.Handle)] = m.URL
		}
	}
	return links
}

// mentions lists the people named in a text, keeping what is known of them.
func mentions(handles []string, known []Mention) []Mention {
	byHandle := map[string]Mention{}
	for _, m := range known {
		byHandle[strings.ToLower(m.Handle)] = m
	}
	named := make([]Mention, 0, len(handles))
	for _, h := range handles {
		m := byHandle[h]
		delete(byHandle, h)
		m.Handle = h
		named = append(named, m)
	}
	// Whom an answer is to is named even when the text does not say it.
	for _, m := range known {
		if _, left := byHandle[strings.ToLower(m.Handle)]; left {
			named = append(named, m)
		}
	}
	return named
}

func headings(found []markup.Heading) []Heading {
	list := make([]Heading, 0, len(found))
	for _, h := range found {
		list = append(list, Heading{ID: h.ID, Text: h.Text, Level: h.Level})
	}
	return list
}

// labels are what the HTML of a text in a language says by itself, in that
// language, or in English where the interface has it not.
func labels(language string) markup.Labels {
	lang := i18n.Match(language, "en")
	return markup.Labels{
		Table: i18n.T(lang, "markup.table"), Formula: i18n.T(lang, "markup.formula"), Footnotes: i18n.T(lang, "markup.footnotes"),
		Note: i18n.T(lang, "markup.note"), Back: i18n.T(lang, "markup.back"),
	}
}
