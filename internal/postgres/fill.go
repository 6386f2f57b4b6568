package postgres

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// Filling is a blog that is made up, to see how Kabar does with much. The same
// one comes out of the same numbers.
type Filling struct {
	Scale float64 // 1 is 10,000 articles, 1,000,000 comments and 5,000,000 activities that came in
	Seed  int64
	Now   time.Time // until when the blog was written
}

// Sizes at the scale of 1.
const (
	fillArticles = 10_000
	fillComments = 1_000_000
	fillPeople   = 150_000
	fillFollow   = 100_000
	fillHosts    = 12_000
	fillInbound  = 5_000_000
	fillViews    = 100 // days and referrers of an article
	fillOther    = 5_000
)

func (f Filling) size(whole int) int { return max(1, int(math.Round(f.Scale*float64(whole)))) }

// ErrNotEmpty refuses to fill a blog that there is something in.
var ErrNotEmpty = fmt.Errorf("there is a blog in this database already: "+
	"name an empty one (KABAR_DATABASE_URL or KABAR_DATA_DIR): %w", blog.ErrConflict)

// Fill fills a blog that is empty, in one transaction. told hears of each step.
// Triggers that count comments are left out: the numbers are written with the
// rows.
func (s *Store) Fill(ctx context.Context, f Filling, told func(step string)) error {
	site, err := s.Site(ctx)
	if err != nil {
		return err
	}
	return wrap("fill", pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := mayFill(ctx, tx); err != nil {
			return err
		}
		args := f.args(site.Origin)
		for _, step := range fillSteps() {
			told(step.name)
			sql := strings.ReplaceAll(step.sql, "SEED", fmt.Sprint(f.Seed))
			if step.plain {
				_, err = tx.Exec(ctx, sql)
			} else {
				_, err = tx.Exec(ctx, sql, args)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", step.name, err)
			}
		}
		return nil
	}))
}

// Settle brings what the planner knows and what is visible to all up to date,
// as autovacuum does in time.
func (s *Store) Settle(ctx context.Context) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return wrap("settle", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, `set statement_timeout = 0`); err != nil {
		return wrap("settle", err)
	}
	_, err = conn.Exec(ctx, `vacuum (freeze, analyze)`)
	_, err2 := conn.Exec(ctx, `set statement_timeout = '30s'`)
	if err == nil {
		err = err2
	}
	return wrap("settle", err)
}

func mayFill(ctx context.Context, tx pgx.Tx) error {
	var used bool
	err := tx.QueryRow(ctx, `
		select exists (select from articles) or exists (select from followers) or exists (select from inbound)`).Scan(&used)
	if err == nil && used {
		return ErrNotEmpty
	}
	return err
}

func (f Filling) args(origin string) pgx.NamedArgs {
	sizes := f.conversations()
	parents, depths, roots := f.tree()
	return pgx.NamedArgs{
		"policy": markup.PolicyVersion, "origin": origin, "now": f.Now.UTC().Truncate(time.Second),
		"articles": f.size(fillArticles), "people": f.size(fillPeople), "follow": f.size(fillFollow), "hosts": f.size(fillHosts),
		"inbound": f.size(fillInbound), "views": fillViews, "other": f.size(fillOther),
		"sizes": sizes, "parents": parents, "depths": depths, "roots": roots, "block": len(parents), "sentences": f.sentences(),
	}
}

// conversations are the comments of each article, the oldest first: a few
// articles have very many.
func (f Filling) conversations() []int {
	r := rand.New(rand.NewPCG(uint64(f.Seed), 1))
	weights, sum := make([]float64, f.size(fillArticles)), 0.0
	for i := range weights {
		weights[i] = math.Pow(float64(i+4), -0.9)
		sum += weights[i]
	}
	sizes := make([]int, len(weights))
	for i, at := range r.Perm(len(weights)) {
		sizes[at] = int(math.Round(weights[i] / sum * float64(f.size(fillComments))))
	}
	return sizes
}

// hiddenEvery is the distance of comments that readers do not see. Nothing
// answers them.
const hiddenEvery = 25

// tree says of the comments in a block of a conversation what they answer (-1 =
// the article), how deep they stand and below which. Most answer what is young,
// and one chain is very deep.
func (f Filling) tree() (parents, depths, roots []int) {
	const block, chain = 1000, 60
	r := rand.New(rand.NewPCG(uint64(f.Seed), 2))
	for i := range block {
		parent := -1
		switch {
		case i > 0 && i < chain:
			parent = i - 1
		case i >= chain && r.IntN(3) > 0:
			parent = i - 1 - r.IntN(min(i, 200))
		}
		if parent >= 0 && parent%hiddenEvery == hiddenEvery-1 {
			parent--
		}
		depth, root := 0, i
		if parent >= 0 {
			depth, root = depths[parent]+1, roots[parent]
		}
		parents, depths, roots = append(parents, parent), append(depths, depth), append(roots, root)
	}
	return parents, depths, roots
}

// sentences are made of some words that are real and many that are not, the
// later in the list the rarer.
func (f Filling) sentences() []string {
	const syllables = "kabaratolumingasapetiwijakomunelidahogusi"
	r := rand.New(rand.NewPCG(uint64(f.Seed), 3))
	words := strings.Fields("kopi pasar pagi kampung sungai perjalanan menulis berita sekolah membaca sawah hujan rumah laut gunung")
	for len(words) < 4000 {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			i := 2 * r.IntN(len(syllables)/2)
			b.WriteString(syllables[i : i+2])
		}
		words = append(words, b.String())
	}
	made := make([]string, 4000)
	for i := range made {
		said := make([]string, 12)
		for j := range said {
			said[j] = words[int(float64(len(words))*math.Pow(r.Float64(), 4))]
		}
		made[i] = strings.Join(said, " ")
	}
	return made
}
