-- Pages of the Studio and what is done again and again cost the same in a blog
-- of any size.

-- +goose Up

-- What became of the deliveries of each activity. Each connection counts in one
-- of four rows, so that nodes do not wait for each other.
create table delivery_counts (
    activity_id uuid not null,
    state       text not null,
    slot        integer not null,
    deliveries  bigint not null,
    primary key (activity_id, state, slot)
);
alter table delivery_counts set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- +goose StatementBegin
create function step_deliveries(activities uuid[], states text[], steps bigint[]) returns void language sql as $$
    insert into delivery_counts (activity_id, state, slot, deliveries)
    select activity_id, state, pg_backend_pid() % 4, sum(n) from unnest(activities, states, steps) as t (activity_id, state, n)
    group by activity_id, state having sum(n) <> 0 order by activity_id, state
    on conflict (activity_id, state, slot) do update set deliveries = delivery_counts.deliveries + excluded.deliveries
$$;

create function deliveries_planned() returns trigger language plpgsql as $$
begin
    perform step_deliveries(array_agg(s.activity_id), array_agg(s.state), array_agg(s.n)) from (
        select activity_id, state, count(*) as n from planned group by 1, 2) s;
    return null;
end $$;

create function deliveries_moved() returns trigger language plpgsql as $$
begin
    perform step_deliveries(array_agg(s.activity_id), array_agg(s.state), array_agg(s.n)) from (
        select activity_id, state, sum(n)::bigint as n from (
            select activity_id, state, -1 as n from was union all select activity_id, state, 1 from became) b
        group by 1, 2 having sum(n) <> 0) s;
    return null;
end $$;

create function deliveries_gone() returns trigger language plpgsql as $$
begin
    perform step_deliveries(array_agg(s.activity_id), array_agg(s.state), array_agg(s.n)) from (
        select activity_id, state, -count(*) as n from gone group by 1, 2) s;
    return null;
end $$;

create function activities_gone() returns trigger language plpgsql as $$
begin
    delete from delivery_counts c using gone where c.activity_id = gone.id;
    return null;
end $$;
-- +goose StatementEnd

create trigger deliveries_planned after insert on deliveries
    referencing new table as planned for each statement execute function deliveries_planned();
create trigger deliveries_moved after update on deliveries
    referencing old table as was new table as became for each statement execute function deliveries_moved();
create trigger deliveries_gone after delete on deliveries
    referencing old table as gone for each statement execute function deliveries_gone();
create trigger activities_gone after delete on activities
    referencing old table as gone for each statement execute function activities_gone();

insert into delivery_counts (activity_id, state, slot, deliveries)
select activity_id, state, 0, count(*) from deliveries group by 1, 2;

-- What waits is counted without a look at the rows; what did not arrive is read
-- from among many that did.
drop index deliveries_waiting;
create index deliveries_waiting on deliveries (host, id) include (low, created) where state = 'waiting';
create index deliveries_undelivered on deliveries (activity_id, id desc) where state <> 'delivered';

create index hosts_failing on hosts ((suspended is null), failing_since, host) where suspended is not null or paused_until is not null;

-- Quotes whose post is there and was not deleted are counted down an index.
alter table quotes add posted boolean not null default false;

-- +goose StatementBegin
create function quote_came() returns trigger language plpgsql as $$
begin
    new.posted = exists (select from comments where object_uri = new.object_uri and state <> 'deleted');
    return new;
end $$;

create function quotes_posted() returns trigger language plpgsql as $$
begin
    update quotes q set posted = true from added where q.object_uri = added.object_uri and added.state <> 'deleted' and not q.posted;
    return null;
end $$;

create function quote_moved() returns trigger language plpgsql as $$
begin
    update quotes q set posted = tg_op = 'UPDATE' and new.state <> 'deleted' where q.object_uri = old.object_uri;
    return null;
end $$;
-- +goose StatementEnd

update quotes q set posted = true where exists (select from comments c where c.object_uri = q.object_uri and c.state <> 'deleted');
create trigger quote_came before insert on quotes for each row execute function quote_came();
create trigger quotes_posted after insert on comments
    referencing new table as added for each statement execute function quotes_posted();
create trigger quote_moved after update of state on comments
    for each row when ((old.state = 'deleted') <> (new.state = 'deleted')) execute function quote_moved();
create trigger quote_gone after delete on comments
    for each row when (old.state <> 'deleted') execute function quote_moved();
