-- What readers search, in the language it is written in.

-- +goose Up

-- The configuration for a language (BCP 47). Its name is stored as text:
-- pg_upgrade refuses columns of the type regconfig.
-- +goose StatementBegin
create function search_config(language text) returns text immutable parallel safe language sql as $$
    select case split_part(lower(language), '-', 1)
        when 'ar' then 'arabic'     when 'ca' then 'catalan'    when 'da' then 'danish'     when 'de' then 'german'
        when 'el' then 'greek'      when 'en' then 'english'    when 'es' then 'spanish'    when 'eu' then 'basque'
        when 'fi' then 'finnish'    when 'fr' then 'french'     when 'ga' then 'irish'      when 'hi' then 'hindi'
        when 'hu' then 'hungarian'  when 'hy' then 'armenian'   when 'id' then 'indonesian' when 'it' then 'italian'
        when 'lt' then 'lithuanian' when 'nb' then 'norwegian'  when 'ne' then 'nepali'     when 'nl' then 'dutch'
        when 'nn' then 'norwegian'  when 'no' then 'norwegian'  when 'pt' then 'portuguese' when 'ro' then 'romanian'
        when 'ru' then 'russian'    when 'sr' then 'serbian'    when 'sv' then 'swedish'    when 'ta' then 'tamil'
        when 'tr' then 'turkish'    when 'yi' then 'yiddish'    else 'simple' end
$$;

-- Scripts that put no spaces between words (Thai, Lao, Burmese, Khmer, Balinese,
-- Javanese, kana, Han) are searched by pairs of neighbouring characters: those
-- that begin at the odd and those that begin at the even places of each run. The
-- parser takes <main> for markup, which no text is.
create function search_text(source text) returns text immutable parallel safe language plpgsql as $$
declare
    scripts constant text := '\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u1B00-\u1B7F\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uA980-\uA9DF\uF900-\uFAFF\U00020000-\U0002FA1F';
    pair constant text := '([' || scripts || ']{2})';
    written constant text := translate(source, '<>&', '   ');
begin
    if written !~ ('[' || scripts || ']') then
        return written;
    end if;
    return regexp_replace(written, pair, '\1 ', 'g') || ' '
        || regexp_replace(regexp_replace(written, '(^|[^' || scripts || '])([' || scripts || '])', '\1\2 ', 'g'), pair, '\1 ', 'g');
end $$;
-- +goose StatementEnd

-- One row for each published article, note and static page, and for comments
-- where they are searched. What weighs most is apart from the text: it is
-- small, so many rows are compared by it before the best are by all.
create table search_documents (
    id         uuid primary key,                 -- of the article or the comment
    kind       text not null check (kind in ('article', 'note', 'page', 'comment')),
    article_id uuid not null,
    language   text not null,                    -- the first part of its tag
    config     text not null,
    tags       text[] not null default '{}',     -- folded
    authors    uuid[] not null default '{}',
    published  timestamptz not null,
    head       tsvector not null,                -- title A, topics and authors B, summary and headings C
    body       tsvector not null,                -- text D
    indexed    timestamptz not null default now()
);
alter table search_documents alter column body set storage external; -- hardly gets smaller, and is read often
create index search_documents_words on search_documents using gin ((head || body));
create index search_documents_article on search_documents (article_id);
create index search_documents_config on search_documents (config, language);
create index search_documents_comments on search_documents (id) where kind = 'comment';

-- Words as they are written, for "did you mean".
create table search_words (
    word      text primary key,
    documents integer not null,
    made      timestamptz not null
);

-- Of a very long text the beginning is searched: a vector knows the places of the
-- first 16,383 words, and is 1 MB at most.
-- +goose StatementBegin
create function search_vector(config text, written text) returns tsvector immutable language plpgsql as $$
begin
    return to_tsvector(config::regconfig, search_text(left(written, 100000)));
exception when program_limit_exceeded then
    return to_tsvector(config::regconfig, search_text(left(written, 40000)));
end $$;

