-- Invented incidents are left out of lists, sums and maps unless asked for: `shown` says so, and with it every partial index and roll-up.
-- SQLite cannot change a generated column, so it is made anew with the indexes that name it.
drop index incident_by_day;
drop index incident_by_country;
drop index incident_by_admin1;
drop index incident_by_class;
drop index incident_by_type;
drop index incident_by_killed;
drop index incident_by_injured;
drop index incident_by_grade;
alter table incident drop column shown;
alter table incident add column shown integer not null generated always as
    (iif(status in ('machine', 'confirmed') and certainty in ('reported', 'alleged', 'claimed') and fictional = 0, 1, 0)) virtual;
create index incident_by_day on incident (day, id, longitude, latitude) where shown = 1;
create index incident_by_country on incident (country, day, id) where shown = 1;
create index incident_by_admin1 on incident (admin1, day, id) where shown = 1;
create index incident_by_class on incident (class, day, id) where shown = 1;
create index incident_by_type on incident (type, day, id) where shown = 1;
create index incident_by_killed on incident (killed_key, id) where shown = 1;
create index incident_by_injured on incident (injured_key, id) where shown = 1;
create index incident_by_grade on incident (evidence_grade, day, id) where shown = 1;

-- What is invented is little or nothing: lists and counts ask these whether a row is, and touch no row for it.
create index document_fictional on document (id) where fictional = 1;
create index actor_fictional on actor (id) where fictional = 1;
create index incident_fictional on incident (id) where fictional = 1;
create index statement_fictional on statement (id) where fictional = 1;
create index figure_fictional on figure (id) where fictional = 1;

delete from rollup_country;
insert into rollup_country (country, month, n_incidents, killed, injured)
select coalesce(country, ''), substr(day, 1, 7), count(*), sum(max(killed_key, 0)), sum(max(injured_key, 0))
from incident where shown = 1 group by 1, 2;
delete from rollup_type;
insert into rollup_type (type, month, n_incidents, killed, injured)
select type, substr(day, 1, 7), count(*), sum(max(killed_key, 0)), sum(max(injured_key, 0)) from incident where shown = 1 group by 1, 2;
delete from rollup_actor;
insert into rollup_actor (actor, month, n_incidents, killed, injured)
select f.value, substr(i.day, 1, 7), count(*), sum(max(i.killed_key, 0)), sum(max(i.injured_key, 0))
from incident i join incident_facet f on f.incident_id = i.id and f.facet = 'actor' where i.shown = 1 group by 1, 2;
