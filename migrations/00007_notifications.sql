-- +goose Up

-- What is notified is read from the rows of what happened, each by its time;
-- only how far somebody has read is kept.
alter table accounts
    add notified      timestamptz,                    -- what is newer is unread; null = since the account was made
    add digested      timestamptz,                    -- until when the last digest by mail told
    add notifications jsonb not null default '{}';    -- what the account wants to hear of, and when by mail
create index reactions_newest on reactions (created desc, id desc);
create index followers_time on followers (created desc, actor_id desc);

-- +goose Down
drop index reactions_newest, followers_time;
alter table accounts drop notified, drop digested, drop notifications;
