-- +goose Up

-- Each change of a comment's state.
create table comment_history (
    id             bigint generated always as identity primary key,
    comment_id     uuid not null references comments (id) on delete cascade,
    at             timestamptz not null,
    account_id     uuid references accounts (id),     -- the moderator; null = the command line, a rule, or its own author
    was            text not null,                     -- the state before; '' = it had just come
    state          text not null,
    reasons        jsonb,                             -- of the new state: [{rule, detail}]
    reasons_before jsonb,
    batch          uuid,                              -- what was changed with one decision
    undoes         uuid                               -- the batch that this took back
);
create index comment_history_comment on comment_history (comment_id, id);
create index comment_history_batch on comment_history (batch) where batch is not null;

alter table comments
    -- When a moderator deleted it. Its content stays for a while, so that this
    -- can be taken back; null = there is nothing to take back.
    add removed timestamptz;
create index comments_removed on comments (removed) where removed is not null;

-- Whoever wrote spam is a stranger again: asked for every comment that comes.
create index comments_spam on comments (actor_id) where state = 'spam';

-- What comment rules ask about strangers.
alter table actors add born timestamptz;              -- when its server says it was made; null = not told
alter table hosts add seen timestamptz not null default now(); -- when we first heard of it
update hosts set seen = first.at
from (select host, min(created) as at from actors where kind = 'remote' group by 1) first
where first.host = hosts.host;

alter table blocks drop constraint blocks_kind_check;
alter table blocks
    add severity text not null default 'block' check (severity in ('block', 'silence', 'allow')),
    add comment text not null default '',             -- public comment of a block list
    add constraint blocks_kind_check check (kind in ('domain', 'actor', 'word', 'regex'));

-- Reports, theirs about us and ours about others.
alter table reports
    add outgoing    boolean not null default false,   -- we sent it
    add forward     boolean not null default false,   -- to the server of whom it is about
    add account_id  uuid references accounts (id),    -- who sent it
    add comments    uuid[] not null default '{}',     -- those it is about, where we have them
    add state       text not null default 'open' check (state in ('open', 'resolved')),
    add resolved    timestamptz,
    add resolved_by uuid references accounts (id);
create index reports_newest on reports (created desc, id desc);
create index reports_comments on reports using gin (comments);

create index audit_subject on audit (subject, at desc);

-- +goose Down
drop index audit_subject;
drop index reports_comments, reports_newest;
alter table reports drop outgoing, drop forward, drop account_id, drop comments, drop state, drop resolved, drop resolved_by;
delete from blocks where kind in ('word', 'regex') or severity <> 'block';
alter table blocks drop constraint blocks_kind_check, drop severity, drop comment;
alter table blocks add constraint blocks_kind_check check (kind in ('domain', 'actor'));
alter table hosts drop seen;
alter table actors drop born;
drop index comments_spam;
drop table comment_history;
alter table comments drop removed;
