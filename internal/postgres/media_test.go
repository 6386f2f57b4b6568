package postgres

import (
	"errors"
	"testing"

	"kabar/internal/blog"
)

func TestMedia(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	m := blog.Media{
		Name: "abc.webp", Variants: []blog.MediaVariant{{Name: "abc-400.webp", Type: "image/webp", Width: 400, Height: 300}},
		Type: "image/webp", Width: 800, Height: 600, Bytes: 12345, Blurhash: "LKO2", Focus: blog.Focus{X: 50, Y: 50}, Filename: "cup.jpg", Created: at(0),
	}
	stored := func() blog.Media {
		got, err := s.Media(t.Context(), m.Name)
		check(t, err)
		return got
	}
	check(t, s.InsertMedia(t.Context(), m))
	differ(t, "first upload", m, stored())
	again := m
	again.Description, again.Filename = "A cup", "copy.jpg"
	check(t, s.InsertMedia(t.Context(), again))
	m.Description = "A cup"
	differ(t, "second upload brings the description", m, stored())
	again.Description = "Another"
	check(t, s.InsertMedia(t.Context(), again))
	differ(t, "third upload changes nothing", m, stored())
	check(t, s.SetMediaDescription(t.Context(), m.Name, "A blue cup"))
	m.Description = "A blue cup"
	differ(t, "described", m, stored())
	_, err := s.Media(t.Context(), "none")
	for name, err := range map[string]error{"read": err, "describe": s.SetMediaDescription(t.Context(), "none", "x")} {
		if !errors.Is(err, blog.ErrNotFound) {
			t.Errorf("%s unknown: got %v", name, err)
		}
	}
}

func TestMediaByNames(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for _, name := range []string{"a.webp", "b.webp"} {
		check(t, s.InsertMedia(t.Context(), blog.Media{Name: name, Type: "image/webp", Created: at(0)}))
	}
	check(t, s.SetMediaFocus(t.Context(), "b.webp", blog.Focus{X: 10, Y: 90}))
	found, err := s.MediaByNames(t.Context(), []string{"b.webp", "x.webp", "a.webp", "a.webp"})
	check(t, err)
	differ(t, "found", 2, len(found))
	differ(t, "focus", []blog.Focus{{X: 50, Y: 50}, {X: 10, Y: 90}}, []blog.Focus{found["a.webp"].Focus, found["b.webp"].Focus})
	if err := s.SetMediaFocus(t.Context(), "x.webp", blog.Focus{}); err == nil {
		t.Error("a file that is not there has a focus")
	}
}
