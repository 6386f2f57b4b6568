package page

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// Cursor writes a place in a list for the query of an address.
func Cursor(c blog.Cursor) string {
	return strconv.FormatInt(c.At.UnixMicro(), 36) + "." + c.ID.String()
}

// Times of which the database has a place for each.
var (
	firstMicro = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	endMicro   = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// ParseCursor reads what Cursor wrote; "" is the zero Cursor. Anything else is
// a *blog.Invalid.
func ParseCursor(text string) (blog.Cursor, error) {
	if text == "" {
		return blog.Cursor{}, nil
	}
	at, id, _ := strings.Cut(text, ".")
	micro, err := strconv.ParseInt(at, 36, 64)
	if err == nil && micro >= firstMicro && micro < endMicro {
		if id, err := uuid.Parse(id); err == nil {
			return blog.Cursor{At: time.UnixMicro(micro).UTC(), ID: id}, nil
		}
	}
	return blog.Cursor{}, &blog.Invalid{Field: "page", Problem: "page", Detail: text}
}
