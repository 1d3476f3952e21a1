-- Which correction a relation between actors is from; null for those of documents and of the lexicon. Goes when the correction is undone.
alter table actor_relation add column correction_id integer references correction (id) on delete cascade;
create index actor_relation_by_correction on actor_relation (correction_id) where correction_id is not null;
