package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

const (
	// spelledDocuments and spelledBeginning bound what words are taken from: the
	// newest articles, and of each its beginning.
	spelledDocuments = 10_000
	spelledBeginning = 3000 // characters
	// spelledWords is how many words are kept, those of the most articles.
	spelledWords = 30_000
)

// missing reports that the database has no pg_trgm: no operator or no function
// of the name.
func missing(err error) bool { return code(err) == "42883" }

// SpellWords needs pg_trgm and says nothing without.
func (s *Store) SpellWords(ctx context.Context, words []string) (map[string]string, error) {
	better := map[string]string{}
	err := s.briefly(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			select asked, near.word from unnest($1::text[]) as asked, lateral (
				select word from search_words
				where word % asked and abs(length(word) - length(asked)) < 3
				order by similarity(word, asked) desc, documents desc, word
				limit 1) near
			where length(asked) between 4 and 40 and not exists (select from search_words where word = asked)
			limit 8`, words)
		if err != nil {
			return err
		}
		var asked, near string
		_, err = pgx.ForEachRow(rows, []any{&asked, &near}, func() error {
			better[asked] = near
			return nil
		})
		return err
	})
	if missing(err) {
		return nil, nil
	}
	return better, wrap("spell words", err)
}

// Similar needs pg_trgm and says nothing without.
func (s *Store) Similar(ctx context.Context, slug string, limit int) ([]blog.Label, error) {
	var found []blog.Label
	err := s.briefly(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			with near as (
				select article_id, similarity(slug, $1) as similarity from slugs where slug % $1 limit 300
			), best as (
				select article_id, max(similarity) as similarity from near group by 1
			)
			select a.slug, a.title, a.excerpt, a.language
			from best join articles a on a.id = best.article_id and a.status = 'published'
			order by best.similarity desc, a.published desc
			limit $2`, slug, limit)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, pgx.RowToStructByPos[blog.Label])
		return err
	})
	if missing(err) {
		return nil, nil
	}
	return found, wrap("similar addresses", err)
}

// Labels reads nothing of the articles but what they are called.
func (s *Store) Labels(ctx context.Context, limit int) ([]blog.Label, error) {
	rows, err := s.pool.Query(ctx, `
		select slug, title, excerpt, language from articles
		where status = 'published' and not static and translation_of is null
		order by published desc, id desc
		limit $1`, limit)
	if err != nil {
		return nil, wrap("labels", err)
	}
	labels, err := pgx.CollectRows(rows, pgx.RowToStructByPos[blog.Label])
	return labels, wrap("labels", err)
}

// RefreshSearch brings in line what is not written with the articles: comments,
// if they are searched, and the words for "did you mean".
func (s *Store) RefreshSearch(ctx context.Context) error {
	site, err := s.Site(ctx)
	if err != nil {
		return err
	}
	if err := s.searchComments(ctx, site.Search.Comments); err != nil {
		return wrap("search comments", err)
	}
	return wrap("words of search", s.tx(ctx, func(tx pgx.Tx) error { return refreshWords(ctx, tx) }))
}

// refreshWords takes the words anew if an article was written since.
func refreshWords(ctx context.Context, tx pgx.Tx) error {
	var fresh bool
	err := tx.QueryRow(ctx, `
		select coalesce((select max(made) from search_words) >= max(indexed), max(indexed) is null) from search_documents
		where kind <> 'comment'`).Scan(&fresh)
	if err != nil || fresh {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from search_words`); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into search_words (word, documents, made)
		select word, count(*), now() from (
			select title, tags, text from articles where status = 'published' order by published desc limit $1) a,
			unnest(tsvector_to_array(to_tsvector('simple',
				title || ' ' || array_to_string(tags, ' ') || ' ' || left(text, $2)))) as word
		where word ~ '^[[:alpha:]]{4,30}$'
		group by word
		order by count(*) desc, word
		limit $3`, spelledDocuments, spelledBeginning, spelledWords)
	return err
}

// searchedComment is the rule for comments that are found: readers see them, and
// not only after a warning, which an excerpt would pass over.
var searchedComment = shownComment + ` and comments.warning = ''`

// commentBatch is how many comments one statement takes in.
const commentBatch = 1000

// searchComments takes in the comments that readers see and that are not there
// as they are now, and lets go of all others.
func (s *Store) searchComments(ctx context.Context, on bool) error {
	gone := `not exists (select from comments where comments.id = d.id and comments.article_id = d.article_id
		and d.indexed > comments.changed and ` + searchedComment + `)`
	if !on {
		gone = `true`
	}
	if _, err := s.pool.Exec(ctx, `delete from search_documents d where kind = 'comment' and `+gone); err != nil || !on {
		return err
	}
	for after := uuid.Nil; ; {
		err := s.pool.QueryRow(ctx, `
			with next as (
				select comments.id, comments.article_id, comments.text, comments.published,
					coalesce(nullif(comments.language, ''), articles.language) as language
				from comments join articles on articles.id = comments.article_id and articles.status = 'published'
				where comments.id > $1 and `+searchedComment+` and comments.text <> ''
					and not exists (select from search_documents d where d.id = comments.id)
				order by comments.id limit $2
			), made as (
				insert into search_documents (id, kind, article_id, language, config, published, head, body)
				select id, 'comment', article_id, split_part(lower(language), '-', 1), search_config(language), published, '',
					search_vector(search_config(language), text)
				from next
			)
			select id from next order by id desc limit 1`, after, commentBatch).Scan(&after)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
