-- +goose Up

-- When what readers see of a comment changed last, and when it went from their
-- eyes: open pages are told of both, and of nothing that was never shown.
alter table comments
    add changed timestamptz not null default clock_timestamp(),
    add gone    timestamptz;
create index comments_changed on comments (article_id, changed);

-- +goose StatementBegin
create function comment_changed() returns trigger language plpgsql as $$
begin
    new.changed := clock_timestamp();
    if old.state = 'visible' and old.visibility in ('public', 'unlisted')
        and not (new.state = 'visible' and new.visibility in ('public', 'unlisted')) then
        new.gone := new.changed;
    end if;
    return new;
end $$;
-- +goose StatementEnd

create trigger comment_changed
    before update of state, visibility, article_id, html, warning, attachments, edited on comments
    for each row execute function comment_changed();

-- +goose Down
drop trigger comment_changed on comments;
drop function comment_changed;
alter table comments drop changed, drop gone;
