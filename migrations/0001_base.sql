-- What the base says of itself: one row. Each write transaction raises `revision`; entity tags and `/changes` are made of it.
create table base (
    only integer primary key check (only = 1),
    revision integer not null default 0,
    -- RFC 3339, UTC; the time of the last write.
    changed_at text not null default '',
    -- Hash of the lexicon whose actors were last seeded; another hash seeds again.
    lexicon text not null default '',
    -- Form of `incident_doc.doc`; a program that renders another form renders all of them anew.
    doc_version integer not null default 0
) strict;
insert into base (only) values (1);
