package blog

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// QuoteState says whether a post may quote something of ours.
type QuoteState string

// The states of a quote.
const (
	QuoteWaiting  QuoteState = "waiting" // for a person of ours
	QuoteApproved QuoteState = "approved"
	QuoteRejected QuoteState = "rejected"
	QuoteRevoked  QuoteState = "revoked" // it was approved once
)

// Quote is a post that quotes an article or comment of ours (FEP-044f).
type Quote struct {
	ID         uuid.UUID // of its stamp, which is there while it is approved
	State      QuoteState
	ObjectURI  string // the post
	Actor      Actor  // its author
	TargetURI  string // what it quotes
	Owner      Actor  // who of ours wrote that
	RequestURI string // the QuoteRequest that is to be answered; "" = nobody asked
	Created    time.Time
	Decided    time.Time // by a person; zero = not
	Comment    Comment   // the post as it stands here; filled in lists only
}

// Stamp is the id of the QuoteAuthorization.
func (a Address) Stamp(id uuid.UUID) string { return a.Origin + "/ap/stamps/" + id.String() }

// QuoteQuery picks quotes, newest first.
type QuoteQuery struct {
	State  QuoteState // "" = any
	Before Cursor
	Limit  int
}

// Cursor is the place of the quote in a list.
func (q Quote) Cursor() Cursor { return Cursor{At: q.Created, ID: q.ID} }

// QuoteReader is what is read of quotes.
type QuoteReader interface {
	// Quotes returns quotes whose post was not deleted.
	Quotes(ctx context.Context, q QuoteQuery) ([]Quote, error)
	// QuoteCounts counts them by state; a state without one is missing.
	QuoteCounts(ctx context.Context) (map[QuoteState]int, error)
	Quote(ctx context.Context, id uuid.UUID) (Quote, error)
}

// QuoteWriter decides about quotes.
type QuoteWriter interface {
	// DecideQuote gives a quote its state, and the post the one that follows,
	// and enqueues the job. A quote that is not in one of the states from any
	// more stays as it is: ErrConflict.
	DecideQuote(ctx context.Context, id uuid.UUID, from []QuoteState, d QuoteDecision, job QuoteDecided, audit AuditEntry) error
}

// QuoteDecision is what a person of ours decided about a quote.
type QuoteDecision struct {
	State   QuoteState
	Comment Moderation // of the post: its state and reasons; the store selects it
}

// QuoteDecided says that somebody decided about a quote, and its author has to
// hear of it.
type QuoteDecided struct {
	Quote    uuid.UUID  `json:"quote"`
	State    QuoteState `json:"state"`
	Activity uuid.UUID  `json:"activity"`
}

// Kind names the job.
func (QuoteDecided) Kind() string { return "quote_decided" }

// What a person may decide, and about quotes in which states.
var quoteDecisions = map[QuoteState][]QuoteState{
	QuoteApproved: {QuoteWaiting, QuoteRejected},
	QuoteRejected: {QuoteWaiting},
	QuoteRevoked:  {QuoteApproved},
}

// DecideQuote approves, rejects or revokes a quote. A quote that is not allowed
// leaves the page; a revoked one stays revoked. Errors: *Invalid, ErrNotFound,
// ErrConflict when somebody else decided.
func (s *Service) DecideQuote(ctx context.Context, by, id uuid.UUID, state QuoteState) error {
	from, ok := quoteDecisions[state]
	if !ok {
		return &Invalid{Field: "state", Problem: "state", Detail: string(state)}
	}
	q, err := s.Quote(ctx, id)
	if err != nil {
		return fmt.Errorf("decide quote: %w", err)
	}
	d := QuoteDecision{State: state, Comment: s.moderation(by, Selection{}, Visible, Reason{Rule: RuleModerator})}
	if state != QuoteApproved {
		d.Comment.State, d.Comment.Reasons = Hidden, []Reason{{Rule: "quote-" + string(state)}}
	}
	job := QuoteDecided{Quote: id, State: state, Activity: s.NewID()}
	if err := s.Store.DecideQuote(ctx, id, from, d, job, s.audit(by, "quote."+string(state), q.ObjectURI)); err != nil {
		return fmt.Errorf("decide quote: %w", err)
	}
	return nil
}

// QuoteKey names a quote by the post and what it quotes.
type QuoteKey struct{ Object, Target string }

// judgeQuote is what the state of a quote means for its post.
func judgeQuote(state QuoteState) (State, Reason) {
	switch state {
	case QuoteApproved:
		return Visible, Reason{}
	case QuoteRejected, QuoteRevoked:
		return Hidden, Reason{Rule: "quote-" + string(state)}
	}
	return Waiting, Reason{Rule: "quote-waiting"}
}

// JudgeQuote adds to a ruling what holds for what the comment quotes, without
// which it must not be shown.
func (s *Service) JudgeQuote(ctx context.Context, c Comment, r Ruling) (Ruling, error) {
	if c.Quotes == "" {
		return r, nil
	}
	states, err := s.QuoteStates(ctx, []QuoteKey{{c.ObjectURI, c.Quotes}})
	if err != nil {
		return r, fmt.Errorf("judge quote: %w", err)
	}
	r.add(judgeQuote(states[QuoteKey{c.ObjectURI, c.Quotes}]))
	return r, nil
}
