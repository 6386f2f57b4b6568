-- +goose Up
-- How often pages were read, by day and by the host that led there. Nobody who
-- read is in here: no address, no hash of one.
create table views (
    day      date not null,                -- by the blog's time zone
    page     text not null,                -- id of an article, 'front', or 'other'
    referrer text not null,                -- host; '' = none told
    views    integer not null,
    visitors integer not null,             -- whose first view of that page on that day it was
    primary key (day, page, referrer)
);
create index views_page on views (page, day);

-- +goose Down
drop table views;
