package main

import (
	"errors"
	"fmt"

	"kabar/internal/blog"
	"kabar/web/page"
)

// explain puts what is wrong with an input into words.
func explain(err error) error {
	var invalid *blog.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	return fmt.Errorf("%s: %s", invalid.Field, page.Problem(invalid).In("en"))
}
