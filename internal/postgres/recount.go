package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Miscount is something that does not agree with what it was made from.
type Miscount struct {
	What    string // such as "comments of articles"
	Rows    int    // that are wrong
	Example string // one of them: its id, key or address
}

// recounts are statements that return the keys of wrong rows: counters that are
// not what counting gives, rows that belong to nothing, and work that nobody
// would ever take up.
var recounts = []struct{ what, wrong string }{
	{"comments of articles", `
		select a.id::text from articles a left join (
			select article_id, count(*) as n from comments where ` + shownComment + ` group by 1) c on c.article_id = a.id
		where a.comments <> coalesce(c.n, 0)`},
	{"reactions to articles", miscountedReactions("articles", "article_id")},
	{"reactions to comments", miscountedReactions("comments", "comment_id")},
	{"answers to comments", `
		select c.id::text from comments c left join (
			select parent_id, count(*) as n from comments where stands group by 1) below on below.parent_id = c.id
		where c.answers <> coalesce(below.n, 0)`},
	{"comments by state", `
		select coalesce(k.state, c.state) from (select state, sum(comments) as comments from comment_counts group by 1) k full join (
			select state, count(*) as n from comments group by 1) c using (state)
		where coalesce(k.comments, 0) <> coalesce(c.n, 0)`},
	{"quotes of articles", miscountedQuotes("articles")},
	{"quotes of comments", miscountedQuotes("comments")},
	{"articles by state", `
		select coalesce(k.status, a.status) from article_counts k full join (
			select status, count(*) as n from articles where not static and translation_of is null group by 1) a using (status)
		where coalesce(k.articles, 0) <> coalesce(a.n, 0)`},
	{"articles by topic", `
		select coalesce(t.key, a.key) from tags t full join (
			select key, count(*) as n from articles, unnest(tag_keys, tags) as u (key, name)
			where ` + listedArticle + ` and key is not null and name is not null group by 1) a using (key)
		where coalesce(t.articles, 0) <> coalesce(a.n, 0)`},
	{"articles by author", `
		select coalesce(k.account_id, a.account_id)::text from author_counts k full join (
			select u.account_id, count(*) as n from articles, unnest(authors) as u (account_id)
			where ` + listedArticle + ` group by 1) a using (account_id)
		where coalesce(k.articles, 0) <> coalesce(a.n, 0)`},
	{"articles by month", `
		select coalesce(k.month, a.month)::text from article_months k full join (
			select date_trunc('month', published at time zone 'UTC')::date as month, count(*) as pages,
				count(*) filter (where ` + listedArticle + `) as n, max(coalesce(updated, published)) as changed
			from articles where status = 'published' group by 1) a using (month)
		where coalesce(k.articles, 0) <> coalesce(a.n, 0) or coalesce(k.pages, 0) <> coalesce(a.pages, 0) or k.changed < a.changed`},
	{"numbers", `
		select coalesce(k.what, c.what) || ' of ' || coalesce(k.of, c.of) from (
			select what, of, sum(n) as n from counts group by 1, 2) k full join (
			select what, of, count(*) as n from comments c, counted(c) group by 1, 2
			union all
			select 'listed', actor_id, count(*) from activities where listed group by actor_id
			union all
			select 'followers', target_id, count(*) from followers group by target_id
			union all
			select 'people', ` + ofBlog + `, count(distinct actor_id) from followers
			union all
			select 'servers', ` + ofBlog + `, count(*) from follower_servers where followers > 0) c using (what, of)
		where coalesce(k.n, 0) <> coalesce(c.n, 0)`},
	{"followers by server", `
		select coalesce(k.domain, f.domain) from follower_servers k full join (
			select a.domain, count(distinct a.id) as n from followers join actors a on a.id = actor_id group by 1) f using (domain)
		where coalesce(k.followers, 0) <> coalesce(f.n, 0)`},
	{"deliveries by activity and state", `
		select coalesce(k.activity_id, d.activity_id)::text from (
			select activity_id, state, sum(deliveries) as n from delivery_counts group by 1, 2) k full join (
			select activity_id, state, count(*) as n from deliveries group by 1, 2) d using (activity_id, state)
		where coalesce(k.n, 0) <> coalesce(d.n, 0)`},
	{"letters of issues", `
		select coalesce(k.issue_id, l.issue_id)::text from (select * from letter_counts where letters <> 0) k full join (
			select issue_id, state, count(*) as n from letters group by 1, 2) l using (issue_id, state)
		where coalesce(k.letters, 0) <> coalesce(l.n, 0)`},
	{"views by day and site", `
		select coalesce(k.day, v.day) || ' ' || coalesce(k.referrer, v.referrer) from view_days k full join (
			select day, referrer, sum(views) as views, sum(visitors) as visitors from views group by 1, 2) v using (day, referrer)
		where (coalesce(k.views, 0), coalesce(k.visitors, 0)) <> (coalesce(v.views, 0), coalesce(v.visitors, 0))`},
	{"views of articles by period", `
		select coalesce(k.days, v.days) || ' ' || coalesce(k.article, v.article) from view_articles k full join (
			select days, page::uuid as article, sum(views) as views, sum(visitors) as visitors
			from views join view_periods on day >= until - days and day < until where page not in ('front', 'other') group by 1, 2) v using (days, article)
		where (coalesce(k.views, 0), coalesce(k.visitors, 0)) <> (coalesce(v.views, 0), coalesce(v.visitors, 0))`},
	{"reports that are not found by what they are of", `
		select r.id::text from reports r cross join unnest(r.objects) o (uri)
		where octet_length(o.uri) < 2500 and not exists (select from reported k where k.uri = o.uri and k.report_id = r.id)
		union
		select r.id::text from reports r cross join unnest(r.comments) t (id) join comments c on c.id = t.id join actors a on a.id = c.actor_id
		where not exists (select from reported k where k.uri = a.uri and k.report_id = r.id)`},
	{"quotes whose post is there", `
		select q.id::text from quotes q
		where q.posted <> exists (select from comments c where c.object_uri = q.object_uri and c.state <> 'deleted')`},
	{"bytes of copies", `
		select 'all' from (select coalesce(sum(bytes), 0) as n from remote_media_bytes) k, (select coalesce(sum(bytes), 0) as n from remote_media) m
		where k.n <> m.n`},
	{"copies that nothing shows", `
		select m.id::text from remote_media m
		where not orphan and not exists (select from remote_media_uses u where u.media_id = m.id)`},
	{"articles that search does not find", `
		select a.id::text from articles a left join search_documents d on d.id = a.id
		where (a.status = 'published') <> (d.id is not null)`},
	{"objects of nothing", `
		select o.id from objects o
		where o.deleted is null and o.subject is not null and case o.kind
			when 'article' then not exists (select from articles where id = o.subject)
			when 'comment' then not exists (select from comments where id = o.subject)
			else false end`},
	{"comments apart from their thread", `
		select c.object_uri from comments c join comments above on above.id = c.parent_id
		where c.article_id is not null and (c.article_id is distinct from above.article_id or c.root_id is distinct from above.root_id)`},
	{"reactions to nothing", `
		select activity_uri from reactions where article_id is null and comment_id is null`},
	{"deliveries that nobody makes", `
		select d.inbox from deliveries d left join hosts h on h.host = d.host
		where d.state = 'waiting' and h.suspended is null and (h.lease_until is null or h.lease_until < now())
			and case when d.low then h.low_next_at else h.next_at end is null`},
	{"activities that nobody processes", `
		select activity_uri from inbound where done is null and next_at is null`},
}

