package postgres

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// addReaction inserts a reaction to an article and counts it.
func addReaction(t *testing.T, s *Store, kind string, by blog.Actor, a blog.Article, created time.Time) {
	t.Helper()
	content := ""
	if kind == "emoji" {
		content = "☕"
	}
	s.exec(t, `
		insert into reactions (id, kind, actor_id, article_id, object_uri, activity_uri, content, created)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		newID(), kind, by.ID, a.ID, a.ObjectURI, by.URI+"#"+kind, content, created)
	s.exec(t, `update articles set likes = likes + 1 where id = $1 and $2 = 'like'`, a.ID, kind)
}

func TestReactions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := published(addBlogActor(t, s).ID, "kopi", 0)
	save(t, s, a)
	ana, budi, cici := addActor(t, s, blog.Remote, "ana", "a.test"), addActor(t, s, blog.Remote, "budi", "b2.test"),
		addActor(t, s, blog.Remote, "cici", "c.test")
	addReaction(t, s, "like", ana, a, at(1))
	addReaction(t, s, "like", budi, a, at(2))
	addReaction(t, s, "like", cici, a, at(3))
	addReaction(t, s, "emoji", ana, a, at(4))
	s.exec(t, `update actors set deleted = now() where id = $1`, cici.ID)
	like := func(by blog.Actor, minute int) blog.Reaction {
		return blog.Reaction{Kind: "like", Actor: by, Created: at(minute)}
	}
	tests := []struct {
		name, kind string
		limit      int
		want       []blog.Reaction
	}{
		{"newest first", "like", 9, []blog.Reaction{like(budi, 2), like(ana, 1)}},
		{"limit", "like", 1, []blog.Reaction{like(budi, 2)}},
		{"emoji", "emoji", 9, []blog.Reaction{{Kind: "emoji", Actor: ana, Content: "☕", Created: at(4)}}},
		{"none of the kind", "boost", 9, []blog.Reaction{}},
	}
	for _, tt := range tests {
		got, err := s.Reactions(t.Context(), a.ID, tt.kind, tt.limit)
		check(t, err)
		for i := range got {
			got[i].ID = uuid.Nil
		}
		differ(t, tt.name, tt.want, got)
	}
	got, err := s.Reactions(t.Context(), newID(), "", 9)
	check(t, err)
	differ(t, "of nothing", []blog.Reaction{}, got)
}
