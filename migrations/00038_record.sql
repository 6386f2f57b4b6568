-- What the people of a server did here is read down indexes, whatever others did.

-- +goose Up
create index comments_by on comments (actor_id) include (state, created, id);
drop index comments_actor;

-- What reports are of: what they name, and who wrote the comments that they are
-- about. No actor has a longer address than an index takes.
create table reported (
    uri       text not null,
    report_id uuid not null references reports (id) on delete cascade,
    primary key (uri, report_id)
);
create index reported_report on reported (report_id);

-- +goose StatementBegin
create function report_named() returns trigger language plpgsql as $$
begin
    insert into reported (uri, report_id)
    select o.uri, new.id from unnest(new.objects) o (uri) where octet_length(o.uri) < 2500
    union
    select a.uri, new.id from unnest(new.comments) t (id) join comments c on c.id = t.id join actors a on a.id = c.actor_id
    on conflict do nothing;
    return null;
end $$;
-- +goose StatementEnd

create trigger report_named after insert or update of objects, comments on reports for each row execute function report_named();

insert into reported (uri, report_id)
select o.uri, r.id from reports r cross join unnest(r.objects) o (uri) where octet_length(o.uri) < 2500
union
select a.uri, r.id from reports r cross join unnest(r.comments) t (id) join comments c on c.id = t.id join actors a on a.id = c.actor_id;

-- +goose Down
drop trigger report_named on reports;
drop function report_named;
drop table reported;
create index comments_actor on comments (actor_id);
drop index comments_by;
