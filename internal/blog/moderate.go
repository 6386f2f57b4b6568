package blog

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Verdict is what a moderator decides about comments.
type Verdict string

// The verdicts.
const (
	Approve  Verdict = "approve" // readers see it
	Hold     Verdict = "wait"    // it waits for another look
	Hide     Verdict = "hide"
	MarkSpam Verdict = "spam"
	Remove   Verdict = "delete" // its place stays where answers hang below it
)

// verdicts are the states that verdicts give.
var verdicts = map[Verdict]State{
	Approve: Visible, Hold: Waiting, Hide: Hidden, MarkSpam: Spam, Remove: CommentDeleted,
}

// KeepRemoved is how long the content of what a moderator deleted is kept, so
// that this can be taken back.
const KeepRemoved = 30 * 24 * time.Hour

// Rules that are nobody's setting, in the reasons of a state.
const (
	RuleModerator = "moderator" // somebody of ours decided it
	RuleAuthor    = "author"    // who wrote it did
)

// Selection picks comments to decide about with one decision. Exactly one field
// is set.
type Selection struct {
	Comments []uuid.UUID
	Actor    uuid.UUID // all that this person wrote
	Domain   string    // all from this server and its subdomains
}

// subject is what the audit log names.
func (s Selection) subject() string {
	switch {
	case s.Domain != "":
		return s.Domain
	case s.Actor != uuid.Nil:
		return s.Actor.String()
	case len(s.Comments) == 1:
		return s.Comments[0].String()
	}
	return ""
}

// Moderation is one decision, as the store carries it out.
type Moderation struct {
	Selection
	State   State
	Reasons []Reason
	Batch   uuid.UUID
	By      uuid.UUID
	At      time.Time
	NewID   func() uuid.UUID // of the activities that follow
}

// Moderated is what became of one decision.
type Moderated struct {
	Batch    uuid.UUID   `json:"batch"`    // to take it back with; uuid.Nil = nothing changed
	Comments []uuid.UUID `json:"comments"` // those that changed
	// Final are those of Comments that do not come back: answers of ours that
	// were deleted, of which other servers are told.
	Final []uuid.UUID `json:"final"`
}

// CommentEvent is one change of a comment's state.
type CommentEvent struct {
	Comment   uuid.UUID
	At        time.Time
	AccountID uuid.UUID // the moderator; uuid.Nil = the command line, a rule, or its author
	Was       State     // "" = it had just come
	State     State
	Reasons   []Reason
	Batch     uuid.UUID // to take it back with; uuid.Nil = that is not possible
	Undoes    uuid.UUID // the batch that this took back
}

// ModerationReader reads what was decided.
type ModerationReader interface {
	// CommentHistory returns what became of a comment, oldest first.
	CommentHistory(ctx context.Context, comment uuid.UUID) ([]CommentEvent, error)
}

// ModerationWriter carries decisions out. What is deleted changes no more,
// except by undoing.
type ModerationWriter interface {
	// Moderate gives the selected comments their state and notes it in their
	// history. Answers of ours are deleted for good and enqueue their
	// CommentChanged.
	Moderate(ctx context.Context, m Moderation, audit AuditEntry) (Moderated, error)
	// UndoModeration gives back the state from before a batch to those comments
	// that nothing changed since; ErrNotFound for an unknown batch.
	UndoModeration(ctx context.Context, batch uuid.UUID, m Moderation, audit AuditEntry) (Moderated, error)
	// BlankRemoved takes the content away from what moderators deleted before
	// the given time, and returns how many that were.
	BlankRemoved(ctx context.Context, before time.Time) (int, error)
}

// Moderate changes the verdict on a comment: ModerateAll of one. What is
// deleted is ErrGone.
func (s *Service) Moderate(ctx context.Context, by, comment uuid.UUID, state State) error {
	for verdict, given := range verdicts {
		if given != state || verdict == Remove {
			continue
		}
		c, err := s.Comment(ctx, comment)
		if err == nil && c.State == CommentDeleted {
			err = ErrGone
		}
		if err != nil {
			return fmt.Errorf("moderate: %w", err)
		}
		_, err = s.ModerateAll(ctx, by, Selection{Comments: []uuid.UUID{comment}}, verdict)
		return err
	}
	return &Invalid{Field: "state", Problem: "state", Detail: string(state)}
}

// ModerateAll decides about comments, one or many. Readers see the effect when
// it returns: pages, counts, feeds and collections. Other servers hear only of
// answers of ours that are deleted. Errors: *Invalid.
func (s *Service) ModerateAll(ctx context.Context, by uuid.UUID, what Selection, verdict Verdict) (Moderated, error) {
	state, ok := verdicts[verdict]
	if !ok {
		return Moderated{}, &Invalid{Field: "verdict", Problem: "verdict", Detail: string(verdict)}
	}
	what, err := what.normal()
	if err != nil {
		return Moderated{}, err
	}
	m := s.moderation(by, what, state, Reason{Rule: RuleModerator})
	done, err := s.Store.Moderate(ctx, m, s.moderationAudit(m, "comment."+string(state)))
	if err != nil {
		return Moderated{}, fmt.Errorf("moderate: %w", err)
	}
	return done, nil
}

// UndoModeration takes a decision back: every comment of the batch gets the
// state and the reasons it had, unless something changed it since. The answer
// names a batch of its own, which can be taken back in turn. Errors:
// ErrNotFound.
func (s *Service) UndoModeration(ctx context.Context, by, batch uuid.UUID) (Moderated, error) {
	m := s.moderation(by, Selection{}, "")
	audit := s.moderationAudit(m, "comment.undo")
	audit.Subject = batch.String()
	done, err := s.Store.UndoModeration(ctx, batch, m, audit)
	if err != nil {
		return Moderated{}, fmt.Errorf("undo moderation: %w", err)
	}
	return done, nil
}

func (s *Service) moderation(by uuid.UUID, what Selection, state State, why ...Reason) Moderation {
	return Moderation{Selection: what, State: state, Reasons: why, Batch: s.NewID(), By: by, At: s.Now(), NewID: s.NewID}
}

// moderationAudit is the entry for a decision; the store adds the number of
// comments.
func (s *Service) moderationAudit(m Moderation, action string) AuditEntry {
	e := s.audit(m.By, action, m.subject())
	e.Detail = map[string]string{"batch": m.Batch.String()}
	return e
}

// normal brings a selection to the form that the store knows.
func (s Selection) normal() (Selection, error) {
	set := 0
	for _, given := range []bool{len(s.Comments) > 0, s.Actor != uuid.Nil, s.Domain != ""} {
		if given {
			set++
		}
	}
	if set != 1 {
		return s, &Invalid{Field: "comments", Problem: "selection", Detail: strconv.Itoa(set)}
	}
	if s.Domain != "" {
		kind, value, err := blockValue(s.Domain)
		if err == nil && kind != BlockDomain {
			err = &Invalid{Field: "domain", Problem: "domain", Detail: s.Domain}
		}
		s.Domain = value
		return s, err
	}
	return s, nil
}

// Judged reports whether a moderator decided the comment's state: rules then
// leave it alone.
func (c Comment) Judged() bool {
	for _, r := range c.Reasons {
		if r.Rule == RuleModerator {
			return true
		}
	}
	return false
}