const listedArticle = `status = 'published' and not static and translation_of is null`

func miscountedReactions(table, column string) string {
	return `
		select t.id::text from ` + table + ` t left join (
			select ` + column + ` as id, count(*) filter (where kind = 'like') as likes, count(*) filter (where kind = 'boost') as boosts
			from reactions group by 1) r on r.id = t.id
		where t.likes <> coalesce(r.likes, 0) or t.boosts <> coalesce(r.boosts, 0)`
}

func miscountedQuotes(table string) string {
	return `
		select t.id::text from ` + table + ` t left join (
			select quotes, count(*) as n from comments
			where quotes <> '' and article_id is not null and ` + shownComment + ` group by 1) q on q.quotes = t.object_uri
		where t.object_uri <> '' and t.quoted <> coalesce(q.n, 0)`
}

// Recount counts everything anew and compares it with what is kept, in one view
// of the database, so that it may be done while nodes work. It reads most
// tables whole. Nothing wrong gives none.
func (s *Store) Recount(ctx context.Context) ([]Miscount, error) {
	var wrong []Miscount
	view := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, s.pool, view, func(tx pgx.Tx) error {
		// It takes as long as the blog is large.
		if _, err := tx.Exec(ctx, `set local statement_timeout = 0`); err != nil {
			return err
		}
		for _, r := range recounts {
			m := Miscount{What: r.what}
			err := tx.QueryRow(ctx, `select count(*), coalesce(min(w.key), '') from (`+r.wrong+`) w (key)`).Scan(&m.Rows, &m.Example)
			if err != nil {
				return fmt.Errorf("%s: %w", r.what, err)
			}
			if m.Rows > 0 {
				wrong = append(wrong, m)
			}
		}
		return nil
	})
	return wrong, wrap("recount", err)
}
