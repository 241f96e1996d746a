-- Where each event stands in its network's history, so that who follows the history neither loses an event nor sees one twice.

-- given with the commit, in the order of commits; what happened before this migration stands in front. Null only until the commit, and in
-- rows of a program that does not know it yet: the next commit of the network gives them theirs.
alter table event add column place bigint;
update event set place = 0;
create index event_place on event (network_id, place, seq);
create index event_unplaced on event (network_id) where place is null;
create index event_time on event (network_id, time, place);
