-- What a curator decided with one request: whom it is about, why, by whose key. Undone as a whole.
create table curation (
    id integer primary key,
    entity text not null check (entity in ('incident', 'actor', 'statement')),
    uid text not null,
    action text not null check (action in ('edit', 'merge', 'split', 'confirm', 'reject', 'evidence', 'relate')),
    reason text not null,
    made_by text not null,
    -- RFC 3339, UTC.
    made_at text not null,
    -- The base's revision that it made: the entries of the log that tell what changed have the same.
    revision integer not null,
    undone_at text,
    undone_by text,
    undone_reason text,
    check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undone_reason is null))
) strict;
create index curation_by_entity on curation (entity, uid, id);
create index curation_by_key on curation (made_by, id);

-- The parts of a curation. Rebuilt: reports are kept together or apart, evidence is added and removed, and what stands in the way of a
-- later decision is set aside rather than lost. Nothing wrote rows before; those that somebody put there stay.
create table correction_rebuilt (
    id integer primary key,
    curation_id integer not null references curation (id) on delete cascade,
    entity text not null check (entity in ('incident', 'actor', 'statement', 'report', 'evidence')),
    -- Of a report `rep_…`; of evidence the incident's.
    uid text not null,
    action text not null check (action in ('set', 'add', 'remove', 'same_as', 'not_same_as', 'confirm', 'reject')),
    field text,
    -- JSON for `set`, `add` and `remove`, the other uid for `same_as` and `not_same_as`.
    value text,
    -- JSON of what the field was before, and of what it would be without any correction.
    before text,
    original text,
    -- JSON array of [document, value]: what reports said otherwise when it was made, and so is no news.
    known text not null default '[]',
    -- Set where it is undone, and where a later curation takes its place; undoing that one clears it.
    undone_at text,
    set_aside_by integer references curation (id),
    check (action not in ('set', 'add', 'remove') or field is not null)
) strict;
insert into curation (id, entity, uid, action, reason, made_by, made_at, revision, undone_at, undone_by, undone_reason)
select id, entity, uid, case action when 'confirm' then 'confirm' when 'reject' then 'reject' when 'set' then 'edit' else 'merge' end, reason, made_by, made_at,
    0, undone_at, iif(undone_at is null, null, ''), iif(undone_at is null, null, '') from correction;
insert into correction_rebuilt (id, curation_id, entity, uid, action, field, value, undone_at)
select id, id, entity, uid, action, coalesce(field, iif(action = 'set', '', null)), value, undone_at from correction;
drop table correction;
alter table correction_rebuilt rename to correction;
create index correction_by_entity on correction (entity, uid);
create index correction_by_curation on correction (curation_id);
create index correction_set_aside on correction (set_aside_by) where set_aside_by is not null;
-- Those that hold, of one kind: few, while incidents are many.
create index correction_by_field on correction (field, uid) where undone_at is null;
-- Constraints are looked up from either side.
create index correction_by_other on correction (value) where entity = 'report';

-- Where a text contradicts a correction: the correction holds, and somebody is to look.
create table review (
    id integer primary key,
    -- contradiction: a report says otherwise. reported_again: a further report of what was rejected.
    reason text not null check (reason in ('contradiction', 'reported_again')),
    entity text not null check (entity in ('incident', 'actor', 'statement')),
    uid text not null,
    field text not null,
    correction_id integer not null references correction (id) on delete cascade,
    document text not null,
    -- JSON of what the document says.
    said text not null,
    opened_at text not null,
    closed_at text,
    closed_by text,
    closed_reason text,
    unique (correction_id, document, said)
) strict;
create index review_open on review (id) where closed_at is null;
create index review_by_entity on review (entity, uid);
