-- A bulk ingest: its progress survives a restart of the server and a reload of the page.
create table job (
    id integer primary key,
    uid text not null unique,
    kind text not null,
    state text not null check (state in ('waiting', 'running', 'done', 'failed')),
    n_total integer,
    n_done integer not null default 0,
    n_new integer not null default 0,
    n_existing integer not null default 0,
    n_failed integer not null default 0,
    created_at text not null,
    started_at text,
    finished_at text
) strict;

-- One document of a job that could not be read, and why.
create table job_error (
    job_id integer not null references job (id) on delete cascade,
    idx integer not null,
    -- The id the document was sent with.
    document text,
    problem text not null,
    primary key (job_id, idx)
) strict, without rowid;

-- Keys that may write. Only a hash is kept.
create table api_key (
    id integer primary key,
    name text not null unique,
    hash text not null unique,
    scope text not null check (scope in ('ingest', 'curate', 'admin')),
    created_at text not null,
    last_used_at text,
    revoked_at text
) strict;

-- External data sets read in, by file and hash, so that an import can be told apart and taken back.
create table import_batch (
    id integer primary key,
    uid text not null unique,
    data_set text not null,
    file text not null,
    sha256 text not null,
    licence text,
    n_rows integer not null,
    made_at text not null
) strict;
