-- The contact that a link was made for, as keyed hashes of its phone and e-mail address: another one closes the link. None in rows of before.
alter table reply_token add column reach text collate "C";
-- The link that was made for the contact before, where that changed while the message waited: it opens nothing, and says why.
alter table reply_token add column former_hash bytea;
create index reply_token_former on reply_token (former_hash);
