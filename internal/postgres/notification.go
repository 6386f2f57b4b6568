package postgres

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// unmuted is the condition that nobody blocked or silenced the actor w or its
// server.
var unmuted = `not ` + blocked("actor", "array[w.uri]", "'block', 'silence'") + `
	and not ` + blocked("domain", namesOf("w.host"), "'block', 'silence'")

// notified is what accounts hear of. $1 the kinds, $2 whose own (null = all), $3 after, $4 and
// $5 before, $6 the limit, $7 the account. That the times are at most $4 follows
// from the rest, and tells the planner how few they are.
var notified = `
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
		where c.created > $3 and c.created <= $4 and (c.created, c.id) < ($4, $5) and c.state in ('visible', 'waiting') and w.kind in ('remote', 'visitor')
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
		where r.created > $3 and r.created <= $4 and (r.created, r.id) < ($4, $5) and w.kind = 'remote'
		  and (r.comment_id is null and a.status = 'published'
			or c.local and c.state = 'visible' and exists (select from actors o where o.id = c.actor_id and o.kind in ('blog', 'author')))
		  and k.kind = any ($1) and ($2::uuid is null or (r.comment_id is null and (a.account_id = $2 or $2 = any (a.authors))) or c.account_id = $2) and ` + unmuted + `
		order by r.created desc, r.id desc
		limit $6
	) union all (
		select 'follow', f.actor_id, f.created, f.actor_id, '', null, null, ''
		from followers f join actors w on w.id = f.actor_id
		where f.created > $3 and f.created <= $4 and (f.created, f.actor_id) < ($4, $5) and 'follow' = any ($1) and $2::uuid is null and ` + unmuted + `
		order by f.created desc, f.actor_id desc
		limit $6
	) union all (
		select 'report', r.id, r.created, (select id from actors where kind = 'instance'), r.actor_uri, null, null, left(r.content, 300)
		from reports r
		where r.created > $3 and r.created <= $4 and (r.created, r.id) < ($4, $5) and not r.outgoing and 'report' = any ($1) and $2::uuid is null
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

// windowRows is how many rows of each source are looked at first. Who hears of
// little has more looked at, for whole pages.
const windowRows = 1000

// window is since when more than n comments, reactions or follows came, of those
// that are asked for, before where a query begins; no less than its After. The
// planner would otherwise take what few kinds pick for rare and read everything.
func (s *Store) window(ctx context.Context, q blog.NotificationQuery, n int) (time.Time, error) {
	asked := func(kinds ...blog.NotificationKind) bool {
		return slices.ContainsFunc(kinds, func(k blog.NotificationKind) bool { return slices.Contains(q.Kinds, k) })
	}
	args := notifiedArgs(q)
	var since time.Time
	err := s.pool.QueryRow(ctx, `
		select max(at) from (
			(select created as at from comments
			where $5 and created > $1 and (created, id) < ($2, $3) order by created desc, id desc offset $4 limit 1)
			union all
			(select created from reactions
			where $6 and created > $1 and (created, id) < ($2, $3) order by created desc, id desc offset $4 limit 1)
			union all
			(select created from followers
			where $7 and created > $1 and (created, actor_id) < ($2, $3) order by created desc, actor_id desc offset $4 limit 1)) ends`,
		q.After, args[3], args[4], n,
		asked(blog.NotifyComment, blog.NotifyAnswer, blog.NotifyPrivate, blog.NotifyMention, blog.NotifyQuote, blog.NotifyWaiting),
		asked(blog.NotifyLike, blog.NotifyBoost), asked(blog.NotifyFollow)).Scan(orZero(&since))
	if since.Before(q.After) {
		since = q.After
	}
	return since, wrap("window of notifications", err)
}

// Notifications returns what happened, newest first.
func (s *Store) Notifications(ctx context.Context, q blog.NotificationQuery) ([]blog.Notification, error) {
	for n := windowRows + 4*q.Limit; ; n *= 20 {
		part := q
		var err error
		if part.After, err = s.window(ctx, q, n); err != nil {
			return nil, err
		}
		list, err := s.notifications(ctx, part)
		if err != nil || len(list) == q.Limit || part.After.Equal(q.After) {
			return list, err
		}
	}
}

func (s *Store) notifications(ctx context.Context, q blog.NotificationQuery) ([]blog.Notification, error) {
	rows, err := s.pool.Query(ctx, `
		select e.kind, e.id, e.at, e.sender, e.article_id, coalesce(articles.title, ''), coalesce(articles.slug, ''),
			e.comment_id, e.text, `+actorColumns+`
		from (select * from (`+notified+`) all_of_them order by at desc, id desc limit $6) e
		join actors on actors.id = e.actor_id
		left join articles on articles.id = e.article_id
		order by e.at desc, e.id desc`, append([]any{planned}, notifiedArgs(q)...)...)
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

// NotificationCount counts them, up to the limit, among the newest windowRows of
// each source: every page of the Studio asks.
func (s *Store) NotificationCount(ctx context.Context, q blog.NotificationQuery) (n int, err error) {
	if q.After, err = s.window(ctx, q, windowRows); err != nil {
		return 0, err
	}
	return s.count(ctx, "count notifications", `select count(*) from (select from (`+notified+`) e limit $6) f`,
		append([]any{planned}, notifiedArgs(q)...)...)
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
