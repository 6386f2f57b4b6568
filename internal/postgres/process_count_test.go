package postgres

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// counted is "likes boosts" of an article or a comment.
func counted(t *testing.T, s *Store, table string, id uuid.UUID) string {
	t.Helper()
	var likes, boosts int
	check(t, s.pool.QueryRow(t.Context(), `select likes, boosts from `+table+` where id = $1`, id).Scan(&likes, &boosts))
	return fmt.Sprint(likes, " ", boosts)
}

func TestCountReactions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	other := published(a.ActorID, "teh", 1)
	save(t, s, other)
	one, two := commentBy(ana, a, 2), commentBy(ana, a, 3)
	addComments(t, s, one, two)
	tests := []struct {
		name   string
		counts map[counter]int
		want   []string // a, other, one, two
		tags   []string
	}{
		{
			"many at once",
			map[counter]int{
				{kind: "like", article: a.ID}: 3, {kind: "boost", article: a.ID}: 2, {kind: "like", article: other.ID}: 1,
				{kind: "like", comment: one.ID}: 4, {kind: "boost", comment: two.ID}: 5,
			},
			[]string{"3 2", "1 0", "4 0", "0 5"},
			[]string{blog.PageArticle(a.ID), blog.PageArticle(other.ID)},
		},
		{
			"less, and never below nothing",
			map[counter]int{{kind: "like", article: a.ID}: -1, {kind: "boost", article: a.ID}: -9, {kind: "like", comment: one.ID}: -4},
			[]string{"2 0", "1 0", "0 0", "0 5"},
			[]string{blog.PageArticle(a.ID)},
		},
		{
			"emoji change a page and no counter",
			map[counter]int{{kind: "emoji", article: other.ID}: 1},
			[]string{"2 0", "1 0", "0 0", "0 5"},
			[]string{blog.PageArticle(other.ID)},
		},
		{"what is not there", map[counter]int{{kind: "like", article: newID()}: 1}, []string{"2 0", "1 0", "0 0", "0 5"}, nil},
		{"nothing", nil, []string{"2 0", "1 0", "0 0", "0 5"}, nil},
	}
	for _, tt := range tests {
		var tags []string
		check(t, s.tx(t.Context(), func(tx pgx.Tx) (err error) {
			tags, err = countReactions(t.Context(), tx, tt.counts)
			return err
		}))
		slices.Sort(tags)
		slices.Sort(tt.tags)
		differ(t, tt.name+": tags", tt.tags, tags)
		differ(t, tt.name, tt.want, []string{
			counted(t, s, "articles", a.ID), counted(t, s, "articles", other.ID),
			counted(t, s, "comments", one.ID), counted(t, s, "comments", two.ID),
		})
	}
	checkCount(t, s, a.ID, 2)
}

// Batches that count the same rows wait for each other: none is lost, and none
// has to be tried again.
func TestCountAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	var list []blog.Comment
	counts := map[counter]int{{kind: "boost", article: a.ID}: 1}
	for i := range 20 {
		list = append(list, commentBy(ana, a, i))
		counts[counter{kind: "like", comment: list[i].ID}] = 1
	}
	addComments(t, s, list...)
	const batches = 16
	var running sync.WaitGroup
	for range batches {
		running.Go(func() {
			if err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
				_, err := countReactions(t.Context(), tx, counts)
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	differ(t, "the article", fmt.Sprint(0, " ", batches), counted(t, s, "articles", a.ID))
	for _, c := range list {
		differ(t, "a comment", fmt.Sprint(batches, " ", 0), counted(t, s, "comments", c.ID))
	}
}
