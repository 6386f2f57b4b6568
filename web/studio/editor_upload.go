package studio

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/internal/media"
	"kabar/web/templates"
)

// maxUpload is the size of one picture, in bytes.
const maxUpload = media.MaxBytes

// picture is a file of a form.
type picture struct {
	name string
	data []byte
}

// pictureIn reads the file of a field; nil when none was chosen.
func pictureIn(r *http.Request, field string) (*picture, error) {
	file, header, err := r.FormFile(field)
	if errors.Is(err, http.ErrMissingFile) || err == nil && header.Filename == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("studio: read upload: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxUpload+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("studio: read upload: %w", err)
	case len(data) > maxUpload:
		return nil, &blog.Invalid{Field: field, Problem: "image-large"}
	}
	return &picture{header.Filename, data}, nil
}

// take stores the picture of a field with its description. Errors about it
// are told at that field.
func (s *Studio) take(r *http.Request, by uuid.UUID, field, describedBy, description string) (m blog.Media, taken bool, err error) {
	p, err := pictureIn(r, field)
	if err != nil || p == nil {
		return m, false, err
	}
	if description == "" {
		return m, false, &blog.Invalid{Field: describedBy, Problem: "description"}
	}
	m, err = s.Uploads.Add(r.Context(), by, p.name, description, p.data)
	var invalid *blog.Invalid
	if errors.As(err, &invalid) {
		err = &blog.Invalid{Field: field, Problem: invalid.Problem, Detail: invalid.Detail}
	}
	return m, err == nil, err
}

// takeCover stores a new cover, whatever button was pressed: a browser does
// not keep the chosen file.
func (s *Studio) takeCover(r *http.Request, me blog.Account, d *draft) error {
	m, taken, err := s.take(r, me.ID, "cover", "cover_alt", d.form.CoverAlt)
	if taken {
		d.cover = m.Name
	}
	return err
}

func (s *Studio) upload(w http.ResponseWriter, r *http.Request, me blog.Account, d *draft) error {
	m, taken, err := s.take(r, me.ID, "file", "description", d.form.Description)
	if err == nil && !taken {
		err = &blog.Invalid{Field: "file", Problem: "required"}
	}
	if err != nil {
		return s.editorProblem(w, r, me, d, err)
	}
	images := []string{m.Name}
	for _, name := range d.images {
		if name != m.Name {
			images = append(images, name)
		}
	}
	d.images, d.form.Description = images, ""
	said := &templates.Notice{Kind: templates.NoticeGood, Text: i18n.M("flash.uploaded")}
	return s.showEditor(w, r, me, http.StatusOK, d, said)
}

// focusCover notes which part of the cover stays when it is cropped.
func (s *Studio) focusCover(r *http.Request, d *draft) error {
	asked := r.PostFormValue("focus")
	if d.cover == "" || asked == "" {
		return nil
	}
	x, y, _ := strings.Cut(asked, "-")
	var focus blog.Focus
	var err error
	if focus.X, err = strconv.Atoi(x); err == nil {
		focus.Y, err = strconv.Atoi(y)
	}
	if err != nil {
		return &blog.Invalid{Field: "focus", Problem: "focus"}
	}
	err = s.Page.Blog.FocusPicture(r.Context(), d.cover, focus)
	if errors.Is(err, blog.ErrNotFound) {
		return nil // the form says so elsewhere
	}
	return err
}
