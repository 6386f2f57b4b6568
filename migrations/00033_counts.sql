-- What pages, feeds and collections say of how many there are is counted when it
-- changes, and what they list is found down an index.

-- +goose Up

-- Numbers of things of something (an article, an actor; the nil UUID for the
-- blog). Each connection counts in one of sixteen rows, as in comment_counts.
--   replies   comments right below an article that its replies collection lists
--   asides    comments of an article that only quote it, or a comment of it: no collection lists them
--   local     comments of ours that readers see
--   listed    activities of an actor in its outbox, those too that notHidden leaves out
--   followers of an actor
--   people    who follow any of our actors, each once
--   servers   that people who follow are on
create table counts (
    what text not null,
    of   uuid not null,
    slot integer not null,
    n    bigint not null,
    primary key (what, of, slot)
);
alter table counts set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- +goose StatementBegin
create function step_counts(whats text[], ofs uuid[], steps bigint[]) returns void language plpgsql as $$
begin
    if whats is not null then
        insert into counts (what, of, slot, n)
        select t.what, t.of, pg_backend_pid() % 16, sum(t.step) from unnest(whats, ofs, steps) as t (what, of, step)
        where t.of is not null
        group by 1, 2 having sum(t.step) <> 0 order by 1, 2
        on conflict (what, of, slot) do update set n = counts.n + excluded.n;
    end if;
end $$;

-- counted is what a comment is counted as, and of what.
create function counted(c comments) returns table (what text, of uuid) immutable language sql as $$
    select 'replies', c.article_id
    where c.state = 'visible' and c.visibility in ('public', 'unlisted') and (c.quotes = '' or c.in_reply_to <> '')
      and c.parent_id is null and c.article_id is not null
    union all
    select 'asides', c.article_id
    where c.state = 'visible' and c.visibility in ('public', 'unlisted') and c.quotes <> '' and c.in_reply_to = '' and c.article_id is not null
    union all
    select 'local', '00000000-0000-0000-0000-000000000000'::uuid
    where c.state = 'visible' and c.visibility in ('public', 'unlisted') and c.local
$$;

create function comments_counted() returns trigger language plpgsql as $$
begin
    perform step_counts(array_agg(what), array_agg(of), array_agg(n)) from (
        select k.what, k.of, count(*) as n from added a, counted(a::comments) k group by 1, 2) steps;
    return null;
end $$;

create function comment_recounted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform step_counts(array_agg(what), array_agg(of), array_agg(-1)) from counted(old);
    else
        perform step_counts(array_agg(what), array_agg(of), array_agg(n)) from (
            select what, of, -1 as n from counted(old) union all select what, of, 1 from counted(new)) steps;
    end if;
    return null;
end $$;
-- +goose StatementEnd

create trigger comments_counted after insert on comments
    referencing new table as added for each statement execute function comments_counted();
create trigger comment_recounted after update of state, visibility, article_id, parent_id, quotes, in_reply_to on comments
    for each row when ((old.state, old.visibility, old.article_id, old.parent_id, old.quotes, old.in_reply_to)
        is distinct from (new.state, new.visibility, new.article_id, new.parent_id, new.quotes, new.in_reply_to))
    execute function comment_recounted();
create trigger comment_uncounted after delete on comments
    for each row execute function comment_recounted();

insert into counts (what, of, slot, n)
select what, of, 0, count(*) from comments c, counted(c) group by 1, 2;

-- What stands below a comment, and so is among its answers, but is in no
-- collection of replies.
create index comments_apart on comments (parent_id)
    where stands and not (state = 'visible' and visibility in ('public', 'unlisted') and (quotes = '' or in_reply_to <> ''));

-- +goose StatementBegin
create function activities_listed() returns trigger language plpgsql as $$
begin
    perform step_counts(array_agg('listed'::text), array_agg(actor_id), array_agg(n)) from (
        select actor_id, count(*) as n from added where listed group by 1) a;
    return null;
end $$;

create function activity_relisted() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        perform step_counts(array['listed'], array[old.actor_id], array[-1]);
    else
        perform step_counts(array['listed', 'listed'], array[old.actor_id, new.actor_id], array[-old.listed::int, new.listed::int]);
    end if;
    return null;
end $$;
-- +goose StatementEnd

create trigger activities_listed after insert on activities
    referencing new table as added for each statement execute function activities_listed();
create trigger activity_relisted after update of listed, actor_id on activities
    for each row when (old.listed <> new.listed or old.actor_id <> new.actor_id) execute function activity_relisted();
create trigger activity_unlisted after delete on activities
    for each row when (old.listed) execute function activity_relisted();

insert into counts (what, of, slot, n)
select 'listed', actor_id, 0, count(*) from activities where listed group by actor_id;

-- +goose StatementBegin
create or replace function followers_came() returns trigger language plpgsql as $$
begin
    perform step_counts(array_agg('followers'::text), array_agg(target_id), array_agg(n)) from (
        select target_id, count(*) as n from came group by target_id) c;
    perform step_followers(array_agg(a.domain), array_agg(coalesce(a.host, '')), array_agg(1)),
        step_counts(array['people'], array['00000000-0000-0000-0000-000000000000'::uuid], array[count(*)]) from (
        select actor_id, count(*) as n from came group by actor_id) c join actors a on a.id = c.actor_id
    where c.n = (select count(*) from followers f where f.actor_id = c.actor_id);
    return null;
