package blog

import (
	"errors"
	"fmt"
)

// Errors by meaning. Every layer wraps them; web turns them into statuses and
// the command line into exit codes.
var (
	ErrNotFound  = errors.New("not found")
	ErrGone      = errors.New("gone")
	ErrForbidden = errors.New("not allowed")
	ErrConflict  = errors.New("changed by somebody else meanwhile")
	// ErrUnavailable says that the database cannot be reached now.
	ErrUnavailable = errors.New("the database cannot be reached")
)

// Invalid says which field of an input is wrong and what is expected there.
type Invalid struct {
	Field   string // name of the field in the form or front matter, e.g. "title"
	Problem string // a message key of i18n, e.g. "title-too-long"
	Detail  string // what was given or expected, plain text; may be ""
}

func (e *Invalid) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("%s: %s", e.Field, e.Problem)
	}
	return fmt.Sprintf("%s: %s: %s", e.Field, e.Problem, e.Detail)
}
