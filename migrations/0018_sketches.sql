-- What merging compares, so that a new report costs what it is near to and not what the base holds. All of it is made of texts and records
-- and of the table of common words in src/merge/weights, and made anew where that table changes.
alter table base add column sketch_form text not null default '';

-- A document with its reports, boiled down (src/merge/codec.rs).
create table document_sketch (
    document_id integer primary key references document (id) on delete cascade,
    sketch blob not null
) strict;

-- Rare names in a document, by which others of the same story are found. `day` is that of publication, counted from 1970-01-01; 0 where
-- nothing is known.
create table document_name (
    name integer not null,
    day integer not null,
    document_id integer not null references document (id) on delete cascade,
    primary key (name, day, document_id)
) strict, without rowid;
create index document_name_by_document on document_name (document_id);

-- The days on which a report's event can have been, by country ('' is unknown) and kind. Reports without any are not here.
create table report_window (
    country text not null,
    kind text not null,
    -- 1: longer than eight days. Apart, so that few rows have to be looked at before the first day.
    wide integer not null check (wide in (0, 1)),
    first integer not null,
    report_id integer not null references report (id) on delete cascade,
    last integer not null,
    -- Hundredths of a degree, of towns and spots.
    latitude integer,
    longitude integer,
    primary key (country, kind, wide, first, report_id)
) strict, without rowid;
create index report_window_by_report on report_window (report_id);

-- Pairs of reports that tell one incident rather than two, by themselves. What is connected is sorted together. The lower number first.
create table report_edge (
    a integer not null references report (id) on delete cascade,
    b integer not null references report (id) on delete cascade,
    score real not null,
    primary key (a, b)
) strict, without rowid;
create index report_edge_by_b on report_edge (b, a, score);
