package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// object prints one thing: as JSON, or as the line that text makes of it.
func (env environment) object(v any, text string) error {
	if env.json {
		return env.document(v)
	}
	_, err := fmt.Fprintln(env.out, text)
	return err
}

// list prints rows: as a JSON array, or as a table with these headings.
func list[T any](env environment, rows []T, headings []string, cells func(T) []string) error {
	if env.json {
		if rows == nil {
			rows = []T{}
		}
		return env.document(rows)
	}
	w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(headings, "\t"))
	for _, row := range rows {
		line := cells(row)
		for i, cell := range line {
			line[i] = strings.Join(strings.Fields(cell), " ")
		}
		fmt.Fprintln(w, strings.Join(line, "\t"))
	}
	return w.Flush()
}

func (env environment) document(v any) error {
	e := json.NewEncoder(env.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// stamp is a time as commands print it; nil for none.
func stamp(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func shortTime(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04:05")
}
