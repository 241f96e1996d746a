-- Tiles of a plan that is being solved, for the processes that take part. A row lives as long as the solve: it holds ids, places in lists
-- and instants, nothing else about anybody.

create table job (
    network_id text not null,
    plan_id text not null,
    number bigint not null,
    state text not null,
    -- who works on it, and until when that is believed
    worker text,
    lease_time bigint,
    attempts bigint not null,
    create_time bigint not null,
    -- after this nobody waits for it
    end_time bigint not null,
    task text not null,
    answer text,
    primary key (network_id, plan_id, number)
);

create index job_state on job (state, create_time);
