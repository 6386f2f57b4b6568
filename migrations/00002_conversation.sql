-- +goose Up

-- What a comment is beside its text, and why it has the state it has.
alter table comments
    add type       text not null default '',          -- of its object: Article, Page, Question; '' = Note
    add quotes     text not null default '',          -- id of what it quotes, if that is ours; it stands below that as a quote
    add emojis     jsonb,                             -- custom emoji in text and warning: [{shortcode, url}]; null = none
    add reasons    jsonb,                             -- of the last verdict: [{rule, detail}]; null = none
    add mention    boolean not null default false,    -- a public post elsewhere that names one of ours: in no thread
    add context    text not null default '',          -- id of the conversation, as its server told it
    add replies    text not null default '',          -- id of its collection of replies, as its server told it
    add quoted     integer not null default 0;        -- how often it was quoted

alter table articles
    add quoted         integer not null default 0,    -- how often it was quoted
    add comment_policy text not null default '',      -- who may comment; '' = as the blog has it
    add close_days     integer,                       -- closed to comments so long after publication; null = as the blog has it
    add web_comments   text not null default '' check (web_comments in ('', 'on', 'off')),
    add quote_policy   text not null default '';      -- who may quote; '' = as the blog has it

-- A visitor of the web who left a comment is an actor too: one for each
-- address of mail, name and site.
alter table actors drop constraint actors_kind_check;
alter table actors
    add emojis jsonb,                                 -- custom emoji in its name: [{shortcode, url}]; null = none
    add constraint actors_kind_check check (kind in ('remote', 'blog', 'author', 'instance', 'visitor'));

-- +goose Down
alter table actors drop constraint actors_kind_check, drop emojis;
alter table actors add constraint actors_kind_check check (kind in ('remote', 'blog', 'author', 'instance'));
alter table articles drop quoted, drop comment_policy, drop close_days, drop web_comments, drop quote_policy;
alter table comments drop type, drop quotes, drop emojis, drop reasons, drop mention, drop context, drop replies, drop quoted;
