-- Statistics read what was added up for a day or a period, not a row for each
-- article, day and referrer.

-- +goose Up

-- Views of all pages together.
create table view_days (
    day      date not null,
    referrer text not null,
    views    bigint not null,
    visitors bigint not null,
    primary key (day, referrer)
);
alter table view_days set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Periods that end before a day. Who counts views of articles holds these rows,
-- so that one at a time does.
create table view_periods (
    days  integer primary key,
    until date not null
);

-- Views of each article in each of the periods.
create table view_articles (
    days     integer not null,
    article  uuid not null,
    views    bigint not null,
    visitors bigint not null,
    primary key (days, article)
);
create index view_articles_most on view_articles (days, views desc, article);
alter table view_articles set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- +goose StatementBegin
create function step_views(read_on date[], pages text[], hosts text[], n bigint[], people bigint[]) returns void language plpgsql as $$
begin
    if read_on is null then
        return;
    end if;
    perform from view_periods p order by p.days for no key update;

    insert into view_days (day, referrer, views, visitors)
    select t.day, t.referrer, sum(t.views), sum(t.visitors) from unnest(read_on, hosts, n, people) as t (day, referrer, views, visitors)
    group by 1, 2 order by 1, 2
    on conflict (day, referrer) do update set
        views = view_days.views + excluded.views, visitors = view_days.visitors + excluded.visitors;
    delete from view_days d where d.day = any (read_on) and d.views = 0 and d.visitors = 0;

    insert into view_articles (days, article, views, visitors)
    select p.days, t.page::uuid, sum(t.views), sum(t.visitors)
    from unnest(read_on, pages, n, people) as t (day, page, views, visitors)
        join view_periods p on t.day >= p.until - p.days and t.day < p.until
    where t.page not in ('front', 'other')
    group by 1, 2 order by 1, 2
    on conflict (days, article) do update set
        views = view_articles.views + excluded.views, visitors = view_articles.visitors + excluded.visitors;
end $$;

-- move_views lets the periods end before a day. Where they end a day later
-- already, another node has begun that day, and they stay.
create function move_views(last date) returns void language plpgsql as $$
begin
    if not exists (select from view_periods p where p.until not in (last, last + 1)) then
        return;
    end if;
    perform from view_periods p order by p.days for no key update;

    -- What is in one period only, of the one before and the one after.
    insert into view_articles (days, article, views, visitors)
    select p.days, v.article, sum(v.step * v.views), sum(v.step * v.visitors)
    from (
        select days, least(until, last) as low, greatest(until, last) as high, sign(last - until)::int as forward
        from view_periods where until not in (last, last + 1)) p
    cross join lateral (
        select page::uuid as article, -p.forward as step, views, visitors from views
        where day >= p.low - p.days and day < least(p.low, p.high - p.days) and page not in ('front', 'other')
        union all
        select page::uuid, p.forward, views, visitors from views
        where day >= greatest(p.low, p.high - p.days) and day < p.high and page not in ('front', 'other')) v
    group by 1, 2 order by 1, 2
    on conflict (days, article) do update set
        views = view_articles.views + excluded.views, visitors = view_articles.visitors + excluded.visitors;
    delete from view_articles a where a.views = 0 and a.visitors = 0;
    update view_periods p set until = last where p.until not in (last, last + 1);
end $$;

create function views_came() returns trigger language plpgsql as $$
begin
    perform step_views(array_agg(day), array_agg(page), array_agg(referrer), array_agg(views::bigint), array_agg(visitors::bigint)) from came;
    return null;
end $$;

create function views_grew() returns trigger language plpgsql as $$
begin
    perform step_views(array_agg(day), array_agg(page), array_agg(referrer), array_agg(views), array_agg(visitors)) from (
        select day, page, referrer, -views::bigint as views, -visitors::bigint as visitors from was
        union all
        select day, page, referrer, views, visitors from became) v;
    return null;
end $$;

create function views_went() returns trigger language plpgsql as $$
begin
    perform step_views(array_agg(day), array_agg(page), array_agg(referrer), array_agg(-views::bigint), array_agg(-visitors::bigint)) from went;
    return null;
end $$;
-- +goose StatementEnd

create trigger views_came after insert on views
    referencing new table as came for each statement execute function views_came();
create trigger views_grew after update on views
    referencing old table as was new table as became for each statement execute function views_grew();
create trigger views_went after delete on views
    referencing old table as went for each statement execute function views_went();

insert into view_days (day, referrer, views, visitors)
select day, referrer, sum(views), sum(visitors) from views group by 1, 2;
insert into view_periods (days, until) values (7, '2000-01-01'), (30, '2000-01-01'), (90, '2000-01-01'), (365, '2000-01-01');
select move_views(max(day) + 1) from views having max(day) is not null;

-- +goose Down
drop trigger views_came on views;
drop trigger views_grew on views;
drop trigger views_went on views;
drop function views_came, views_grew, views_went, step_views, move_views;
drop table view_articles, view_periods, view_days;
