package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// PutVisitor returns the actor of a visitor, and makes it if there is none. Its
// id is nowhere: other servers never see it.
func (s *Store) PutVisitor(ctx context.Context, id uuid.UUID, v blog.Visitor, at time.Time) (blog.Actor, error) {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		// Of two comments at once the second waits here and finds the visitor.
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('visitor ' || $1, 0))`, v.Email); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `
			select actor_id from visitors
			where email = $1 and name = $2 and website = $3`, v.Email, v.Name, v.Website).Scan(&id)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return insertVisitor(ctx, tx, id, v, at)
	})
	if err != nil {
		return blog.Actor{}, wrap("put visitor", err)
	}
	return s.Actor(ctx, id)
}

func insertVisitor(ctx context.Context, tx pgx.Tx, id uuid.UUID, v blog.Visitor, at time.Time) error {
	if _, err := tx.Exec(ctx, `
		insert into actors (id, uri, kind, type, name, url, created)
		values ($1, $2, 'visitor', 'Person', $3, $4, $5)`, id, "visitor:"+id.String(), v.Name, v.Website, at); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		insert into visitors (actor_id, email, name, website, created)
		values ($1, $2, $3, $4, $5)`, id, v.Email, v.Name, v.Website, at)
	return err
}

// Visitor returns what a visitor left about themselves.
func (s *Store) Visitor(ctx context.Context, actor uuid.UUID) (v blog.Visitor, err error) {
	err = s.pool.QueryRow(ctx, `
		select email, name, website from visitors where actor_id = $1`, actor).Scan(&v.Email, &v.Name, &v.Website)
	return v, wrap("visitor", err)
}

// VisitorApproved reports whether a comment of the same address of mail is
// shown, and none is spam.
func (s *Store) VisitorApproved(ctx context.Context, actor uuid.UUID) (approved bool, err error) {
	err = s.pool.QueryRow(ctx, `
		select coalesce(bool_or(c.state = 'visible') and not bool_or(c.state = 'spam'), false)
		from visitors me
		join visitors same on same.email = me.email
		join comments c on c.actor_id = same.actor_id
		where me.actor_id = $1`, actor).Scan(&approved)
	return approved, wrap("visitor approved", err)
}

// InsertVisitorComment writes a visitor's comment and their wish for mail.
func (s *Store) InsertVisitorComment(ctx context.Context, c blog.Comment, wish *blog.Subscription) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		if err := insertComment(ctx, tx, c); err != nil {
			return err
		}
		if err := insertObject(ctx, tx, c.ObjectURI, "comment", c.ID, c.Published); err != nil {
			return err
		}
		if err := countReply(ctx, tx, c); err != nil {
			return err
		}
		return putSubscription(ctx, tx, wish)
	})
	if err != nil {
		return wrap("insert a visitor's comment", err)
	}
	if c.Shown() {
		s.changed(blog.PageArticle(c.ArticleID))
	}
	return nil
}

// formKeySetting is the row that keeps the secret of this blog's forms.
const formKeySetting = "form_key"

// FormKey returns the secret of this blog's forms; the first who asks makes it.
func (s *Store) FormKey(ctx context.Context) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails (crypto/rand)
	var key []byte
	err := s.tx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			select decode(value #>> '{}', 'hex') from settings where key = $1`, formKeySetting).Scan(&key)
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if _, err := tx.Exec(ctx, `
			insert into settings (key, value) values ($1, to_jsonb(encode($2, 'hex')))
			on conflict (key) do nothing`, formKeySetting, fresh); err != nil {
			return fmt.Errorf("first key: %w", err)
		}
		return tx.QueryRow(ctx, `
			select decode(value #>> '{}', 'hex') from settings where key = $1`, formKeySetting).Scan(&key)
	})
	return key, wrap("form key", err)
}
