package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// SaveArticle writes the article with its revision, slug and object. base is
// the revision that the change was made on, 0 for a new article. Counters are
// never written here.
func (s *Store) SaveArticle(
	ctx context.Context, a blog.Article, base int, job *blog.ArticleChanged, audit blog.AuditEntry,
) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		feeds, err := feedsOf(ctx, tx, a)
		if err != nil {
			return err
		}
		if err := writeArticle(ctx, tx, a, base); err != nil {
			return err
		}
		if err := takeSlug(ctx, tx, a); err != nil {
			return err
		}
		if err := insertRevision(ctx, tx, a, audit.AccountID); err != nil {
			return err
		}
		if a.ObjectURI != "" {
			if err := insertObject(ctx, tx, a.ObjectURI, "article", a.ID, a.Published); err != nil {
				return err
			}
		}
		if job != nil {
			if err := s.enqueue(ctx, tx, *job, feeds, blog.ShareImage{Article: a.ID}); err != nil {
				return err
			}
		}
		return insertAudit(ctx, tx, audit)
	})
	if uniqueViolation(err) == "articles_translation" {
		err = fmt.Errorf("%w: %w", &blog.Invalid{Field: "translation_of", Problem: "translation-taken", Detail: a.Language}, blog.ErrConflict)
	}
	if err != nil {
		return wrap("save article", err)
	}
	if a.Status == blog.Published {
		s.changed(append(translated(a), blog.PageArticle(a.ID), blog.PageList)...)
	}
	return nil
}

// translated is the tag of what an article is a translation of: pages and the
// object of that show it too.
func translated(a blog.Article) []string {
	if a.TranslationOf == uuid.Nil {
		return nil
	}
	return []string{blog.PageArticle(a.TranslationOf)}
}

// feedsOf are the feeds that an article is in, and was in before this save.
func feedsOf(ctx context.Context, tx pgx.Tx, a blog.Article) (f blog.FeedsChanged, err error) {
	err = tx.QueryRow(ctx, `
		select array(select unnest($2::text[]) union select unnest(tag_keys) from articles where id = $1 order by 1),
		       array(select unnest($3::uuid[]) union select unnest(authors) from articles where id = $1 order by 1)`,
		a.ID, blog.TagKeys(a.Tags), orEmpty(a.Authors)).Scan(&f.Tags, &f.Authors)
	return f, err
}

func writeArticle(ctx context.Context, tx pgx.Tx, a blog.Article, base int) error {
	if base == 0 {
		return insertArticle(ctx, tx, a)
	}
	args := append(articleArgs(a), base)
	tag, err := tx.Exec(ctx, `
		update articles set
			object_uri = $2, slug = $3, status = $4, title = $5, summary = $6, excerpt = $7, markdown = $8, html = $9,
			text = $10, words = $11, language = $12, tags = $13, tag_keys = $14, files = $15, mentions = $16,
			headings = $17, cover = $18, cover_alt = $19, actor_id = $20, account_id = $21, revision = $22,
			changed = $23, published = $24, updated = $25, deleted = $26, comment_policy = $27, close_days = $28,
			web_comments = $29, quote_policy = $30, static = $31, series = $32, series_key = $33, part = $34, pinned = $35,
			translation_of = $36, history = $37, authors = $38, cover_caption = $39
		where id = $1 and revision = $40`, args...)
	if err != nil || tag.RowsAffected() == 1 {
		return err
	}
	if _, err := article(ctx, tx, `where id = $1`, a.ID); err != nil {
		return err
	}
	return blog.ErrConflict
}

func insertArticle(ctx context.Context, tx pgx.Tx, a blog.Article) error {
	args := append(articleArgs(a), a.Created)
	_, err := tx.Exec(ctx, `
		insert into articles (
			id, object_uri, slug, status, title, summary, excerpt, markdown, html, text, words, language, tags,
			tag_keys, files, mentions, headings, cover, cover_alt, actor_id, account_id, revision, changed,
			published, updated, deleted, comment_policy, close_days, web_comments, quote_policy,
			static, series, series_key, part, pinned, translation_of, history, authors, cover_caption, created)
		values (
			$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
			$14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
			$24, $25, $26, $27, $28, $29, $30,
			$31, $32, $33, $34, $35, $36, $37, $38, $39, $40)`, args...)
	return err
}

