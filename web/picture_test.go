package web_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// stored is a picture in the media store's books, with all of its forms.
func (w *world) stored(focus blog.Focus) blog.Media {
	w.t.Helper()
	name := func(letter string) string { return strings.Repeat(letter, 64) }
	m := blog.Media{
		Name: name("a") + ".webp", Type: "image/webp", Width: 1600, Height: 800, Bytes: 1, Created: time.Now(),
		Variants: []blog.MediaVariant{
			{Name: name("b") + ".webp", Type: "image/webp", Width: 24, Height: 12},
			{Name: name("c") + ".webp", Type: "image/webp", Width: 800, Height: 400},
			{Name: name("d") + ".jpg", Type: "image/jpeg", Width: 1600, Height: 800},
		},
	}
	check(w.t, w.store.InsertMedia(w.t.Context(), m))
	check(w.t, w.blog.FocusPicture(w.t.Context(), m.Name, focus))
	return m
}

// A cover comes in the forms that it has, on its page and in lists; what is
// cropped keeps the part that its author chose, here and elsewhere.
func TestCover(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.stored(blog.Focus{X: 0, Y: 100})
	a := w.publish(blog.DraftInput{Title: "Rumah", Markdown: "Pintu.", Cover: m.Name, CoverAlt: "Sebuah pintu"})
	w.publish(blog.DraftInput{Title: "Tanpa", Markdown: "Tanpa gambar."})
	for path, first := range map[string]bool{"/rumah": true, "/": false} {
		doc := w.page(path)
		img := doc.Find(".picture picture img.u-photo")
		w.differ(path, []string{
			"Sebuah pintu", "/-/media/" + strings.Repeat("d", 64) + ".jpg", "1600", "800", "u-photo focus-0-100",
			"/-/media/" + strings.Repeat("c", 64) + ".webp 800w, /-/media/" + m.Name + " 1600w", "/-/media/" + strings.Repeat("b", 64) + ".webp",
		}, []string{
			img.AttrOr("alt", ""), img.AttrOr("src", ""), img.AttrOr("width", ""), img.AttrOr("height", ""), img.AttrOr("class", ""),
			doc.Find(".picture source").AttrOr("srcset", ""), doc.Find(".picture .blur").AttrOr("src", ""),
		})
		if _, lazy := img.Attr("loading"); lazy == first {
			t.Errorf("%s: lazy is %v", path, lazy)
		}
	}
	var o struct {
		Image struct{ FocalPoint []float64 }
	}
	check(t, json.Unmarshal([]byte(w.get(strings.TrimPrefix(a.ObjectURI, w.origin)).body), &o))
	w.differ("focal point", []float64{-1, -1}, o.Image.FocalPoint)
	for _, focus := range []blog.Focus{{X: -1}, {Y: 101}} {
		if err := w.blog.FocusPicture(t.Context(), m.Name, focus); err == nil {
			t.Errorf("%+v is taken", focus)
		}
	}
	if err := w.blog.FocusPicture(t.Context(), "x.webp", blog.Focus{}); err == nil {
		t.Error("a picture that is not there has a focus")
	}
}

// An article of 500 pictures is made with one look at what is stored.
func TestManyPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.stored(blog.Focus{X: 50, Y: 50})
	in := blog.DraftInput{Title: "Album", Markdown: strings.Repeat("![Foto](/-/media/"+m.Name+" \"Satu\")\n\n", 500)}
	begun := time.Now()
	_, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: in, Publish: true})
	check(t, err)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	doc := w.page("/album")
	w.differ("figures", 500, doc.Find(".e-content figure .picture source[srcset]").Length())
	w.differ("captions", 500, doc.Find(".e-content figcaption").Length())
}
