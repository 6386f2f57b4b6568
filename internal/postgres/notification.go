package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// unmuted is the condition that nobody blocked or silenced the actor w or its
// server. It looks up the server's name and each domain above it.
const unmuted = `not exists (
	select from blocks b
	where b.severity in ('block', 'silence') and (
		b.kind = 'actor' and b.value = w.uri
		or b.kind = 'domain' and b.value in (
			select w.host union all
			select array_to_string(labels[i:], '.')
			from string_to_array(regexp_replace(w.host, ':[0-9]+$', ''), '.') labels, generate_subscripts(labels, 1) i)))`

// notified is what accounts hear of. Each part goes down an index by time and
// ends at the limit. $1 the kinds, $2 whose own (null = all), $3 after, $4 and
// $5 before, $6 the limit, $7 the account.
const notified = `
	(
		select k.kind, c.id, c.created as at, c.actor_id, '' as sender, c.article_id, c.id as comment_id, left(c.text, 300) as text
		from comments c
		join actors w on w.id = c.actor_id
		left join comments p on p.id = c.parent_id
		left join articles a on a.id = c.article_id
		cross join lateral (select case
			when c.state = 'waiting' then 'waiting'
			when c.visibility not in ('public', 'unlisted') then 'private'
			when c.mention then 'mention'
			when c.quotes <> '' then 'quote'
			when p.local and exists (select from actors o where o.id = p.actor_id and o.kind in ('blog', 'author')) then 'answer'
			else 'comment' end as kind) k
		where c.created > $3 and (c.created, c.id) < ($4, $5) and c.state in ('visible', 'waiting') and w.kind in ('remote', 'visitor')
		  and (a.status = 'published' or c.article_id is null and (c.mention or c.visibility not in ('public', 'unlisted')))
		  and k.kind = any ($1) and ($2::uuid is null or a.account_id = $2 or $2 = any (a.authors) or p.account_id = $2) and ` + unmuted + `
		order by c.created desc, c.id desc
		limit $6
	) union all (
		select k.kind, r.id, r.created, r.actor_id, '', coalesce(r.article_id, c.article_id), c.id, r.content
		from reactions r
		join actors w on w.id = r.actor_id
		left join comments c on c.id = r.comment_id
		left join articles a on a.id = coalesce(r.article_id, c.article_id)
		cross join lateral (select case r.kind when 'boost' then 'boost' else 'like' end as kind) k
		where r.created > $3 and (r.created, r.id) < ($4, $5) and w.kind = 'remote'
		  and (r.comment_id is null and a.status = 'published'
			or c.local and c.state = 'visible' and exists (select from actors o where o.id = c.actor_id and o.kind in ('blog', 'author')))
		  and k.kind = any ($1) and ($2::uuid is null or (r.comment_id is null and (a.account_id = $2 or $2 = any (a.authors))) or c.account_id = $2) and ` + unmuted + `
		order by r.created desc, r.id desc
		limit $6
	) union all (
		select 'follow', f.actor_id, f.created, f.actor_id, '', null, null, ''
		from followers f join actors w on w.id = f.actor_id
		where f.created > $3 and (f.created, f.actor_id) < ($4, $5) and 'follow' = any ($1) and $2::uuid is null and ` + unmuted + `
		order by f.created desc, f.actor_id desc
		limit $6
	) union all (
		select 'report', r.id, r.created, (select id from actors where kind = 'instance'), r.actor_uri, null, null, left(r.content, 300)
		from reports r
		where r.created > $3 and (r.created, r.id) < ($4, $5) and not r.outgoing and 'report' = any ($1) and $2::uuid is null
		order by r.created desc, r.id desc
		limit $6
	) union all (
		select 'security', audit.id, at,
			(select id from actors where kind in ('instance', 'blog') order by kind desc limit 1), action, null, null,
			concat_ws(' · ', detail ->> 'name', detail ->> 'device', detail ->> 'network')
		from audit
		where ` + aboutSecurity + ` and action <> 'security.end' and subject = $7
		  and at > $3 and (at, audit.id) < ($4, $5) and 'security' = any ($1)
		order by at desc, audit.id desc
		limit $6
	)`