create index quotes_posted on quotes (state) where posted;

-- Hosts are found by their names read from the end: those below a domain stand
-- together.
create index actors_server on actors ((reverse(regexp_replace(host, ':[0-9]+$', '')) collate "C")) where kind = 'remote';
create index remote_media_origin on remote_media ((reverse(regexp_replace(host, ':[0-9]+$', '')) collate "C"));
create index remote_media_server on remote_media ((reverse(regexp_replace(server, ':[0-9]+$', '')) collate "C"));
create index remote_media_told on remote_media (server);

-- By the host of their inbox, as it stands in the ledger.
create index actors_inbox_host on actors (substring(coalesce(nullif(shared_inbox, ''), inbox) from '^https?://([^/?#]+)')) where kind = 'remote';

-- People for a mention are found by how their handle or a word of their name begins.
create index actors_acct on actors ((lower(handle || '@' || domain) collate "C")) where kind = 'remote' and deleted is null and handle <> '';
create index actors_named on actors using gin (to_tsvector('simple', name)) where kind = 'remote' and deleted is null and handle <> '';

-- A list of all articles has deleted ones in it.
drop index articles_changed;
create index articles_changed on articles (changed desc, id desc);

-- The audit log of one action.
create index audit_action on audit (action, at desc, id desc);

-- What became of the letters of each issue.
create table letter_counts (
    issue_id uuid not null references issues (id) on delete cascade,
    state    text not null,
    letters  bigint not null,
    primary key (issue_id, state)
);

-- +goose StatementBegin
create function step_letters(issues uuid[], states text[], steps bigint[]) returns void language sql as $$
    insert into letter_counts (issue_id, state, letters)
    select issue_id, state, sum(n) from unnest(issues, states, steps) as t (issue_id, state, n)
    group by issue_id, state having sum(n) <> 0 order by issue_id, state
    on conflict (issue_id, state) do update set letters = letter_counts.letters + excluded.letters
$$;

create function letters_written() returns trigger language plpgsql as $$
begin
    perform step_letters(array_agg(s.issue_id), array_agg(s.state), array_agg(s.n)) from (
        select issue_id, state, count(*) as n from written group by 1, 2) s;
    return null;
end $$;

create function letter_moved() returns trigger language plpgsql as $$
begin
    perform step_letters(array[old.issue_id, new.issue_id], array[old.state, new.state], array[-1, 1]);
    return null;
end $$;

create function letters_gone() returns trigger language plpgsql as $$
begin
    perform step_letters(array_agg(s.issue_id), array_agg(s.state), array_agg(s.n)) from (
        select issue_id, state, -count(*) as n from gone where exists (select from issues where id = gone.issue_id) group by 1, 2) s;
    return null;
end $$;
-- +goose StatementEnd

create trigger letters_written after insert on letters
    referencing new table as written for each statement execute function letters_written();
create trigger letter_moved after update of state on letters
    for each row when (old.state <> new.state) execute function letter_moved();
create trigger letters_gone after delete on letters
    referencing old table as gone for each statement execute function letters_gone();
insert into letter_counts (issue_id, state, letters) select issue_id, state, count(*) from letters group by 1, 2;

-- Words in articles need pg_trgm; without, all texts are read.
-- +goose StatementBegin
do $$
begin
    create index articles_like on articles using gin (title gin_trgm_ops, text gin_trgm_ops);
exception when others then
    raise notice 'no index for words in the list of articles: %', sqlerrm;
end $$;
-- +goose StatementEnd

-- The sweep of copies looks at what changed, not at all.

-- Copies that nothing may show any more.
alter table remote_media add orphan boolean not null default false;
create index remote_media_orphan on remote_media (id) where orphan;

-- The bytes of all copies together; each connection counts in one of sixteen rows.
create table remote_media_bytes (
    slot  integer primary key,
    bytes bigint not null
);
alter table remote_media_bytes set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- +goose StatementBegin
create function step_remote_media(n bigint) returns void language sql as $$
    insert into remote_media_bytes (slot, bytes) select pg_backend_pid() % 16, n where n <> 0
    on conflict (slot) do update set bytes = remote_media_bytes.bytes + excluded.bytes
$$;

create function remote_media_added() returns trigger language plpgsql as $$
begin
    perform step_remote_media(sum(bytes)::bigint) from added;
    return null;
end $$;

