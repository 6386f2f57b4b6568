-- +goose Up

-- Files on other servers that pages of ours show, and our copies of them. It
-- is its own queue.
create table remote_media (
    id          uuid primary key,                  -- made from the address
    url         text not null,                     -- where it is, at its origin
    host        text not null,                     -- of url, without the port
    server      text not null,                     -- whose activity told of it
    emoji       boolean not null default false,    -- kept in the size of one
    name        text not null default '',          -- of our copy in the media store; '' = none
    type        text not null default '',          -- media type of the copy
    width       integer not null default 0,
    height      integer not null default 0,
    bytes       bigint not null default 0,
    blurhash    text not null default '',
    placeholder text not null default '',          -- media name of a tiny picture of it
    tries       integer not null default 0,        -- in vain
    next_at     timestamptz,                       -- next try; null = nothing to do until a page asks
    claimed     timestamptz,                       -- a node is at it since then
    used        timestamptz not null               -- when a page asked for it last, to the day
);
create index remote_media_due on remote_media (next_at) where next_at is not null;
create index remote_media_used on remote_media (used) where name <> '';
create index remote_media_name on remote_media (name) where name <> '';
create index remote_media_placeholder on remote_media (placeholder) where placeholder <> '';
create index remote_media_host on remote_media (host);

-- Who shows a file: a comment, an actor or a reaction.
create table remote_media_uses (
    subject  uuid not null,
    media_id uuid not null references remote_media (id) on delete cascade,
    primary key (subject, media_id)
);
create index remote_media_uses_media on remote_media_uses (media_id);

-- What comments were before their edits, for moderators.
create table comment_versions (
    comment_id  uuid not null references comments (id) on delete cascade,
    number      integer not null,
    html        text not null,
    text        text not null,
    warning     text not null,
    attachments jsonb not null,
    language    text not null,
    at          timestamptz not null,
    primary key (comment_id, number)
);

alter table reactions add emoji_url text not null default '';  -- picture of a custom emoji, at its origin

-- +goose Down
alter table reactions drop emoji_url;
drop table comment_versions, remote_media_uses, remote_media;
