package postgres

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// counter names a number of reactions: those of one kind to an article or to a
// comment.
type counter struct {
	kind             string
	article, comment uuid.UUID
}

// countReactions changes counters, in the same order everywhere, and returns
// the tags of the pages that show them.
func countReactions(ctx context.Context, tx pgx.Tx, counts map[counter]int) ([]string, error) {
	order := slices.SortedFunc(maps.Keys(counts), func(a, b counter) int {
		return cmp.Or(bytes.Compare(b.comment[:], a.comment[:]), bytes.Compare(a.article[:], b.article[:]), cmp.Compare(a.kind, b.kind))
	})
	var tags []string
	for _, c := range order {
		article, err := countReaction(ctx, tx, c, counts[c])
		if err != nil {
			return nil, fmt.Errorf("count reactions: %w", err)
		}
		if tag := blog.PageArticle(article); article != uuid.Nil && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags, nil
}

// countReaction returns the article whose page shows the counter. Emoji have
// none.
func countReaction(ctx context.Context, tx pgx.Tx, c counter, step int) (uuid.UUID, error) {
	table, id, on := "articles", c.article, "id"
	if c.comment != uuid.Nil {
		table, id, on = "comments", c.comment, "article_id"
	}
	var article *uuid.UUID
	err := tx.QueryRow(ctx, `
		update `+table+` set
			likes = greatest(likes + case when $2 = 'like' then $3::int else 0 end, 0),
			boosts = greatest(boosts + case when $2 = 'boost' then $3::int else 0 end, 0)
		where id = $1
		returning `+on, id, c.kind, step).Scan(&article)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, nil
	}
	return orNil(article), err
}

// uncount takes reactions that were removed out of the counters. Something was
// removed if there is a tag.
func uncount(ctx context.Context, tx pgx.Tx, removed pgx.Rows) ([]string, error) {
	counts := map[counter]int{}
	var kind string
	var article, comment *uuid.UUID
	if _, err := pgx.ForEachRow(removed, []any{&kind, &article, &comment}, func() error {
		counts[counter{kind, orNil(article), orNil(comment)}]--
		return nil
	}); err != nil {
		return nil, fmt.Errorf("remove reactions: %w", err)
	}
	return countReactions(ctx, tx, counts)
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
