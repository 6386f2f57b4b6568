-- What is asked for again and again costs the same in a blog of any size.

-- +goose Up

-- Comments in each state. Each connection counts in one of sixteen rows, so that
-- batches which are written at once do not wait for each other.
create table comment_counts (
    state    text not null,
    slot     integer not null,
    comments bigint not null,
    primary key (state, slot)
);
alter table comment_counts set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- +goose StatementBegin
create function step_comments(states text[], steps bigint[]) returns void language sql as $$
    insert into comment_counts (state, slot, comments)
    select state, pg_backend_pid() % 16, sum(n) from unnest(states, steps) as t (state, n)
    group by state having sum(n) <> 0 order by state
    on conflict (state, slot) do update set comments = comment_counts.comments + excluded.comments
$$;

create function comments_added() returns trigger language plpgsql as $$
begin
    perform step_comments(array_agg(a.state), array_agg(a.n)) from (
        select state, count(*) as n from added group by state) a;
    return null;
end $$;

create function comment_moved() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform step_comments(array[old.state], array[-1]);
    else
        perform step_comments(array[old.state, new.state], array[-1, 1]);
    end if;
    return null;
end $$;
-- +goose StatementEnd

create trigger comments_added after insert on comments
    referencing new table as added for each statement execute function comments_added();
create trigger comment_moved after update of state on comments
    for each row when (old.state <> new.state) execute function comment_moved();
create trigger comment_gone after delete on comments
    for each row execute function comment_moved();

insert into comment_counts (state, slot, comments) select state, 0, count(*) from comments group by state;

-- Lists of the Studio and the feed of an article's comments, by their arrival.
create index comments_state on comments (state, created desc, id desc) where state <> 'visible';
create index comments_private on comments (created desc, id desc) where visibility not in ('public', 'unlisted');
create index comments_article_newest on comments (article_id, created desc, id desc);

-- Our own are few: they are counted, and those that were taken from the page
-- are looked up with each page of the outbox.
create index comments_local on comments (id) where local and state = 'visible' and visibility in ('public', 'unlisted');
create index comments_local_hidden on comments (object_uri) where local and state <> 'visible';

-- Comments that an older policy of the sanitiser made.
create index comments_policy on comments (policy, created desc) where not local and state <> 'deleted';

-- What was passed on is looked for by each clean-up.
create index activities_forwarded on activities (created) where forwarded;

create index quotes_waiting on quotes (state) where state = 'waiting';
create index reports_state on reports (state);

-- What came in and is needed for ever, since a comment is made from it, is not
-- looked at by each clean-up. The mark is set by the clean-up that finds it, and
-- taken back when the comment is made from something later, or is no more.
alter table inbound add kept boolean not null default false;
drop index inbound_done;
create index inbound_done on inbound (done) where done is not null and not kept;

-- +goose StatementBegin
create function inbound_needless() returns trigger language plpgsql as $$
begin
    update inbound set kept = false where id = old.inbound_id and kept;
    return null;
end $$;
-- +goose StatementEnd
create trigger inbound_needless after update of inbound_id on comments
    for each row when (old.inbound_id is distinct from new.inbound_id) execute function inbound_needless();
create trigger inbound_needless_gone after delete on comments
    for each row when (old.inbound_id is not null) execute function inbound_needless();

-- The same for what the ledger keeps as long as an object exists.
alter table deliveries add kept boolean not null default false;
create index deliveries_done on deliveries (coalesce(last_at, created)) where state <> 'waiting' and not kept;
create index deliveries_kept on deliveries (object_uri, inbox) where kept;
create index objects_deleted on objects (deleted) where deleted is not null and kind in ('article', 'comment');

-- Dead rows of what changes most are taken away after a few thousand, whatever
-- the size of the table; what only grows is frozen and counted as it grows.
alter table comments set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table articles set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200, fillfactor = 85);
alter table actors set (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 90);
alter table inbound set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table deliveries set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);
alter table sessions set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200);
alter table views set (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 80);
alter table remote_media set (autovacuum_vacuum_scale_factor = 0.05, fillfactor = 85);

-- +goose Down
alter table remote_media reset (autovacuum_vacuum_scale_factor, fillfactor);
alter table views reset (autovacuum_vacuum_scale_factor, fillfactor);
alter table sessions reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);
alter table deliveries reset (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
alter table inbound reset (autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
alter table actors reset (autovacuum_vacuum_scale_factor, fillfactor);
alter table articles reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, fillfactor);
alter table comments reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor, autovacuum_analyze_scale_factor);
drop index objects_deleted, deliveries_kept, deliveries_done;
alter table deliveries drop kept;
drop trigger inbound_needless on comments;
drop trigger inbound_needless_gone on comments;
drop function inbound_needless;
drop index inbound_done;
create index inbound_done on inbound (done) where done is not null;
alter table inbound drop kept;
drop index activities_forwarded, reports_state, quotes_waiting, comments_policy, comments_local_hidden, comments_local, comments_article_newest, comments_private,
    comments_state;
drop trigger comments_added on comments;
drop trigger comment_moved on comments;
drop trigger comment_gone on comments;
drop function comments_added, comment_moved, step_comments;
drop table comment_counts;
