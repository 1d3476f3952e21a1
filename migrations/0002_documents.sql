-- A text that was received. `uid` is the public id, made of `sha256`, so that the same text has the same id on any machine.
create table document (
    id integer primary key,
    uid text not null unique,
    -- Hash of the stored text: one text is stored once, whoever sends it.
    sha256 text not null unique,
    source text,
    url text,
    title text,
    -- Day of publication, ISO 8601, and where it comes from: input, text or inferred.
    published text,
    published_from text,
    -- What lists sort by; '' where nothing is known.
    day text not null generated always as (coalesce(published, '')) virtual,
    language text not null,
    -- Where the facts of a text written for this project come from.
    facts text,
    -- 1: invented, its organisations' deeds included. All that is read from it says so as well.
    fictional integer not null default 0 check (fictional in (0, 1)),
    media_type text not null,
    received_at text not null,
    -- Length in code points.
    n_chars integer not null,
    -- What reading it had to mend, as a JSON array of sentences (broken UTF-8, …).
    notes text not null default '[]',
    -- The earlier document that says the same in nearly the same words; both count as one source.
    near_duplicate_of integer references document (id) on delete set null,
    revision integer not null
) strict;
create index document_by_day on document (day, id);
create index document_by_source on document (source, day, id);
create index document_by_original on document (near_duplicate_of) where near_duplicate_of is not null;

-- The text, byte for byte as it was read. Apart from `document`, so that lists of documents do not wade through texts.
create table document_text (
    document_id integer primary key references document (id) on delete cascade,
    text text not null
) strict;

-- MinHash of each text: 64 32-bit values, little-endian. Estimates how many runs of words two texts share.
create table document_signature (
    document_id integer primary key references document (id) on delete cascade,
    signature blob not null
) strict, without rowid;

-- Bands of the signature: texts that share a band are looked at closely.
create table document_band (
    band integer not null,
    hash integer not null,
    document_id integer not null references document (id) on delete cascade,
    primary key (band, hash, document_id)
) strict, without rowid;
create index document_band_by_document on document_band (document_id);

-- One run of one engine with one lexicon over one document. Re-extraction adds a row and never edits an old one.
create table extraction (
    id integer primary key,
    document_id integer not null references document (id) on delete cascade,
    engine text not null,
    lexicon text not null,
    made_at text not null,
    -- The extraction record as JSON, deflated.
    record blob not null
) strict;
create index extraction_by_document on extraction (document_id, id);

-- What is current: the last run over each document.
create view current_extraction as
select e.* from extraction e
where e.id = (select max(n.id) from extraction n where n.document_id = e.document_id);
