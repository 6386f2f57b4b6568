package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"kabar/internal/blog"
)

// allowListed is the condition that the blog is in allow-list mode.
const allowListed = `exists (select from settings where key = 'allow_list' and value = 'true')`

// namesOf are the names by which a host, as ids name it, may be blocked: itself,
// without its port, and each domain above. Blocks are looked up by them: to
// compare each host with each block takes minutes where both are many.
func namesOf(host string) string {
	return `array(
		select ` + host + ` union all
		select array_to_string(labels[i:], '.')
		from string_to_array(regexp_replace(` + host + `, ':[0-9]+$', ''), '.') labels, generate_subscripts(labels, 1) i)`
}

// blocked is the condition that there is a block of a kind and of some
// severities with one of the names.
func blocked(kind, names, severities string) string {
	return `exists (
		select from blocks b
		where b.kind = '` + kind + `' and b.value = any (` + names + `) and b.severity in (` + severities + `))`
}

// blockedHost is the condition that nothing of a host is shown.
func blockedHost(host string) string { return blocked("domain", namesOf(host), "'block'") }

// refusedHost is the condition that nothing is taken from a host or sent to it:
// the rule of blog.Blocked for servers, in SQL.
func refusedHost(host string) string {
	return `(` + blockedHost(host) + ` or ` + allowListed + ` and not ` + blocked("domain", namesOf(host), "'allow'") + `)`
}

const blockColumns = `kind, value, severity, reason, comment, account_id, created`

func scanBlock(row pgx.CollectableRow) (b blog.Block, err error) {
	err = row.Scan(&b.Kind, &b.Value, &b.Severity, &b.Reason, &b.Comment, &b.Account, &b.Created)
	return b, err
}

// Blocks returns what activities are judged by, newest first.
func (s *Store) Blocks(ctx context.Context) ([]blog.Block, error) {
	rows, err := s.pool.Query(ctx, `
		select `+blockColumns+` from blocks
		union all
		select 'domain', $1, 'block', '', '', null, '-infinity' where `+allowListed+`
		order by created desc, kind, value`, blog.Everybody)
	if err != nil {
		return nil, wrap("blocks", err)
	}
	blocks, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b blog.Block, err error) {
		var at pgtype.Timestamptz
		err = row.Scan(&b.Kind, &b.Value, &b.Severity, &b.Reason, &b.Comment, &b.Account, &at)
		b.Created = at.Time
		return b, err
	})
	return blocks, wrap("blocks", err)
}

// BlockList returns a page of the blocks as they were made, and how many there
// are.
func (s *Store) BlockList(ctx context.Context, q blog.BlockQuery) ([]blog.Block, int, error) {
	const chosen = `
		from blocks
		where (cardinality($1::text[]) = 0 or kind = any ($1)) and ($2 = '' or severity = $2)
		  and ($3 = '' or value ilike $3 or reason ilike $3 or comment ilike $3)`
	total := 0
	args := []any{orEmpty(q.Kinds), q.Severity, containing(q.Search)}
	if err := s.pool.QueryRow(ctx, `select count(*)`+chosen, args...).Scan(&total); err != nil {
		return nil, 0, wrap("block list", err)
	}
	var limit *int
	if q.Limit > 0 {
		limit = &q.Limit
	}
	rows, err := s.pool.Query(ctx, `
		select `+blockColumns+chosen+`
		order by created desc, kind, value
		offset $4 limit $5`, append(args, q.Offset, limit)...)
	if err != nil {
		return nil, 0, wrap("block list", err)
	}
	blocks, err := pgx.CollectRows(rows, scanBlock)
	return blocks, total, wrap("block list", err)
}

// Affected counts the followers and the shown comments of servers.
func (s *Store) Affected(ctx context.Context, domains []string) (map[string]blog.Affected, error) {
	rows, err := s.pool.Query(ctx, `
		select coalesce(f.host, c.host), coalesce(f.n, 0), coalesce(c.n, 0)
		from (
			select a.host, count(*) as n from followers join actors a on a.id = followers.actor_id group by 1
		) f full join (
			select a.host, count(*) as n from comments join actors a on a.id = comments.actor_id
			where a.kind = 'remote' and `+shownComment+` group by 1
		) c on c.host = f.host`)
	if err != nil {
		return nil, wrap("affected by a block", err)
	}
	asked := map[string]bool{}
	for _, domain := range domains {
		asked[domain] = true
	}
	affected := map[string]blog.Affected{}
	var host string
	var n blog.Affected
	_, err = pgx.ForEachRow(rows, []any{&host, &n.Followers, &n.Comments}, func() error {
		for _, domain := range above(host) {
			if asked[domain] {
				sum := affected[domain]
				affected[domain] = blog.Affected{Followers: sum.Followers + n.Followers, Comments: sum.Comments + n.Comments}
			}
		}
		return nil
	})
	return affected, wrap("affected by a block", err)
}

