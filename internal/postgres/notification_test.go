package postgres

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// eventful is a blog where something of each kind happened, a minute apart:
// an article of author's, with an answer by the blog on it.
func eventful(t *testing.T, s *Store) (author blog.Account, a blog.Article) {
	t.Helper()
	author = blog.Account{ID: newID(), Name: "author", Role: blog.Author, Created: at(0)}
	check(t, s.InsertAccount(t.Context(), author, audit("account.create")))
	us := addBlogActor(t, s)
	addActor(t, s, blog.InstanceActor, "b.test", "b.test")
	ana, budi := addActor(t, s, blog.Remote, "ana", "a.test"), addActor(t, s, blog.Remote, "budi", "b2.test")
	eve, web := addActor(t, s, blog.Remote, "eve", "sub.evil.test"), addActor(t, s, blog.VisitorActor, "", "b.test")
	s.exec(t, `insert into blocks (kind, value, severity, created) values ('domain', 'evil.test', 'silence', now())`)
	a = published(us.ID, "kopi", 0)
	a.AccountID = author.ID
	other := published(us.ID, "teh", 0)
	save(t, s, a, other)

	ours := commentBy(us, a, 1)
	ours.Local, ours.AccountID = true, author.ID
	changed := func(c blog.Comment, change func(*blog.Comment)) blog.Comment { change(&c); return c }
	theirs := commentBy(ana, a, 2)
	quote := commentBy(budi, a, 8)
	letter := changed(commentBy(ana, a, 5), func(c *blog.Comment) { c.Visibility = blog.Direct })
	mention := changed(commentBy(ana, a, 6), func(c *blog.Comment) { c.ArticleID, c.RootID, c.Mention = uuid.Nil, uuid.Nil, true })
	addComments(
		t, s, ours, theirs, answering(commentBy(budi, a, 3), ours), commentBy(budi, other, 4), letter, mention,
		changed(commentBy(web, a, 7), func(c *blog.Comment) { c.State, c.Local = blog.Waiting, true }), quote,
		// Of these nobody hears.
		commentBy(eve, a, 20), changed(commentBy(ana, a, 21), func(c *blog.Comment) { c.State = blog.Spam }),
		changed(commentBy(ana, a, 22), func(c *blog.Comment) { c.State = blog.Hidden }),
		changed(commentBy(ana, a, 23), func(c *blog.Comment) { c.ArticleID, c.RootID = uuid.Nil, uuid.Nil }),
	)
	s.exec(t, `update comments set quotes = $2 where id = $1`, quote.ID, a.ObjectURI)
	addReaction(t, s, "like", ana, a, at(9))
	addReaction(t, s, "like", eve, a, at(24))
	react(t, s, "boost", "", "", budi, nil, &ours.ID, at(10))
	react(t, s, "like", "", "", budi, nil, &theirs.ID, at(25)) // of no concern here
	addFollower(t, s, us, budi, at(11))
	addFollower(t, s, us, eve, at(26))
	s.exec(t, `
		insert into reports (id, actor_uri, objects, content, created, outgoing)
		values ($1, 'https://a.test/actor', '{}', 'rude', $3, false), ($2, 'https://b.test/ap/actor', '{}', '', $3, true)`,
		newID(), newID(), at(12))
	return author, a
}

