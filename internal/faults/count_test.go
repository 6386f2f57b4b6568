package faults

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/activitypub/aptest"
	"kabar/internal/postgres"
)

// restIn is how long everything may take to come to rest: an activity that was
// claimed when its node lost the database waits for the end of its lease.
const restIn = 7 * time.Minute

// tally is what came of a trial.
type tally struct {
	acknowledged, delivered int
	lost, doubled           int
	repeated, disordered    int
}

// count waits until everything has come to rest, and counts it.
func (p *play) count(k kind) tally {
	pool := p.pool()
	p.rest(pool)
	c := &census{play: p, pool: pool, tally: tally{acknowledged: p.acknowledged}}
	for _, words := range p.problems {
		c.lose("%s", words)
	}
	c.comments()
	c.found()
	c.likes()
	c.versions()
	c.ledger()
	for _, s := range p.world.Servers() {
		c.took(s)
	}
	c.recount()
	if c.tally.repeated > 0 && !k.repeats {
		p.t.Errorf("%d activities came twice without a reason", c.tally.repeated)
	}
	if k.lives {
		p.unchanged()
	}
	return c.tally
}

// rest lets people speak, so that their servers are not paused, until nothing waits.
func (p *play) rest(pool *pgxpool.Pool) {
	limit := time.Now().Add(restIn)
	for n := 0; ; n++ {
		waiting, err := waiting(p.t.Context(), pool)
		if err == nil && waiting == "" {
			return
		}
		if time.Now().After(limit) {
			p.t.Fatalf("it does not come to rest: %s %v\n%s", waiting, err, tail(p.program().Output(), 6000))
		}
		if n%10 == 9 {
			for _, who := range p.people {
				p.answer(who, nil, p.rnd, 1_000_000+n)
			}
		}
		wait(300 * time.Millisecond)
	}
}

// waiting says what still waits, "" for nothing.
func waiting(ctx context.Context, pool *pgxpool.Pool) (words string, err error) {
	err = pool.QueryRow(ctx, `
		select coalesce(string_agg(n || ' ' || what, ', '), '') from (
			select 'activities' as what, count(*) as n from inbound where done is null
			union all select 'deliveries', count(*) from deliveries where state = 'waiting'
			union all select 'jobs: ' || coalesce(string_agg(distinct kind || ' ' || state, ' '), ''), count(*) from river_job
				where state in ('available', 'running', 'retryable', 'scheduled', 'pending') and kind <> 'periodic'
			-- The database fell over its parent, which came back after it: the first look finds that.
			union all select 'comments that look for their parent', count(*) from comments where retry_at is not null and retries = 0
		) w where n > 0`).Scan(&words)
	return words, err
}

// census compares what is there with what has to be.
type census struct {
	*play
	pool  *pgxpool.Pool
	tally tally
}

func (c *census) lose(format string, args ...any) {
	c.tally.lost++
	c.t.Errorf("lost: "+format, args...)
}

func (c *census) double(format string, args ...any) {
	c.tally.doubled++
	c.t.Errorf("twice: "+format, args...)
}

// texts is how often what a query says is there.
func (c *census) texts(query string, args ...any) map[string]int {
	c.t.Helper()
	rows, err := c.pool.Query(c.t.Context(), query, args...)
	must(c.t, err)
	seen := map[string]int{}
	var text string
	_, err = pgx.ForEachRow(rows, []any{&text}, func() error {
		seen[text]++
		return nil
	})
	must(c.t, err)
	return seen
}

// history is what came about an object, and what became of it.
func (c *census) history(object string) string {
	c.t.Helper()
	rows := slices.Sorted(maps.Keys(c.texts(`
		with asked as (select $1 as uri union select in_reply_to from comments where object_uri = $1)
		select format('%s %s of %s received %s done %s %s %s', lpad(id::text, 6), type, uri, received, done, outcome, detail)
		from asked join inbound on object_uri = uri
		union all select format('comment %s %s of %s created %s edited %s answers %s, looked for %s times, next %s: %L',
			state, uri, article_id, created, edited, in_reply_to, retries, retry_at, text)
		from asked join comments on object_uri = uri`, object)))
	return strings.Join(rows, "\n\t")
}

