-- The ledger of one server is read down an index.

-- +goose Up
create index deliveries_host on deliveries (host, id);

-- +goose Down
drop index deliveries_host;
