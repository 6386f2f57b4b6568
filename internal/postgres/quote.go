package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// quoteColumns are what quoteTargets read, of quotes q with who wrote what is
// quoted as owner.
const quoteColumns = `
	q.id, q.state, q.object_uri, q.actor_id, q.target_uri, owner.id, owner.uri, owner.kind, q.request_uri, q.created, q.decided`

func quoteTargets(q *blog.Quote) []any {
	return []any{
		&q.ID, &q.State, &q.ObjectURI, &q.Actor.ID, &q.TargetURI, &q.Owner.ID, &q.Owner.URI, &q.Owner.Kind, &q.RequestURI,
		&q.Created, orZero(&q.Decided),
	}
}

// Quote returns a quote with the whole of its author.
func (s *Store) Quote(ctx context.Context, id uuid.UUID) (q blog.Quote, err error) {
	err = s.pool.QueryRow(ctx, `
		select `+quoteColumns+`, `+actorColumns+`
		from quotes q join actors owner on owner.id = q.owner_id join actors on actors.id = q.actor_id
		where q.id = $1`, id).Scan(append(quoteTargets(&q), actorTargets(&q.Actor)...)...)
	return q, wrap("quote", err)
}

// Quotes returns quotes with their posts, newest first.
func (s *Store) Quotes(ctx context.Context, q blog.QuoteQuery) ([]blog.Quote, error) {
	rows, err := s.pool.Query(ctx, `
		select `+quoteColumns+`, `+commentColumns+fromComments+`
		join quotes q on q.object_uri = comments.object_uri join actors owner on owner.id = q.owner_id
		where ($1 = '' or q.state = $1) and comments.state <> 'deleted'
		  and (q.created, q.id) < (coalesce($2::timestamptz, 'infinity'), $3)
		order by q.created desc, q.id desc limit $4`, q.State, nullTime(q.Before.At), q.Before.ID, q.Limit)
	if err != nil {
		return nil, wrap("quotes", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (q blog.Quote, err error) {
		q.Comment, err = scanComment(ahead{row, quoteTargets(&q)})
		q.Actor = q.Comment.Actor
		return q, err
	})
	return list, wrap("quotes", err)
}

// ahead scans further columns that stand in front of those asked for.
type ahead struct {
	pgx.CollectableRow
	targets []any
}

func (a ahead) Scan(targets ...any) error {
	return a.CollectableRow.Scan(append(slices.Clone(a.targets), targets...)...)
}

// QuoteCounts counts quotes whose post was not deleted, by state.
func (s *Store) QuoteCounts(ctx context.Context) (map[blog.QuoteState]int, error) {
	counts, err := countBy[blog.QuoteState](ctx, s.pool, `select state, count(*) from quotes where posted group by 1`)
	return counts, wrap("count quotes", err)
}

// QuoteStates returns the states of quotes that are known.
func (s *Store) QuoteStates(ctx context.Context, keys []blog.QuoteKey) (map[blog.QuoteKey]blog.QuoteState, error) {
	objects, targets := make([]string, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		objects[i], targets[i] = k.Object, k.Target
	}
	rows, err := s.pool.Query(ctx, `
		select q.object_uri, q.target_uri, q.state
		from unnest($1::text[], $2::text[]) k (object, target)
		join quotes q on q.object_uri = k.object and q.target_uri = k.target`, planned, objects, targets)
	if err != nil {
		return nil, wrap("quote states", err)
	}
	states := map[blog.QuoteKey]blog.QuoteState{}
	var key blog.QuoteKey
	var state blog.QuoteState
	_, err = pgx.ForEachRow(rows, []any{&key.Object, &key.Target, &state}, func() error {
		states[key] = state
		return nil
	})
	return states, wrap("quote states", err)
}

// AddQuote writes a quote with the state that it has by the policy; one that is
// there keeps its own, and learns of a request.
func (s *Store) AddQuote(ctx context.Context, q federation.NewQuote) (blog.Quote, error) {
	var id uuid.UUID
	err := s.pool.QueryRow(ctx, `
		insert into quotes as q (id, object_uri, actor_id, target_uri, owner_id, state, request_uri, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (object_uri, target_uri) do update set
			request_uri = case when excluded.request_uri = '' then q.request_uri else excluded.request_uri end
		where q.actor_id = excluded.actor_id
		returning id`, q.ID, q.ObjectURI, q.Actor, q.TargetURI, q.Owner, q.State, q.RequestURI, q.Created).Scan(&id)
	if err != nil {
		return blog.Quote{}, wrap("add quote", err)
	}
	return s.Quote(ctx, id)
}

// AnswerQuote plans the answer to a QuoteRequest, if there is one already, and
// ends the request.
func (s *Store) AnswerQuote(ctx context.Context, answer *federation.Outgoing, done federation.Done) error {
	return wrap("answer quote", s.tx(ctx, func(tx pgx.Tx) error {
		if answer != nil {
			if err := insertOutgoing(ctx, tx, *answer); err != nil {
				return err
			}
		}
		return s.finishInbound(ctx, tx, done)
	}))
}

// Follows reports whether somebody follows one of our actors.
func (s *Store) Follows(ctx context.Context, actor uuid.UUID) (follows bool, err error) {
	err = s.pool.QueryRow(ctx, `select exists (select from followers where actor_id = $1)`, actor).Scan(&follows)
	return follows, wrap("follows", err)
}

// DecideQuote writes what a person decided about a quote and its post.
func (s *Store) DecideQuote(
	ctx context.Context, id uuid.UUID, from []blog.QuoteState, d blog.QuoteDecision, job blog.QuoteDecided, audit blog.AuditEntry,
) error {
	counts := map[uuid.UUID]int{}
	err := s.tx(ctx, func(tx pgx.Tx) error {
		clear(counts)
		tag, err := tx.Exec(ctx, `
			update quotes set state = $2, decided = $3, account_id = $4
			where id = $1 and state = any ($5)`, id, d.State, audit.At, nullID(audit.AccountID), from)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrConflict
		}
		if err := followQuotes(ctx, tx, []uuid.UUID{id}, d.Comment, counts); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("decide quote", err)
	}
	s.changed(articleTags(counts)...)
	return nil
}

// followQuotes gives the posts of quotes the state that follows from a decision.
// One that moderators called spam or deleted stays so.
func followQuotes(ctx context.Context, tx pgx.Tx, quotes []uuid.UUID, m blog.Moderation, counts map[uuid.UUID]int) error {
	rows, err := tx.Query(ctx, `
		select c.id from quotes q join comments c on c.object_uri = q.object_uri and c.quotes = q.target_uri
		where q.id = any ($1) and c.state in ('visible', 'waiting', 'hidden')`, quotes)
	if err != nil {
		return fmt.Errorf("posts of quotes: %w", err)
	}
	if m.Comments, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil || len(m.Comments) == 0 {
		return err
	}
	if _, err := setStates(ctx, tx, m, counts); err != nil {
		return err
	}
	return countComments(ctx, tx, counts)
}

// revokeQuotes ends every quote of an object of ours that is deleted: its stamps
// are gone from then on, and their posts leave the page where it stands.
func revokeQuotes(ctx context.Context, tx pgx.Tx, target string, at time.Time) error {
	rows, err := tx.Query(ctx, `
		update quotes set state = 'revoked', decided = $2
		where target_uri = $1 and state in ('waiting', 'approved')
		returning id`, target, at)
	if err != nil {
		return fmt.Errorf("revoke quotes: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(ids) == 0 {
		return err
	}
	batch, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return followQuotes(ctx, tx, ids, blog.Moderation{
		State: blog.Hidden, Reasons: []blog.Reason{{Rule: "quote-revoked"}}, Batch: batch, At: at,
	}, map[uuid.UUID]int{})
}

// approveShown approves quotes whose waiting posts a moderator lets be seen:
// who shows a quote allows it.
func (s *Store) approveShown(ctx context.Context, tx pgx.Tx, m blog.Moderation, comments []uuid.UUID) error {
	if m.State != blog.Visible || len(comments) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `
		update quotes q set state = 'approved', decided = $2, account_id = $3
		from comments c
		where c.id = any ($1) and q.object_uri = c.object_uri and q.target_uri = c.quotes and q.state in ('waiting', 'rejected')
		returning q.id`, comments, m.At, nullID(m.By))
	if err != nil {
		return fmt.Errorf("approve quotes: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("approve quotes: %w", err)
	}
	for _, id := range ids {
		job := blog.QuoteDecided{Quote: id, State: blog.QuoteApproved, Activity: m.NewID()}
		if err := s.enqueue(ctx, tx, job); err != nil {
			return err
		}
	}
	return nil
}