func (c *census) comments() {
	shown := c.texts(`select object_uri || ' ' || trim(text) from comments where state = 'visible' and article_id is not null`)
	removed := c.texts(`select object_uri from comments where state = 'deleted' union all select id from objects where deleted is not null`)
	for _, r := range c.replies {
		switch n := shown[r.object+" "+r.text]; {
		case r.deleted && (n > 0 || removed[r.object] == 0):
			c.lose("the deletion of %s", r.object)
		case !r.deleted && n == 0:
			c.lose("%s %q: %s", r.object, r.text, c.history(r.object))
		case n > 1:
			c.double("%s", r.object)
		}
	}
}

// found waits until what was hidden is found. A crawl asks about a thousand
// comments and comes less and less often to a thread in which nothing is said,
// so people go on speaking.
func (c *census) found() {
	defer c.rest(c.pool)
	limit := time.Now().Add(restIn)
	for n := 0; ; n++ {
		wait(time.Second)
		if n%20 == 19 {
			c.answer(c.people[0], nil, c.rnd, 2_000_000+n)
		}
		shown := c.texts(`select object_uri || ' ' || trim(text) from comments where article_id is not null`)
		missing := ""
		for _, r := range c.hidden {
			if n := shown[r.object+" "+r.text]; n == 0 {
				missing = r.object
			} else if n > 1 {
				c.double("%s", r.object)
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(limit) {
			c.lose("%s was never found", missing)
			return
		}
	}
}

func (c *census) likes() {
	there := c.texts(`select activity_uri from reactions where kind = 'like'`)
	for _, r := range c.reactions {
		switch n := there[r.activity]; {
		case r.there && n == 0:
			c.lose("%s", r.activity)
		case !r.there && n > 0:
			c.lose("the undoing of %s", r.activity)
		case n > 1:
			c.double("%s", r.activity)
		}
	}
}

// versions compares the articles.
func (c *census) versions() {
	texts := c.texts(`select object_uri || ' ' || trim(text) from articles where status = 'published'`)
	for _, a := range c.articles {
		found := 0
		for v := a.from; v <= a.to; v++ {
			found += texts[fmt.Sprintf("%s Versi %d.", a.id, v)]
		}
		switch {
		case a.deleted && found > 0:
			c.lose("the deletion of %s", a.id)
		case !a.deleted && !a.unsure && found == 0:
			c.lose("version %d to %d of %s", a.from, a.to, a.id)
		case found > 1:
			c.double("%s", a.id)
		}
	}
}

// ledger looks for what was given up.
func (c *census) ledger() {
	for words := range c.texts(`select state || ': ' || inbox || ' ' || type || ' ' || last_error from deliveries where state in ('failed', 'expired')`) {
		c.lose("%s", words)
	}
	for words := range c.texts(`select outcome || ': ' || activity_uri || ' ' || detail from inbound where outcome like 'failed:%' or outcome like 'refused:%'`) {
		c.lose("%s", words)
	}
}

// recount lets the program count what it keeps.
func (c *census) recount() {
	store, err := postgres.Open(c.t.Context(), c.database)
	must(c.t, err)
	defer store.Close()
	wrong, err := store.Recount(c.t.Context())
	must(c.t, err)
	for _, m := range wrong {
		c.lose("recount: %v", m)
	}
}

// sent is an activity of ours about an article.
type sent struct {
	uri, object, kind string
}

// articleActivities are all of ours about articles, in the order in which they
// were planned.
func (c *census) articleActivities() []sent {
	rows, err := c.pool.Query(c.t.Context(), `
		select uri, a.object_uri, a.type from activities a join deliveries d on d.activity_id = a.id
		where a.object_uri in (select object_uri from articles) and a.type in ('Create', 'Update', 'Delete')
		group by a.id order by min(d.id)`)
	must(c.t, err)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s sent, err error) {
		err = row.Scan(&s.uri, &s.object, &s.kind)
		return s, err
	})
	must(c.t, err)
	return list
}

