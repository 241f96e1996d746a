-- Offers found by gig and by volunteer, and the askings that make them.

alter table offer add column gig_id text collate "C";
alter table offer add column volunteer_id text collate "C";
update offer set gig_id = body::json ->> 'gig', volunteer_id = body::json ->> 'volunteer';
create index offer_gig on offer (network_id, gig_id, id);
create index offer_changed on offer (network_id, update_time, id);
create index offer_volunteer on offer (network_id, volunteer_id, create_time);

-- the asking for one gig; id is the gig's
create table asking (
    network_id text collate "C" not null,
    id text collate "C" not null,
    association_id text collate "C",
    external_id text collate "C",
    state text collate "C" not null,
    kind_id text collate "C",
    seeker_id text collate "C",
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index asking_external_id on asking (network_id, external_id) where external_id is not null;
create index asking_state on asking (network_id, state, starts);
