-- +goose Up

-- What the owner sets. One row a setting, so that a new one needs no migration.
create table settings (
    key     text primary key,
    value   jsonb not null,
    updated timestamptz not null default now()
);

-- People who may enter the Studio.
create table accounts (
    id         uuid primary key,
    name       text not null,
    email      text not null default '',
    password   text not null default '',          -- argon2id, PHC string; '' = no password sign-in
    role       text not null check (role in ('owner', 'editor', 'author', 'moderator')),
    language   text not null default '',
    created    timestamptz not null,
    last_login timestamptz
);
create unique index accounts_name on accounts (lower(name));

-- Actors, ours and others'. Ours carry private keys.
create table actors (
    id              uuid primary key,
    uri             text not null unique,
    host            text generated always as (lower(substring(uri from '^https?://([^/?#]+)'))) stored,
    kind            text not null check (kind in ('remote', 'blog', 'author', 'instance')),
    type            text not null,                 -- Person, Organization, Application …
    handle          text not null default '',      -- preferredUsername
    domain          text not null default '',      -- domain of the handle
    name            text not null default '',      -- plain text
    summary         text not null default '',      -- safe HTML
    url             text not null default '',      -- profile page
    avatar_url      text not null default '',      -- where the picture is, at its origin
    avatar          text not null default '',      -- name of our copy in the media store, '' = none
    avatar_tried    timestamptz,                   -- last try to fetch avatar_url
    inbox           text not null default '',
    shared_inbox    text not null default '',
    outbox          text not null default '',
    followers       text not null default '',
    featured        text not null default '',
    also_known_as   text[] not null default '{}',
    moved_to        text not null default '',
    account_id      uuid references accounts (id),
    private_key     text not null default '',      -- RSA, PKCS#8 PEM
    private_ed25519 text not null default '',      -- Ed25519, PKCS#8 PEM
    created         timestamptz not null,
    fetched         timestamptz,                   -- when a remote actor was last read at its origin
    deleted         timestamptz
);
create unique index actors_local_handle on actors (lower(handle)) where kind in ('blog', 'author');
create unique index actors_single on actors (kind) where kind in ('blog', 'instance');
create index actors_handle on actors (lower(handle), lower(domain));
create index actors_host on actors (host) where kind = 'remote';
create index actors_inbox on actors (inbox) where kind = 'remote';
create index actors_shared_inbox on actors (shared_inbox) where kind = 'remote' and shared_inbox <> '';
-- Pictures that still have to be fetched.
create index actors_avatar on actors (avatar_tried nulls first) where kind = 'remote' and avatar_url <> '' and avatar = '';

-- Public keys of remote actors.
create table keys (
    id        text primary key,                    -- the keyId
    actor_uri text not null,
    pem       text not null,
    fetched   timestamptz not null
);
create index keys_actor on keys (actor_uri);

-- Every object id ever given or seen deleted. An id in here with `deleted` set never comes back.
create table objects (
    id        text primary key,
    kind      text not null check (kind in ('article', 'comment', 'actor', 'unknown')),
    subject   uuid,
    published timestamptz,
    deleted   timestamptz
);
create index objects_subject on objects (subject);

create table articles (
    id         uuid primary key,
    object_uri text not null default '',           -- id of its present ActivityPub object; '' until first published
    slug       text not null,
    status     text not null check (status in ('draft', 'published', 'deleted')),
    title      text not null default '',           -- '' = a Note
    summary    text not null default '',           -- only what the author wrote
    excerpt    text not null default '',           -- made from the text
    markdown   text not null,
    html       text not null,                      -- rendered, safe
    text       text not null,                      -- plain, for search and excerpts
    words      integer not null default 0,
    language   text not null,
    tags       text[] not null default '{}',       -- as written, without #
    tag_keys   text[] not null default '{}',       -- the same, folded, for look-up
    files      jsonb not null default '{}',        -- path in the Markdown -> media name
    mentions   jsonb not null default '[]',        -- people named in the text, as resolved
    headings   jsonb not null default '[]',
    cover      text not null default '',           -- media name
    cover_alt  text not null default '',
    actor_id   uuid not null references actors (id),
    account_id uuid references accounts (id),
    revision   integer not null default 1,
    created    timestamptz not null,
    changed    timestamptz not null,               -- any save
    published  timestamptz,
    updated    timestamptz,                        -- last edit after publication, shown to readers
    deleted    timestamptz,
    likes      integer not null default 0,
    boosts     integer not null default 0,
    comments   integer not null default 0
);
create index articles_published on articles (published desc, id desc) where status = 'published';
create index articles_actor on articles (actor_id, published desc, id desc) where status = 'published';
create index articles_changed on articles (changed desc, id desc) where status <> 'deleted';
create index articles_tags on articles using gin (tag_keys) where status = 'published';
create unique index articles_object on articles (object_uri) where object_uri <> '';

