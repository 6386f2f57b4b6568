package postgres

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/markup"
)

// Plan writes an activity of ours with its ledger rows.
func (s *Store) Plan(ctx context.Context, o federation.Outgoing) error {
	return wrap("plan activity", s.tx(ctx, func(tx pgx.Tx) error { return insertOutgoing(ctx, tx, o) }))
}

// SetArticleMentions stores who was meant in a revision of an article. A later
// one, and a deleted article, stay as they are.
func (s *Store) SetArticleMentions(ctx context.Context, article uuid.UUID, revision int, mentions []blog.Mention, html markup.Safe) error {
	_, err := s.pool.Exec(ctx, `
		update articles set mentions = $3, html = $4
		where id = $1 and revision = $2 and status <> 'deleted'`,
		article, revision, mentions, html.String())
	if err != nil {
		return wrap("store mentions", err)
	}
	s.changed(blog.PageArticle(article))
	return nil
}

// SetCommentMentions stores who was meant in an answer of ours. One that was
// edited or deleted since c was read stays as it is.
func (s *Store) SetCommentMentions(ctx context.Context, c blog.Comment) error {
	_, err := s.pool.Exec(ctx, `
		update comments set mentions = $2, html = $3
		where id = $1 and local and state <> 'deleted' and edited is not distinct from $4`,
		c.ID, orEmpty(c.Mentions), c.HTML.String(), nullTime(c.Edited))
	if err != nil {
		return wrap("store mentions", err)
	}
	s.changed(blog.PageArticle(c.ArticleID))
	return nil
}

const activityColumns = `a.id, a.uri, a.actor_id, a.type, a.object_uri, a.json, a.compact, a.listed, a.created`

func scanActivity(row pgx.CollectableRow) (a federation.Activity, err error) {
	err = row.Scan(&a.ID, &a.URI, &a.ActorID, &a.Type, &a.ObjectURI, &a.JSON, &a.Compact, &a.Listed, &a.Created)
	return a, err
}

// Activity returns an activity of ours. What spoke of an object that is
// deleted is gone with it.
func (s *Store) Activity(ctx context.Context, id uuid.UUID) (federation.Activity, error) {
	rows, err := s.pool.Query(ctx, `select `+activityColumns+` from activities a where a.id = $1 and not a.forwarded`, id)
	if err != nil {
		return federation.Activity{}, wrap("read activity", err)
	}
	a, err := pgx.CollectExactlyOneRow(rows, scanActivity)
	if err != nil {
		return federation.Activity{}, wrap("read activity", err)
	}
	if a.Type == "Delete" || a.ObjectURI == "" {
		return a, nil
	}
	var deleted, hidden bool
	err = s.pool.QueryRow(ctx, `
		select exists (select from objects where id = $1 and deleted is not null),
			exists (select from comments c where c.object_uri = $1 and c.local and c.state <> 'visible')`,
		a.ObjectURI).Scan(&deleted, &hidden)
	switch {
	case err == nil && deleted:
		err = blog.ErrGone
	case err == nil && hidden && (a.Type == "Create" || a.Type == "Update"):
		err = blog.ErrNotFound
	}
	return a, wrap("read activity", err)
}

// notHidden is the condition that an activity a tells of nothing that was taken
// from the page.
const notHidden = `not exists (
	select from comments c where c.object_uri = a.object_uri and c.local and c.state <> 'visible')`

// Outbox returns what an actor of ours published, newest first.
func (s *Store) Outbox(ctx context.Context, actor, before uuid.UUID, limit int) ([]federation.Activity, error) {
	rows, err := s.pool.Query(ctx, `
		select `+activityColumns+` from activities a
		where a.actor_id = $1 and a.listed and ($2::uuid is null or a.id < $2) and `+notHidden+`
		order by a.id desc
		limit $3`, actor, nullID(before), limit)
	if err != nil {
		return nil, wrap("read outbox", err)
	}
	list, err := pgx.CollectRows(rows, scanActivity)
	return list, wrap("read outbox", err)
}