// dropped are the activities that a host need not take: a Create that a deletion
// has made pointless, and the Delete of what was never told.
func (c *census) dropped(host string) map[string]int {
	return c.texts(`
		select a.uri from deliveries d join activities a on a.id = d.activity_id
		where d.host = $1 and (d.state = 'skipped' and d.type = 'Delete' or d.state = 'superseded' and d.type = 'Create'
			and exists (select from objects o where o.id = d.object_uri and o.deleted is not null))`, host)
}

// took checks what one server took: every Create and what came last of every
// article, in their order, each once.
func (c *census) took(s *aptest.Server) {
	times, at := map[string]int{}, map[string]int{}
	for i, got := range s.Received() {
		if got.Err != nil || got.Activity == nil || got.Status < 200 || got.Status > 299 {
			continue
		}
		c.tally.delivered++
		if times[got.Activity.ID]++; times[got.Activity.ID] == 1 {
			at[got.Activity.ID] = i
		} else {
			c.tally.repeated++
		}
	}
	created, newest := map[string]int{}, map[string]sent{}
	dropped := c.dropped(strings.TrimPrefix(s.URL(), "http://"))
	reached := map[string]int{} // by object: where the newest that it took stands
	for _, a := range c.articleActivities() {
		if a.kind == "Create" {
			created[a.object]++
			if times[a.uri] == 0 && dropped[a.uri] == 0 {
				c.lose("%s never took the Create of %s", s.URL(), a.object)
			}
		}
		newest[a.object] = a
		if times[a.uri] == 0 {
			continue
		}
		if before, any := reached[a.object]; any && at[a.uri] < before {
			c.tally.disordered++
			c.t.Errorf("%s took what came before the %s of %s after it", s.URL(), a.kind, a.object)
		}
		if created[a.object] == 0 {
			c.tally.disordered++
			c.t.Errorf("the %s of %s was planned before its Create", a.kind, a.object)
		}
		reached[a.object] = at[a.uri]
	}
	for object, a := range newest {
		if times[a.uri] == 0 && dropped[a.uri] == 0 {
			c.lose("%s never took the last %s of %s", s.URL(), a.kind, object)
		}
		if created[object] != 1 {
			c.double("%d activities create %s", created[object], object)
		}
	}
}

// What a program that lived through a fault may have more than before: idle
// connections, and what the collector has not returned yet.
const (
	moreGoroutines = 60
	moreResident   = 96 << 20 // bytes
)

// unchanged waits until the program has the goroutines and the memory of before.
func (p *play) unchanged() {
	limit := time.Now().Add(90 * time.Second)
	for {
		now, err := p.vitals()
		if err == nil && now.goroutines <= p.born.goroutines+moreGoroutines && now.resident <= p.born.resident+moreResident {
			return
		}
		if time.Now().After(limit) {
			p.t.Errorf("before %+v, after %+v, %v", p.born, now, err)
			return
		}
		wait(time.Second)
	}
}

// vitals reads the metrics.
func (tr *trial) vitals() (v vital, err error) {
	if v.goroutines, err = tr.metric("go_goroutines"); err != nil {
		return v, err
	}
	// Of the process itself: /proc tells without the program's help.
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", tr.program().PID()))
	if err != nil {
		return v, err
	}
	pages, err := strconv.ParseFloat(strings.Fields(string(text))[1], 64)
	v.resident = pages * float64(os.Getpagesize())
	return v, err
}

// metric reads one figure without labels.
func (tr *trial) metric(name string) (float64, error) {
	res, err := http.Get("http://" + tr.metrics + "/metrics")
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strconv.ParseFloat(strings.TrimSpace(value), 64)
		}
	}
	return 0, fmt.Errorf("no %s", name)
}
