-- +goose Up

-- Who gets the newsletter, or was asked whether they want it. Who leaves is
-- deleted, and nothing of them is kept.
create table subscribers (
    id        uuid primary key,
    email     text not null unique,                -- normal form
    language  text not null,                       -- of the words around the articles
    weekly    boolean not null default false,      -- one letter a week instead of one for each article
    created   timestamptz not null,
    question  uuid unique,                         -- of the link in the last question (UUIDv7); null = answered
    ask       timestamptz,                         -- when to send the question; null = it was sent
    asked     timestamptz[] not null default '{}', -- when questions were ordered, of the last day
    tries     integer not null default 0,          -- of the question, since it was sent last
    confirmed timestamptz,                         -- null = gets nothing but the question
    failures  integer not null default 0,          -- letters refused for good, one after the other
    paused    timestamptz                          -- after too many of them
);
create index subscribers_ask on subscribers (ask) where ask is not null;
create index subscribers_created on subscribers (created, id);

-- What was sent to subscribers: an article once, or the articles of a week.
create table issues (
    id         uuid primary key,
    name       text not null unique,               -- article:ID, or week:DATE
    article_id uuid references articles (id),      -- null = those of the week that ended at until
    until      timestamptz not null,
    created    timestamptz not null
);

-- The letters of an issue. One that was begun is never begun again: a program
-- that dies while it hands a letter over cannot know whether it was taken.
create table letters (
    id            uuid primary key,
    issue_id      uuid not null references issues (id),
    subscriber_id uuid references subscribers (id) on delete set null,
    state         text not null default 'waiting'
        check (state in ('waiting', 'begun', 'sent', 'failed', 'unknown', 'dropped')),
    due           timestamptz not null,            -- while it is waiting
    begun         timestamptz,
    tries         integer not null default 0,
    created       timestamptz not null,
    unique (issue_id, subscriber_id)
);
create index letters_due on letters (due) where state = 'waiting';
create index letters_begun on letters (begun) where begun is not null;
create index letters_subscriber on letters (subscriber_id);

-- +goose Down
drop table letters, issues, subscribers;
