-- +goose Up

create index reactions_emoji_article on reactions (article_id, content) where kind = 'emoji';
create index reactions_emoji_comment on reactions (comment_id, content) where kind = 'emoji';

-- Who may quote what of ours (FEP-044f): one row for each post that did, or asked to.
create table quotes (
    id          uuid primary key,                  -- of the stamp, which is there while the state is approved
    object_uri  text not null,                     -- the post that quotes
    actor_id    uuid not null references actors (id), -- its author
    target_uri  text not null,                     -- the object of ours that it quotes
    owner_id    uuid not null references actors (id), -- who of ours wrote that
    state       text not null check (state in ('waiting', 'approved', 'rejected', 'revoked')),
    request_uri text not null default '',          -- the QuoteRequest to answer; '' = nobody asked
    created     timestamptz not null,
    decided     timestamptz,                       -- null = by the policy alone, or not yet
    account_id  uuid references accounts (id),     -- who decided
    unique (object_uri, target_uri)
);
create index quotes_newest on quotes (created desc, id desc);
create index quotes_state on quotes (state, created desc, id desc);
create index quotes_target on quotes (target_uri);
create index quotes_actor on quotes (actor_id);
create index comments_quotes on comments (quotes, published desc, id desc) where quotes <> '';

-- How often an article or comment was quoted is counted where a quote begins
-- or ceases to be shown, whatever the cause: see shownBy in internal/postgres.
-- +goose StatementBegin
create function count_quote(target text, step integer) returns void language plpgsql as $$
begin
    update articles set quoted = greatest(quoted + step, 0) where object_uri = target;
    if not found then
        update comments set quoted = greatest(quoted + step, 0) where object_uri = target;
    end if;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function count_quotes() returns trigger language plpgsql as $$
declare
    before text := '';
    after text := '';
begin
    if tg_op <> 'INSERT' and old.state = 'visible' and old.visibility in ('public', 'unlisted') and old.article_id is not null then
        before := old.quotes;
    end if;
    if tg_op <> 'DELETE' and new.state = 'visible' and new.visibility in ('public', 'unlisted') and new.article_id is not null then
        after := new.quotes;
    end if;
    if before <> after then
        if before <> '' then
            perform count_quote(before, -1);
        end if;
        if after <> '' then
            perform count_quote(after, 1);
        end if;
    end if;
    return null;
end $$;
-- +goose StatementEnd
create trigger comments_quoted_insert after insert on comments
    for each row when (new.quotes <> '') execute function count_quotes();
create trigger comments_quoted_update after update of state, visibility, quotes, article_id on comments
    for each row when (old.quotes <> '' or new.quotes <> '') execute function count_quotes();
create trigger comments_quoted_delete after delete on comments
    for each row when (old.quotes <> '') execute function count_quotes();

-- +goose Down
drop trigger comments_quoted_insert on comments;
drop trigger comments_quoted_update on comments;
drop trigger comments_quoted_delete on comments;
drop function count_quotes();
drop function count_quote(text, integer);
drop index comments_quotes;
drop table quotes;
drop index reactions_emoji_article;
drop index reactions_emoji_comment;
