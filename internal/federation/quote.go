package federation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// quotable is an article or comment of ours that a post quotes.
type quotable struct {
	Place
	owner  blog.Actor // who the object is attributed to
	policy blog.QuotePolicy
}

// quotes finds what of ours a post quotes, by the id of the object or its page.
// ok is false for a post that quotes nothing of ours that is there.
func (r *receipt) quotes(ctx context.Context, uri string) (q quotable, ok bool, err error) {
	if _, local := r.site.Address().Local(uri); !local || uri == "" {
		return q, false, nil
	}
	q.Place, ok, err = r.at(ctx, uri)
	var v verdict
	switch {
	case errors.Is(err, errNoParent), errors.As(err, &v):
		return q, false, nil
	case err != nil || !ok:
		return q, false, err
	}
	// The comment of another server on our page is not ours, and an article that
	// was published again is another one than before.
	_, ours := r.site.Address().Local(q.ObjectURI)
	if path, _ := r.site.Address().Local(uri); !ours || strings.HasPrefix(path, "/ap/") && r.site.Origin+path != q.ObjectURI {
		return q, false, nil
	}
	ok, err = r.quoteRules(ctx, &q)
	return q, ok && err == nil, err
}

// quoteRules finds who wrote what is quoted, and who may quote it. It reports
// false for a comment that readers do not see.
func (r *receipt) quoteRules(ctx context.Context, q *quotable) (ok bool, err error) {
	var a blog.Article
	if q.ArticleID != uuid.Nil {
		if a, err = r.Store.Article(ctx, q.ArticleID); err != nil {
			return false, fmt.Errorf("what is quoted: %w", err)
		}
	}
	q.policy = r.site.QuotesOn(a)
	if q.CommentID == uuid.Nil {
		q.owner, err = r.Store.Actor(ctx, a.ActorID)
		return true, err
	}
	c, err := r.Store.Comment(ctx, q.CommentID)
	if q.owner = c.Actor; err == nil && c.FromWeb() {
		q.owner, err = r.Store.LocalActor(ctx, blog.InstanceActor, "")
	}
	return c.Shown(), err
}

// addQuote writes down that a post quotes something of ours, with what the
// policy says to it, unless somebody decided already.
func (r *receipt) addQuote(ctx context.Context, q quotable, object string, actor KnownActor, request string) (blog.Quote, error) {
	state := blog.QuoteWaiting
	switch q.policy {
	case blog.QuotesOpen:
		state = blog.QuoteApproved
	case blog.QuotesClosed:
		state = blog.QuoteRejected
	case blog.QuotesFollowers:
		follows, err := r.Store.Follows(ctx, actor.ID)
		if err != nil {
			return blog.Quote{}, err
		}
		if follows {
			state = blog.QuoteApproved
		}
	}
	quote, err := r.Store.AddQuote(ctx, NewQuote{
		ID: r.NewID(), ObjectURI: object, Actor: actor.ID, TargetURI: q.ObjectURI, Owner: q.owner.ID,
		State: state, RequestURI: request, Created: r.Now(),
	})
	if errors.Is(err, blog.ErrNotFound) {
		return quote, refused("not-owner", object)
	}
	return quote, err
}

// readQuote notes in a comment what of ours it quotes.
func (r *receipt) readQuote(ctx context.Context, c *NewComment, o *activitypub.Object, actor KnownActor) (Place, bool, error) {
	q, ok, err := r.quotes(ctx, o.Quote)
	if err != nil || !ok {
		return Place{}, false, err
	}
	if _, err := r.addQuote(ctx, q, o.ID, actor, ""); err != nil {
		return Place{}, false, err
	}
	c.Quotes = q.ObjectURI
	return q.Place, true, nil
}

// quoteRequest answers who asks to quote something of ours: at once where the
// policy decides, or when somebody of ours did. The post that quotes comes with
// the request, so it is taken as if it had been sent to us.
func (r *receipt) quoteRequest(ctx context.Context) error {
	q, ok, err := r.quotes(ctx, r.activity.Object.ID())
	if err != nil {
		return err
	}
	if !ok {
		return ignored("not-ours")
	}
	post, err := r.instrument(ctx)
	if err != nil {
		return err
	}
	if quoted, ok, err := r.quotes(ctx, post.Quote); err != nil {
		return err
	} else if !ok || quoted.ObjectURI != q.ObjectURI {
		return refused("no-quote", post.Quote)
	}
	actor, err := r.actorOf(ctx, r.Actor)
	if err != nil {
		return err
	}
	quote, err := r.addQuote(ctx, q, post.ID, actor, printable(r.activity.ID))
	if err != nil {
		return err
	}
	if err := r.takeQuote(ctx, post); err != nil {
		return err
	}
	return r.answerQuote(ctx, quote, q.owner, actor)
}

// instrument is the post that quotes: embedded, or fetched where only its id
// came. It must be the asking person's own.
func (r *receipt) instrument(ctx context.Context) (*activitypub.Object, error) {
	item := r.activity.Instrument.First()
	if item.Object == nil {
		if !sameOrigin(item.ID, r.Actor) {
			return nil, refused("origin", item.ID)
		}
		o, err := r.fetch(ctx, item.ID)
		if err != nil {
			return nil, err
		}
		item.Object = o
	}
	if item.Object.AttributedTo.ID() == "" {
		return nil, refused("attribution", "")
	}
	return item.Object, checkPost(item.Object, r.Actor)
}

