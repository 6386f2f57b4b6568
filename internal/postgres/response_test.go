package postgres

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// brief is a response without what its people look like.
type brief struct {
	Kind, Content, URL string
	Count              int
	Faces              string
}

func briefly(list []blog.Response) (short []brief) {
	for _, r := range list {
		b := brief{Kind: r.Kind, Content: r.Content, URL: r.URL, Count: r.Count}
		for _, face := range r.Faces {
			b.Faces += face.Handle + " "
		}
		short = append(short, b)
	}
	return short
}

// react inserts a reaction to an article or a comment, with the counters.
func react(t *testing.T, s *Store, kind, emoji, picture string, by blog.Actor, article, comment *uuid.UUID, created time.Time) {
	t.Helper()
	s.exec(t, `
		insert into reactions (id, kind, actor_id, article_id, comment_id, object_uri, activity_uri, content, emoji_url, created)
		values ($1, $2, $3, $4, $5, $9, $9, $6, $7, $8)`,
		newID(), kind, by.ID, article, comment, emoji, picture, created, newID().String())
	for table, id := range map[string]*uuid.UUID{"articles": article, "comments": comment} {
		s.exec(t, `update `+table+` set likes = likes + ($2 = 'like')::int, boosts = boosts + ($2 = 'boost')::int where id = $1`, id, kind)
	}
}

func TestResponses(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	c := commentBy(ana, a, 1)
	quote := commentBy(budi, a, 2)
	hidden := commentBy(ana, a, 3)
	hidden.State = blog.Hidden
	addComments(t, s, c, quote, hidden)
	s.exec(t, `update comments set quotes = $2 where id = any ($1)`, []uuid.UUID{quote.ID, hidden.ID}, a.ObjectURI)
	react(t, s, "like", "", "", ana, &a.ID, nil, at(1))
	react(t, s, "like", "", "", budi, &a.ID, nil, at(2))
	react(t, s, "emoji", "☕", "", ana, &a.ID, nil, at(1))
	react(t, s, "emoji", ":blob:", "https://a.test/blob.png", ana, &a.ID, nil, at(3))
	react(t, s, "emoji", ":blob:", "https://b.test/blob.png", budi, &a.ID, nil, at(4))
	react(t, s, "emoji", "☕", "", budi, &a.ID, nil, at(5))
	react(t, s, "boost", "", "", budi, nil, &c.ID, at(1))
	react(t, s, "emoji", "☕", "", budi, nil, &c.ID, at(1))
	names := func(people ...blog.Actor) (list string) {
		for _, p := range people {
			list += p.Handle + " "
		}
		return list
	}
	tests := []struct {
		name  string
		of    uuid.UUID
		faces int
		want  []brief
	}{
		{"an article", a.ID, 9, []brief{
			{"like", "", "", 2, names(budi, ana)},
			{"quote", "", "", 1, names(budi)},
			{"emoji", "☕", "", 2, names(budi, ana)},
			{"emoji", ":blob:", "https://a.test/blob.png", 1, names(ana)},
			{"emoji", ":blob:", "https://b.test/blob.png", 1, names(budi)},
		}},
		{"one face", a.ID, 1, []brief{
			{"like", "", "", 2, names(budi)},
			{"quote", "", "", 1, names(budi)},
			{"emoji", "☕", "", 2, names(budi)},
			{"emoji", ":blob:", "https://a.test/blob.png", 1, names(ana)},
			{"emoji", ":blob:", "https://b.test/blob.png", 1, names(budi)},
		}},
		{"a comment, no faces", c.ID, 0, []brief{{"boost", "", "", 1, ""}, {"emoji", "☕", "", 1, ""}}},
		{"nothing", newID(), 9, nil},
	}
	for _, tt := range tests {
		got, err := s.Responses(t.Context(), []uuid.UUID{a.ID, c.ID, newID()}, tt.faces)
		check(t, err)
		differ(t, tt.name, tt.want, briefly(got[tt.of]))
	}
	none, err := s.Responses(t.Context(), nil, 3)
	check(t, err)
	differ(t, "no subjects", 0, len(none))
}

func TestReactionListIsPaged(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	first, second := commentBy(ana, a, 1), commentBy(budi, a, 1)
	addComments(t, s, first, second)
	s.exec(t, `update comments set quotes = $1`, a.ObjectURI)
	react(t, s, "emoji", "☕", "", ana, &a.ID, nil, at(1))
	react(t, s, "emoji", "☕", "", budi, &a.ID, nil, at(1))
	react(t, s, "emoji", "🍵", "", budi, &a.ID, nil, at(2))
	for _, tt := range []struct{ kind, content, want string }{
		{"emoji", "☕", "2"},
		{"emoji", "", "3"},
		{"like", "", "0"},
		{"quote", "", "2"},
		{"nonsense", "", "0"},
	} {
		q := blog.ReactionQuery{Subject: a.ID, Kind: tt.kind, Content: tt.content, Limit: 1}
		seen := map[uuid.UUID]bool{}
		for {
			list, err := s.ReactionList(t.Context(), q)
			check(t, err)
			if len(list) == 0 {
				break
			}
			if seen[list[0].ID] {
				t.Fatalf("%s %s: twice in the list", tt.kind, tt.content)
			}
			seen[list[0].ID], q.Before = true, list[0].Cursor()
		}
		differ(t, tt.kind+tt.content, tt.want, fmt.Sprint(len(seen)))
	}
}
