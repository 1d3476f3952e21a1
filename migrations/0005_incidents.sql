-- An incident: what its reports say, reconciled by named policies. Nothing is written here that a report or a curator did not give.
create table incident (
    id integer primary key,
    -- `inc_` and a hash of the document, words and type that first reported it.
    uid text not null unique,
    -- Code of the incident type list; the class is the part before the dot.
    type text not null,
    class text not null generated always as (substr(type, 1, instr(type, '.') - 1)) virtual,
    date_start text,
    date_end text,
    date_precision text not null,
    -- What lists sort and page by; '' where nothing is known, so that keyset conditions need no case for null.
    day text not null generated always as (coalesce(date_start, '')) virtual,
    place_id integer references place (id),
    place_name text,
    -- The place as the text names it, and the building or spot.
    place_mention text,
    site text,
    country text,
    admin1 text,
    admin2 text,
    latitude real,
    longitude real,
    place_precision text,
    killed_low integer,
    killed_best integer,
    killed_high integer,
    injured_low integer,
    injured_best integer,
    injured_high integer,
    -- One figure to sort and sum by; -1 where none is reported.
    killed_key integer not null generated always as (coalesce(killed_best, killed_low, killed_high, -1)) virtual,
    injured_key integer not null generated always as (coalesce(injured_best, injured_low, injured_high, -1)) virtual,
    -- JSON arrays of codes.
    attributes text not null default '[]',
    weapons text not null default '[]',
    suicide integer not null default 0 check (suicide in (0, 1)),
    certainty text not null,
    evidence_grade text not null,
    -- 1: every report tells it as context only.
    background integer not null check (background in (0, 1)),
    status text not null default 'machine' check (status in ('machine', 'confirmed', 'rejected', 'merged')),
    merged_into integer references incident (id),
    -- What lists show unless asked otherwise: it happened, by some account, and nobody rejected it.
    shown integer not null generated always as
        (iif(status in ('machine', 'confirmed') and certainty in ('reported', 'alleged', 'claimed'), 1, 0)) virtual,
    confidence real not null,
    summary text not null,
    -- 1: every report comes from an invented document.
    fictional integer not null default 0 check (fictional in (0, 1)),
    n_reports integer not null,
    n_sources integer not null,
    created_at text not null,
    updated_at text not null,
    -- The base's revision at the last change.
    revision integer not null,
    check ((date_start is null) = (date_end is null)),
    check ((latitude is null) = (longitude is null)),
    check ((status = 'merged') = (merged_into is not null))
) strict;

-- Lists walk these in the order in which they page. The first covers maps: box and dates without touching a row.
create index incident_by_day on incident (day, id, longitude, latitude) where shown = 1;
create index incident_by_any_day on incident (day, id);
create index incident_by_country on incident (country, day, id) where shown = 1;
create index incident_by_admin1 on incident (admin1, day, id) where shown = 1;
create index incident_by_place on incident (place_id, day, id);
create index incident_by_class on incident (class, day, id) where shown = 1;
create index incident_by_type on incident (type, day, id) where shown = 1;
create index incident_by_killed on incident (killed_key, id) where shown = 1;
create index incident_by_injured on incident (injured_key, id) where shown = 1;
create index incident_by_status on incident (status, day, id);
create index incident_by_certainty on incident (certainty, day, id);
create index incident_by_grade on incident (evidence_grade, day, id) where shown = 1;
create index incident_by_change on incident (updated_at, id);
create index incident_by_successor on incident (merged_into) where merged_into is not null;
-- What merging looks through: same class, near in time.
create index incident_by_class_and_any_day on incident (class, day);

-- Each incident's list view, rendered by the transaction that changes it. Lists read this one column: sqlx pays per value and per row.
create table incident_doc (
    id integer primary key references incident (id) on delete cascade,
    doc text not null
) strict;

-- Many-valued properties to filter and break down by: actor, perpetrator, target_type, weapon, attribute, document, source.
-- `day` repeats the incident's, so that one value's incidents can be walked in order.
create table incident_facet (
    facet text not null,
    value text not null,
    day text not null,
    incident_id integer not null references incident (id) on delete cascade,
    primary key (facet, value, day, incident_id)
) strict, without rowid;
create index incident_facet_by_incident on incident_facet (incident_id, facet);

-- What one document says of one incident. The incident is computed from these; nothing of a report is lost in merging.
create table report (
    id integer primary key,
    incident_id integer not null references incident (id) on delete cascade,
    document_id integer not null references document (id) on delete cascade,
    extraction_id integer not null references extraction (id) on delete cascade,
    -- Place in the record's list of incidents.
    idx integer not null,
    -- The incident of the record as JSON, with its own type, date, place, figures, certainty.
    body text not null,
    -- Who speaks of it in this document, as JSON: types of the speakers, kinds of the statements. Weighs in the evidence grade.
    voices text not null default '[]',
    unique (extraction_id, idx)
) strict;
create index report_by_incident on report (incident_id, id);
create index report_by_document on report (document_id, idx);

-- Who did it, to whom, by one report.
create table participant (
    id integer primary key,
    incident_id integer not null references incident (id) on delete cascade,
    report_id integer not null references report (id) on delete cascade,
    actor_id integer references actor (id),
    -- Canonical name, else null, and the words.
    name text,
    mentions text not null default '[]',
    kind text not null,
    role text not null,
    count_low integer,
    count_best integer,
    count_high integer,
    target_type text,
    -- The claim or accusation that the role rests on.
    asserted_by integer references statement (id) on delete set null
) strict;
create index participant_by_incident on participant (incident_id, role);
create index participant_by_report on participant (report_id);
create index participant_by_actor on participant (actor_id, role, incident_id);
create index participant_by_statement on participant (asserted_by) where asserted_by is not null;

-- How each report found its incident: the score, what it was made of, and the rule. Lets a merge be explained and undone.
create table merge_decision (
    id integer primary key,
    report_id integer not null references report (id) on delete cascade,
    incident_id integer not null references incident (id) on delete cascade,
    verdict text not null check (verdict in ('new', 'same')),
    -- The best candidate, even where it was refused.
    candidate text,
    score real not null,
    -- JSON object of numbers.
    features text not null,
    rule text not null,
    n_candidates integer not null,
    made_at text not null,
    undone_at text
) strict;
create index merge_decision_by_report on merge_decision (report_id);
create index merge_decision_by_incident on merge_decision (incident_id);
