-- What a reader meets: authors by name, series, translations, pages that stand by themselves.

-- +goose Up
alter table articles
    add static         boolean not null default false,      -- a page such as "about": in no list, not sent to other servers
    add series         text not null default '',            -- name of its series as written; '' = none
    add series_key     text not null default '',            -- the same, folded, for look-up and the address
    add part           integer not null default 0,          -- its place in the series; 0 = by its date
    add pinned         timestamptz,                         -- stands first on the front page; null = not
    add translation_of uuid references articles (id),       -- the article that it is a translation of; null = its own
    add history        boolean not null default false,      -- readers may see what was changed
    add authors        uuid[] not null default '{}',        -- accounts in the byline, in its order; none = the actor
    add cover_caption  text not null default '',
    add share_image    text not null default '';            -- media name of the picture made for shared links

drop index articles_published;
create index articles_published on articles (published desc, id desc)
    where status = 'published' and not static and translation_of is null;
create index articles_series on articles (series_key, part, published) where status = 'published' and series_key <> '';
create unique index articles_translation on articles (translation_of, language)
    where translation_of is not null and status <> 'deleted';
create index articles_authors on articles using gin (authors) where status = 'published';
create index articles_pinned on articles (pinned desc) where pinned is not null;
create index articles_static on articles (slug) where static;

-- What readers see of who writes.
alter table accounts
    add public       boolean not null default false,        -- has a page and stands in bylines
    add display_name text not null default '',
    add bio          text not null default '',              -- plain
    add avatar       text not null default '',              -- media name
    add website      text not null default '',
    add fediverse    text not null default '';              -- their own handle, user@host

-- The part of a picture that must stay when it is cropped, in percent from the left and the top.
alter table media
    add focus_x smallint not null default 50 check (focus_x between 0 and 100),
    add focus_y smallint not null default 50 check (focus_y between 0 and 100);

-- +goose Down
alter table media drop focus_x, drop focus_y;
alter table accounts drop public, drop display_name, drop bio, drop avatar, drop website, drop fediverse;
drop index articles_published;
create index articles_published on articles (published desc, id desc) where status = 'published';
alter table articles
    drop static, drop series, drop series_key, drop part, drop pinned, drop translation_of, drop history, drop authors,
    drop cover_caption, drop share_image;
