package queue

import "time"

// State is how a loop fares.
type State struct {
	InHand int // claimed, and not yet written
	// Moved is when it last looked into its table without an error, or wrote
	// what became of something; zero before Run.
	Moved time.Time
}

// State may be called at any time.
func (l *Loop[T, R]) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return State{l.inHand, l.moved}
}

// looked notes a Claim that found nothing.
func (l *Loop[T, R]) looked() { l.claimed(0) }
