-- +goose Up

-- Who leaves comments on our own pages: the actors of kind visitor. The
-- address of mail is shown to moderators alone.
create table visitors (
    actor_id uuid primary key references actors (id),
    email    text not null,                        -- lower case
    name     text not null,
    website  text not null,                        -- '' = none
    created  timestamptz not null,
    unique (email, name, website)
);

-- Who wants a mail when somebody answers their comments under an article.
-- Nothing but the question is sent before they say yes to it.
create table subscriptions (
    id         uuid primary key,
    article_id uuid not null references articles (id),
    email      text not null,
    language   text not null,                      -- of the mails
    created    timestamptz not null,
    asked      timestamptz,                        -- when the question was sent; null = not yet
    confirmed  timestamptz,                        -- null = no mail yet
    ended      timestamptz,                        -- null = it holds
    unique (email, article_id)
);
create index subscriptions_asked on subscriptions (email, asked);
create index subscriptions_open on subscriptions (created) where confirmed is null and ended is null;

-- Which answers were told to whom, so that none is told twice.
create table told (
    subscription_id uuid not null references subscriptions (id) on delete cascade,
    comment_id      uuid not null references comments (id),
    at              timestamptz not null,
    primary key (subscription_id, comment_id)
);

-- +goose Down
drop table told, subscriptions, visitors;
