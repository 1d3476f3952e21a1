-- Why a coded field has its value: (document, start, end) → (entity, field, rule, confidence). Every coded field has at least one row.
create table evidence (
    id integer primary key,
    document_id integer not null references document (id) on delete cascade,
    -- Code points, half-open; `text` repeats the words.
    start integer not null,
    end integer not null,
    text text not null,
    report_id integer not null references report (id) on delete cascade,
    incident_id integer not null references incident (id) on delete cascade,
    -- As in the record: killed, place, participants.0, …
    field text not null,
    rule text not null,
    confidence real not null
) strict;
create index evidence_by_incident on evidence (incident_id, field);
create index evidence_by_document on evidence (document_id, start);
create index evidence_by_report on evidence (report_id);

-- Append-only log of every change to incidents, actors and statements. Feeds `/history`, `/changes` and `as_of`.
create table revision (
    id integer primary key,
    -- The base's revision that the change is part of.
    base integer not null,
    entity text not null check (entity in ('incident', 'actor', 'statement', 'document')),
    uid text not null,
    action text not null check (action in ('created', 'changed', 'merged', 'split', 'confirmed', 'rejected', 'deleted')),
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
create index revision_by_entity on revision (entity, uid, id);
create index revision_by_base on revision (base, id);
create index revision_by_time on revision (at, id);

-- What was deleted stays known: a mirror can follow, and an id is never given twice.
create table tombstone (
    uid text primary key,
    entity text not null,
    reason text not null,
    successor text,
    at text not null
) strict, without rowid;

-- A curator's decision as data, applied again after every re-extraction: human work is never lost.
create table correction (
    id integer primary key,
    entity text not null check (entity in ('incident', 'actor', 'statement')),
    uid text not null,
    action text not null check (action in ('set', 'same_as', 'not_same_as', 'confirm', 'reject')),
    field text,
    -- JSON for `set`, the other uid for `same_as` and `not_same_as`.
    value text,
    reason text not null,
    made_by text not null,
    made_at text not null,
    undone_at text
) strict;
create index correction_by_entity on correction (entity, uid);
