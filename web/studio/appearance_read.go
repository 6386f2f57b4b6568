package studio

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kabar/internal/blog"
	"kabar/internal/i18n"
)

// readTheme is base with what the form says. Errors about a file are told at
// its field; what was read until then comes with them.
func (s *Studio) readTheme(r *http.Request, me blog.Account, base blog.Theme) (blog.Theme, error) {
	t := base
	t.Ground, t.Dye, t.Accept = r.PostFormValue("ground"), field(r, "dye"), r.PostFormValue("accept") != ""
	if t.Ground == blog.GroundNames[0] {
		t.Ground = ""
	}
	for prefix, of := range map[string]*blog.Colours{"light-": &t.Light, "dark-": &t.Dark} {
		for _, c := range of.Fields() {
			*c.Value = field(r, prefix+c.Token)
		}
	}
	t.Navigation, t.FooterLinks = readLinks(r, "nav"), readLinks(r, "foot")
	t.Footer = field(r, "footer")
	t.CSS = strings.TrimSpace(strings.ReplaceAll(r.PostFormValue("css"), "\r\n", "\n"))
	t.Header.Alt = field(r, "header_alt")
	for name, font := range map[string]*blog.ThemeFont{"reading": &t.Reading, "interface": &t.Interface} {
		if err := s.readFont(r, name, font); err != nil {
			return t, err
		}
	}
	for name, picture := range map[string]*blog.ThemePicture{"logo": &t.Logo, "header": &t.Header} {
		if err := s.readPicture(r, me, name, picture); err != nil {
			return t, err
		}
	}
	return t, nil
}

func field(r *http.Request, name string) string { return strings.TrimSpace(r.PostFormValue(name)) }

func (s *Studio) readFont(r *http.Request, name string, font *blog.ThemeFont) error {
	if r.PostFormValue(name+"_remove") != "" {
		*font = blog.ThemeFont{}
	}
	file, err := pictureIn(r, name)
	if err != nil || file == nil {
		return err
	}
	added, err := s.Fonts.AddFont(r.Context(), file.name, file.data)
	var invalid *blog.Invalid
	if errors.As(err, &invalid) {
		return &blog.Invalid{Field: name, Problem: invalid.Problem, Detail: invalid.Detail}
	}
	if err == nil {
		*font = added
	}
	return err
}

func (s *Studio) readPicture(r *http.Request, me blog.Account, name string, picture *blog.ThemePicture) error {
	if r.PostFormValue(name+"_remove") != "" {
		*picture = blog.ThemePicture{}
	}
	m, taken, err := s.take(r, me.ID, name, name, cmp.Or(picture.Alt, name))
	if taken {
		*picture = blog.ThemePicture{Name: m.Name, Alt: picture.Alt, Width: m.Width, Height: m.Height}
	}
	if picture.Name == "" {
		*picture = blog.ThemePicture{}
	}
	return err
}

// readLinks are the rows of a list that lead somewhere, by their places.
func readLinks(r *http.Request, prefix string) []blog.ThemeLink {
	type placed struct {
		blog.ThemeLink
		place int
	}
	var rows []placed
	nth := func(name string, i int) string {
		if values := r.PostForm[prefix+name]; i < len(values) {
			return strings.TrimSpace(values[i])
		}
		return ""
	}
	for i, kind := range r.PostForm[prefix+"_kind"] {
		if kind == "" {
			continue
		}
		row := placed{blog.ThemeLink{Kind: kind}, i + 1}
		switch kind {
		case "page":
			row.Target = strings.Trim(nth("_target", i), "/")
		case "tag":
			row.Target = strings.TrimPrefix(nth("_target", i), "#")
		case "address":
			row.Target = nth("_target", i)
		}
		for _, lang := range i18n.Languages {
			if text := nth("_label_"+lang, i); text != "" {
				if row.Labels == nil {
					row.Labels = map[string]string{}
				}
				row.Labels[lang] = text
			}
		}
		if n, err := strconv.Atoi(nth("_order", i)); err == nil {
			row.place = n
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	var links []blog.ThemeLink
	for _, row := range rows {
		links = append(links, row.ThemeLink)
	}
	return links
}
