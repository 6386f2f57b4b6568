package postgres

import (
	"context"
	"fmt"
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

// countReactions changes counters, those of comments before those of articles,
// and returns the tags of the pages that show them. Emoji have no counter, but
// stand on the pages.
func countReactions(ctx context.Context, tx pgx.Tx, counts map[counter]int) ([]string, error) {
	comments, articles := map[uuid.UUID]steps{}, map[uuid.UUID]steps{}
	for c, n := range counts {
		if c.comment != uuid.Nil {
			comments[c.comment] = comments[c.comment].and(c.kind, n)
		} else {
			articles[c.article] = articles[c.article].and(c.kind, n)
		}
	}
	shown, err := step(ctx, tx, "comments", "article_id", comments)
	if err != nil {
		return nil, err
	}
	more, err := step(ctx, tx, "articles", "id", articles)
	if err != nil {
		return nil, err
	}
	return tagsOf(append(shown, more...)), nil
}

// countComments adds to the counters of articles.
func countComments(ctx context.Context, tx pgx.Tx, counts map[uuid.UUID]int) error {
	articles := map[uuid.UUID]steps{}
	for id, n := range counts {
		if n != 0 && id != uuid.Nil {
			articles[id] = steps{comments: n}
		}
	}
	_, err := step(ctx, tx, "articles", "id", articles)
	return err
}

// steps is by how much the counters of one row change. Rows of comments have
// no counter of comments.
type steps struct{ comments, likes, boosts int }

func (s steps) and(kind string, n int) steps {
	switch kind {
	case "like":
		s.likes += n
	case "boost":
		s.boosts += n
	}
	return s
}

// step changes the counters of many rows of a table in one statement, and
// returns the different values of a column of these. The rows are locked in one
// order everywhere.
func step(ctx context.Context, tx pgx.Tx, table, column string, by map[uuid.UUID]steps) ([]uuid.UUID, error) {
	if len(by) == 0 {
		return nil, nil
	}
	n := len(by)
	ids, comments, likes, boosts := make([]uuid.UUID, 0, n), make([]int, 0, n), make([]int, 0, n), make([]int, 0, n)
	for id, s := range by {
		ids, comments, likes, boosts = append(ids, id), append(comments, s.comments), append(likes, s.likes), append(boosts, s.boosts)
	}
	counted := "comments = greatest(t.comments + n.comments, 0),"
	if table == "comments" {
		counted = ""
	}
	rows, err := tx.Query(ctx, `
		with locked as (
			select id from `+table+` where id = any ($1) order by id for no key update
		), changed as (
			update `+table+` t set `+counted+`
				likes = greatest(t.likes + n.likes, 0), boosts = greatest(t.boosts + n.boosts, 0)
			from unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) n (id, comments, likes, boosts) join locked on locked.id = n.id
			where t.id = n.id
			returning t.`+column+` as shown
		)
		select distinct shown from changed where shown is not null`, ids, comments, likes, boosts)
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", table, err)
	}
	shown, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", table, err)
	}
	return shown, nil
}

func tagsOf(articles []uuid.UUID) []string {
	var tags []string
	for _, id := range articles {
		if tag := blog.PageArticle(id); !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
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
