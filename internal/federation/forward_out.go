package federation

import (
	"context"
	"fmt"
	"time"
)

// What is passed on for others (ActivityPub section 7.1.2): new replies, edits
// and deletions of comments that readers see, to servers of people who took
// part in the thread before, in the bytes in which they came. They are due
// whenever nothing of ours is.
const (
	forwardsPerHour = 20_000 // deliveries, of all nodes
	forwardBatch    = 50     // activities planned in one transaction
	forwardAge      = 24 * time.Hour
)

// ForwardStore keeps what is to be passed on. It is written down in the
// transaction that the activity has its effect in.
type ForwardStore interface {
	// PlanForwards turns waiting ones into rows of the ledger, oldest first,
	// and returns how many it is done with: fewer than limit when perHour is
	// reached or nothing waits. One that waited longer than age, and one whose
	// comment readers do not see any more, is done without rows.
	PlanForwards(ctx context.Context, now time.Time, perHour, limit int, age time.Duration) (done, planned int, err error)
}

// convinces reports whether others can believe the activity though it reaches
// them from us: it came from its actor, with a signature of its own.
func (r *receipt) convinces() bool {
	return r.activity != nil && r.ID != 0 && !r.Forwarded && (r.activity.HasSignature || r.activity.HasProof)
}

// PlanForwards passes on what came in since the last time. It is for one node
// at a time.
func (s *Service) PlanForwards(ctx context.Context) error {
	for {
		done, planned, err := s.Store.PlanForwards(ctx, s.Now(), forwardsPerHour, forwardBatch, forwardAge)
		if err != nil {
			return fmt.Errorf("plan forwards: %w", err)
		}
		if planned > 0 && s.NudgeLow != nil {
			s.NudgeLow()
		}
		if done < forwardBatch {
			return nil
		}
	}
}
