-- +goose Up

-- What moderators want to remember about a report, for themselves.
alter table reports add note text not null default '';

-- +goose Down
alter table reports drop note;
