-- What an actor's names are looked up by when a text names somebody whom the lexicon does not know (`src/model/name.rs`).
create table actor_key (
    key text not null,
    actor_id integer not null references actor (id) on delete cascade,
    primary key (key, actor_id)
) strict, without rowid;
create index actor_key_by_actor on actor_key (actor_id);

-- 1: every actor has its keys. Bases from before have none; they are made when the base is opened.
alter table base add column has_actor_keys integer not null default 0 check (has_actor_keys in (0, 1));

-- Who each named actor of a document is among those that the base had: what was decided, and why.
create table actor_decision (
    id integer primary key,
    document_id integer not null references document (id) on delete cascade,
    -- Whom the document's mentions were given to.
    actor_id integer not null references actor (id) on delete cascade,
    -- The name in the document.
    name text not null,
    -- new: nobody of the base. same: one of them. open: one of several, or nobody; it has an actor of its own until somebody decides.
    verdict text not null check (verdict in ('new', 'same', 'open')),
    rule text not null,
    -- JSON array of those compared, the best first: id, name, score, features, veto.
    candidates text not null,
    made_at text not null
) strict;
create index actor_decision_by_document on actor_decision (document_id);
create index actor_decision_by_actor on actor_decision (actor_id, id);
create index actor_decision_open on actor_decision (actor_id) where verdict = 'open';
-- The names of actors that were merged into another are names of that one.
create index actor_by_heir on actor (merged_into) where merged_into is not null;
