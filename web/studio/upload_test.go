package studio_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	file := map[string][]byte{"file": drawing(t)}

	refused := b.send("/studio/articles/new", typed("upload"), file)
	differ(t, "without a description", http.StatusUnprocessableEntity, refused.status)
	differ(t, "says", "Describe the image first.", refused.say("#description-problem"))
	differ(t, "text", "Pintu *kayu* dan #jendela.", refused.doc.Find("#source").Text())

	got := b.send("/studio/articles/new", typed("upload", "description", "Pintu [tua]"), file)
	differ(t, "status", http.StatusOK, got.status)
	differ(t, "description", "Pintu [tua]", got.doc.Find(".uploads img").AttrOr("alt", ""))
	address := got.doc.Find(".uploads input[name=image]").AttrOr("value", "")
	differ(t, "line", "![Pintu \\[tua\\]]("+address+")", got.doc.Find(".uploads [data-insert]").AttrOr("data-insert", ""))
	m, err := w.blog.Media(t.Context(), strings.TrimPrefix(address, blog.MediaPath))
	check(t, err)
	differ(t, "by", me.ID, m.AccountID)

	// The next button pressed keeps it in the list.
	again := b.send("/studio/articles/new", typed("preview", "image", address), nil)
	differ(t, "kept", 1, again.doc.Find(".uploads li").Length())
	saved := b.send("/studio/articles/new", typed("publish", "source", "![Pintu]("+address+")", "image", address), nil)
	differ(t, "published", http.StatusSeeOther, saved.status)
	differ(t, "found in the text", address, b.get(saved.location).doc.Find(".uploads input[name=image]").AttrOr("value", ""))
}

func TestRefusedUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	tests := []struct {
		name, field string
		in          []byte
		want        string
	}{
		{"no picture", "file", []byte("text"), "This file is no PNG, JPEG, WebP or GIF image."},
		{"too large", "file", bytes.Repeat([]byte{1}, 16<<20+1), "This image is too large."},
		{"nothing chosen", "", nil, "This is required."},
		{"cover is no picture", "cover", []byte("text"), "This file is no PNG, JPEG, WebP or GIF image."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string][]byte{}
			if tt.field != "" {
				files[tt.field] = tt.in
			}
			got := b.send("/studio/articles/new", typed("upload", "description", "A door", "cover_alt", "A house"), files)
			differ(t, "status", http.StatusUnprocessableEntity, got.status)
			field := tt.field
			if field == "" {
				field = "file"
			}
			differ(t, "says", tt.want, got.say("#"+field+"-problem"))
			differ(t, "description", "A door", got.doc.Find("#image-description").Text())
			differ(t, "cover's description", "A house", got.doc.Find("#cover_alt").Text())
		})
	}
	huge := b.send("/studio/articles/new", typed("upload", "description", "A door"), map[string][]byte{"file": make([]byte, 25<<20)})
	differ(t, "beyond the form", http.StatusRequestEntityTooLarge, huge.status)
}

func TestCover(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	cover := map[string][]byte{"cover": drawing(t)}
	refused := b.send("/studio/articles/new", typed("publish"), cover)
	differ(t, "without a description", "Describe the image first.", refused.say("#cover_alt-problem"))

	preview := b.send("/studio/articles/new", typed("preview", "cover_alt", "A house"), cover)
	address := preview.doc.Find("[name=cover_now]").AttrOr("value", "")
	saved := b.send("/studio/articles/new", typed("publish", "cover_alt", "A house", "cover_now", address), nil)
	id := uuid.MustParse(strings.TrimPrefix(saved.location, "/studio/articles/"))
	a, err := w.blog.Article(t.Context(), id)
	check(t, err)
	differ(t, "cover", []string{address, "A house"}, []string{blog.MediaPath + a.Cover, a.CoverAlt})

	b.send(saved.location, typed("update", "revision", "1", "cover_now", address, "cover_remove", "1"), nil)
	a, err = w.blog.Article(t.Context(), id)
	check(t, err)
	differ(t, "taken off", "", a.Cover+a.CoverAlt)
}