// above returns the domains whose block covers a host: itself with its port and
// without, and all above it.
func above(host string) []string {
	list := []string{host}
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
		list = append(list, host)
	}
	for {
		_, parent, ok := strings.Cut(host, ".")
		if !ok {
			return list
		}
		list = append(list, parent)
		host = parent
	}
}

// ActorByURI returns an actor by its id.
func (s *Store) ActorByURI(ctx context.Context, uri string) (blog.Actor, error) {
	a, err := s.actor(ctx, `uri = $1`, uri)
	return a, wrap("actor by id", err)
}

// AddBlocks writes blocks and ends the follows of whom they refuse. What was
// written before stays as it is. Each whose follow ends is told with an
// activity of its own; newID makes ids.
func (s *Store) AddBlocks(ctx context.Context, blocks []blog.Block, newID func() uuid.UUID, audit blog.AuditEntry) error {
	var tags []string
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tags = nil
		if err := insertBlocks(ctx, tx, blocks); err != nil {
			return err
		}
		ended, err := endFollows(ctx, tx, blocks)
		if err != nil {
			return err
		}
		for _, job := range ended {
			job.Activity = newID()
			if err := s.enqueue(ctx, tx, job); err != nil {
				return err
			}
			if tag := blog.PageActor(job.Target); !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
		if err := skipDeliveries(ctx, tx, blocks); err != nil {
			return err
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("add blocks", err)
	}
	s.changed(tags...)
	return nil
}

func insertBlocks(ctx context.Context, tx pgx.Tx, blocks []blog.Block) error {
	batch := &pgx.Batch{}
	for _, b := range blocks {
		if b.Severity == "" {
			b.Severity = blog.SeverityBlock
		}
		batch.Queue(`
			insert into blocks (kind, value, severity, reason, comment, account_id, created) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (kind, value) do update set
				severity = excluded.severity, reason = excluded.reason, comment = excluded.comment, swept = null`,
			b.Kind, b.Value, b.Severity, b.Reason, b.Comment, nullID(b.Account), b.Created)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("insert blocks: %w", err)
	}
	return nil
}

// refusedBy are the domains and people that blocks refuse.
func refusedBy(blocks []blog.Block) (domains map[string]bool, people []string) {
	domains = map[string]bool{}
	for _, b := range blocks {
		switch {
		case b.Severity != blog.SeverityBlock && b.Severity != "":
		case b.Kind == blog.BlockDomain:
			domains[b.Value] = true
		case b.Kind == blog.BlockActor:
			people = append(people, b.Value)
		}
	}
	return domains, people
}

// hostsBelow picks those of the hosts that sql returns which domains cover. A
// list of thousands of domains would be slow to compare in SQL.
func hostsBelow(ctx context.Context, tx pgx.Tx, domains map[string]bool, sql string) ([]string, error) {
	if len(domains) == 0 {
		return nil, nil
	}
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	hosts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	covered := func(domain string) bool { return domains[domain] }
	return slices.DeleteFunc(hosts, func(host string) bool { return !slices.ContainsFunc(above(host), covered) }), err
}

// skipDeliveries drops from the queue what waits for blocked servers, except
// ends: what is deleted, and that a follow is over.
func skipDeliveries(ctx context.Context, tx pgx.Tx, blocks []blog.Block) error {
	domains, _ := refusedBy(blocks)
	hosts, err := hostsBelow(ctx, tx, domains, `select distinct host from deliveries where state = 'waiting'`)
	if err != nil || len(hosts) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		update deliveries set state = 'skipped', last_error = 'blocked'
		where state = 'waiting' and type not in ('Delete', 'Reject') and host = any ($1)`, hosts)
	if err != nil {
		return fmt.Errorf("skip deliveries: %w", err)
	}
	return nil
}

// endFollows returns the follows that ended, for those who followed.
func endFollows(ctx context.Context, tx pgx.Tx, blocks []blog.Block) ([]blog.FollowerRemoved, error) {
	domains, people := refusedBy(blocks)
	hosts, err := hostsBelow(ctx, tx, domains, `
		select distinct a.host from followers f join actors a on a.id = f.actor_id where a.host is not null`)
	if err != nil {
		return nil, fmt.Errorf("end follows: %w", err)
	}
	rows, err := tx.Query(ctx, `
		delete from followers using actors a
		where followers.actor_id = a.id and a.kind = 'remote' and (a.uri = any ($1) or a.host = any ($2))
		returning followers.target_id, followers.follow_uri, a.uri, a.inbox`, orEmpty(people), orEmpty(hosts))
	if err != nil {
		return nil, fmt.Errorf("end follows: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (job blog.FollowerRemoved, err error) {
		err = row.Scan(&job.Target, &job.FollowURI, &job.ActorURI, &job.Inbox)
		return job, err
	})
}

// RemoveBlock takes a block back; ended follows stay ended.
func (s *Store) RemoveBlock(ctx context.Context, kind, value string, audit blog.AuditEntry) error {
	err := s.tx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `delete from blocks where kind = $1 and value = $2`, kind, value)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return blog.ErrNotFound
		}
		return insertAudit(ctx, tx, audit)
	})
	return wrap("remove block", err)
}
