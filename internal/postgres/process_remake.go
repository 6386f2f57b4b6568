package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/markup"
)

// OutdatedComments returns comments of other servers that an older policy than
// the given one made, those of the oldest first.
func (s *Store) OutdatedComments(ctx context.Context, policy, limit int) ([]federation.Outdated, error) {
	rows, err := s.pool.Query(ctx, `
		select c.id, c.object_uri, c.article_id, c.state, c.visibility, c.html, c.warning, c.attachments, c.emojis, c.type,
			c.quotes, i.raw
		from comments c left join inbound i on i.id = c.inbound_id
		where not c.local and c.policy < $1 and c.state <> 'deleted'
		order by c.policy, c.created desc limit $2`, planned, policy, limit)
	if err != nil {
		return nil, wrap("outdated comments", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o federation.Outdated, err error) {
		var html string
		c := &o.Comment
		err = row.Scan(&c.ID, &c.ObjectURI, &c.ArticleID, &c.State, &c.Visibility, &html, &c.Warning, &c.Attachments, &c.Emojis,
			&c.Type, &c.Quotes, &o.Raw)
		c.HTML = markup.SafeFromStore(html)
		return o, err
	})
	return list, wrap("outdated comments", err)
}

// RemakeComments writes what was made again, unless an edit came first.
func (s *Store) RemakeComments(ctx context.Context, comments []blog.Comment) error {
	articles := map[uuid.UUID]int{}
	err := s.tx(ctx, func(tx pgx.Tx) error {
		clear(articles)
		for _, c := range comments {
			var article *uuid.UUID
			err := tx.QueryRow(ctx, `
				update comments set
					html = $2, text = $3, policy = $4, warning = $5, attachments = $6, emojis = $7, type = $8
				where id = $1 and policy < $4
				returning article_id`,
				c.ID, c.HTML.String(), c.Text, c.Policy, c.Warning, orEmpty(c.Attachments), c.Emojis, c.Type).Scan(&article)
			if errors.Is(err, pgx.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			articles[orNil(article)] = 0
			if err := changeMedia(ctx, tx, c.ID, commentMedia(c)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return wrap("remake comments", err)
	}
	s.changed(articleTags(articles)...)
	return nil
}
