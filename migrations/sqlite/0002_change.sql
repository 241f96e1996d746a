-- What changed in each network, so that what is kept in memory can be brought up to date.

-- the newest change of a network; its stamp is random, so that two histories that have parted are told from each other
create table change_head (
    network_id text not null,
    seq bigint not null,
    stamp bigint not null,
    primary key (network_id)
);

-- what one write touched: names of rows, nothing of what is in them; old ones are forgotten
create table change (
    network_id text not null,
    seq bigint not null,
    stamp bigint not null,
    items text not null,
    primary key (network_id, seq)
);

insert into change_head (network_id, seq, stamp) select id, 0, random() from network;
insert into change (network_id, seq, stamp, items) select network_id, seq, stamp, '[]' from change_head;
