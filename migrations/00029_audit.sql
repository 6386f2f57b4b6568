-- The audit log is only ever added to, and shows when it was changed after all.

-- +goose Up

-- Each entry is numbered without gaps, and its hash covers the one before.
alter table audit
    add number bigint,
    add hash   bytea;

-- +goose StatementBegin
-- What an entry's hash is made of stands in internal/postgres/audit_chain.go as
-- well: who checks the log does not ask what is in the same database.
create function audit_hash(previous bytea, entry audit) returns bytea stable language sql as $$
    select sha256(convert_to(jsonb_build_array(
        encode(previous, 'hex'), entry.number, entry.id, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        entry.account_id, entry.action, entry.subject, entry.detail)::text, 'UTF8'))
$$;

do $$
declare
    entry audit;
    last bytea := '';
    counted bigint := 0;
begin
    for entry in select * from audit order by at, id loop
        counted := counted + 1;
        entry.number := counted;
        last := audit_hash(last, entry);
        update audit set number = counted, hash = last where id = entry.id;
    end loop;
end $$;
-- +goose StatementEnd

alter table audit
    alter number set not null,
    alter hash set not null;
create unique index audit_number on audit (number);

-- +goose StatementBegin
-- Entries are written last in their transactions, so that one waits for another
-- only while that one commits, and holds nothing that the other wants.
create function audit_chain() returns trigger language plpgsql as $$
declare last record;
begin
    perform pg_advisory_xact_lock(hashtextextended('audit', 0));
    select number, hash into last from audit order by number desc limit 1;
    new.number := coalesce(last.number, 0) + 1;
    new.hash := audit_hash(coalesce(last.hash, ''), new);
    return new;
end $$;

create function audit_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'entries of the audit log are neither changed nor removed' using errcode = 'insufficient_privilege';
end $$;
-- +goose StatementEnd

create trigger audit_chain before insert on audit for each row execute function audit_chain();
create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_append_only();
alter table audit enable always trigger audit_append_only; -- whatever session_replication_role says

-- +goose Down
drop trigger audit_append_only on audit;
drop trigger audit_chain on audit;
drop function audit_append_only, audit_chain, audit_hash;
drop index audit_number;
alter table audit drop number, drop hash;
