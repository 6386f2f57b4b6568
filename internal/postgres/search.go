package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

const (
	// searchTime bounds a statement of a search.
	searchTime = time.Second
	// similarEnough is how much words have to be alike: two letters that changed
	// places leave little that is.
	similarEnough = "0.25"
	// searchRanked is how many of what was found are compared by their whole
	// text. They are those that come first by title, topics, authors, summary and
	// headings, and then by date.
	searchRanked = 120
)

// Search reads one page of what is found: first which, then their texts.
func (s *Store) Search(ctx context.Context, q blog.SearchQuery) (found blog.SearchPage, err error) {
	err = s.briefly(ctx, func(tx pgx.Tx) error {
		asked, err := askedQueries(ctx, tx, q.Words)
		if err != nil {
			return err
		}
		if len(asked.configs) == 0 {
			found = blog.SearchPage{Empty: true}
			return nil
		}
		ids, total, err := searchPlaces(ctx, tx, q, asked)
		if err != nil {
			return err
		}
		found = blog.SearchPage{Total: total}
		found.Found, err = searchTexts(ctx, tx, q.Words, ids, asked)
		return err
	})
	return found, wrap("search", err)
}

// briefly reads in a transaction whose statements may not take long: that is
// blog.ErrTooGeneral. They go by the indexes: the planner does not know what it
// takes to unpack each vector of a table.
func (s *Store) briefly(ctx context.Context, do func(pgx.Tx) error) error {
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			select set_config('statement_timeout', $1, true), set_config('enable_seqscan', 'off', true),
				set_config('jit', 'off', true), set_config('pg_trgm.similarity_threshold', $2, true)`,
			strconv.FormatInt(searchTime.Milliseconds(), 10), similarEnough)
		if err != nil {
			return err
		}
		return do(tx)
	})
	if code(err) == "57014" { // query_canceled
		return errors.Join(blog.ErrTooGeneral, err)
	}
	return err
}

// askedIn is what is looked for, as each configuration that some document has
// understands it. An index does not know where words stand: loose are the
// queries with phrases as mere words, by which it finds what is then looked
// into; for those without phrases they are the queries themselves.
type askedIn struct{ configs, queries, loose []string }

// askedQueries leaves out the configurations in which nothing is left to look
// for: a word may be a stop word there.
func askedQueries(ctx context.Context, tx pgx.Tx, words blog.Wanted) (asked askedIn, err error) {
	must, not := words.TSQuery()
	rows, err := tx.Query(ctx, `
		with recursive known (config) as (
			(select config from search_documents order by config limit 1)
			union all
			select (select config from search_documents where config > known.config order by config limit 1)
			from known where known.config is not null
		), asked as materialized (
			select config, to_tsquery(config::regconfig, $1) as must,
				to_tsquery(config::regconfig, $2) as never
			from known where config is not null
		)
		select config, query::text, case when query::text ~ '<' then regexp_replace(must::text, '<(-|\d+)>', '&', 'g') else query::text end
		from (
			select config, must, case when numnode(never) > 0 then must && !!never else must end as query
			from asked where numnode(must) > 0) q`, must, not)
	if err != nil {
		return asked, err
	}
	var config, query, loose string
	_, err = pgx.ForEachRow(rows, []any{&config, &query, &loose}, func() error {
		asked.configs = append(asked.configs, config)
		asked.queries, asked.loose = append(asked.queries, query), append(asked.loose, loose)
		return nil
	})
	return asked, err
}

// searchPlaces finds the documents of a page, and counts all.
func searchPlaces(ctx context.Context, tx pgx.Tx, q blog.SearchQuery, asked askedIn) (ids []uuid.UUID, total int, err error) {
	filter, args := searchFilter(q, []any{asked.configs, asked.queries, asked.loose, blog.MaxFound + 1, searchRanked, q.Limit, q.Offset})
	rows, err := tx.Query(ctx, `
		with asked as materialized (
			select config, query::tsquery, loose::tsquery, query <> loose as inside
			from unnest($1::text[], $2::text[], $3::text[]) as t (config, query, loose)
		), matched as materialized (
			select d.id, d.published, asked.query, ts_rank_cd(d.head, asked.query, 1) as front
			from asked join search_documents d on d.config = asked.config and (d.head || d.body) @@ asked.loose
				and (not inside or (d.head || d.body) @@ asked.query)
			where `+filter+`
			order by front desc, published desc, id desc
			limit $4
		), placed as (
			select *, row_number() over (order by front desc, published desc, id desc) as place from matched
		), ranked as (
			select id, place, case when place <= $5 then (
				select ts_rank_cd(d.head || d.body, placed.query, 1) from search_documents d where d.id = placed.id)
				else -1 end as rank
			from placed
		)
		select id, (select count(*) from matched) from ranked
		order by rank desc, place
		limit $6 offset $7`, args...)
	if err != nil {
		return nil, 0, err
	}
	var id uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&id, &total}, func() error {
		ids = append(ids, id)
		return nil
	})
	return ids, total, err
}

// searchFilter is the condition on search_documents, named d. Of a comment it is
// asked now whether readers may see it: moderators do not wait.
func searchFilter(q blog.SearchQuery, args []any) (string, []any) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := []string{`(d.kind <> 'comment' or exists (
		select from comments where comments.id = d.id and comments.article_id = d.article_id and ` + searchedComment + `))`}
	if !q.Comments {
		where[0] = `d.kind <> 'comment'`
	}
	if q.Kind != "" {
		where = append(where, `d.kind = `+arg(string(q.Kind)))
	}
	if key := blog.TagKey(q.Tag); key != "" {
		where = append(where, `d.tags @> array[`+arg(key)+`::text]`)
	}
	if q.Author != uuid.Nil {
		where = append(where, `d.authors @> array[`+arg(q.Author)+`::uuid]`)
	}
	if q.Language != "" {
		where = append(where, `d.language = `+arg(strings.ToLower(q.Language)))
	}
	if !q.From.IsZero() {
		where = append(where, `d.published >= `+arg(q.From))
	}
	if !q.Until.IsZero() {
		where = append(where, `d.published < `+arg(q.Until))
	}
	return strings.Join(where, ` and `), args
}

// headline shows where the words are. ts_headline reads whole texts, so it gets
// the part around one of them; and it takes what looks like markup away, so it
// sees other characters instead.
const headline = `'StartSel="` + string(blog.FoundOpen) + `", StopSel="` + string(blog.FoundClose) +
	`", MaxFragments=2, MaxWords=26, MinWords=10, FragmentDelimiter=" … "'`

const hidden = `'` + "\x04\x05\x06" + `'`

var shownAgain = strings.NewReplacer("\x04", "<", "\x05", ">", "\x06", "&")

// searchTexts reads what a page shows of the documents, in their order.
func searchTexts(ctx context.Context, tx pgx.Tx, words blog.Wanted, ids []uuid.UUID, asked askedIn) ([]blog.Found, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, `
		with page as (
			select d.id, d.kind, d.config::regconfig as config, t.query::tsquery as query, p.place, a.slug, a.title,
				case when c.id is null then a.text else c.text end as text, d.language, d.published, a.words, a.tags,
				case when c.id is not null then array[coalesce(nullif(w.name, ''), w.handle)] else array(
					select coalesce(nullif(display_name, ''), name) from accounts
					where public and accounts.id = any (a.authors) order by array_position(a.authors, accounts.id)) end as names
			from unnest($1::uuid[]) with ordinality as p (id, place)
			join search_documents d on d.id = p.id
			join unnest($2::text[], $3::text[]) as t (config, query) on t.config = d.config
			join articles a on a.id = d.article_id and a.status = 'published'
			left join comments c on d.kind = 'comment' and c.id = d.id
			left join actors w on w.id = c.actor_id
		), near as (
			select page.*, coalesce((
				select min(at) from (
					select nullif(strpos(beginning, word), 0) as at, place
					from lower(left(text, 100000)) as beginning, unnest($4::text[]) with ordinality as n (word, place)
					where length(word) > 1
				) places
				where at is not null
				group by place order by place limit 1), 1) as at
			from page
		), cut as (
			select *, case when at > 300 then regexp_replace(substr(text, at - 160, 1800), '^\S*\s', '… ') else left(text, 1800) end as part
			from near
		)
		select kind, id, slug, ts_headline(config, translate(title, '<>&', `+hidden+`), query, `+headline+` || ', HighlightAll=true'),
			ts_headline(config, translate(part, '<>&', `+hidden+`), query, `+headline+`), language, published, words, tags, names, part
		from cut order by place`, ids, asked.configs, asked.queries, words.Near(stems(asked.queries)))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (f blog.Found, err error) {
		var part string
		err = row.Scan(&f.Kind, &f.ID, &f.Slug, &f.Title, &f.Excerpt, &f.Language, &f.Published, &f.Words, &f.Tags, &f.Names, &part)
		f.Title, f.Excerpt = shownAgain.Replace(f.Title), shownAgain.Replace(f.Excerpt)
		f.Title, f.Excerpt = words.Marked(f.Title, f.Title), words.Marked(blog.Torn(f.Excerpt, part), part)
		return f, err
	})
}

