-- With this the base can be read as it was at any of its revisions. What a row was before it changed is kept once for each transaction that
-- changes it, by triggers, so that the functions that write know nothing of it. What a transaction made itself is not kept: undoing a
-- creation is leaving the row out.

-- When the base had which revision.
create table moment (
    revision integer primary key,
    -- RFC 3339, UTC.
    at text not null,
    -- The highest number of a merge decision before the transaction that made the revision.
    decisions integer not null
) strict;
create index moment_by_time on moment (at, revision);
insert into moment (revision, at, decisions) select base, max(at), 0 from revision group by base;
insert or replace into moment (revision, at, decisions) select revision, changed_at, 0 from base where revision > 0;
create trigger moment_passed after update of revision on base when new.revision > old.revision begin
    insert or replace into moment (revision, at, decisions) values (new.revision, new.changed_at, (select coalesce(max(id), 0) from merge_decision));
end;

-- The revision from which on the past is kept; what an older waqia changed before is not known.
alter table base add column past_since integer not null default 0;
update base set past_since = revision;

-- The base's revision that a record was made in; all that was read with it is as old.
alter table extraction add column revision integer not null default 0;
update extraction set revision = coalesce((select d.revision from document d where d.id = document_id), 0);
create trigger extraction_dated after insert on extraction when new.revision = 0 begin
    update extraction set revision = (select revision from base) where id = new.id;
end;

create table past (
    id integer primary key,
    -- incident: its list view, which says all of it. document, report, statement, actor: the columns that can change. about: the numbers of the incidents
    -- that a statement was about. decision: when a merge decision had been undone.
    kind text not null check (kind in ('incident', 'document', 'report', 'about', 'decision', 'statement', 'actor')),
    -- Of the row.
    number integer not null,
    -- It was so from this revision of the base on; 0 where the row itself does not tell.
    since integer not null,
    -- It was so before this revision.
    until integer not null,
    -- JSON.
    was text not null,
    unique (kind, number, until)
) strict;
create index past_by_end on past (kind, until);

create trigger incident_view_changing before update of doc on incident_doc
when old.doc is not new.doc and old.doc ->> 'revision' < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'incident', old.id, old.doc ->> 'revision', b.revision, old.doc from base b
    where not exists (select 1 from past p where p.kind = 'incident' and p.number = old.id and p.until = b.revision);
end;
create trigger incident_view_going before delete on incident_doc
when old.doc ->> 'revision' < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'incident', old.id, old.doc ->> 'revision', b.revision, old.doc from base b
    where not exists (select 1 from past p where p.kind = 'incident' and p.number = old.id and p.until = b.revision);
end;

-- What it says is kept where it changes, because its text was read anew.
create trigger report_changing before update of incident_id, extraction_id, idx, body, voices on report
when (old.incident_id <> new.incident_id or old.extraction_id <> new.extraction_id or old.body <> new.body)
    and (select e.revision from extraction e where e.id = old.extraction_id) < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'report', old.id, 0, b.revision, iif(old.body = new.body,
        json_object('incident_id', old.incident_id, 'extraction_id', old.extraction_id, 'idx', old.idx),
        json_object('incident_id', old.incident_id, 'extraction_id', old.extraction_id, 'idx', old.idx, 'body', old.body, 'voices', old.voices)) from base b
    where not exists (select 1 from past p where p.kind = 'report' and p.number = old.id and p.until = b.revision);
end;
-- Numbers are given again.
create trigger report_gone after delete on report begin
    delete from past where kind = 'report' and number = old.id;
end;

create trigger decision_undoing before update of undone_at on merge_decision
when old.undone_at is not new.undone_at and old.id <= (select m.decisions from moment m join base b on b.revision = m.revision)
begin
    insert into past (kind, number, since, until, was)
    select 'decision', old.id, 0, b.revision, json_quote(old.undone_at) from base b
    where not exists (select 1 from past p where p.kind = 'decision' and p.number = old.id and p.until = b.revision);
end;
create trigger decision_gone after delete on merge_decision begin
    delete from past where kind = 'decision' and number = old.id;
end;

