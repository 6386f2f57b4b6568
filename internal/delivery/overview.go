package delivery

import (
	"time"

	"github.com/google/uuid"
)

// Sent is one activity of ours with what became of its rows.
type Sent struct {
	Activity  uuid.UUID
	Type      string
	ObjectURI string
	Created   time.Time
	Counts    map[State]int // of the rows that the query picks by host
}

// SentQuery picks activities, newest first, by the rows they have.
type SentQuery struct {
	Object   string // id of the object; "" = any
	Host     string
	Activity uuid.UUID // uuid.Nil = any
	States   []State   // that at least one row must be in; none = any
	Before   uuid.UUID // activities older than this one; uuid.Nil = from the newest
	Limit    int
}

// Summary is the ledger in numbers. Delivered and Failed are those since a
// time, Waiting are all.
type Summary struct {
	Delivered, Waiting, Failed int
	Oldest                     time.Time // oldest waiting row; zero = none
	Next                       time.Time // next try of any; zero = none
}

// Trouble is a server that does not take what is sent to it.
type Trouble struct {
	Host       string
	Since      time.Time // zero = not known
	Paused     time.Time // nothing is sent until then
	Suspended  bool
	Failures   int // in a row
	Waiting    int // rows
	LastStatus int
	LastError  string
}
