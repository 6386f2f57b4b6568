package studio

import (
	"net/url"
	"strings"

	"kabar/web/templates"
)

// pageSize is how many rows a list shows at a time.
const pageSize = 30

// cut takes the one row too many off a list and tells whether it was there.
func cut[T any](rows []T, size int) ([]T, bool) {
	if len(rows) > size {
		return rows[:size], true
	}
	return rows, false
}

// paging links back to the start of a list, and on from its last row.
func paging(path string, query url.Values, older string) templates.Paging {
	p := templates.Paging{}
	if query.Get("before") != "" {
		p.Newer = link(path, query, "before", "")
	}
	if older != "" {
		p.Older = link(path, query, "before", older)
	}
	return p
}

// link is a path with the query in which one field has another value; empty
// fields are left out.
func link(path string, query url.Values, field, value string) string {
	changed := url.Values{}
	for name, values := range query {
		if name != field && len(values) > 0 && values[0] != "" {
			changed.Set(name, values[0])
		}
	}
	if value != "" {
		changed.Set(field, value)
	}
	if len(changed) == 0 {
		return path
	}
	return path + "?" + changed.Encode()
}

// only keeps those fields of a query that a page knows.
func only(query url.Values, names ...string) url.Values {
	kept := url.Values{}
	for _, name := range names {
		if value := strings.TrimSpace(query.Get(name)); value != "" {
			kept.Set(name, value)
		}
	}
	return kept
}
