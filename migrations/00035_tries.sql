-- Wrong passwords and codes are counted for all nodes together.

-- +goose Up

-- What a crash of the database forgets here costs nothing but a few free tries.
create unlogged table tries (
    key   text primary key, -- hash of an account, a name or an address
    count int not null, -- in a row
    until timestamptz, -- no other try before; null: none has to wait
    last  timestamptz not null
);

-- +goose Down

drop table tries;
