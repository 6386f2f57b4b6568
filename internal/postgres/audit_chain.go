package postgres

import (
	"context"

	"kabar/internal/blog"
)

// AuditChain computes the hashes of the audit log anew. It is the same
// expression as that of the function audit_hash (migrations/00029_audit.sql),
// which is not called: it stands in the database that is being checked.
func (s *Store) AuditChain(ctx context.Context, known string) (blog.AuditChain, error) {
	var c blog.AuditChain
	err := s.pool.QueryRow(ctx, `
		with linked as (
			select *, lag(hash, 1, '') over written as previous, number - lag(number, 1, 0) over written as step
			from audit window written as (order by number)
		), checked as (
			select number, hash, step <> 1 or hash <> sha256(convert_to(jsonb_build_array(
				encode(previous, 'hex'), number, id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
				account_id, action, subject, detail)::text, 'UTF8')) as broken
			from linked
		)
		select count(*), coalesce(encode((array_agg(hash order by number desc))[1], 'hex'), ''),
		       coalesce(min(number) filter (where broken), 0), coalesce(min(number) filter (where encode(hash, 'hex') = $1), 0)
		from checked`, known).Scan(&c.Entries, &c.Head, &c.Broken, &c.Known)
	return c, wrap("audit chain", err)
}
