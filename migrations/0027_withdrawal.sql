-- Set where a document was withdrawn and what it told stays: its text, and every word of it elsewhere, is gone. Where that goes as well, so
-- does the row. A tombstone says why in both cases.
alter table document add column withdrawn_at text;
-- Few or none: lists and counts ask this and touch no row for it.
create index document_withdrawn on document (id) where withdrawn_at is not null;

-- Zeros that are written over free pages and deleted again, so that nothing of what was deleted is left in the file.
create table filler (
    id integer primary key,
    zeros blob not null
) strict;

-- Actors whose names are not shown. The names stay where they are, so that later documents are told to mean the same actor, and are masked
-- in every answer.
create table withheld (
    actor_id integer primary key references actor (id) on delete cascade,
    reason text not null,
    -- Who decided: a key's name.
    by text not null,
    at text not null
) strict;

-- Search entries that are masked: words that are withheld must not be found. A masked document keeps its text there once more.
create table withheld_entry (
    entry_id integer primary key references search_entry (id) on delete cascade
) strict;

drop view search_content;
create view search_content as
select e.id, e.title,
    iif(e.kind = 'document' and e.body = '', (select t.text from document_text t where t.document_id = e.entity_id), e.body) as body
from search_entry e;
