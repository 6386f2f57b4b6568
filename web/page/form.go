package page

import (
	"errors"
	"fmt"
	"net/http"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// Sizes of forms, in bytes.
const (
	SmallForm = 64 << 10
	// TextForm holds an article.
	TextForm = 8 << 20
	// inMemory is how much of an upload is kept in memory.
	inMemory = 1 << 20
)

// ParseForm reads a form of at most limit bytes. Its errors become 400 or 413.
func ParseForm(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	return formError(r.ParseForm())
}

// ParseUpload reads a form with files of at most limit bytes together. The
// caller removes them: defer r.MultipartForm.RemoveAll().
func ParseUpload(w http.ResponseWriter, r *http.Request, limit int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, limit)
	return formError(r.ParseMultipartForm(inMemory))
}

func formError(err error) error {
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return fmt.Errorf("read form: %w: %w", Status(http.StatusBadRequest), err)
}

// Problems says at the fields of a form what is wrong with them; ok is false
// for an error that is not about the input.
func Problems(err error) (problems templates.Problems, ok bool) {
	var invalid *blog.Invalid
	if !errors.As(err, &invalid) {
		return nil, false
	}
	return templates.Problems{invalid.Field: Problem(invalid)}, true
}

// Problem is what is wrong, in words.
func Problem(invalid *blog.Invalid) i18n.Message {
	key := "problem." + invalid.Problem
	if !i18n.Has(i18n.Default, key) {
		return i18n.M("problem.other", invalid.Problem+" "+invalid.Detail)
	}
	if i18n.Takes(key) {
		return i18n.M(key, invalid.Detail)
	}
	return i18n.M(key)
}
