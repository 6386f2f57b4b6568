-- What new comments mean for quotes is looked up, however many quotes there are.

-- +goose Up

-- +goose StatementBegin
create or replace function quotes_posted() returns trigger language plpgsql as $$
begin
    update quotes set posted = true where id = any (array(
        select k.id from added cross join lateral (
            select id from quotes q where q.object_uri = added.object_uri and not q.posted offset 0) k
        where added.state <> 'deleted'));
    return null;
end $$;
-- +goose StatementEnd

-- +goose Down

-- +goose StatementBegin
create or replace function quotes_posted() returns trigger language plpgsql as $$
begin
    update quotes q set posted = true from added where q.object_uri = added.object_uri and added.state <> 'deleted' and not q.posted;
    return null;
end $$;
-- +goose StatementEnd
