package postgres

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// articleColumns are what scanArticle reads, of the table articles.
const articleColumns = `
	articles.id, articles.object_uri, articles.slug, articles.status, articles.title, articles.summary,
	articles.excerpt, articles.markdown, articles.html, articles.text, articles.words, articles.language,
	articles.tags, articles.files, articles.mentions, articles.headings, articles.cover, articles.cover_alt,
	articles.actor_id, articles.account_id, articles.revision, articles.created, articles.changed,
	articles.published, articles.updated, articles.deleted, articles.likes, articles.boosts, articles.comments,
	articles.quoted, articles.comment_policy, articles.close_days, articles.web_comments, articles.quote_policy,
	articles.static, articles.series, articles.part, articles.pinned, articles.translation_of, articles.history,
	articles.authors, articles.cover_caption, articles.share_image`

func scanArticle(row pgx.CollectableRow) (a blog.Article, err error) {
	var html string
	err = row.Scan(
		&a.ID, &a.ObjectURI, &a.Slug, &a.Status, &a.Title, &a.Summary,
		&a.Excerpt, &a.Markdown, &html, &a.Text, &a.Words, &a.Language,
		&a.Tags, &a.Files, &a.Mentions, &a.Headings, &a.Cover, &a.CoverAlt,
		&a.ActorID, &a.AccountID, &a.Revision, &a.Created, &a.Changed,
		orZero(&a.Published), orZero(&a.Updated), orZero(&a.Deleted), &a.Likes, &a.Boosts, &a.Comments,
		&a.Quoted, &a.CommentPolicy, &a.CloseDays, &a.WebComments, &a.QuotePolicy,
		&a.Static, &a.Series, &a.Part, orZero(&a.Pinned), &a.TranslationOf, &a.History,
		&a.Authors, &a.CoverCaption, &a.ShareImage)
	a.HTML = markup.SafeFromStore(html)
	return a, err
}

// article reads the one article for which rest, the end of the query, holds.
func article(ctx context.Context, db querier, rest string, args ...any) (blog.Article, error) {
	rows, err := db.Query(ctx, `select `+articleColumns+` from articles `+rest, args...)
	if err != nil {
		return blog.Article{}, err
	}
	return pgx.CollectExactlyOneRow(rows, scanArticle)
}

// Article returns the article in whatever state it is; a deleted one has no
// text left.
func (s *Store) Article(ctx context.Context, id uuid.UUID) (blog.Article, error) {
	a, err := article(ctx, s.pool, `where id = $1`, id)
	return a, wrap("article", err)
}

// ArticleBySlug returns the article that has the slug or had it. A deleted one
// comes with blog.ErrGone, a draft with blog.ErrNotFound.
func (s *Store) ArticleBySlug(ctx context.Context, slug string) (blog.Article, error) {
	a, err := article(ctx, s.pool, `
		join slugs on slugs.article_id = articles.id
		where slugs.slug = $1`, slug)
	switch {
	case err != nil:
	case a.Status == blog.Deleted:
		err = blog.ErrGone
	case a.Status == blog.Draft:
		err = blog.ErrNotFound
	}
	return a, wrap("article by slug", err)
}

// ArticleByObject returns the article whose present object has the id uri. A
// deleted one comes with blog.ErrGone; so does an id that an article had
// before it was deleted and published again, without the article.
func (s *Store) ArticleByObject(ctx context.Context, uri string) (blog.Article, error) {
	a, err := article(ctx, s.pool, `where object_uri = $1 and object_uri <> ''`, uri)
	switch {
	case err == nil && a.Status == blog.Deleted:
		err = blog.ErrGone
	case errors.Is(err, pgx.ErrNoRows):
		err = goneOrNoRow(ctx, s.pool, uri, "article")
	}
	return a, wrap("article by object", err)
}

// goneOrNoRow is blog.ErrGone for an id that was deleted, pgx.ErrNoRows for an
// unknown one.
func goneOrNoRow(ctx context.Context, db querier, uri, kind string) error {
	var gone bool
	err := db.QueryRow(ctx, `
		select exists (
			select from objects where id = $1 and kind in ($2, 'unknown') and deleted is not null)`,
		uri, kind).Scan(&gone)
	switch {
	case err != nil:
		return err
	case gone:
		return blog.ErrGone
	}
	return pgx.ErrNoRows
}

// Articles returns the articles that q picks; see blog.ArticleQuery.Cursor
// for their order.
func (s *Store) Articles(ctx context.Context, q blog.ArticleQuery) ([]blog.Article, error) {
	if q.Search != "" && q.ByChange() && q.After.IsZero() {
		// A frequent word fills the page from what changed last. The planner takes
		// every word for a rare one, and would read whatever has it.
		newest, err := s.articles(ctx, q, `(select * from articles order by changed desc, id desc limit `+strconv.Itoa(searchedArticles)+`) articles`)
		if err != nil || len(newest) == q.Limit {
			return newest, wrap("articles", err)
		}
	}
	found, err := s.articles(ctx, q, `articles`)
	return found, wrap("articles", err)
}