create trigger statement_about_going before delete on statement_about
when (select e.revision from statement s join extraction e on e.id = s.extraction_id where s.id = old.statement_id) < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'about', old.statement_id, 0, b.revision, (select json_group_array(a.incident_id) from statement_about a where a.statement_id = old.statement_id)
    from base b where not exists (select 1 from past p where p.kind = 'about' and p.number = old.statement_id and p.until = b.revision);
end;
create trigger statement_about_coming before insert on statement_about
when (select e.revision from statement s join extraction e on e.id = s.extraction_id where s.id = new.statement_id) < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'about', new.statement_id, 0, b.revision, (select json_group_array(a.incident_id) from statement_about a where a.statement_id = new.statement_id)
    from base b where not exists (select 1 from past p where p.kind = 'about' and p.number = new.statement_id and p.until = b.revision);
end;
create trigger statement_about_changing before update on statement_about
when (select e.revision from statement s join extraction e on e.id = s.extraction_id where s.id = old.statement_id) < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'about', old.statement_id, 0, b.revision, (select json_group_array(a.incident_id) from statement_about a where a.statement_id = old.statement_id)
    from base b where not exists (select 1 from past p where p.kind = 'about' and p.number = old.statement_id and p.until = b.revision);
end;

-- Words that did not change are not kept once more.
create trigger statement_changing before update on statement
when (select e.revision from extraction e where e.id = old.extraction_id) < (select revision from base)
begin
    insert into past (kind, number, since, until, was)
    select 'statement', old.id, old.revision, b.revision, json_insert(json_object(
        'kind', old.kind, 'mode', old.mode, 'speaker_id', old.speaker_id, 'speaker_name', old.speaker_name, 'affiliation', old.affiliation,
        'on_behalf_of', old.on_behalf_of, 'addressee', old.addressee, 'said_start', old.said_start, 'said_end', old.said_end,
        'said_precision', old.said_precision, 'day', old.day, 'confidence', old.confidence, 'status', old.status, 'channel', old.channel,
        'standing', old.standing, 'updated_at', old.updated_at, 'revision', old.revision
    ), iif(old.content = new.content, '$.same', '$.content'), iif(old.content = new.content, 1, old.content)) from base b
    where not exists (select 1 from past p where p.kind = 'statement' and p.number = old.id and p.until = b.revision);
end;
create trigger statement_gone after delete on statement begin
    delete from past where kind in ('statement', 'about') and number = old.id;
end;

create trigger actor_changing before update on actor
when old.revision < (select revision from base)
    and (old.name, old.type, old.country, old.tags, old.known, old.valid_from, old.valid_to, old.source, old.status, old.merged_into, old.fictional)
    is not (new.name, new.type, new.country, new.tags, new.known, new.valid_from, new.valid_to, new.source, new.status, new.merged_into, new.fictional)
begin
    insert into past (kind, number, since, until, was)
    select 'actor', old.id, old.revision, b.revision, json_object(
        'name', old.name, 'type', old.type, 'country', old.country, 'tags', old.tags, 'known', old.known, 'valid_from', old.valid_from,
        'valid_to', old.valid_to, 'source', old.source, 'status', old.status, 'merged_into', old.merged_into, 'fictional', old.fictional,
        'updated_at', old.updated_at, 'revision', old.revision
    ) from base b
    where not exists (select 1 from past p where p.kind = 'actor' and p.number = old.id and p.until = b.revision);
end;
create trigger actor_gone after delete on actor begin
    delete from past where kind = 'actor' and number = old.id;
end;

create trigger document_changing before update of published, published_from, language, revision on document
when old.revision < (select revision from base) and old.revision <> new.revision
begin
    insert into past (kind, number, since, until, was)
    select 'document', old.id, 0, b.revision,
        json_object('published', old.published, 'published_from', old.published_from, 'language', old.language, 'revision', old.revision) from base b
    where not exists (select 1 from past p where p.kind = 'document' and p.number = old.id and p.until = b.revision);
end;
create trigger document_gone after delete on document begin
    delete from past where kind = 'document' and number = old.id;
end;