create function remote_media_gone() returns trigger language plpgsql as $$
begin
    perform step_remote_media(-sum(bytes)::bigint) from gone;
    return null;
end $$;

create function remote_media_moved() returns trigger language plpgsql as $$
begin
    perform step_remote_media(new.bytes - old.bytes);
    return null;
end $$;

create function remote_media_unused() returns trigger language plpgsql as $$
begin
    with unused as (
        select id from remote_media m
        where id in (select media_id from gone) and not orphan and not exists (select from remote_media_uses u where u.media_id = m.id)
        order by id for no key update
    )
    update remote_media m set orphan = true from unused where m.id = unused.id;
    return null;
end $$;

create function subjects_gone() returns trigger language plpgsql as $$
begin
    delete from remote_media_uses u using gone where u.subject = gone.id;
    return null;
end $$;
-- +goose StatementEnd

create trigger remote_media_added after insert on remote_media
    referencing new table as added for each statement execute function remote_media_added();
create trigger remote_media_gone after delete on remote_media
    referencing old table as gone for each statement execute function remote_media_gone();
create trigger remote_media_moved after update of bytes on remote_media
    for each row when (old.bytes <> new.bytes) execute function remote_media_moved();
create trigger remote_media_unused after delete on remote_media_uses
    referencing old table as gone for each statement execute function remote_media_unused();
create trigger comments_shown after delete on comments
    referencing old table as gone for each statement execute function subjects_gone();
create trigger actors_shown after delete on actors
    referencing old table as gone for each statement execute function subjects_gone();
create trigger reactions_shown after delete on reactions
    referencing old table as gone for each statement execute function subjects_gone();

insert into remote_media_bytes (slot, bytes) select 0, coalesce(sum(bytes), 0) from remote_media;
delete from remote_media_uses u
where not exists (select from comments where id = u.subject)
  and not exists (select from actors where id = u.subject)
  and not exists (select from reactions where id = u.subject);
update remote_media m set orphan = true where not exists (select from remote_media_uses u where u.media_id = m.id) and not orphan;

-- Since when no copy of a blocked server is left; null = the sweep has to look.
alter table blocks add swept timestamptz;
create index blocks_swept on blocks (swept) where kind = 'domain' and severity = 'block';

-- Whether anything else has a file that goes.
create index media_variants on media using gin (variants jsonb_path_ops);
create index actors_avatar_name on actors (avatar) where avatar <> '';

-- Plans know of the new indexes from the start.
analyze delivery_counts, deliveries (state), hosts, quotes, actors, articles, remote_media, media, blocks, audit, letter_counts;

-- +goose Down
drop index actors_avatar_name, media_variants, blocks_swept;
alter table blocks drop swept;
drop trigger reactions_shown on reactions;
drop trigger actors_shown on actors;
drop trigger comments_shown on comments;
drop trigger remote_media_unused on remote_media_uses;
drop trigger remote_media_moved on remote_media;
drop trigger remote_media_gone on remote_media;
drop trigger remote_media_added on remote_media;
drop function subjects_gone, remote_media_unused, remote_media_moved, remote_media_gone, remote_media_added, step_remote_media;
drop table remote_media_bytes;
drop index remote_media_orphan;
alter table remote_media drop orphan;
drop index if exists articles_like;
drop trigger letters_gone on letters;
drop trigger letter_moved on letters;
drop trigger letters_written on letters;
drop function letters_gone, letter_moved, letters_written, step_letters;
drop table letter_counts;
drop index audit_action;
drop index articles_changed;
create index articles_changed on articles (changed desc, id desc) where status <> 'deleted';
drop index actors_named, actors_acct, actors_inbox_host, remote_media_told, remote_media_server, remote_media_origin, actors_server;
drop index quotes_posted;
drop trigger quote_gone on comments;
drop trigger quote_moved on comments;
drop trigger quotes_posted on comments;
drop trigger quote_came on quotes;
drop function quote_moved, quotes_posted, quote_came;
alter table quotes drop posted;
drop index hosts_failing, deliveries_undelivered, deliveries_waiting;
create index deliveries_waiting on deliveries (host, id) where state = 'waiting';
drop trigger activities_gone on activities;
drop trigger deliveries_gone on deliveries;
drop trigger deliveries_moved on deliveries;
drop trigger deliveries_planned on deliveries;
drop function activities_gone, deliveries_gone, deliveries_moved, deliveries_planned, step_deliveries;
drop table delivery_counts;