-- Slugs, present and past; a slug is never given to another article.
create table slugs (
    slug       text primary key,
    article_id uuid not null references articles (id),
    created    timestamptz not null default now()
);
create index slugs_article on slugs (article_id);

create table revisions (
    article_id uuid not null references articles (id),
    number     integer not null,
    title      text not null,
    summary    text not null,
    markdown   text not null,
    html       text not null,
    language   text not null,
    tags       text[] not null,
    account_id uuid references accounts (id),
    created    timestamptz not null,
    primary key (article_id, number)
);

-- What was said about an article, ours and others'.
create table comments (
    id          uuid primary key,
    object_uri  text not null unique,
    article_id  uuid references articles (id),     -- null = not attached: its parent could not be had, or it is private
    parent_id   uuid references comments (id),     -- null = answers the article itself
    root_id     uuid,                              -- the comment that answers the article; its own id there
    depth       integer not null default 0,
    in_reply_to text not null,
    actor_id    uuid not null references actors (id),
    account_id  uuid references accounts (id),     -- who wrote it, for ours
    local       boolean not null default false,
    markdown    text not null default '',          -- ours only
    html        text not null default '',          -- safe
    text        text not null default '',
    policy      integer not null default 0,        -- version of the sanitiser's policy that made html
    warning     text not null default '',          -- content warning, plain
    sensitive   boolean not null default false,
    language    text not null default '',
    url         text not null default '',          -- its page on its own server
    attachments jsonb not null default '[]',
    mentions    jsonb not null default '[]',
    visibility  text not null check (visibility in ('public', 'unlisted', 'followers', 'direct')),
    state       text not null check (state in ('visible', 'waiting', 'hidden', 'spam', 'deleted')),
    published   timestamptz not null,
    edited      timestamptz,
    created     timestamptz not null,
    deleted     timestamptz,
    inbound_id  bigint,                            -- the activity it came with
    likes       integer not null default 0,
    boosts      integer not null default 0,
    retry_at    timestamptz,                       -- next look for its parent, while not attached
    retries     integer not null default 0
);
create index comments_thread on comments (article_id, published, id);
create index comments_roots on comments (article_id, published, id) where parent_id is null;
create index comments_root on comments (root_id, published, id);
create index comments_parent on comments (parent_id);
create index comments_actor on comments (actor_id);
create index comments_in_reply_to on comments (in_reply_to) where article_id is null;
create index comments_retry on comments (retry_at) where retry_at is not null;
create index comments_newest on comments (created desc, id desc);

create table reactions (
    id           uuid primary key,
    kind         text not null check (kind in ('like', 'boost', 'emoji')),
    actor_id     uuid not null references actors (id),
    article_id   uuid references articles (id),
    comment_id   uuid references comments (id),
    object_uri   text not null,
    activity_uri text not null,
    content      text not null default '',         -- the emoji
    created      timestamptz not null
);
create unique index reactions_once on reactions (kind, actor_id, object_uri, content) where kind = 'emoji';
create unique index reactions_single on reactions (kind, actor_id, object_uri) where kind <> 'emoji';
create index reactions_activity on reactions (activity_uri);
create index reactions_article on reactions (article_id, kind, created desc);
create index reactions_comment on reactions (comment_id, kind, created desc);

create table followers (
    target_id  uuid not null references actors (id),  -- ours
    actor_id   uuid not null references actors (id),  -- theirs
    follow_uri text not null,
    created    timestamptz not null,
    primary key (target_id, actor_id)
);
create index followers_actor on followers (actor_id);
create index followers_newest on followers (target_id, created desc, actor_id desc);

-- Our activities; the JSON is made once and sent and served as it stands here.
create table activities (
    id         uuid primary key,
    uri        text not null unique,
    actor_id   uuid not null references actors (id),
    type       text not null,
    object_uri text not null default '',
    json       bytea not null,
    compact    bytea,                              -- the form with the object as an id, for servers with small inboxes
    listed     boolean not null default false,     -- stands in the outbox
    created    timestamptz not null
);
create index activities_outbox on activities (actor_id, id desc) where listed;
create index activities_object on activities (object_uri);