// told is a list of notifications in short.
func told(list []blog.Notification) (short []string) {
	for _, n := range list {
		short = append(short, fmt.Sprintf("%s %s %s", n.Kind, n.Actor.Handle, n.Slug))
	}
	return short
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	author, _ := eventful(t, s)
	coAuthor := blog.Account{ID: newID(), Role: blog.Author}
	s.exec(t, `update articles set authors = array[$1::uuid] where slug = 'kopi'`, coAuthor.ID)
	tests := []struct {
		name string
		who  blog.Account
		want []string
	}{
		{"owner", blog.Account{Role: blog.Owner}, []string{
			"report b.test ", "follow budi ", "boost budi kopi", "like ana kopi", "quote budi kopi", "waiting  kopi", "mention ana ",
			"private ana kopi", "comment budi teh", "answer budi kopi", "comment ana kopi",
		}},
		{"moderator", blog.Account{Role: blog.Moderator}, []string{
			"report b.test ", "quote budi kopi", "waiting  kopi", "mention ana ", "private ana kopi", "comment budi teh",
			"answer budi kopi", "comment ana kopi",
		}},
		{"author", author, []string{
			"boost budi kopi", "like ana kopi", "quote budi kopi", "answer budi kopi", "comment ana kopi",
		}},
		{"co-author", coAuthor, []string{"like ana kopi", "quote budi kopi", "answer budi kopi", "comment ana kopi"}},
		{"another author", blog.Account{ID: newID(), Role: blog.Author}, nil},
	}
	for _, tt := range tests {
		q := tt.who.OnPage(blog.NotificationSettings{})
		q.Limit = 50
		got, err := s.Notifications(t.Context(), q)
		check(t, err)
		differ(t, tt.name, tt.want, told(got))
		n, err := s.NotificationCount(t.Context(), q)
		check(t, err)
		differ(t, tt.name+", counted", len(tt.want), n)

		var paged []blog.Notification
		for q.Limit = 2; ; q.Before = paged[len(paged)-1].Cursor() {
			page, err := s.Notifications(t.Context(), q)
			check(t, err)
			if paged = append(paged, page...); len(page) < 2 {
				break
			}
		}
		differ(t, tt.name+", page by page", tt.want, told(paged))
	}
	q := blog.Account{Role: blog.Owner}.OnPage(blog.NotificationSettings{Hidden: []blog.NotificationKind{blog.NotifyLike, blog.NotifyReport}})
	q.After, q.Limit = at(8), 50
	got, err := s.Notifications(t.Context(), q)
	check(t, err)
	differ(t, "newer, without two kinds", []string{"follow budi ", "boost budi kopi"}, told(got))
}

func TestNotificationSettings(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	ana := blog.Account{ID: newID(), Name: "ana", Role: blog.Owner, Created: at(0)}
	check(t, s.InsertAccount(ctx, ana, audit("account.create")))
	read := func() blog.NotificationSettings {
		n, err := s.NotificationSettings(ctx, ana.ID)
		check(t, err)
		return n
	}
	differ(t, "of a new account", blog.NotificationSettings{Seen: at(0)}, read())
	check(t, s.SetSeen(ctx, ana.ID, at(5)))
	check(t, s.SetSeen(ctx, ana.ID, at(3)))
	want := blog.NotificationSettings{Hidden: []blog.NotificationKind{blog.NotifyLike}, Digest: blog.DigestDaily, Hour: 7}
	check(t, s.SetNotificationSettings(ctx, ana.ID, want, at(10)))
	want.Seen, want.Digested = at(5), at(10)
	differ(t, "set", want, read())

	check(t, s.SetDigested(ctx, ana.ID, at(10), at(20), &blog.Mail{ID: newID(), To: "a@a.test"}))
	if err := s.SetDigested(ctx, ana.ID, at(10), at(21), &blog.Mail{}); !errors.Is(err, blog.ErrConflict) {
		t.Errorf("a second node: %v", err)
	}
	check(t, s.SetNotificationSettings(ctx, ana.ID, want, at(30)))
	differ(t, "the mark of digests", at(20), read().Digested)
	differ(t, "letters", 1, len(queued(t, s, "mail")))
	want.Digest = blog.DigestNever
	check(t, s.SetNotificationSettings(ctx, ana.ID, want, at(31)))
	if err := s.SetDigested(ctx, ana.ID, time.Time{}, at(32), nil); !errors.Is(err, blog.ErrConflict) {
		t.Errorf("after it was left: %v", err)
	}
	if err := s.SetNotificationSettings(ctx, newID(), want, at(1)); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
}