// stems are the words of tsqueries as the index has them.
func stems(queries []string) (all []string) {
	for _, query := range queries {
		for i, part := range strings.Split(query, "'") {
			if i%2 == 1 && part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// SearchScope skips from each language to the next, so it costs as many steps as
// there are languages.
func (s *Store) SearchScope(ctx context.Context) (scope blog.SearchScope, err error) {
	err = s.pool.QueryRow(ctx, `
		with recursive known (config, language) as (
			(select config, language from search_documents order by config, language limit 1)
			union all
			select n.config, n.language from known, lateral (
				select d.config, d.language from search_documents d
				where (d.config, d.language) > (known.config, known.language)
				order by d.config, d.language limit 1) n
		)
		select array(select language from known order by 1), min(published), max(published)
		from (
			(select published from articles where status = 'published' and not static and translation_of is null
			order by published limit 1)
			union all
			(select published from articles where status = 'published' and not static and translation_of is null
			order by published desc limit 1)) ends`).Scan(&scope.Languages, orZero(&scope.First), orZero(&scope.Last))
	return scope, wrap("scope of search", err)
}

// TagsNamed looks topics up by their folded names.
func (s *Store) TagsNamed(ctx context.Context, tags []string) ([]blog.TagCount, error) {
	rows, err := s.pool.Query(ctx, `
		select name, articles from tags where key = any ($1) and articles > 0
		order by articles desc, key`, blog.TagKeys(tags))
	if err != nil {
		return nil, wrap("tags by name", err)
	}
	named, err := pgx.CollectRows(rows, pgx.RowToStructByPos[blog.TagCount])
	return named, wrap("tags by name", err)
}

// monthsSQL takes the numbers of the months of UTC, and counts only what stands
// between the beginnings of a month here and there: it is of another month. One
// beside a month with posts may have some by that alone.
const monthsSQL = `
	with months as (
		select month, articles from article_months where articles > 0
	), beside as (
		select month from months union select (month - interval '1 month')::date from months
		union select (month + interval '1 month')::date from months
	), shifted as (
		select month, case when here < there then n else -n end as shift
		from beside cross join lateral (select month::timestamp at time zone $1 as here, month::timestamp at time zone 'UTC' as there) begins
			cross join lateral (
				select count(*) as n from articles
				where status = 'published' and not static and translation_of is null
				  and published >= least(here, there) and published < greatest(here, there)) between_them
	)
	select s.month::timestamp, coalesce(m.articles, 0) + s.shift - coalesce(next.shift, 0) as posts
	from shifted s left join months m using (month)
		left join shifted next on next.month = (s.month + interval '1 month')::date
	where coalesce(m.articles, 0) + s.shift - coalesce(next.shift, 0) > 0
	order by 1 desc`

// Months counts posts by the calendar of a time zone.
func (s *Store) Months(ctx context.Context, zone *time.Location) ([]blog.Month, error) {
	rows, err := s.pool.Query(ctx, monthsSQL, zone.String())
	if err != nil {
		return nil, wrap("months", err)
	}
	months, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m blog.Month, err error) {
		var first time.Time
		err = row.Scan(&first, &m.Articles)
		m.Year, m.Month = first.Year(), first.Month()
		return m, err
	})
	return months, wrap(fmt.Sprintf("months in %s", zone), err)
}
