package federation

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"kabar/activitypub"
	"kabar/activitypub/client"
	"kabar/internal/blog"
)

// What became of an activity. Those with a colon say why:
//
//	quote-waiting quote-approved quote-rejected quote-revoked
//	comment updated deleted like boost emoji follow undone blocked moved flag
//	profile recorded private unattached mention
//	ignored:…  understood, and of no concern here
//	refused:…  not believed, or not wanted
//	failed:…   tried until there was no more hope
const (
	outcomeComment    = "comment"
	outcomePrivate    = "private"
	outcomeUnattached = "unattached"
	outcomeMention    = "mention"
	outcomeNotOurs    = "ignored:not-ours"
)

const (
	// inboundLease is longer than a batch may take.
	inboundLease = 5 * time.Minute
	// batchTime is how long the activities of one batch that need the network
	// may hold up the next; what is not done then comes again.
	batchTime = 30 * time.Second
	// batchWidth is how many actors' activities are worked on at a time.
	batchWidth = 8
)

// backOff are the waits after failures that may pass: two days in all.
var backOff = []time.Duration{
	time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 15 * time.Hour, 24 * time.Hour,
}

// verdict ends an activity that has no effect. It travels as an error.
type verdict struct{ outcome, detail string }

func (v verdict) Error() string { return v.outcome + " " + v.detail }

func ignored(why string) error { return verdict{outcome: "ignored:" + why} }

func refused(why, detail string) error { return verdict{"refused:" + why, detail} }

// ClaimInbound takes up to limit waiting activities for ProcessBatch.
func (s *Service) ClaimInbound(ctx context.Context, limit int) ([]Inbound, error) {
	batch, err := s.Store.ClaimInbound(ctx, s.Now(), inboundLease, limit)
	if err != nil {
		return nil, fmt.Errorf("claim inbound: %w", err)
	}
	return batch, nil
}

// ReleaseInbound gives back what was claimed and not begun.
func (s *Service) ReleaseInbound(ctx context.Context, batch []Inbound) error {
	ids := make([]int64, len(batch))
	for i, in := range batch {
		ids[i] = in.ID
	}
	return s.Store.ReleaseInbound(ctx, s.Now(), ids)
}

// ProcessBatch gives claimed activities their effect and writes what became of
// each. Most of them, new replies and reactions in known places, are one
// transaction for all; the others follow one by one. An error means that the database is not there:
// what was not written comes again when its lease ends.
func (s *Service) ProcessBatch(ctx context.Context, batch []Inbound) error {
	p, err := s.pass(ctx)
	if err != nil {
		return fmt.Errorf("process: %w", err)
	}
	rest, err := p.quick(ctx, p.receipts(batch))
	if err != nil {
		return fmt.Errorf("process: %w", err)
	}
	if err := p.others(ctx, rest); err != nil {
		return fmt.Errorf("process: %w", err)
	}
	return nil
}

// pass is what the activities of a batch have in common. Its Client stands in
// front of the Service's: a crawl has one that is bounded.
type pass struct {
	*Service
	Client *client.Client
	site   blog.Site
	blocks []blog.Block
}

func (s *Service) pass(ctx context.Context) (*pass, error) {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return nil, err
	}
	blocks, err := s.Store.Blocks(ctx)
	return &pass{s, s.Client, site, blocks}, err
}

// blocked covers also what was blocked after it had been accepted, and what
// was fetched.
func (p *pass) blocked(actor string) bool { return blog.Blocked(p.blocks, actor, Host(actor)) }

// receipt is one activity being processed.
type receipt struct {
	*pass
	Inbound
	activity *activitypub.Object // nil if Raw cannot be read
	fetches  int                 // left for this activity
}

func (p *pass) receipts(batch []Inbound) []*receipt {
	receipts := make([]*receipt, len(batch))
	for i, in := range batch {
		receipts[i] = &receipt{pass: p, Inbound: in, fetches: maxFetches}
		receipts[i].activity, _ = activitypub.Decode(in.Raw)
	}
	return receipts
}

func (r *receipt) done(outcome string) Done { return Done{ID: r.ID, Outcome: outcome, At: r.Now()} }

// others processes activities that may need the network. Those of one actor
// keep their order; a slow server holds up its own people.
func (p *pass) others(ctx context.Context, receipts []*receipt) error {
	work, cancel := context.WithTimeout(ctx, batchTime)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(batchWidth)
	for _, list := range byActor(receipts) {
		group.Go(func() error { return p.inOrder(ctx, work, list) })
	}
	return group.Wait()
}

