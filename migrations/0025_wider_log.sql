-- The log also takes what is restored after it was taken back, and reports: two of them may be told to be of one incident, or not to be.
-- A check cannot be changed in place, so the table is made anew with the rows that it has.
create table revision_wider (
    id integer primary key,
    -- The base's revision that the change is part of.
    base integer not null,
    entity text not null check (entity in ('incident', 'report', 'actor', 'statement', 'document')),
    uid text not null,
    action text not null check (action in ('created', 'changed', 'merged', 'split', 'confirmed', 'rejected', 'deleted', 'restored')),
    -- Who: a key's name, the engine with its version, or an import.
    who text not null,
    at text not null,
    why text not null,
    -- JSON of the changed members only; null where there was nothing before or is nothing after.
    before text,
    after text,
    -- The uid that took its place, where it was merged.
    successor text
) strict;
insert into revision_wider select id, base, entity, uid, action, who, at, why, before, after, successor from revision;
drop table revision;
alter table revision_wider rename to revision;
create index revision_by_entity on revision (entity, uid, id);
create index revision_by_base on revision (base, id);
create index revision_by_time on revision (at, id);
