package delivery

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub/httpsig"
)

// Host is a leased server with its oldest due rows.
type Host struct {
	Name         string       // host[:port]
	Signature    httpsig.Kind // what it took last; "" = not known
	Small        bool         // wants the compact form
	Failures     int          // of the host itself, in a row
	FailingSince time.Time
	Until        time.Time // end of the lease; zero = it is fresh
	Rows         []Row
}

// Row is one line of the ledger: one activity for one inbox.
type Row struct {
	ID         int64
	ActivityID uuid.UUID
	Inbox      string
	ObjectURI  string
	Type       string
	Attempts   int
	Created    time.Time
}

// Result is what came of one leased host.
type Result struct {
	Host      string
	Signature httpsig.Kind
	Small     bool
	// Up says that the host answered; Pause > 0 that nothing is sent to it
	// until then. Both false: no request was made.
	Up       bool
	Pause    time.Duration
	Failures int
	Suspend  bool
	Status   int
	Error    string
	Rows     []RowResult
	Gone     []string // inboxes that answered 410
}

// RowResult is what came of one row.
type RowResult struct {
	ID     int64
	State  State
	Next   time.Duration // until the next try, for Waiting
	Tried  bool          // a request was made for it
	Status int           // HTTP status of the answer, 0 = none
	Error  string        // the last answer in words, "" for a delivered one
}

// State says how far a row is.
type State string

// The states of a row. All but Waiting are final.
const (
	Waiting    State = "waiting"
	Delivered  State = "delivered"
	Failed     State = "failed"
	Superseded State = "superseded"
	Skipped    State = "skipped"
	Expired    State = "expired"
)

// Store is the ledger and the hosts' health. Package postgres implements it.
type Store interface {
	// ClaimHosts leases up to limit due hosts for Lease, each with at most rows of its
	// oldest due rows; a row with an older waiting one of the same inbox and
	// object that is not due yet is left out.
	ClaimHosts(ctx context.Context, now time.Time, limit, rows int) ([]Host, error)
	// ClaimLowHosts does the same for what is only passed on for others, of
	// hosts for which nothing of ours is due.
	ClaimLowHosts(ctx context.Context, now time.Time, limit, rows int) ([]Host, error)
	// RecordDeliveries writes results and gives the leases back. Rows that are
	// no longer waiting keep their state unless the result is Delivered.
	RecordDeliveries(ctx context.Context, now time.Time, results []Result) error
	// Outgoing returns an activity's bytes and its actor; blog.ErrNotFound.
	Outgoing(ctx context.Context, activity uuid.UUID) (Message, error)
	// SigningKey returns the key id and RSA private key (PKCS#8 PEM) of an actor of ours.
	SigningKey(ctx context.Context, actor uuid.UUID) (keyID, pem string, err error)
	// HostSpoke makes a paused or suspended host due now; false = it was neither.
	HostSpoke(ctx context.Context, now time.Time, host string) (bool, error)
}

// Message is an activity as it is sent.
type Message struct {
	ActorID uuid.UUID
	JSON    []byte
	Compact []byte // nil = JSON is small enough for everybody
	// ContentType is that of somebody else's activity as it came; "" = ours.
	ContentType string
}

// Ledger is what the Studio and the command line read of it, newest first.
type Ledger interface {
	Deliveries(ctx context.Context, q Query) ([]Entry, error)
	DeliveryCounts(ctx context.Context, q Query) (map[State]int, error)
	// TryNow makes the waiting rows that q picks due now, whatever paused them.
	TryNow(ctx context.Context, now time.Time, q Query) (int, error)
}

// Query picks rows of the ledger.
type Query struct {
	Object   string    // id of the object; "" = any
	Activity uuid.UUID // uuid.Nil = any
	Host     string
	ID       int64 // one row
	States   []State
	Before   int64 // rows with a smaller id; 0 = from the newest
	Limit    int
}

// Entry is one row with what is known of its host.
type Entry struct {
	Row
	Host       string
	State      State
	NextAt     time.Time
	LastAt     time.Time
	LastStatus int
	LastError  string
	Paused     time.Time // the host is paused until then
	Suspended  bool
}

// Next is when a waiting row will be tried, its host's pause considered.
func (e Entry) Next() time.Time {
	if e.Paused.After(e.NextAt) {
		return e.Paused
	}
	return e.NextAt
}
