package media

import "errors"

// refusal is an error that another try with the same bytes would meet again.
type refusal string

func (e refusal) Error() string { return string(e) }

// Permanent reports that a retry is of no use.
func (e refusal) Permanent() bool { return true }

// What is refused, and why.
var (
	ErrTooLarge  error = refusal("the file is larger than 16 MiB")
	ErrTooMany   error = refusal("the picture has more than 40 million pixels")
	ErrEmpty     error = refusal("the picture has no pixels")
	ErrSVG       error = refusal("SVG pictures can carry scripts and are not taken: save it as PNG or WebP")
	ErrFormat    error = refusal("the file is no JPEG, PNG, GIF or WebP picture")
	ErrBadName   error = refusal("no name of a stored file")
	ErrBadSource error = refusal("the address is no https or http address")
)

// ErrDamaged wraps what a decoder says about a picture that it cannot read.
var ErrDamaged = errors.New("the picture is damaged")

// damaged is the error for a picture of a known format that does not decode.
type damaged struct{ cause error }

func (e damaged) Error() string   { return ErrDamaged.Error() + ": " + e.cause.Error() }
func (e damaged) Unwrap() []error { return []error{ErrDamaged, e.cause} }
func (e damaged) Permanent() bool { return true }
