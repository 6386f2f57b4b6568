-- Authors by name: how much each wrote; what readers may see of what was changed.

-- +goose Up
alter table revisions add public boolean not null default false; -- it was on the page of the article, which is not deleted since
update revisions set public = true from articles
where articles.id = article_id and articles.revision = number and articles.status = 'published';

-- Published posts by who stands in their byline.
create table author_counts (
    account_id uuid primary key,
    articles   integer not null
);

-- Rows are locked in the order of their keys.
-- +goose StatementBegin
create function count_authors() returns trigger language plpgsql as $$
begin
    insert into author_counts (account_id, articles)
    select id, sum(n) from (
        select unnest(old.authors) as id, -1 as n where old.status = 'published' and not old.static and old.translation_of is null
        union all
        select unnest(new.authors), 1 where new.status = 'published' and not new.static and new.translation_of is null) as steps
    group by id having sum(n) <> 0 order by id
    on conflict (account_id) do update set articles = author_counts.articles + excluded.articles;
    return null;
end $$;
-- +goose StatementEnd

create trigger authors_counted after insert or update of status, authors, static, translation_of or delete on articles
    for each row execute function count_authors();

insert into author_counts (account_id, articles)
select author, count(*) from articles, unnest(authors) as author
where status = 'published' and not static and translation_of is null
group by author;

-- +goose Down
drop trigger authors_counted on articles;
drop function count_authors;
drop table author_counts;
alter table revisions drop public;
