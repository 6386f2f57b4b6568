package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/federation"
)

// AddReactions counts likes, boosts and emoji, each once per actor. Of two with
// different ids the newer one is kept: it is the one that may be taken back.
func (s *Store) AddReactions(ctx context.Context, reactions ...federation.NewReaction) error {
	if len(reactions) == 0 {
		return nil
	}
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		outcome, err := admitReactions(ctx, tx, reactions)
		if err != nil {
			return err
		}
		if err := insertReactions(ctx, tx, reactions, outcome); err != nil {
			return err
		}
		counts := map[counter]int{}
		done := make([]federation.Done, len(reactions))
		for i, r := range reactions {
			if done[i] = r.Done; outcome[r.ID] != "" {
				done[i].Outcome = outcome[r.ID]
				continue
			}
			counts[counter{r.Kind, articleOnly(r.Place), r.Place.CommentID}]++
		}
		if tags, err = countReactions(ctx, tx, counts); err != nil {
			return err
		}
		return s.finishInbound(ctx, tx, done...)
	})
	if err != nil {
		return wrap("add reactions", err)
	}
	s.changed(tags...)
	return nil
}

// articleOnly is the article of a reaction to the article itself.
func articleOnly(p federation.Place) uuid.UUID {
	if p.CommentID != uuid.Nil {
		return uuid.Nil
	}
	return p.ArticleID
}

// admitReactions gives those that have no effect the outcome that says why.
func admitReactions(ctx context.Context, tx pgx.Tx, reactions []federation.NewReaction) (map[uuid.UUID]string, error) {
	ids, actors := make([]uuid.UUID, len(reactions)), make([]uuid.UUID, len(reactions))
	uris := make([]string, len(reactions))
	for i, r := range reactions {
		ids[i], actors[i], uris[i] = r.ID, r.Actor, r.ActivityURI
	}
	alive, err := lockAlive(ctx, tx, actors)
	if err != nil {
		return nil, err
	}
	outcome := map[uuid.UUID]string{}
	for _, r := range reactions {
		if !slices.Contains(alive, r.Actor) {
			outcome[r.ID] = "refused:actor-deleted"
		}
	}
	rows, err := tx.Query(ctx, `
		select n.id from unnest($1::uuid[], $2::uuid[], $3::text[]) n (id, actor, uri) join objects o on o.id = n.uri
		where o.deleted is not null and (o.kind <> 'unknown' or o.subject is null or o.subject = n.actor)`,
		planned, ids, actors, uris)
	if err != nil {
		return nil, fmt.Errorf("look for undone: %w", err)
	}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id}, func() error {
		outcome[id] = "ignored:undone"
		return nil
	})
	return outcome, err
}

// insertReactions writes those without an outcome, and gives that of a known
// one to those whose actor did the same before.
func insertReactions(ctx context.Context, tx pgx.Tx, reactions []federation.NewReaction, outcome map[uuid.UUID]string) error {
	rows, err := json.Marshal(reactionRows(reactions, outcome))
	if err != nil {
		return err
	}
	written, err := tx.Query(ctx, `
		insert into reactions (id, kind, actor_id, article_id, comment_id, object_uri, activity_uri, content, emoji_url, created)
		select id, kind, actor_id, article_id, comment_id, object_uri, activity_uri, content, emoji_url, created
		from json_populate_recordset(null::reactions, $1)
		on conflict do nothing
		returning id`, planned, rows)
	if err != nil {
		return fmt.Errorf("insert reactions: %w", err)
	}
	ids, err := pgx.CollectRows(written, pgx.RowTo[uuid.UUID])
	if err != nil {
		return fmt.Errorf("insert reactions: %w", err)
	}
	var media []mediaUse
	for _, r := range reactions {
		if slices.Contains(ids, r.ID) {
			if r.EmojiURL != "" {
				media = append(media, mediaUse{r.ID, r.EmojiURL, federation.Host(r.ActivityURI), true, true})
			}
			continue
		}
		if outcome[r.ID] != "" {
			continue
		}
		outcome[r.ID] = "ignored:known"
		if _, err := tx.Exec(ctx, `
			update reactions set activity_uri = $5
			where kind = $1 and actor_id = $2 and object_uri = $3 and ($1 <> 'emoji' or content = $4)`,
			r.Kind, r.Actor, r.Place.ObjectURI, r.Content, r.ActivityURI); err != nil {
			return fmt.Errorf("renew reaction: %w", err)
		}
	}
	return useMedia(ctx, tx, media)
}

// reactionRow has the names of the columns of reactions.
type reactionRow struct {
	ID          uuid.UUID  `json:"id"`
	Kind        string     `json:"kind"`
	ActorID     uuid.UUID  `json:"actor_id"`
	ArticleID   *uuid.UUID `json:"article_id"`
	CommentID   *uuid.UUID `json:"comment_id"`
	ObjectURI   string     `json:"object_uri"`
	ActivityURI string     `json:"activity_uri"`
	Content     string     `json:"content"`
	EmojiURL    string     `json:"emoji_url"`
	Created     time.Time  `json:"created"`
}

func reactionRows(reactions []federation.NewReaction, outcome map[uuid.UUID]string) []reactionRow {
	rows := []reactionRow{}
	for _, r := range reactions {
		if outcome[r.ID] == "" {
			rows = append(rows, reactionRow{
				r.ID, r.Kind, r.Actor, nullID(articleOnly(r.Place)), nullID(r.Place.CommentID), r.Place.ObjectURI,
				r.ActivityURI, r.Content, r.EmojiURL, r.Done.At,
			})
		}
	}
	return rows
}
