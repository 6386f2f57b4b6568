package blog

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// MaxReport is the longest text of a report that we send, in characters: what
// Mastodon takes.
const MaxReport = 1000

// ReportState says whether somebody has still to look at a report.
type ReportState string

// The states of a report.
const (
	ReportOpen     ReportState = "open"
	ReportResolved ReportState = "resolved"
)

// Report is a complaint (Flag): another server's about what stands here, or
// ours about a comment.
type Report struct {
	ID         uuid.UUID
	Reporter   string      // actor id; of another server it is the server's own, not a person's
	Objects    []string    // ids of people and posts it is about
	Comments   []uuid.UUID // those of them that are comments here
	Content    string      // plain text
	Outgoing   bool        // made here
	Forward    bool        // and sent to the server it is about
	Account    uuid.UUID   // who made it here
	State      ReportState
	Created    time.Time
	Resolved   time.Time
	ResolvedBy uuid.UUID
	Note       string // of the moderators, for themselves
}

// Cursor is the place of the report in the list.
func (r Report) Cursor() Cursor { return Cursor{At: r.Created, ID: r.ID} }

// ReportQuery picks reports, newest first.
type ReportQuery struct {
	State   ReportState // "" = any
	Comment uuid.UUID   // only those about this comment
	Came    bool        // only those that other servers sent
	Made    bool        // only those that were made here
	Before  Cursor
	Limit   int
}

// ReportReader reads reports.
type ReportReader interface {
	Reports(ctx context.Context, q ReportQuery) ([]Report, error)
	ReportByID(ctx context.Context, id uuid.UUID) (Report, error)
	ReportCounts(ctx context.Context) (map[ReportState]int, error)
}

// ReportWriter changes reports.
type ReportWriter interface {
	// InsertReport keeps a report of ours; job is nil where it stays here.
	InsertReport(ctx context.Context, r Report, job *ReportMade, audit AuditEntry) error
	// ResolveReport closes a report or opens it again.
	ResolveReport(ctx context.Context, id uuid.UUID, state ReportState, by uuid.UUID, at time.Time, audit AuditEntry) error
	// NoteReport replaces the note.
	NoteReport(ctx context.Context, id uuid.UUID, note string, audit AuditEntry) error
}

// ReportMade says that a report has to be sent.
type ReportMade struct {
	Report   uuid.UUID `json:"report"`
	Activity uuid.UUID `json:"activity"`
}

// Kind names the job.
func (ReportMade) Kind() string { return "report_made" }

// Report complains about somebody's comment, to the moderators here and, with
// forward, to those of its server, who hear it from the blog and not from a
// person. Errors: *Invalid, ErrNotFound.
func (s *Service) Report(ctx context.Context, by, comment uuid.UUID, content string, forward bool) (Report, error) {
	c, err := s.Comment(ctx, comment)
	if err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	content = strings.TrimSpace(strings.ReplaceAll(content, "\r\n", "\n"))
	switch {
	case utf8.RuneCountInString(content) > MaxReport:
		return Report{}, &Invalid{Field: "content", Problem: "too-long", Detail: fmt.Sprint(MaxReport)}
	case unstorable(content):
		return Report{}, &Invalid{Field: "content", Problem: "characters"}
	case c.Local && forward:
		return Report{}, &Invalid{Field: "forward", Problem: "report-local"}
	}
	us, err := s.LocalActor(ctx, InstanceActor, "")
	if err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	r := Report{
		ID: s.NewID(), Reporter: us.URI, Objects: []string{c.Actor.URI, c.ObjectURI}, Comments: []uuid.UUID{c.ID},
		Content: content, Outgoing: true, Forward: forward, Account: by, State: ReportOpen, Created: s.Now(),
	}
	var job *ReportMade
	if forward {
		job = &ReportMade{Report: r.ID, Activity: s.NewID()}
	}
	if err := s.Store.InsertReport(ctx, r, job, s.audit(by, "report.send", c.ObjectURI)); err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	return r, nil
}

// ResolveReport closes a report, or opens it again. Errors: ErrNotFound.
func (s *Service) ResolveReport(ctx context.Context, by, id uuid.UUID, state ReportState) error {
	if state != ReportOpen && state != ReportResolved {
		return &Invalid{Field: "state", Problem: "state", Detail: string(state)}
	}
	audit := s.audit(by, "report."+string(state), id.String())
	if err := s.Store.ResolveReport(ctx, id, state, by, s.Now(), audit); err != nil {
		return fmt.Errorf("resolve report: %w", err)
	}
	return nil
}

// NoteReport keeps what the moderators want to remember about a report, in the
// place of what they noted before. Errors: *Invalid, ErrNotFound.
func (s *Service) NoteReport(ctx context.Context, by, id uuid.UUID, note string) error {
	note = strings.TrimSpace(strings.ReplaceAll(note, "\r\n", "\n"))
	switch {
	case utf8.RuneCountInString(note) > MaxReport:
		return &Invalid{Field: "note", Problem: "too-long", Detail: fmt.Sprint(MaxReport)}
	case unstorable(note):
		return &Invalid{Field: "note", Problem: "characters"}
	}
	if err := s.Store.NoteReport(ctx, id, note, s.audit(by, "report.note", id.String())); err != nil {
		return fmt.Errorf("note on report: %w", err)
	}
	return nil
}
