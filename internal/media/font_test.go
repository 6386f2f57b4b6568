package media

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/font/gofont/goregular"

	"kabar/internal/theme"
)

// A font is served as what it is, for ever, to this site's pages.
func TestFont(t *testing.T) {
	t.Parallel()
	store := folder(t)
	in := Intake{Store: store}
	got, font, err := in.Font(t.Context(), bytes.NewReader(goregular.TTF))
	if err != nil || font.Ending != ".ttf" {
		t.Fatal(font, err)
	}
	w := httptest.NewRecorder()
	Handler{Store: store}.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/-/media/"+got.Name, nil))
	h := w.Result().Header
	want := []string{"font/ttf", "public, max-age=31536000, immutable", "nosniff"}
	if diff := cmp.Diff(want, []string{h.Get("Content-Type"), h.Get("Cache-Control"), h.Get("X-Content-Type-Options")}); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(w.Body.Bytes(), goregular.TTF) {
		t.Error("what is served is not the font")
	}
}

func TestFontRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   []byte
		want error
	}{
		"a picture": {encoded(t, quarters(20, 10), "png"), theme.ErrFontKind},
		"a page":    {[]byte("<!doctype html><script>alert(1)</script>"), theme.ErrFontKind},
		"cut off":   {goregular.TTF[:5000], theme.ErrFontDamaged},
		"too large": {make([]byte, 4<<20), theme.ErrFontSize},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := (Intake{Store: folder(t)}).Font(t.Context(), bytes.NewReader(tt.in)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
