-- Certificates that Kabar gets by itself are shared by all nodes.

-- +goose Up

-- What an issuer gave, with its keys, and answers to its questions that are
-- still open.
create table certificates (
    name    text primary key,
    data    text not null,
    changed timestamptz not null default now()
);

-- +goose Down

drop table certificates;
