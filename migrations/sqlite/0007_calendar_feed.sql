-- The secret address under which a volunteer's own gigs can be subscribed to: its hash, one for each volunteer.
create table calendar_feed (
    network_id text not null,
    volunteer_id text not null,
    -- made at random: the secret is derived from it with a key that is not stored here
    id text not null,
    hash blob not null,
    create_time bigint not null,
    primary key (network_id, volunteer_id)
);
create unique index calendar_feed_hash on calendar_feed (hash);
