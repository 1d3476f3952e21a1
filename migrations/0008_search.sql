-- What can be found by words, one row an entity. Documents keep no second copy of their text here: `body` is empty, the view below has it.
create table search_entry (
    id integer primary key,
    kind text not null check (kind in ('document', 'incident', 'actor', 'statement')),
    entity_id integer not null,
    -- What is shown of it.
    uid text not null,
    title text not null,
    day text not null,
    body text not null,
    unique (kind, entity_id)
) strict;

create view search_content as
select e.id, e.title,
    iif(e.kind = 'document', (select t.text from document_text t where t.document_id = e.entity_id), e.body) as body
from search_entry e;

-- The full-text index. Its words live in `search_content`; the triggers keep it in step.
-- An entry of a document must go before its text goes, because the index forgets words only when it is told them.
create virtual table search using fts5 (title, body, content = 'search_content', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2');

create trigger search_entry_added after insert on search_entry begin
    insert into search (rowid, title, body) select id, title, body from search_content where id = new.id;
end;
create trigger search_entry_removed before delete on search_entry begin
    insert into search (search, rowid, title, body) select 'delete', id, title, body from search_content where id = old.id;
end;
create trigger search_entry_changing before update on search_entry begin
    insert into search (search, rowid, title, body) select 'delete', id, title, body from search_content where id = old.id;
end;
create trigger search_entry_changed after update on search_entry begin
    insert into search (rowid, title, body) select id, title, body from search_content where id = new.id;
end;
create trigger document_forgotten before delete on document begin
    delete from search_entry where kind = 'document' and entity_id = old.id;
end;
create trigger incident_forgotten before delete on incident begin
    delete from search_entry where kind = 'incident' and entity_id = old.id;
end;
create trigger statement_forgotten before delete on statement begin
    delete from search_entry where kind = 'statement' and entity_id = old.id;
end;
create trigger actor_forgotten before delete on actor begin
    delete from search_entry where kind = 'actor' and entity_id = old.id;
end;

-- Bounding boxes of incidents with coordinates, for boxes without dates. Coordinates are rounded to 32 bits outwards, so exact ones are checked after.
create virtual table incident_rtree using rtree (id, min_longitude, max_longitude, min_latitude, max_latitude);

create trigger incident_located after insert on incident when new.latitude is not null begin
    insert into incident_rtree values (new.id, new.longitude, new.longitude, new.latitude, new.latitude);
end;
create trigger incident_moved after update of latitude, longitude on incident begin
    delete from incident_rtree where id = old.id;
    insert into incident_rtree select new.id, new.longitude, new.longitude, new.latitude, new.latitude where new.latitude is not null;
end;
create trigger incident_unlocated after delete on incident begin
    delete from incident_rtree where id = old.id;
end;
