-- The front page costs the same for any number of articles and followers: what
-- it counts is counted when it changes.

-- +goose Up

-- Posts in each state.
create table article_counts (
    status   text primary key,
    articles integer not null
);

-- Topics of the published posts; the name is that of the last one saved with it.
create table tags (
    key      text primary key,
    name     text not null,
    articles integer not null
);
create index tags_most on tags (articles desc, key) where articles > 0;

-- Rows are locked in the order of their keys.
-- +goose StatementBegin
create function count_article() returns trigger language plpgsql as $$
begin
    insert into article_counts (status, articles)
    select status, sum(n) from (values
        (case when not old.static and old.translation_of is null then old.status end, -1),
        (case when not new.static and new.translation_of is null then new.status end, 1)) as steps (status, n)
    where status is not null
    group by status having sum(n) <> 0 order by status
    on conflict (status) do update set articles = article_counts.articles + excluded.articles;

    insert into tags (key, name, articles)
    select key, coalesce(max(name) filter (where n > 0), ''), sum(n) from (
        select key, name, -1 as n from unnest(old.tag_keys, old.tags) as t (key, name)
        where old.status = 'published' and not old.static and old.translation_of is null
        union all
        select key, name, 1 from unnest(new.tag_keys, new.tags) as t (key, name)
        where new.status = 'published' and not new.static and new.translation_of is null) as steps
    where key is not null and name is not null
    group by key order by key
    on conflict (key) do update set
        articles = tags.articles + excluded.articles, name = coalesce(nullif(excluded.name, ''), tags.name);
    return null;
end $$;
-- +goose StatementEnd

create trigger articles_counted after insert or update of status, tags, tag_keys, static, translation_of or delete on articles
    for each row execute function count_article();

insert into article_counts (status, articles)
select status, count(*) from articles where not static and translation_of is null group by status;
insert into tags (key, name, articles)
select key, (array_agg(name order by published desc))[1], count(*)
from articles, unnest(tag_keys, tags) as t (key, name)
where status = 'published' and not static and translation_of is null and key is not null and name is not null
group by key;

-- Followers by the domain of their handle. Somebody who follows several of our
-- actors is one.
create table follower_servers (
    domain    text primary key,
    host      text not null,       -- that its actors live at, for what it runs
    followers integer not null
);
create index follower_servers_most on follower_servers (followers desc, domain) where followers > 0;

-- +goose StatementBegin
create function step_followers(domains text[], hosts text[], steps integer[]) returns void language sql as $$
    insert into follower_servers (domain, host, followers)
    select domain, max(host), sum(n) from unnest(domains, hosts, steps) as t (domain, host, n)
    group by domain having sum(n) <> 0 order by domain
    on conflict (domain) do update set followers = follower_servers.followers + excluded.followers
$$;

create function followers_came() returns trigger language plpgsql as $$
begin
    perform step_followers(array_agg(a.domain), array_agg(coalesce(a.host, '')), array_agg(1)) from (
        select actor_id, count(*) as n from came group by actor_id) c join actors a on a.id = c.actor_id
    where c.n = (select count(*) from followers f where f.actor_id = c.actor_id);
    return null;
end $$;

create function followers_went() returns trigger language plpgsql as $$
begin
    perform step_followers(array_agg(a.domain), array_agg(coalesce(a.host, '')), array_agg(-1)) from (
        select distinct actor_id from went) w join actors a on a.id = w.actor_id
    where not exists (select from followers f where f.actor_id = w.actor_id);
    return null;
end $$;

create function follower_renamed() returns trigger language plpgsql as $$
begin
    if exists (select from followers where actor_id = new.id) then
        perform step_followers(array[old.domain, new.domain], array[coalesce(old.host, ''), coalesce(new.host, '')], array[-1, 1]);
    end if;
    return null;
end $$;
-- +goose StatementEnd

create trigger followers_came after insert on followers
    referencing new table as came for each statement execute function followers_came();
create trigger followers_went after delete on followers
    referencing old table as went for each statement execute function followers_went();
create trigger follower_renamed after update of domain on actors
    for each row when (old.domain <> new.domain) execute function follower_renamed();

insert into follower_servers (domain, host, followers)
select a.domain, coalesce(max(a.host), ''), count(distinct a.id) from followers f join actors a on a.id = f.actor_id group by a.domain;

-- +goose Down
drop trigger articles_counted on articles;
drop function count_article;
drop table tags, article_counts;
drop trigger followers_came on followers;
drop trigger followers_went on followers;
drop trigger follower_renamed on actors;
drop function followers_came, followers_went, follower_renamed, step_followers;
drop table follower_servers;
