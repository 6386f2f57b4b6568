-- +goose Up

-- A page of a conversation costs the same in a thread of any size: it reads the
-- answers to one comment from a place on, and knows of each comment how many
-- answers stand below it. A comment stands on the page if readers may see it, or
-- if it is removed but something that stands answers it: then as a placeholder.
-- (blog.Comment.Shown is the rule of what readers may see.)
alter table comments add answers integer not null default 0;   -- direct ones that stand
alter table comments add stands boolean not null generated always as
    (answers > 0 or (state = 'visible' and visibility in ('public', 'unlisted'))) stored;

drop index comments_roots;
create index comments_roots on comments (article_id, published, id) where parent_id is null and stands;
create index comments_answers on comments (parent_id, published, id) where stands;
create index comments_in_time on comments (article_id, published, id)
    where state = 'visible' and visibility in ('public', 'unlisted');

-- count_answers adds steps to the answers of the comments above; where one begins
-- to stand, or stands no longer, it goes on above that. Rows are locked in the
-- order of their ids. A circle ends it, since nothing in one changes twice.
-- +goose StatementBegin
create function count_answers(above uuid[], steps integer[]) returns void language plpgsql as $$
begin
    for level in 1 .. 1000 loop
        exit when above is null;
        perform from comments where id = any (above) order by id for no key update;
        with counted as (
            update comments c set answers = greatest(c.answers + step.n, 0)
            from (select a.id, sum(a.n)::integer as n from unnest(above, steps) a (id, n) group by a.id) step
            where c.id = step.id and step.n <> 0
            returning c.parent_id, c.stands,
                c.answers - step.n > 0 or (c.state = 'visible' and c.visibility in ('public', 'unlisted')) as stood
        )
        select array_agg(parent_id), array_agg(case when stands then 1 else -1 end) into above, steps
        from counted where stands <> stood and parent_id is not null;
    end loop;
end $$;
-- +goose StatementEnd

-- The comments that are there.
select count_answers(array_agg(parent_id), array_agg(1)) from comments where stands and parent_id is not null;

-- Whatever statement changes what stands where, the counters follow it.
-- +goose StatementBegin
create function answers_added() returns trigger language plpgsql as $$
begin
    perform count_answers(array_agg(a.parent_id), array_agg(a.n))
    from (select parent_id, count(*)::integer as n from added
        where stands and parent_id is not null group by parent_id) a;
    return null;
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function answers_changed() returns trigger language plpgsql as $$
begin
    perform count_answers(array_agg(a.parent_id), array_agg(a.n))
    from (values (old.parent_id, -old.stands::integer),
        (case when tg_op = 'UPDATE' then new.parent_id end, case when tg_op = 'UPDATE' then new.stands::integer end)
    ) a (parent_id, n)
    where a.parent_id is not null;
    return null;
end $$;
-- +goose StatementEnd

create trigger answers_added after insert on comments
    referencing new table as added
    for each statement execute function answers_added();

-- What count_answers itself changes it counts itself.
create trigger answers_moved after update on comments
    for each row
    when (pg_trigger_depth() = 0 and (old.stands <> new.stands or old.parent_id is distinct from new.parent_id))
    execute function answers_changed();

create trigger answers_deleted after delete on comments
    for each row when (old.stands and old.parent_id is not null)
    execute function answers_changed();

-- +goose Down
drop trigger answers_added on comments;
drop trigger answers_moved on comments;
drop trigger answers_deleted on comments;
drop function answers_added;
drop function answers_changed;
drop function count_answers;
drop index comments_in_time, comments_answers, comments_roots;
alter table comments drop stands, drop answers;
create index comments_roots on comments (article_id, published, id) where parent_id is null;
