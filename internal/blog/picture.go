package blog

import (
	"context"
	"regexp"

	"kabar/internal/markup"
)

// MediaReader reads what is known of stored files.
type MediaReader interface {
	Media(ctx context.Context, name string) (Media, error)
	// MediaByNames returns those that are there, in one query.
	MediaByNames(ctx context.Context, names []string) (map[string]Media, error)
}

// MediaWriter changes it.
type MediaWriter interface {
	InsertMedia(ctx context.Context, m Media) error
	SetMediaDescription(ctx context.Context, name, description string) error
	// SetMediaFocus says which part of a picture stays when it is cropped.
	SetMediaFocus(ctx context.Context, name string, focus Focus) error
}

// Forms are the ones that a stored picture is kept in.
type Forms struct {
	Smaller  []MediaVariant // of the same type, widest last
	Fallback string         // media name of a JPEG, for those that read no WebP; "" = none
	Tiny     string         // media name of what stands there while the picture loads; "" = none
}

// tinyWidth is the most that a placeholder is wide.
const tinyWidth = 32

// Forms sorts the variants of a picture by what they are for.
func (m Media) Forms() (f Forms) {
	for _, v := range m.Variants {
		switch {
		case v.Type != m.Type:
			f.Fallback = v.Name
		case v.Width <= tinyWidth:
			f.Tiny = v.Name
		case v.Width < m.Width:
			f.Smaller = append(f.Smaller, v)
		}
	}
	return f
}

// storedName is a reference to an upload in a Markdown text.
var storedName = regexp.MustCompile(regexp.QuoteMeta(MediaPath) + `([0-9A-Za-z._-]+)`)

// pictures finds the stored pictures that a text may name, all at once.
func (s *Service) pictures(ctx context.Context, a Article) (func(src string) (markup.Picture, bool), error) {
	names := make([]string, 0, len(a.Files))
	for _, name := range a.Files {
		names = append(names, name)
	}
	for _, found := range storedName.FindAllStringSubmatch(a.Markdown, -1) {
		names = append(names, found[1])
	}
	none := func(string) (markup.Picture, bool) { return markup.Picture{}, false }
	if len(names) == 0 {
		return none, nil
	}
	media, err := s.MediaByNames(ctx, names)
	if err != nil {
		return none, err
	}
	return func(src string) (markup.Picture, bool) {
		name, ok := mediaName(a.Files, src)
		if !ok {
			return markup.Picture{}, false
		}
		m, ok := media[name]
		return picture(m), ok
	}, nil
}

// picture is a stored one as a text shows it.
func picture(m Media) markup.Picture {
	forms := m.Forms()
	p := markup.Picture{URL: MediaPath + m.Name, Width: m.Width, Height: m.Height}
	for _, v := range forms.Smaller {
		p.Smaller = append(p.Smaller, markup.Source{URL: MediaPath + v.Name, Width: v.Width})
	}
	if forms.Fallback != "" {
		p.Fallback = MediaPath + forms.Fallback
	}
	if forms.Tiny != "" {
		p.Tiny = MediaPath + forms.Tiny
	}
	return p
}

// FocusPicture says which part of a stored picture stays when it is cropped.
// Errors: *Invalid, ErrNotFound.
func (s *Service) FocusPicture(ctx context.Context, name string, focus Focus) error {
	if focus.X < 0 || focus.X > 100 || focus.Y < 0 || focus.Y > 100 {
		return &Invalid{Field: "focus", Problem: "focus"}
	}
	return s.Store.SetMediaFocus(ctx, name, focus)
}