func notifiedArgs(q blog.NotificationQuery) []any {
	before := q.Before
	if before.IsZero() {
		before.At = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	kinds := make([]string, len(q.Kinds))
	for i, kind := range q.Kinds {
		kinds[i] = string(kind)
	}
	return []any{kinds, nullID(q.Own), q.After, before.At, before.ID, q.Limit, q.Account.String()}
}

// Notifications returns what happened, newest first.
func (s *Store) Notifications(ctx context.Context, q blog.NotificationQuery) ([]blog.Notification, error) {
	rows, err := s.pool.Query(ctx, `
		select e.kind, e.id, e.at, e.sender, e.article_id, coalesce(articles.title, ''), coalesce(articles.slug, ''),
			e.comment_id, e.text, `+actorColumns+`
		from (select * from (`+notified+`) all_of_them order by at desc, id desc limit $6) e
		join actors on actors.id = e.actor_id
		left join articles on articles.id = e.article_id
		order by e.at desc, e.id desc`, notifiedArgs(q)...)
	if err != nil {
		return nil, wrap("notifications", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n blog.Notification, err error) {
		err = row.Scan(append([]any{
			&n.Kind, &n.ID, &n.At, &n.From, &n.Article, &n.Title, &n.Slug, &n.Comment, &n.Text,
		}, actorTargets(&n.Actor)...)...)
		return n, err
	})
	return list, wrap("notifications", err)
}

// NotificationCount counts them, up to the limit.
func (s *Store) NotificationCount(ctx context.Context, q blog.NotificationQuery) (int, error) {
	return s.count(ctx, "count notifications", `select count(*) from (select from (`+notified+`) e limit $6) f`, notifiedArgs(q)...)
}

// NotificationSettings returns what an account wants to hear of.
func (s *Store) NotificationSettings(ctx context.Context, account uuid.UUID) (n blog.NotificationSettings, err error) {
	err = s.pool.QueryRow(ctx, `
		select notifications, coalesce(notified, created), digested from accounts where id = $1`, account).
		Scan(&n, &n.Seen, orZero(&n.Digested))
	return n, wrap("notification settings", err)
}

// SetNotificationSettings stores what an account wants to hear of.
func (s *Store) SetNotificationSettings(ctx context.Context, account uuid.UUID, n blog.NotificationSettings, at time.Time) error {
	settings, err := json.Marshal(n)
	if err != nil {
		return wrap("set notification settings", err)
	}
	tag, err := s.pool.Exec(ctx, `
		update accounts set
			digested = case
				when $2::jsonb ->> 'digest' = '' then null
				when coalesce(notifications ->> 'digest', '') = '' then $3::timestamptz
				else digested end,
			notifications = $2
		where id = $1`, account, settings, at)
	if err == nil && tag.RowsAffected() == 0 {
		err = blog.ErrNotFound
	}
	return wrap("set notification settings", err)
}

// SetSeen moves the mark of what was read on, never back.
func (s *Store) SetSeen(ctx context.Context, account uuid.UUID, until time.Time) error {
	_, err := s.pool.Exec(ctx, `
		update accounts set notified = greatest(coalesce(notified, created), $2) where id = $1`, account, until)
	return wrap("set seen", err)
}

// SetDigested writes until when a digest told, with the job that sends it.
func (s *Store) SetDigested(ctx context.Context, account uuid.UUID, last, until time.Time, m *blog.Mail) error {
	return wrap("set digested", s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			update accounts set digested = $3
			where id = $1 and digested is not distinct from $2 and notifications ->> 'digest' <> ''`, account, nullTime(last), until)
		if err == nil && tag.RowsAffected() == 0 {
			err = blog.ErrConflict
		}
		if err != nil || m == nil {
			return err
		}
		return s.enqueue(ctx, tx, *m)
	}))
}
