-- Messages to people, and what lets them answer. A row names resources only: the text is made when it is sent.

-- one message on its way to one recipient
create table message (
    network_id text collate "C" not null,
    id text collate "C" not null,
    event_id text collate "C" not null,
    event_kind text collate "C" not null,
    template text collate "C" not null,
    -- volunteers/v1, seekers/s1, associations/a1
    recipient text collate "C" not null,
    -- offers/o1, gigs/g1
    subject text collate "C" not null,
    channel text collate "C" not null,
    state text collate "C" not null,
    -- not before, and not after
    due_time bigint not null,
    expire_time bigint,
    attempts bigint not null,
    next_time bigint not null,
    -- who is sending it, and until when that is believed, in the database's time
    lease_owner text collate "C",
    lease_time bigint,
    -- made once: a repeat carries the same
    provider_reference text collate "C" not null,
    -- what the provider calls it
    provider_id text collate "C",
    failure text collate "C",
    sent_time bigint,
    create_time bigint not null,
    update_time bigint not null,
    primary key (network_id, id)
);
-- An event tells a recipient one thing once.
create unique index message_once on message (network_id, event_id, template, recipient);
create unique index message_reference on message (provider_reference);
create index message_due on message (channel, state, next_time);
create index message_recipient on message (network_id, recipient, template, due_time);
create index message_subject on message (network_id, subject);
create index message_provider on message (provider_id);

-- the right to answer that a message carries: the hash of its link, and the short code for those who answer by text message
create table reply_token (
    hash bytea not null,
    network_id text collate "C" not null,
    message_id text collate "C" not null,
    subject text collate "C" not null,
    volunteer_id text collate "C" not null,
    -- keyed hash of the number that was written to, so that an answer from it finds its offer
    contact_hash bytea,
    code text collate "C",
    expire_time bigint not null,
    used_time bigint,
    create_time bigint not null,
    primary key (hash)
);
create unique index reply_token_message on reply_token (network_id, message_id);
create index reply_token_contact on reply_token (contact_hash, expire_time);
create index reply_token_volunteer on reply_token (network_id, volunteer_id, expire_time);

-- a network's own words for a part of a template in one language
create table message_text (
    network_id text collate "C" not null,
    template text collate "C" not null,
    part text collate "C" not null,
    language text collate "C" not null,
    body text not null,
    update_time bigint not null,
    primary key (network_id, template, part, language)
);
