-- +goose Up

-- When the replies of a thread are looked for at other servers. It is its own queue.
create table crawls (
    article_id  uuid primary key references articles (id),
    next_at     timestamptz,                       -- null = the thread is at rest
    pending     timestamptz,                       -- when the first new reply came that no crawl followed yet
    step        integer not null default 0,        -- how many of the growing waits are over
    node        text not null default '',          -- who crawls it now, until lease_until
    lease_until timestamptz,
    last_at     timestamptz,                       -- end of the last crawl
    hour        timestamptz not null default '-infinity', -- begin of the hour whose requests are counted
    requests    integer not null default 0,        -- in that hour; what a crawl may need is counted when it begins
    found       integer not null default 0         -- comments that the last crawl found
);
create index crawls_due on crawls (next_at) where next_at is not null;
create index crawls_leased on crawls (lease_until) where lease_until is not null;

alter table comments
    add crawled timestamptz;                       -- when its replies were last looked for

-- What others wrote in our threads is passed on word for word (ActivityPub 7.1.2).
create table forwards (
    inbound_id bigint primary key,                 -- the activity
    article_id uuid not null references articles (id),
    created    timestamptz not null,
    next_at    timestamptz,                        -- null = done
    planned    timestamptz,                        -- when its deliveries were planned
    deliveries integer not null default 0          -- how many that were
);
create index forwards_waiting on forwards (next_at, inbound_id) where next_at is not null;
create index forwards_planned on forwards (planned) where planned is not null;

alter table inbound
    add content_type text not null default '';     -- as it came; '' = application/activity+json

alter table activities
    add forwarded    boolean not null default false, -- somebody else's: sent as it came, never served
    add content_type text not null default '';

-- What is forwarded waits for everything that is ours, and has a time of its own.
alter table deliveries
    add low boolean not null default false;
alter table hosts
    add low_next_at timestamptz;                   -- next time there is something low to do; null = nothing waits
create index hosts_low_due on hosts (low_next_at) where low_next_at is not null and suspended is null;
create index deliveries_low on deliveries (id) where low;

alter table crawls set (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 70);

-- +goose Down
drop table crawls, forwards;
alter table comments drop crawled;
alter table inbound drop content_type;
alter table activities drop forwarded, drop content_type;
alter table hosts drop low_next_at;
alter table deliveries drop low;
