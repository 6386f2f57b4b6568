package postgres

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// shownBy is the rule of blog.Comment.Shown in SQL, what readers may see, for
// comments that go by the given name in the statement. articles.comments
// counts the comments of an article that pass it.
func shownBy(name string) string {
	return `(` + name + `.state = 'visible' and ` + name + `.visibility in ('public', 'unlisted'))`
}

var shownComment = shownBy("comments")

// commentColumns are what scanComment reads, of comments joined with actors.
const commentColumns = `
	comments.id, comments.object_uri, comments.article_id, comments.parent_id, comments.root_id, comments.depth,
	comments.in_reply_to, comments.account_id, comments.local, comments.markdown, comments.html, comments.text,
	comments.policy, comments.warning, comments.sensitive, comments.language, comments.url, comments.attachments,
	comments.mentions, comments.visibility, comments.state, comments.published, comments.edited, comments.created,
	comments.deleted, coalesce(comments.inbound_id, 0), comments.likes, comments.boosts, comments.type,
	comments.quotes, comments.mention, comments.emojis, comments.reasons, comments.quoted, comments.context,
	comments.replies,` + actorColumns

// fromComments goes with commentColumns.
const fromComments = ` from comments join actors on actors.id = comments.actor_id `

func scanComment(row pgx.CollectableRow) (c blog.Comment, err error) {
	var html string
	err = row.Scan(append([]any{
		&c.ID, &c.ObjectURI, &c.ArticleID, &c.ParentID, &c.RootID, &c.Depth,
		&c.InReplyTo, &c.AccountID, &c.Local, &c.Markdown, &html, &c.Text,
		&c.Policy, &c.Warning, &c.Sensitive, &c.Language, &c.URL, &c.Attachments,
		&c.Mentions, &c.Visibility, &c.State, &c.Published, orZero(&c.Edited), &c.Created,
		orZero(&c.Deleted), &c.InboundID, &c.Likes, &c.Boosts, &c.Type,
		&c.Quotes, &c.Mention, &c.Emojis, &c.Reasons, &c.Quoted, &c.Context,
		&c.Replies,
	}, actorTargets(&c.Actor)...)...)
	c.HTML = markup.SafeFromStore(html)
	return c, err
}

func comments(ctx context.Context, db querier, rest string, args ...any) ([]blog.Comment, error) {
	rows, err := db.Query(ctx, `select `+commentColumns+fromComments+rest, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanComment)
}

func comment(ctx context.Context, db querier, rest string, args ...any) (blog.Comment, error) {
	found, err := comments(ctx, db, rest, args...)
	if err == nil && len(found) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return blog.Comment{}, err
	}
	return found[0], nil
}

// Comment returns the comment in whatever state it is.
func (s *Store) Comment(ctx context.Context, id uuid.UUID) (blog.Comment, error) {
	c, err := comment(ctx, s.pool, `where comments.id = $1`, id)
	return c, wrap("comment", err)
}

// CommentByObject returns the comment with the object id, in whatever state it
// is. An id of which only the deletion is known is blog.ErrGone.
func (s *Store) CommentByObject(ctx context.Context, uri string) (blog.Comment, error) {
	c, err := comment(ctx, s.pool, `where comments.object_uri = $1`, uri)
	if errors.Is(err, pgx.ErrNoRows) {
		err = goneOrNoRow(ctx, s.pool, uri, "comment")
	}
	return c, wrap("comment by object", err)
}

// Comments returns the comments that q picks, by their arrival, newest first.
func (s *Store) Comments(ctx context.Context, q blog.CommentQuery) ([]blog.Comment, error) {
	found, err := comments(ctx, s.pool, `
		where (comments.created, comments.id) < (coalesce($1::timestamptz, 'infinity'), $2)
		  and case when cardinality($3::text[]) = 0 then state <> 'deleted' else state = any ($3) end
		  and (not $4 or visibility not in ('public', 'unlisted'))
		  and (not $5 or article_id is null and not mention and visibility in ('public', 'unlisted'))
		  and ($6::uuid is null or article_id = $6)
		  and (not $7 or visibility in ('public', 'unlisted'))
		  and ($8 = '' or comments.text ilike $8 or actors.name ilike $8 or actors.handle || '@' || actors.domain ilike $8)
		  and (not $10 or mention)
		  and (not $11 or quotes <> '')
		  and (not $12 or actors.kind = 'visitor')
		  and (not $13 or removed is not null)
		  and ($14::uuid is null or comments.actor_id = $14)
		  and ($15 = '' or actors.kind = 'remote' and `+fromServer("actors.host", "$15::text")+`)
		order by comments.created desc, comments.id desc
		limit $9`,
		nullTime(q.Before.At), q.Before.ID, orEmpty(q.States), q.Private, q.Unattached, nullID(q.Article), q.Public,
		containing(strings.TrimPrefix(q.Search, "@")), q.Limit, q.Mentions, q.Quotes, q.Web, q.Removed, nullID(q.Actor), q.Server)
	return found, wrap("comments", err)
}

// CommentCounts returns how many comments there are in each state; a state
// without one is missing.
func (s *Store) CommentCounts(ctx context.Context) (map[blog.State]int, error) {
	counts, err := countBy[blog.State](ctx, s.pool, `select state, count(*) from comments group by 1`)
	return counts, wrap("count comments", err)
}

// CommentByPage returns the newest comment whose page on its own server has
// the address.
func (s *Store) CommentByPage(ctx context.Context, url string) (blog.Comment, error) {
	c, err := comment(ctx, s.pool, `
		where comments.url = $1 and comments.url <> ''
		order by comments.created desc limit 1`, url)
	return c, wrap("comment by page", err)
}