-- Other servers: what they run, and how sending to them goes.
create table hosts (
    host          text primary key,                -- host[:port] of the inbox
    signature     text not null default '',        -- kind of signature it took last; '' = not known
    small         boolean not null default false,  -- wants the compact form
    software      text not null default '',        -- from NodeInfo, as it is shown
    software_next timestamptz not null default '-infinity', -- when to ask for it again
    failures      integer not null default 0,      -- in a row, of the host itself
    next_at       timestamptz,                     -- next time there is something to do; null = nothing waits
    paused_until  timestamptz,
    lease_until   timestamptz,
    failing_since timestamptz,
    suspended     timestamptz,
    last_success  timestamptz,
    last_status   integer not null default 0,
    last_error    text not null default ''
);
create index hosts_due on hosts (next_at) where next_at is not null and suspended is null;
create index hosts_software on hosts (software_next);

-- The ledger: what has to reach which inbox, and what became of it. It is its own queue.
create table deliveries (
    id          bigint generated always as identity primary key,
    activity_id uuid not null references activities (id),
    host        text not null,
    inbox       text not null,
    object_uri  text not null default '',
    type        text not null,
    state       text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed', 'superseded', 'skipped', 'expired')),
    attempts    integer not null default 0,
    next_at     timestamptz not null,
    created     timestamptz not null,
    last_at     timestamptz,
    last_status integer not null default 0,
    last_error  text not null default '',
    unique (activity_id, inbox)
);
create index deliveries_waiting on deliveries (host, id) where state = 'waiting';
create index deliveries_object on deliveries (object_uri, inbox);

-- What came in, word for word, and what became of it. It is its own queue.
create table inbound (
    id           bigint generated always as identity primary key,
    activity_uri text not null unique,             -- its id, or sha256: of actor, type and object for one without
    actor        text not null,
    signer       text not null,
    signed       timestamptz not null default now(), -- by the sender's clock
    host         text not null,
    type         text not null,
    object_uri   text not null default '',
    forwarded    boolean not null default false,
    raw          bytea not null,
    received     timestamptz not null,
    attempts     integer not null default 0,
    next_at      timestamptz,                      -- null = done
    done         timestamptz,
    outcome      text not null default '',
    detail       text not null default ''
);
create index inbound_waiting on inbound (next_at, id) where next_at is not null;
create index inbound_outcome on inbound (outcome, id desc);
create index inbound_done on inbound (done) where done is not null;

-- Reports that other servers sent (Flag).
create table reports (
    id         uuid primary key,
    actor_uri  text not null,
    objects    text[] not null,
    content    text not null default '',
    inbound_id bigint,
    created    timestamptz not null
);

create table blocks (
    kind       text not null check (kind in ('domain', 'actor')),
    value      text not null,
    reason     text not null default '',
    account_id uuid references accounts (id),
    created    timestamptz not null,
    primary key (kind, value)
);

-- Files in the media store, and what they show.
create table media (
    name        text primary key,                  -- content-addressed name of the main file
    variants    jsonb not null default '[]',       -- [{name, width, height, type}], widest first
    type        text not null,
    width       integer not null default 0,
    height      integer not null default 0,
    bytes       bigint not null default 0,
    description text not null default '',
    blurhash    text not null default '',
    filename    text not null default '',          -- as uploaded
    account_id  uuid references accounts (id),
    created     timestamptz not null
);

create table sessions (
    token  text primary key,
    data   bytea not null,
    expiry timestamptz not null
);
create index sessions_expiry on sessions (expiry);

create table audit (
    id         uuid primary key,
    at         timestamptz not null,
    account_id uuid references accounts (id),
    action     text not null,
    subject    text not null default '',
    detail     jsonb not null default '{}'
);
create index audit_at on audit (at desc);

-- Hot queues: rows come and go, so dead ones must not pile up.
alter table deliveries set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, fillfactor = 80);
alter table inbound set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
alter table hosts set (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 70);

-- +goose Down
drop table audit, sessions, media, blocks, reports, inbound, deliveries, hosts, activities, followers, reactions,
    comments, revisions, slugs, articles, objects, keys, actors, accounts, settings;
