-- +goose Up
-- What an article is a translation of is asked for with each page and each object.
create index articles_translations on articles (translation_of) where translation_of is not null;

-- +goose Down
drop index articles_translations;
