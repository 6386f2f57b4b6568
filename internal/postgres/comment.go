package postgres

import (
	"context"
	"errors"
	"strconv"
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
	rest, args := commentsQuery(q)
	if q.Search != "" {
		args = append([]any{planned}, args...)
	}
	found, err := comments(ctx, s.pool, rest, args...)
	return found, wrap("comments", err)
}

// NthComment is where the nth comment that came before a place stands; the zero
// Cursor if there are fewer.
func (s *Store) NthComment(ctx context.Context, before blog.Cursor, n int) (at blog.Cursor, err error) {
	err = s.pool.QueryRow(ctx, `
		select created, id from comments where (created, id) < (coalesce($1::timestamptz, 'infinity'), $2)
		order by created desc, id desc offset $3 limit 1`, nullTime(before.At), before.ID, n-1).Scan(&at.At, &at.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return at, wrap("nth comment", err)
}

// ofState picks by one state, as a literal, for the partial index.
var ofState = map[blog.State]string{
	blog.Visible: `state = 'visible'`, blog.Waiting: `state = 'waiting'`, blog.Hidden: `state = 'hidden'`,
	blog.Spam: `state = 'spam'`, blog.CommentDeleted: `state = 'deleted'`,
}

// commentsQuery has only the conditions that are asked for, each as the partial
// indexes have it.
func commentsQuery(q blog.CommentQuery) (rest string, args []any) {
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	var where []string
	add := func(asked bool, condition string) {
		if asked {
			where = append(where, condition)
		}
	}
	one := ""
	if len(q.States) == 1 {
		one = ofState[q.States[0]]
	}
	switch {
	case len(q.States) == 0:
		where = append(where, `state <> 'deleted'`)
	case one != "":
		where = append(where, one)
	default:
		where = append(where, `state = any (`+arg(q.States)+`)`)
	}
	add(q.Private, `visibility not in ('public', 'unlisted')`)
	add(q.Unattached, `article_id is null and not mention and visibility in ('public', 'unlisted')`)
	add(q.Public, `visibility in ('public', 'unlisted')`)
	add(q.Mentions, `mention`)
	add(q.Quotes, `quotes <> ''`)
	add(q.Web, `actors.kind = 'visitor'`)
	add(q.Removed, `removed is not null`)
	if !q.Last.IsZero() {
		where = append(where, `comments.created >= `+arg(q.Last.At))
		where = append(where, `(comments.created, comments.id) >= (`+arg(q.Last.At)+`, `+arg(q.Last.ID)+`)`)
	}
	if !q.Before.IsZero() {
		where = append(where, `comments.created <= `+arg(q.Before.At))
		where = append(where, `(comments.created, comments.id) < (`+arg(q.Before.At)+`, `+arg(q.Before.ID)+`)`)
	}
	if q.Article != uuid.Nil {
		where = append(where, `article_id = `+arg(q.Article))
	}
	if q.Actor != uuid.Nil {
		where = append(where, `comments.actor_id = `+arg(q.Actor))
	}
	if q.Server != "" {
		where = append(where, `actors.kind = 'remote' and `+fromServer("actors.host", arg(q.Server)+"::text"))
	}
	if words := containing(strings.TrimPrefix(q.Search, "@")); words != "" {
		p := arg(words)
		// In each as it stands in its index, until there are enough.
		where = append(where, `(comments.text ilike `+p+` or (
			select w.name ilike `+p+` or w.handle || '@' || w.domain ilike `+p+` from actors w where w.id = comments.actor_id))`)
	}
	return ` where ` + strings.Join(where, ` and `) + ` order by comments.created desc, comments.id desc limit ` + arg(q.Limit), args
}

// CommentCounts returns how many comments there are in each state; a state
// without one is missing.
func (s *Store) CommentCounts(ctx context.Context) (map[blog.State]int, error) {
	counts, err := countBy[blog.State](ctx, s.pool, `
		select state, sum(comments)::bigint from comment_counts group by 1 having sum(comments) > 0`)
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