// inOrder processes one after the other until the time of the batch is over,
// and gives the rest back.
func (p *pass) inOrder(ctx, work context.Context, list []*receipt) error {
	for i, r := range list {
		if work.Err() != nil && ctx.Err() == nil {
			return p.giveBack(ctx, list[i:])
		}
		err := r.processSafely(work)
		var v verdict
		if err != nil && work.Err() != nil && !errors.As(err, &v) {
			err = fmt.Errorf("no time left in its batch: %v", err) // and so no fault of the database
		}
		if err := r.settle(ctx, err); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) giveBack(ctx context.Context, list []*receipt) error {
	batch := make([]Inbound, len(list))
	for i, r := range list {
		batch[i] = r.Inbound
	}
	return p.ReleaseInbound(ctx, batch)
}

func byActor(receipts []*receipt) [][]*receipt {
	index := map[string]int{}
	var lists [][]*receipt
	for _, r := range receipts {
		i, ok := index[r.Actor]
		if !ok {
			i = len(lists)
			index[r.Actor] = i
			lists = append(lists, nil)
		}
		lists[i] = append(lists[i], r)
	}
	return lists
}

// settle writes the end of an activity that has not written it itself, or the
// time of its next try.
func (r *receipt) settle(ctx context.Context, err error) error {
	var v verdict
	switch {
	case err == nil:
		return nil
	case errors.As(err, &v):
		return r.Store.FinishInbound(ctx, Done{ID: r.ID, Outcome: v.outcome, Detail: printable(v.detail), At: r.Now()})
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, blog.ErrUnavailable):
		return err
	case r.Attempts > len(backOff):
		return r.Store.FinishInbound(ctx, Done{ID: r.ID, Outcome: failure(err), Detail: printable(err.Error()), At: r.Now()})
	}
	r.Log.InfoContext(ctx, "activity comes again", "id", r.ActivityURI, "attempt", r.Attempts, "err", err)
	return r.Store.PostponeInbound(ctx, r.ID, r.Now().Add(backOff[max(r.Attempts, 1)-1]), printable(err.Error()))
}

func failure(err error) string {
	var u *unreachable
	if errors.As(err, &u) {
		return "failed:origin"
	}
	return "failed:internal"
}

// processSafely turns a panic into the failure of this one activity.
func (r *receipt) processSafely(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.ErrorContext(ctx, "panic while processing", "id", r.ActivityURI, "value", p, "stack", string(debug.Stack()))
			err = verdict{"failed:panic", fmt.Sprint(p)}
		}
	}()
	return r.process(ctx)
}

// process is the switch over all types of activities.
func (r *receipt) process(ctx context.Context) error {
	switch {
	case r.activity == nil:
		return refused("malformed", "")
	case r.blocked(r.Actor):
		return refused(blog.Refusal(r.blocks, r.Actor, Host(r.Actor)), r.Actor)
	case r.Forwarded:
		return r.forwarded(ctx)
	}
	switch r.activity.Type() {
	case "Create":
		return r.create(ctx)
	case "Update":
		return r.update(ctx)
	case "Delete":
		return r.remove(ctx)
	case "Like", "EmojiReact", "Announce":
		return r.react(ctx)
	case "Undo":
		return r.undo(ctx)
	case "QuoteRequest":
		return r.quoteRequest(ctx)
	case "Follow":
		return r.follow(ctx)
	case "Block":
		return r.blockedBy(ctx)
	case "Move":
		return r.move(ctx)
	case "Flag":
		return r.report(ctx)
	case "Accept", "Reject", "TentativeAccept", "TentativeReject":
		return verdict{outcome: "recorded"}
	}
	return ignored("type")
}

// maxFetches is how many documents one activity may make us read.
const maxFetches = 24

// unreachable is a fetch that may succeed later.
type unreachable struct{ err error }

func (e *unreachable) Error() string { return e.err.Error() }
func (e *unreachable) Unwrap() error { return e.err }

// fetch reads a document from its own id, within the budgets of the activity
// and of the host. Errors: a verdict, or *unreachable.
func (r *receipt) fetch(ctx context.Context, id string) (o *activitypub.Object, err error) {
	err = r.within(ctx, id, func() (err error) {
		o, _, err = r.Client.Fetch(ctx, id)
		return err
	})
	return o, err
}

// within asks a server as far as the budgets allow, and makes of its answer
// the errors of fetch.
func (r *receipt) within(ctx context.Context, id string, ask func() error) error {
	host := Host(id)
	if r.fetches--; r.fetches < 0 {
		return refused("too-many-fetches", "")
	}
	if blog.Blocked(r.blocks, id, host) {
		return refused("blocked", host)
	}
	if err := r.bounds.mayFetch(host, r.Now()); err != nil {
		return &unreachable{err}
	}
	err := ask()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errSpent):
		return &unreachable{err}
	case client.Gone(err):
		return verdict{"ignored:gone", err.Error()}
	case client.NotFound(err):
		return verdict{"ignored:not-found", err.Error()}
	case client.Permanent(err):
		return refused("not-believed", err.Error())
	}
	var status *client.StatusError
	if !errors.As(err, &status) && ctx.Err() == nil {
		r.bounds.unanswered(host, r.Now())
	}
	return &unreachable{err}
}