// OutboxCount counts what Outbox lists.
func (s *Store) OutboxCount(ctx context.Context, actor uuid.UUID) (int, error) {
	return s.count(ctx, "count outbox", `
		select `+kept("listed", "$1")+` - (
			select count(*) from comments c join activities a on a.object_uri = c.object_uri
			where c.local and c.state <> 'visible' and a.actor_id = $1 and a.listed)`, actor)
}

// FollowerURIs returns the followers of one actor of ours, newest first.
func (s *Store) FollowerURIs(ctx context.Context, actor uuid.UUID, before blog.Cursor, limit int) ([]blog.Follower, error) {
	rows, err := s.pool.Query(ctx, `
		select a.id, a.uri, f.created from followers f join actors a on a.id = f.actor_id
		where f.target_id = $1 and ($2::uuid is null or (f.created, f.actor_id) < ($3, $2))
		order by f.created desc, f.actor_id desc
		limit $4`, actor, nullID(before.ID), before.At, limit)
	if err != nil {
		return nil, wrap("list followers", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f blog.Follower, err error) {
		f.Target = actor
		err = row.Scan(&f.Actor.ID, &f.Actor.URI, &f.Created)
		return f, err
	})
	return list, wrap("list followers", err)
}

// FollowersOf counts the followers of one actor of ours.
func (s *Store) FollowersOf(ctx context.Context, actor uuid.UUID) (int, error) {
	return s.count(ctx, "count followers", `select `+kept("followers", "$1"), actor)
}

// DeletedObject tells of an object of ours that was deleted.
func (s *Store) DeletedObject(ctx context.Context, uri string) (federation.Deleted, error) {
	d := federation.Deleted{URI: uri}
	err := s.pool.QueryRow(ctx, `
		with told as (
			select type, convert_from(json, 'UTF8')::jsonb as json from activities
			where object_uri = $1 and type in ('Create', 'Update')
		)
		select coalesce((select json #>> '{object,type}' from told where type = 'Create' limit 1), ''),
			published, deleted,
			array(select distinct jsonb_array_elements_text(json -> 'to') from told order by 1),
			array(select distinct jsonb_array_elements_text(json -> 'cc') from told order by 1)
		from objects where id = $1 and deleted is not null`, uri).
		Scan(&d.Type, orZero(&d.Published), &d.At, &d.To, &d.CC)
	return d, wrap("read tombstone", err)
}

// inThread is what collections list of a conversation: a post that only quotes
// what it stands below answers nothing.
var inThread = shownBy("c") + ` and (c.quotes = '' or c.in_reply_to <> '')`

// threadPart is the condition of a part on comments c, as the indexes have it,
// with its parameters.
func threadPart(article uuid.UUID, part federation.ThreadPart) (where string, args []any) {
	where, args = `c.article_id = $1 and `+inThread, []any{article}
	switch {
	case part.Everything:
	case part.Parent == uuid.Nil:
		where += ` and c.parent_id is null and c.stands`
	default:
		where += ` and c.parent_id = $2 and c.stands`
		args = append(args, part.Parent)
	}
	return where, args
}

// ThreadURIs returns ids of visible comments, oldest first.
func (s *Store) ThreadURIs(ctx context.Context, article uuid.UUID, part federation.ThreadPart, after blog.Cursor, limit int) ([]federation.ThreadURI, error) {
	where, args := threadPart(article, part)
	if !after.IsZero() {
		where += fmt.Sprintf(` and (c.published, c.id) > ($%d, $%d)`, len(args)+1, len(args)+2)
		args = append(args, after.At, after.ID)
	}
	rows, err := s.pool.Query(ctx, fmt.Sprintf(`
		select c.object_uri, c.published, c.id from comments c
		where %s
		order by c.published, c.id
		limit $%d`, where, len(args)+1), append(args, limit)...)
	if err != nil {
		return nil, wrap("list thread", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u federation.ThreadURI, err error) {
		err = row.Scan(&u.URI, &u.Place.At, &u.Place.ID)
		return u, err
	})
	return list, wrap("list thread", err)
}

