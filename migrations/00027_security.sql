-- Who is signed in where, second factors, and passkeys.

-- +goose Up

-- Browsers that are signed in. A session without its row is ended, on every
-- node at once.
create table sign_ins (
    id         uuid primary key,
    account_id uuid not null references accounts (id) on delete cascade,
    device     text not null,                      -- coarse: browser and system
    network    text not null,                      -- coarse: /24 or /48
    method     text not null,
    created    timestamptz not null,
    seen       timestamptz not null,               -- to within minutes
    confirmed  timestamptz not null                -- when they last proved who they are
);
create index sign_ins_account on sign_ins (account_id, seen desc);
create index sign_ins_created on sign_ins (created);

-- Where an account has signed in before, so that a new place can be told of.
create table devices (
    account_id uuid not null references accounts (id) on delete cascade,
    device     text not null,
    network    text not null,
    seen       timestamptz not null,
    primary key (account_id, device, network)
);
create index devices_seen on devices (seen);

-- Authenticator apps, one for an account.
create table authenticators (
    account_id uuid primary key references accounts (id) on delete cascade,
    secret     text not null,                      -- base32, sealed
    confirmed  boolean not null default false,     -- false = being set up, asked for by nobody
    step       bigint not null default 0,          -- of the last code that was used: it and earlier ones are refused
    created    timestamptz not null
);

create table recovery_codes (
    account_id uuid not null references accounts (id) on delete cascade,
    hash       text not null,
    used       timestamptz,
    primary key (account_id, hash)
);

create table passkeys (
    id         bytea primary key,                  -- the credential's
    account_id uuid not null references accounts (id) on delete cascade,
    name       text not null,
    credential jsonb not null,                     -- public key, counter, flags
    created    timestamptz not null,
    used       timestamptz,
    copied     boolean not null default false      -- its counter went back: it is no longer taken
);
create index passkeys_account on passkeys (account_id, created);

-- What a browser's passkey was asked: each is answered once.
create table ceremonies (
    id      uuid primary key,
    data    jsonb not null,
    expires timestamptz not null
);
create index ceremonies_expires on ceremonies (expires);

-- What happened to the security of an account.
create index audit_security on audit (subject, at desc, id desc)
    where action like 'security.%' or action = 'account.password';

-- +goose Down

drop index audit_security;
drop table ceremonies, passkeys, recovery_codes, authenticators, devices, sign_ins;
