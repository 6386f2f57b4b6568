-- +goose Up

-- A look that somebody tries before it is the blog's: the last one of each
-- account, seen by that account alone and for an hour only.
create table theme_drafts (
    account_id uuid primary key references accounts (id) on delete cascade,
    theme      jsonb not null,
    tried      timestamptz not null
);

-- +goose Down

drop table theme_drafts;