end $$;

create or replace function followers_went() returns trigger language plpgsql as $$
begin
    perform step_counts(array_agg('followers'::text), array_agg(target_id), array_agg(-n)) from (
        select target_id, count(*) as n from went group by target_id) w;
    perform step_followers(array_agg(a.domain), array_agg(coalesce(a.host, '')), array_agg(-1)),
        step_counts(array['people'], array['00000000-0000-0000-0000-000000000000'::uuid], array[-count(*)]) from (
        select distinct actor_id from went) w join actors a on a.id = w.actor_id
    where not exists (select from followers f where f.actor_id = w.actor_id);
    return null;
end $$;

create function server_counted() returns trigger language plpgsql as $$
begin
    perform step_counts(array['servers'], array['00000000-0000-0000-0000-000000000000'::uuid],
        array[case when new.followers > 0 then 1 else -1 end]);
    return null;
end $$;
-- +goose StatementEnd

create trigger server_came after insert on follower_servers
    for each row when (new.followers > 0) execute function server_counted();
create trigger server_changed after update of followers on follower_servers
    for each row when ((old.followers > 0) <> (new.followers > 0)) execute function server_counted();

insert into counts (what, of, slot, n)
select 'followers', target_id, 0, count(*) from followers group by target_id
union all
select 'people', '00000000-0000-0000-0000-000000000000', 0, count(distinct actor_id) from followers
union all
select 'servers', '00000000-0000-0000-0000-000000000000', 0, count(*) from follower_servers where followers > 0;

-- What was published in each month of UTC: posts for the archive, pages (posts,
-- translations and static ones) with their last change for the sitemap.
create table article_months (
    month    date primary key,
    articles integer not null,
    pages    integer not null,
    changed  timestamptz not null
);

-- +goose StatementBegin
create function step_months(published timestamptz[], articles integer[], pages integer[], changed timestamptz[])
    returns void language sql as $$
    insert into article_months (month, articles, pages, changed)
    select date_trunc('month', p at time zone 'UTC')::date, sum(a), sum(n), max(c)
    from unnest(published, articles, pages, changed) as t (p, a, n, c)
    where p is not null
    group by 1 order by 1
    on conflict (month) do update set articles = article_months.articles + excluded.articles,
        pages = article_months.pages + excluded.pages, changed = greatest(article_months.changed, excluded.changed)
$$;

create function article_month() returns trigger language plpgsql as $$
declare
    was    boolean := tg_op <> 'INSERT' and old.status = 'published';
    public boolean := tg_op <> 'DELETE' and new.status = 'published';
begin
    if was or public then
        perform step_months(
            array[case when was then old.published end, case when public then new.published end],
            array[-(was and not old.static and old.translation_of is null)::int, (public and not new.static and new.translation_of is null)::int],
            array[-1, 1],
            array[case when public then coalesce(old.updated, old.published) else coalesce(new.changed, now()) end, coalesce(new.updated, new.published)]);
    end if;
    return null;
end $$;
-- +goose StatementEnd

create trigger article_came after insert on articles for each row execute function article_month();
create trigger article_month after update of status, published, updated, static, translation_of on articles
    for each row when ((old.status, old.published, old.updated, old.static, old.translation_of)
        is distinct from (new.status, new.published, new.updated, new.static, new.translation_of))
    execute function article_month();
create trigger article_went after delete on articles for each row execute function article_month();

insert into article_months (month, articles, pages, changed)
select date_trunc('month', published at time zone 'UTC')::date, count(*) filter (where not static and translation_of is null), count(*),
    max(coalesce(updated, published))
from articles where status = 'published' group by 1;

create index articles_pages on articles (published, id) where status = 'published';
create index articles_last_change on articles (changed desc) where status in ('published', 'deleted');

-- +goose Down
drop index articles_last_change, articles_pages;
drop trigger article_came on articles;
drop trigger article_month on articles;
drop trigger article_went on articles;
drop function article_month, step_months;
drop table article_months;
drop trigger server_came on follower_servers;
drop trigger server_changed on follower_servers;
drop function server_counted;
-- +goose StatementBegin
create or replace function followers_came() returns trigger language plpgsql as $$
begin
    perform step_followers(array_agg(a.domain), array_agg(coalesce(a.host, '')), array_agg(1)) from (
        select actor_id, count(*) as n from came group by actor_id) c join actors a on a.id = c.actor_id
    where c.n = (select count(*) from followers f where f.actor_id = c.actor_id);
    return null;
end $$;

create or replace function followers_went() returns trigger language plpgsql as $$
begin
    perform step_followers(array_agg(a.domain), array_agg(coalesce(a.host, '')), array_agg(-1)) from (
        select distinct actor_id from went) w join actors a on a.id = w.actor_id
    where not exists (select from followers f where f.actor_id = w.actor_id);
    return null;
end $$;
-- +goose StatementEnd
drop trigger activities_listed on activities;
drop trigger activity_relisted on activities;
drop trigger activity_unlisted on activities;
drop function activities_listed, activity_relisted;
drop index comments_apart;
drop trigger comments_counted on comments;
drop trigger comment_recounted on comments;
drop trigger comment_uncounted on comments;
drop function comments_counted, comment_recounted, counted, step_counts;
drop table counts;