// searchedArticles is how many of the articles that changed last are looked
// through for a word before an index of words is asked.
const searchedArticles = 500

func (s *Store) articles(ctx context.Context, q blog.ArticleQuery, from string) ([]blog.Article, error) {
	sql, args := articlesQuery(q, from)
	rows, err := s.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	articles, err := pgx.CollectRows(rows, scanArticle)
	if q.Before.IsZero() && !q.After.IsZero() {
		slices.Reverse(articles)
	}
	return articles, err
}

// articlesQuery picks from articles, or from a part that goes by their name.
func articlesQuery(q blog.ArticleQuery, from string) (sql string, args []any) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	at, where := "published", []string{`status = 'published'`} // literal, for the partial indexes
	if q.ByChange() {
		at, where = "changed", []string{`status = any (` + arg(q.Statuses) + `)`}
		if !slices.Contains(q.Statuses, blog.Deleted) {
			where = append(where, `status <> 'deleted'`)
		}
	}
	switch {
	case q.Static:
		where = append(where, `static`)
	case !q.All && !q.ByChange():
		where = append(where, `not static and translation_of is null`)
	}
	if q.Series != "" {
		where = append(where, `series_key = `+arg(blog.TagKey(q.Series)))
	}
	if q.Author != uuid.Nil {
		where = append(where, `authors @> array[`+arg(q.Author)+`::uuid]`)
	}
	if q.Writer != uuid.Nil {
		writer := arg(q.Writer)
		where = append(where, `(account_id = `+writer+` or authors @> array[`+writer+`::uuid])`)
	}
	if !q.From.IsZero() {
		where = append(where, at+` >= `+arg(q.From))
	}
	if !q.Until.IsZero() {
		where = append(where, at+` < `+arg(q.Until))
	}
	if q.Tag != "" {
		where = append(where, `tag_keys @> array[`+arg(blog.TagKey(q.Tag))+`::text]`)
	}
	if q.Actor != uuid.Nil {
		where = append(where, `actor_id = `+arg(q.Actor))
	}
	if q.Account != uuid.Nil {
		where = append(where, `account_id = `+arg(q.Account))
	}
	if pattern := containing(q.Search); pattern != "" {
		where = append(where, `(title ilike `+arg(pattern)+` or text ilike `+arg(pattern)+`)`)
	}
	order := "desc"
	switch {
	case !q.Before.IsZero():
		where = append(where, `(`+at+`, id) < (`+arg(q.Before.At)+`, `+arg(q.Before.ID)+`)`)
	case !q.After.IsZero():
		order = "asc"
		where = append(where, `(`+at+`, id) > (`+arg(q.After.At)+`, `+arg(q.After.ID)+`)`)
	}
	return `select ` + articleColumns + ` from ` + from + ` where ` + strings.Join(where, ` and `) +
		` order by ` + at + ` ` + order + `, id ` + order + ` limit ` + arg(q.Limit), args
}

// ArticleCounts returns how many posts there are in each state; a state without
// one is missing.
func (s *Store) ArticleCounts(ctx context.Context) (map[blog.Status]int, error) {
	counts, err := countBy[blog.Status](ctx, s.pool, `select status, articles from article_counts where articles > 0`)
	return counts, wrap("count articles", err)
}

// ArticlesChanged is when a public article was last published, edited or taken
// back.
func (s *Store) ArticlesChanged(ctx context.Context) (last time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select max(changed) from articles where status in ('published', 'deleted')`).Scan(orZero(&last))
	return last, wrap("last change of articles", err)
}

// countBy reads rows of a name and a number.
func countBy[K ~string](ctx context.Context, db querier, sql string) (map[K]int, error) {
	rows, err := db.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	counts := map[K]int{}
	var key K
	var n int
	_, err = pgx.ForEachRow(rows, []any{&key, &n}, func() error {
		counts[key] = n
		return nil
	})
	return counts, err
}

// Revisions returns what was saved of an article, newest first.
func (s *Store) Revisions(ctx context.Context, article uuid.UUID) ([]blog.Revision, error) {
	rows, err := s.pool.Query(ctx, `
		select `+revisionColumns+`
		from revisions where article_id = $1
		order by number desc`, article)
	if err != nil {
		return nil, wrap("revisions", err)
	}
	revisions, err := pgx.CollectRows(rows, scanRevision)
	return revisions, wrap("revisions", err)
}
