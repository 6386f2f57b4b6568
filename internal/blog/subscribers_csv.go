package blog

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
)

// State is what a subscriber gets: nothing before the answer ("waiting"),
// nothing after too many refusals ("paused"), or letters ("confirmed").
func (s Subscriber) State() string {
	switch {
	case s.Confirmed.IsZero():
		return "waiting"
	case !s.Paused.IsZero():
		return "paused"
	}
	return "confirmed"
}

// WriteSubscribers writes subscribers as comma-separated values (RFC 4180)
// with a heading. An address that a spreadsheet would compute gets a space in
// front, which reading the file again takes off.
func WriteSubscribers(w io.Writer, list []Subscriber) error {
	rows := [][]string{{"email", "state", "language", "since"}}
	for _, s := range list {
		email := s.Email
		if strings.HasPrefix(email, "=") || strings.HasPrefix(email, "+") || strings.HasPrefix(email, "-") {
			email = " " + email
		}
		rows = append(rows, []string{email, s.State(), s.Language, s.Created.UTC().Format(time.RFC3339)})
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("write subscribers: %w", err)
	}
	return nil
}