// takeQuote puts the post in its place. What has no effect there, since it is
// known or was deleted, is no reason to give no answer.
func (r *receipt) takeQuote(ctx context.Context, post *activitypub.Object) error {
	alone := &receipt{pass: r.pass, fetches: r.fetches}
	alone.Actor, alone.ActivityURI = r.Actor, r.ActivityURI
	var v verdict
	if err := alone.comment(ctx, post, r.Actor); err != nil && !errors.As(err, &v) {
		return err
	}
	return nil
}

func (r *receipt) answerQuote(ctx context.Context, quote blog.Quote, owner blog.Actor, actor KnownActor) error {
	done := r.done("quote-" + string(quote.State))
	if quote.State == blog.QuoteWaiting || actor.Inbox == "" || quote.RequestURI == "" {
		return r.Store.AnswerQuote(ctx, nil, done)
	}
	quote.Owner, quote.Actor.URI = owner, actor.URI
	answer, err := r.quoteAnswer(r.site, quote, r.NewID(), actor.Inbox)
	if err != nil {
		return err
	}
	if err := r.Store.AnswerQuote(ctx, &answer, done); err != nil {
		return err
	}
	if r.Nudge != nil {
		r.Nudge()
	}
	return nil
}

// quoteAnswer makes the Accept or Reject of a QuoteRequest, for who asked
// alone. What an Accept is about is the stamp, so its Delete finds the way.
func (s *Service) quoteAnswer(site blog.Site, q blog.Quote, id uuid.UUID, inbox string) (Outgoing, error) {
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: "Reject", Actor: q.Owner.URI, To: []string{q.Actor.URI},
		Object: &activitypub.Activity{
			ID: q.RequestURI, Type: "QuoteRequest", Actor: q.Actor.URI,
			Object: activitypub.Ref(q.TargetURI), Instrument: activitypub.Ref(q.ObjectURI),
		},
	}
	about := q.RequestURI
	if q.State == blog.QuoteApproved {
		about = site.Address().Stamp(q.ID)
		activity.Type, activity.Result = "Accept", about
	}
	planned, err := s.stored(activity, id, q.Owner.ID, about)
	return Outgoing{Activity: planned, Inboxes: []string{inbox}}, err
}

// QuoteDecided tells the author of a quote what somebody of ours decided about
// it. Who never asked is told of a revocation only if they have a stamp.
func (s *Service) QuoteDecided(ctx context.Context, job blog.QuoteDecided) error {
	q, err := s.Store.Quote(ctx, job.Quote)
	if err != nil {
		return fmt.Errorf("quote decided: %w", err)
	}
	if q.State != job.State || q.RequestURI == "" {
		return nil // decided anew: that job tells what there is to tell
	}
	site, err := s.Store.Site(ctx)
	if err != nil {
		return fmt.Errorf("quote decided: %w", err)
	}
	inboxes, err := s.inboxes(ctx, []string{q.Actor.URI})
	if err != nil {
		return fmt.Errorf("quote decided: %w", err)
	}
	if len(inboxes) == 0 {
		return nil // gone
	}
	o, err := s.quoteAnswer(site, q, job.Activity, inboxes[0])
	if job.State == blog.QuoteRevoked {
		o, err = s.revocation(site, q, job.Activity, inboxes)
	}
	if err != nil {
		return fmt.Errorf("quote decided: %w", err)
	}
	return s.plan(ctx, o)
}

// revocation is the Delete of a stamp, for all who were told of it.
func (s *Service) revocation(site blog.Site, q blog.Quote, id uuid.UUID, inboxes []string) (Outgoing, error) {
	stamp := stampOf(site, q)
	activity := &activitypub.Activity{
		ID: site.Address().Activity(id), Type: "Delete", Actor: q.Owner.URI, Published: activitypub.At(s.Now()),
		To: []string{activitypub.Public}, CC: []string{q.Actor.URI}, Object: stamp,
	}
	planned, err := s.stored(activity, id, q.Owner.ID, stamp.ID)
	return Outgoing{Activity: planned, Inboxes: inboxes, Again: true}, err
}

func stampOf(site blog.Site, q blog.Quote) *activitypub.QuoteAuthorization {
	return activitypub.NewQuoteAuthorization(site.Address().Stamp(q.ID), q.Owner.URI, q.ObjectURI, q.TargetURI)
}

// Stamp is the document that allows one quote. A revoked one is blog.ErrGone.
func (s *Service) Stamp(ctx context.Context, id uuid.UUID) ([]byte, error) {
	q, err := s.Store.Quote(ctx, id)
	if err == nil && q.State == blog.QuoteRevoked {
		err = blog.ErrGone
	}
	if err == nil && q.State != blog.QuoteApproved {
		err = blog.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("stamp: %w", err)
	}
	site, err := s.Store.Site(ctx)
	if err != nil {
		return nil, fmt.Errorf("stamp: %w", err)
	}
	return activitypub.Marshal(stampOf(site, q))
}
