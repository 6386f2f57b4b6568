package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// AddComments writes comments that came in, with the counters of their
// articles and the outcome of their activities. Comments that waited for one
// of them are attached below it. The locks are taken in the same order by all
// that changes comments: actors, objects, comments, articles.
func (s *Store) AddComments(ctx context.Context, comments ...federation.NewComment) error {
	if len(comments) == 0 {
		return nil
	}
	slices.SortFunc(comments, func(a, b federation.NewComment) int { return cmp.Compare(a.ObjectURI, b.ObjectURI) })
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		outcome, err := admit(ctx, tx, comments)
		if err != nil {
			return err
		}
		added, err := insertRemoteComments(ctx, tx, comments, outcome)
		if err != nil {
			return err
		}
		counts := map[uuid.UUID]int{}
		var media []mediaUse
		for _, c := range added {
			counts[c.ArticleID] += shownAs(c.Comment)
			media = append(media, commentMedia(c.Comment)...)
		}
		if err := useMedia(ctx, tx, media); err != nil {
			return err
		}
		if err := noteArrivals(ctx, tx, added); err != nil {
			return err
		}
		if err := attachWaiting(ctx, tx, added, counts); err != nil {
			return err
		}
		if err := countComments(ctx, tx, counts); err != nil {
			return err
		}
		if err := follow(ctx, tx, added); err != nil {
			return err
		}
		tags = articleTags(counts)
		return s.finishInbound(ctx, tx, endings(comments, outcome)...)
	})
	if err != nil {
		return wrap("add comments", err)
	}
	s.changed(tags...)
	return nil
}

// admit finds out which comments may be written, and gives the others the
// outcome that says why not. An id that was deleted never comes back; one that
// somebody else on its server had deleted before it existed does not count.
func admit(ctx context.Context, tx pgx.Tx, comments []federation.NewComment) (map[string]string, error) {
	actors, uris := make([]uuid.UUID, len(comments)), make([]string, len(comments))
	ids, published := make([]uuid.UUID, len(comments)), make([]time.Time, len(comments))
	for i, c := range comments {
		actors[i], uris[i], ids[i], published[i] = c.Actor.ID, c.ObjectURI, c.ID, c.Published
	}
	alive, err := lockAlive(ctx, tx, actors)
	if err != nil {
		return nil, err
	}
	outcome := map[string]string{}
	for _, c := range comments {
		if !slices.Contains(alive, c.Actor.ID) {
			outcome[c.ObjectURI] = "refused:actor-deleted"
		}
	}
	if _, err := tx.Exec(ctx, `
		delete from objects o using unnest($1::text[], $2::uuid[]) n (uri, actor)
		where o.id = n.uri and o.kind = 'unknown' and o.subject <> n.actor`, planned, uris, actors); err != nil {
		return nil, fmt.Errorf("drop deletions by others: %w", err)
	}
	// The update changes nothing: it locks the row and returns it.
	rows, err := tx.Query(ctx, `
		insert into objects as o (id, kind, subject, published)
		select n.uri, 'comment', n.id, n.published
		from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::uuid[]) n (uri, id, published, actor)
		where n.actor = any ($5)
		on conflict (id) do update set id = excluded.id
		returning id, deleted is not null`, planned, uris, ids, published, actors, alive)
	if err != nil {
		return nil, fmt.Errorf("remember objects: %w", err)
	}
	var uri string
	var deleted bool
	_, err = pgx.ForEachRow(rows, []any{&uri, &deleted}, func() error {
		if deleted {
			outcome[uri] = "ignored:deleted"
		}
		return nil
	})
	return outcome, err
}

// lockAlive returns those of the actors that are not deleted, and keeps them
// so until the end of the transaction.
func lockAlive(ctx context.Context, tx pgx.Tx, actors []uuid.UUID) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `
		select id from actors where id = any ($1) and deleted is null order by id for share`, planned, actors)
	if err != nil {
		return nil, fmt.Errorf("lock actors: %w", err)
	}
	alive, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("lock actors: %w", err)
	}
	return alive, nil
}

