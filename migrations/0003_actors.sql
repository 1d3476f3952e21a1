-- Organisations, states and persons with a name. Seeded from the lexicon, grown by documents; unnamed ones live in `participant`.
create table actor (
    id integer primary key,
    -- The lexicon's key, else `act_` and a hash of the name as first reported.
    uid text not null unique,
    -- 1: an entry of the lexicon, whose name and type the lexicon decides.
    known integer not null default 0 check (known in (0, 1)),
    name text not null,
    -- Code of the actor type list.
    type text not null,
    country text,
    -- Ideology or nature, a JSON array; never a judgement.
    tags text not null default '[]',
    -- Partial ISO dates of existence; null is open or unknown.
    valid_from text,
    valid_to text,
    -- Where the entry can be checked.
    source text,
    status text not null default 'machine' check (status in ('machine', 'confirmed', 'rejected', 'merged')),
    merged_into integer references actor (id),
    fictional integer not null default 0 check (fictional in (0, 1)),
    created_at text not null,
    updated_at text not null,
    revision integer not null
) strict;
create index actor_by_name on actor (name, id);
create index actor_by_type on actor (type, name, id);
create index actor_by_country on actor (country, name, id);

-- Every name of an actor. `folded` is the form that names are looked up by: lower case, without accents, hyphens and apostrophes.
create table actor_name (
    id integer primary key,
    actor_id integer not null references actor (id) on delete cascade,
    name text not null,
    folded text not null,
    kind text not null check (kind in ('canonical', 'alias', 'acronym', 'native', 'former', 'mention')),
    -- ISO 15924, where it is not Latin.
    script text,
    valid_from text,
    valid_to text,
    -- 1: the name also means something else.
    ambiguous integer not null default 0 check (ambiguous in (0, 1)),
    unique (actor_id, name, kind)
) strict;
create index actor_name_by_folded on actor_name (folded, actor_id);

-- Titles and offices that documents give to an actor.
create table actor_title (
    actor_id integer not null references actor (id) on delete cascade,
    title text not null,
    document_id integer not null references document (id) on delete cascade,
    primary key (actor_id, title, document_id)
) strict, without rowid;
create index actor_title_by_document on actor_title (document_id);

-- One actor's relation to another actor or to a place, by the lexicon (document_id null) or as one document tells it.
create table actor_relation (
    id integer primary key,
    subject_id integer references actor (id) on delete cascade,
    subject text not null,
    relation text not null,
    object_id integer references actor (id) on delete cascade,
    object text not null,
    -- reported, or alleged where the document only passes it on.
    certainty text not null,
    valid_from text,
    valid_to text,
    document_id integer references document (id) on delete cascade,
    extraction_id integer references extraction (id) on delete cascade,
    -- Code points of the document that say so.
    start integer,
    end integer,
    text text,
    confidence real not null
) strict;
create index actor_relation_by_subject on actor_relation (subject_id, relation);
create index actor_relation_by_object on actor_relation (object_id, relation);
create index actor_relation_by_document on actor_relation (document_id);
create index actor_relation_by_extraction on actor_relation (extraction_id);

-- Where a document mentions an actor: "documents about" and the annotations of the reader.
create table actor_mention (
    actor_id integer not null references actor (id) on delete cascade,
    document_id integer not null references document (id) on delete cascade,
    start integer not null,
    end integer not null,
    primary key (actor_id, document_id, start, end)
) strict, without rowid;
create index actor_mention_by_document on actor_mention (document_id);