func articleArgs(a blog.Article) []any {
	files := a.Files
	if files == nil {
		files = map[string]string{}
	}
	return []any{
		a.ID, a.ObjectURI, a.Slug, a.Status, a.Title, a.Summary, a.Excerpt, a.Markdown, a.HTML.String(),
		a.Text, a.Words, a.Language, orEmpty(a.Tags), blog.TagKeys(a.Tags), files, orEmpty(a.Mentions),
		orEmpty(a.Headings), a.Cover, a.CoverAlt, a.ActorID, nullID(a.AccountID), a.Revision,
		a.Changed, nullTime(a.Published), nullTime(a.Updated), nullTime(a.Deleted),
		a.CommentPolicy, a.CloseDays, a.WebComments, a.QuotePolicy,
		a.Static, a.Series, blog.TagKey(a.Series), a.Part, nullTime(a.Pinned), nullID(a.TranslationOf), a.History,
		orEmpty(a.Authors), a.CoverCaption,
	}
}

// orEmpty makes a missing list an empty one, as the columns want it.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func insertRevision(ctx context.Context, tx pgx.Tx, a blog.Article, by uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		insert into revisions (article_id, number, title, summary, markdown, html, language, tags, account_id, created, public)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, a.Revision, a.Title, a.Summary, a.Markdown, a.HTML.String(), a.Language, orEmpty(a.Tags),
		nullID(by), a.Changed, a.Status == blog.Published)
	return err
}

// insertObject writes down that an id was given.
func insertObject(ctx context.Context, tx pgx.Tx, uri, kind string, subject uuid.UUID, published time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into objects (id, kind, subject, published) values ($1, $2, $3, $4)
		on conflict (id) do nothing`, uri, kind, subject, nullTime(published))
	return err
}

// deleteObject writes down that an id never comes back.
func deleteObject(ctx context.Context, tx pgx.Tx, uri, kind string, subject uuid.UUID, at time.Time) error {
	_, err := tx.Exec(ctx, `
		insert into objects (id, kind, subject, deleted) values ($1, $2, $3, $4)
		on conflict (id) do update set deleted = excluded.deleted
		where objects.deleted is null`, uri, kind, subject, at)
	return err
}

// DeleteArticle leaves of an article its row without text, so that its page
// and its object can be told gone, and its revisions. What others did with the
// object (likes, boosts) goes with it; their comments come back with the page
// if the article is published again. The slug of a draft is given back.
func (s *Store) DeleteArticle(
	ctx context.Context, id uuid.UUID, at time.Time, job *blog.ArticleChanged, audit blog.AuditEntry,
) error {
	var a blog.Article
	err := s.tx(ctx, func(tx pgx.Tx) error {
		feeds, err := feedsOf(ctx, tx, blog.Article{ID: id})
		if err != nil {
			return err
		}
		if a, err = blankArticle(ctx, tx, id, at); err != nil {
			return err
		}
		if job != nil {
			if err := s.enqueue(ctx, tx, *job, feeds); err != nil {
				return err
			}
		}
		// The picture has the title on it: the job takes its file away, for which
		// the row names it until then.
		if a.ShareImage != "" {
			if err := s.enqueue(ctx, tx, blog.ShareImage{Article: id}); err != nil {
				return err
			}
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("delete article", err)
	}
	s.changed(append(translated(a), blog.PageArticle(id), blog.PageList)...)
	return nil
}

// blankArticle returns the article as it was.
func blankArticle(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time) (blog.Article, error) {
	a, err := article(ctx, tx, `where id = $1 for update`, id)
	switch {
	case err != nil:
		return a, err
	case a.Status == blog.Deleted:
		return a, blog.ErrGone
	}
	if _, err := tx.Exec(ctx, `
		update articles set
			status = 'deleted', deleted = $2, changed = $2, title = '', summary = '', excerpt = '', markdown = '',
			html = '', text = '', words = 0, tags = '{}', tag_keys = '{}', files = '{}', mentions = '[]',
			headings = '[]', cover = '', cover_alt = '', cover_caption = '', series = '', series_key = '',
			part = 0, pinned = null, history = false, likes = 0, boosts = 0
		where id = $1`, id, at); err != nil {
		return a, err
	}
	if a.Published.IsZero() {
		return a, freeSlugs(ctx, tx, id, "")
	}
	if _, err := tx.Exec(ctx, `update revisions set public = false where article_id = $1`, id); err != nil {
		return a, err
	}
	if a.ObjectURI == "" {
		return a, nil
	}
	if _, err := tx.Exec(ctx, `delete from reactions where article_id = $1`, id); err != nil {
		return a, err
	}
	if err := revokeQuotes(ctx, tx, a.ObjectURI, at); err != nil {
		return a, err
	}
	return a, deleteObject(ctx, tx, a.ObjectURI, "article", id, at)
}