// insertRemoteComments writes those without an outcome, and gives the outcome
// of a known one to those that are there already. It returns what it wrote.
func insertRemoteComments(
	ctx context.Context, tx pgx.Tx, comments []federation.NewComment, outcome map[string]string,
) ([]federation.NewComment, error) {
	rows, err := json.Marshal(commentRows(comments, outcome))
	if err != nil {
		return nil, err
	}
	written, err := tx.Query(ctx, `
		insert into comments (
			id, object_uri, article_id, parent_id, root_id, depth, in_reply_to, actor_id, html, text, policy, warning,
			sensitive, language, url, attachments, mentions, visibility, state, published, edited, created, inbound_id,
			retry_at, type, quotes, mention, emojis, reasons, context, replies)
		select
			id, object_uri, article_id, parent_id, root_id, depth, in_reply_to, actor_id, html, text, policy, warning,
			sensitive, language, url, attachments, mentions, visibility, state, published, edited, created, inbound_id,
			retry_at, type, quotes, mention, emojis, reasons, context, replies
		from json_populate_recordset(null::comments, $1)
		on conflict (object_uri) do nothing
		returning object_uri`, planned, rows)
	if err != nil {
		return nil, fmt.Errorf("insert comments: %w", err)
	}
	uris, err := pgx.CollectRows(written, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("insert comments: %w", err)
	}
	var added []federation.NewComment
	for _, c := range comments {
		switch {
		case slices.Contains(uris, c.ObjectURI):
			added = append(added, c)
		case outcome[c.ObjectURI] == "":
			outcome[c.ObjectURI] = "ignored:known"
		}
	}
	return added, nil
}

// commentRow has the names of the columns of comments.
type commentRow struct {
	ID          uuid.UUID         `json:"id"`
	ObjectURI   string            `json:"object_uri"`
	ArticleID   *uuid.UUID        `json:"article_id"`
	ParentID    *uuid.UUID        `json:"parent_id"`
	RootID      *uuid.UUID        `json:"root_id"`
	Depth       int               `json:"depth"`
	InReplyTo   string            `json:"in_reply_to"`
	ActorID     uuid.UUID         `json:"actor_id"`
	HTML        string            `json:"html"`
	Text        string            `json:"text"`
	Policy      int               `json:"policy"`
	Warning     string            `json:"warning"`
	Sensitive   bool              `json:"sensitive"`
	Language    string            `json:"language"`
	URL         string            `json:"url"`
	Attachments []blog.Attachment `json:"attachments"`
	Mentions    []blog.Mention    `json:"mentions"`
	Visibility  blog.Visibility   `json:"visibility"`
	State       blog.State        `json:"state"`
	Published   time.Time         `json:"published"`
	Edited      *time.Time        `json:"edited"`
	Created     time.Time         `json:"created"`
	InboundID   *int64            `json:"inbound_id"`
	RetryAt     *time.Time        `json:"retry_at"`
	Type        string            `json:"type"`
	Quotes      string            `json:"quotes"`
	Mention     bool              `json:"mention"`
	Emojis      []blog.Emoji      `json:"emojis"`
	Reasons     []blog.Reason     `json:"reasons"`
	Context     string            `json:"context"`
	Replies     string            `json:"replies"`
}

func commentRows(comments []federation.NewComment, outcome map[string]string) []commentRow {
	rows := []commentRow{}
	for _, c := range comments {
		if outcome[c.ObjectURI] != "" {
			continue
		}
		row := commentRow{
			ID: c.ID, ObjectURI: c.ObjectURI, ArticleID: nullID(c.ArticleID), ParentID: nullID(c.ParentID),
			RootID: nullID(c.RootID), Depth: c.Depth, InReplyTo: c.InReplyTo, ActorID: c.Actor.ID,
			HTML: c.HTML.String(), Text: c.Text, Policy: c.Policy, Warning: c.Warning, Sensitive: c.Sensitive,
			Language: c.Language, URL: c.URL, Attachments: orEmpty(c.Attachments), Mentions: orEmpty(c.Mentions),
			Visibility: c.Visibility, State: c.State, Published: c.Published, Edited: nullTime(c.Edited),
			Created: c.Created, RetryAt: nullTime(c.RetryAt), Type: c.Type, Quotes: c.Quotes, Mention: c.Mention,
			Emojis: c.Emojis, Reasons: c.Reasons, Context: c.Context, Replies: c.Replies,
		}
		if c.InboundID != 0 {
			row.InboundID = &c.InboundID
		}
		rows = append(rows, row)
	}
	return rows
}

// endings pairs the activities with their outcomes.
func endings(comments []federation.NewComment, outcome map[string]string) []federation.Done {
	done := make([]federation.Done, len(comments))
	for i, c := range comments {
		done[i] = c.Done
		if instead := outcome[c.ObjectURI]; instead != "" {
			done[i].Outcome = instead
		}
	}
	return done
}

// shownAs is what a comment adds to its article's counter.
func shownAs(c blog.Comment) int {
	if c.Shown() && c.ArticleID != uuid.Nil {
		return 1
	}
	return 0
}

func articleTags(counts map[uuid.UUID]int) []string {
	var tags []string
	for id := range counts {
		if id != uuid.Nil {
			tags = append(tags, blog.PageArticle(id))
		}
	}
	return tags
}
