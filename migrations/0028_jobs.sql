-- Jobs as they are run. Nothing wrote these tables before, so they are made anew: SQLite cannot widen a check.
drop table job_error;
drop table job;

-- A run over many documents: a bulk ingest, by HTTP or by `waqia ingest`, or a re-extraction. Its progress survives a restart.
create table job (
    id integer primary key,
    -- `job_` and a hash of what was sent and the number.
    uid text not null unique,
    -- ingest, reextract
    kind text not null,
    -- interrupted: its process ended before it did, and nobody goes on with it.
    state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted')),
    -- Who asked for it: a key's name, or a command.
    who text not null default '',
    -- Media type of what is read; null where it is read from files, or from the base.
    media_type text,
    -- What it was asked to do, as JSON.
    settings text not null default '{}',
    -- Bytes of the file beside the base that holds what was sent; 0 where there is none, or none any more.
    n_bytes integer not null default 0,
    -- Null where it is not known before the end.
    n_total integer,
    n_done integer not null default 0,
    n_new integer not null default 0,
    n_existing integer not null default 0,
    n_failed integer not null default 0,
    -- Where it goes on: documents of the file that are seen to, or the number of the last document of the base. Written by the transaction
    -- that writes what the step made.
    position integer not null default 0,
    -- Time that it was at work.
    worked_ms integer not null default 0,
    -- Why it failed.
    problem text,
    -- What it found, as JSON, where the counts do not say it.
    result text,
    created_at text not null,
    started_at text,
    updated_at text,
    finished_at text
) strict;
create index job_by_state on job (state, id);

-- One document of a job that could not be read, and why. At most 10,000 a job.
create table job_error (
    job_id integer not null references job (id) on delete cascade,
    -- Place in the run, from 0.
    idx integer not null,
    -- The id the document was sent with.
    document text,
    problem text not null,
    primary key (job_id, idx)
) strict, without rowid;
