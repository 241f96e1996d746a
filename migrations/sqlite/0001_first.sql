-- The first schema. Same tables, columns and names for both engines; times are microseconds since 1970, UTC.

-- a tenant: a city's network; network_id equals id
create table network (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index network_external_id on network (network_id, external_id) where external_id is not null;

-- a member of a network
create table association (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index association_external_id on association (network_id, external_id) where external_id is not null;

-- a person who helps
create table volunteer (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index volunteer_external_id on volunteer (network_id, external_id) where external_id is not null;

-- a person who gets help
create table seeker (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index seeker_external_id on seeker (network_id, external_id) where external_id is not null;

-- a catalogue entry of gigs
create table kind (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index kind_external_id on kind (network_id, external_id) where external_id is not null;

-- a catalogue entry of skills
create table skill (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index skill_external_id on skill (network_id, external_id) where external_id is not null;

-- a help request
create table gig (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index gig_external_id on gig (network_id, external_id) where external_id is not null;

-- a lease on a slot for one volunteer
create table offer (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index offer_external_id on offer (network_id, external_id) where external_id is not null;

-- a proposal made by a solve
create table plan (
    network_id text not null,
    id text not null,
    association_id text,
    external_id text,
    state text not null,
    kind_id text,
    seeker_id text,
    starts bigint,
    ends bigint,
    version bigint not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id)
);
create unique index plan_external_id on plan (network_id, external_id) where external_id is not null;

create index gig_state on gig (network_id, state, starts);
create index gig_seeker on gig (network_id, seeker_id);

-- a slot taken by a volunteer
create table assignment (
    network_id text not null,
    id text not null,
    gig_id text not null,
    slot bigint not null,
    volunteer_id text not null,
    starts bigint not null,
    ends bigint not null,
    state text not null,
    create_time bigint not null,
    update_time bigint not null,
    body text not null,
    primary key (network_id, id),
    constraint assignment_span check (starts < ends)
);
-- A slot is taken once: by everything that is not released.
create unique index assignment_slot on assignment (network_id, gig_id, slot) where state <> 'released';
create index assignment_gig on assignment (network_id, gig_id);
create index assignment_volunteer on assignment (network_id, volunteer_id, starts);
create index assignment_starts on assignment (network_id, starts);
-- A volunteer's time: whatever the code above believes, two active assignments of one volunteer never overlap.
create trigger assignment_volunteer_time_insert before insert on assignment
when new.state in ('held', 'accepted', 'started') and exists (
    select 1 from assignment
    where network_id = new.network_id and volunteer_id = new.volunteer_id and id <> new.id
        and state in ('held', 'accepted', 'started') and starts < new.ends and ends > new.starts
)
begin
    select raise(abort, 'assignment_volunteer_time');
end;
-- A volunteer's time: whatever the code above believes, two active assignments of one volunteer never overlap.
create trigger assignment_volunteer_time_update before update of state, volunteer_id, starts, ends on assignment
when new.state in ('held', 'accepted', 'started') and exists (
    select 1 from assignment
    where network_id = new.network_id and volunteer_id = new.volunteer_id and id <> new.id
        and state in ('held', 'accepted', 'started') and starts < new.ends and ends > new.starts
)
begin
    select raise(abort, 'assignment_volunteer_time');
end;

-- what happened; seq grows in the order of writing
create table event (
    seq integer primary key autoincrement,
    network_id text not null,
    id text not null,
    kind text not null,
    subject text not null,
    time bigint not null,
    body text not null
);
create unique index event_id on event (network_id, id);
create index event_subject on event (network_id, subject, id);

-- what is still to be told: written with its event, emptied by the delivery worker
create table outbox (
    network_id text not null,
    event_id text not null,
    kind text not null,
    state text not null,
    attempts bigint not null,
    next_time bigint not null,
    create_time bigint not null,
    primary key (network_id, event_id)
);
create index outbox_due on outbox (state, next_time);

-- who wrote what, for which purpose
create table audit (
    seq integer primary key autoincrement,
    network_id text,
    principal text not null,
    role text not null,
    purpose text not null,
    method text not null,
    resource text not null,
    request_id text,
    time bigint not null
);
create index audit_resource on audit (network_id, resource, seq);
create index audit_time on audit (time);

-- the first result of a write that carried a request id, so that its repetition answers alike
create table idempotency (
    principal text not null,
    method text not null,
    request_id text not null,
    body_hash blob not null,
    result text not null,
    time bigint not null,
    primary key (principal, method, request_id)
);
create index idempotency_time on idempotency (time);