create function search_names(authors uuid[], actor uuid) returns text stable language sql as $$
    select concat_ws(' ',
        (select string_agg(concat_ws(' ', nullif(display_name, ''), name), ' ') from accounts
            where public and id = any (authors)),
        (select name || ' ' || handle from actors where id = actor and kind = 'author'))
$$;

create function search_head(a articles) returns tsvector stable language sql as $$
    select setweight(search_vector(search_config(a.language), a.title), 'A')
        || setweight(search_vector(search_config(a.language),
            array_to_string(a.tags, ' ') || ' ' || search_names(a.authors, a.actor_id)), 'B')
        || setweight(search_vector(search_config(a.language), a.summary || ' ' || coalesce(
            (select string_agg(h ->> 'text', ' ') from jsonb_array_elements(a.headings) h), '')), 'C')
$$;

create function search_article(a articles) returns void language sql as $$
    insert into search_documents (id, kind, article_id, language, config, tags, authors, published, head, body)
    values (a.id, case when a.static then 'page' when a.title = '' then 'note' else 'article' end, a.id,
        split_part(lower(a.language), '-', 1), search_config(a.language), a.tag_keys, a.authors,
        coalesce(a.published, a.changed), search_head(a), search_vector(search_config(a.language), a.text))
    on conflict (id) do update set
        kind = excluded.kind, language = excluded.language, config = excluded.config, tags = excluded.tags,
        authors = excluded.authors, published = excluded.published, head = excluded.head, body = excluded.body, indexed = now()
$$;

create function article_searched() returns trigger language plpgsql as $$
begin
    if new.status <> 'published' then
        delete from search_documents where article_id = new.id;
    elsif tg_op = 'INSERT' or (old.status, old.title, old.summary, old.text, old.language, old.tags, old.headings,
            old.static, old.authors, old.actor_id, old.published) is distinct from
            (new.status, new.title, new.summary, new.text, new.language, new.tags, new.headings,
            new.static, new.authors, new.actor_id, new.published) then
        perform search_article(new);
    end if;
    return null;
end $$;

-- Who is called otherwise is found by the new name.
create function account_searched() returns trigger language plpgsql as $$
begin
    update search_documents d set head = search_head(a), indexed = now()
    from articles a where a.id = d.id and a.status = 'published' and a.authors @> array[new.id];
    return null;
end $$;

create function actor_searched() returns trigger language plpgsql as $$
begin
    update search_documents d set head = search_head(a), indexed = now()
    from articles a where a.id = d.id and a.status = 'published' and a.actor_id = new.id;
    return null;
end $$;
-- +goose StatementEnd

create trigger article_searched_new after insert on articles
    for each row when (new.status = 'published') execute function article_searched();
create trigger article_searched after update of status, title, summary, text, language, tags, headings, static, authors,
        actor_id, published on articles
    for each row when (old.status = 'published' or new.status = 'published') execute function article_searched();
create trigger account_searched after update of name, display_name, public on accounts
    for each row when ((old.name, old.display_name, old.public) is distinct from (new.name, new.display_name, new.public))
    execute function account_searched();
create trigger actor_searched after update of name, handle on actors
    for each row when (new.kind = 'author' and (old.name, old.handle) is distinct from (new.name, new.handle))
    execute function actor_searched();

select count(search_article(a)) from articles a where status = 'published';

-- Help with typing errors needs pg_trgm. Where the role may not install it, or
-- the server does not have it, search goes without.
-- +goose StatementBegin
do $$
begin
    create extension if not exists pg_trgm;
    create index search_words_like on search_words using gin (word gin_trgm_ops);
    create index slugs_like on slugs using gin (slug gin_trgm_ops);
exception when others then
    raise notice 'no help with typing errors in search: %', sqlerrm;
end $$;
-- +goose StatementEnd

-- +goose Down
drop trigger actor_searched on actors;
drop trigger account_searched on accounts;
drop trigger article_searched on articles;
drop trigger article_searched_new on articles;
drop index if exists slugs_like;
drop table search_words, search_documents;
drop function actor_searched, account_searched, article_searched, search_article, search_head, search_names, search_vector,
    search_text, search_config;