// ThreadCount counts what ThreadURIs lists. Nothing is counted anew but what
// stands below a comment and is not listed.
func (s *Store) ThreadCount(ctx context.Context, article uuid.UUID, part federation.ThreadPart) (int, error) {
	switch {
	case part.Everything:
		return s.count(ctx, "count thread", `
			select coalesce((select comments from articles where id = $1), 0) - `+kept("asides", "$1"), article)
	case part.Parent == uuid.Nil:
		return s.count(ctx, "count thread", `select `+kept("replies", "$1"), article)
	}
	return s.count(ctx, "count thread", `
		select coalesce((select answers from comments where id = $2 and article_id = $1), 0) - (
			select count(*) from comments c where c.article_id = $1 and c.parent_id = $2 and c.stands and not (`+inThread+`))`, article, part.Parent)
}

// Ancestors returns who wrote the comments above one of ours.
func (s *Store) Ancestors(ctx context.Context, comment uuid.UUID, limit int) ([]federation.RemoteActor, error) {
	rows, err := s.pool.Query(ctx, `
		with recursive above (actor_id, parent_id, shown, distance) as (
			select p.actor_id, p.parent_id, `+shownBy("p")+`, 1
			from comments c join comments p on p.id = c.parent_id where c.id = $1
			union all
			select p.actor_id, p.parent_id, `+shownBy("p")+`, a.distance + 1
			from above a join comments p on p.id = a.parent_id
			where a.distance < 100 -- a circle must end somewhere
		)
		select a.id, a.uri, a.type, a.handle, a.domain, a.name, a.url, a.inbox, a.shared_inbox
		from above b join actors a on a.id = b.actor_id
		where b.shown and a.kind = 'remote' and a.deleted is null
		group by a.id
		order by min(b.distance)
		limit $2`, comment, limit)
	if err != nil {
		return nil, wrap("list people of a thread", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a federation.RemoteActor, err error) {
		err = row.Scan(&a.ID, &a.URI, &a.Type, &a.Handle, &a.Domain, &a.Name, &a.URL, &a.Inbox, &a.SharedInbox)
		return a, err
	})
	return list, wrap("list people of a thread", err)
}

// InsertLocalActor makes an actor of ours; the first of several nodes wins.
func (s *Store) InsertLocalActor(ctx context.Context, a federation.NewLocalActor) error {
	keys := s.sealKeys(a.ID, a.Keys)
	_, err := s.pool.Exec(ctx, `
		insert into actors (id, uri, kind, type, handle, domain, name, inbox, private_key, private_ed25519, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, now()))
		on conflict do nothing`,
		a.ID, a.URI, a.Kind, a.Type, a.Handle, a.Domain, a.Name, a.Inbox, keys.RSA, keys.Ed25519, nullTime(a.Created))
	return wrap("insert actor", err)
}

// LocalKeys returns the private keys of an actor of ours.
func (s *Store) LocalKeys(ctx context.Context, actor uuid.UUID) (federation.LocalKeys, error) {
	var k federation.LocalKeys
	err := s.pool.QueryRow(ctx, `
		select private_key, private_ed25519 from actors where id = $1 and private_key <> ''`, actor).Scan(&k.RSA, &k.Ed25519)
	if err != nil {
		return k, wrap("read keys", err)
	}
	return s.unsealKeys(actor, k)
}

// kept is a number that triggers count: of what, of the parameter; see the table
// counts.
func kept(what, of string) string {
	return `(select coalesce(sum(n), 0)::bigint from counts where what = '` + what + `' and of = ` + of + `)`
}

// ofBlog is what numbers of the whole blog are of.
const ofBlog = `'00000000-0000-0000-0000-000000000000'::uuid`

func (s *Store) count(ctx context.Context, op, sql string, args ...any) (int, error) {
	n := 0
	if err := s.pool.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("%s: %w", op, wrap("query", err))
	}
	return n, nil
}
