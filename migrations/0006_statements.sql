-- Who said what, as one document reports it.
create table statement (
    id integer primary key,
    uid text not null unique,
    document_id integer not null references document (id) on delete cascade,
    extraction_id integer not null references extraction (id) on delete cascade,
    idx integer not null,
    kind text not null,
    mode text not null,
    speaker_id integer references actor (id),
    speaker_name text,
    speaker_text text,
    affiliation text,
    on_behalf_of text,
    addressee text,
    -- The word that reports it.
    cue text,
    said_start text,
    said_end text,
    said_precision text,
    -- What lists sort by: when it was said, else when it was published, else ''.
    day text not null,
    -- The words of all content spans, for lists and search.
    content text not null,
    confidence real not null,
    status text not null default 'machine' check (status in ('machine', 'confirmed', 'rejected')),
    fictional integer not null default 0 check (fictional in (0, 1)),
    created_at text not null,
    updated_at text not null,
    revision integer not null,
    unique (extraction_id, idx)
) strict;
create index statement_by_day on statement (day, id);
create index statement_by_kind on statement (kind, day, id);
create index statement_by_mode on statement (mode, day, id);
create index statement_by_speaker on statement (speaker_id, day, id);
create index statement_by_document on statement (document_id, idx);

-- The characters of a statement: a quotation that its speaker interrupts has two of content.
create table statement_span (
    statement_id integer not null references statement (id) on delete cascade,
    part text not null check (part in ('speaker', 'cue', 'content', 'quote')),
    idx integer not null,
    start integer not null,
    end integer not null,
    text text not null,
    primary key (statement_id, part, idx)
) strict, without rowid;

-- Which incidents a statement is about.
create table statement_about (
    statement_id integer not null references statement (id) on delete cascade,
    incident_id integer not null references incident (id) on delete cascade,
    primary key (statement_id, incident_id)
) strict, without rowid;
create index statement_about_by_incident on statement_about (incident_id, statement_id);

-- Statistics that documents quote ("a 50% increase in militant attacks").
create table figure (
    id integer primary key,
    uid text not null unique,
    document_id integer not null references document (id) on delete cascade,
    extraction_id integer not null references extraction (id) on delete cascade,
    measure text not null,
    value real,
    unit text,
    change text,
    period_start text,
    period_end text,
    period_precision text,
    place text,
    source text,
    source_id integer references actor (id),
    start integer not null,
    end integer not null,
    text text not null,
    fictional integer not null default 0 check (fictional in (0, 1)),
    revision integer not null
) strict;
create index figure_by_document on figure (document_id, start);
create index figure_by_period on figure (period_start, id);
create index figure_by_extraction on figure (extraction_id);
