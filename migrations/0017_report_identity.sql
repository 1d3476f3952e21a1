-- `rep_` and the hash that an incident first told by this report has in its id: what corrections name, and what orders reports whatever the
-- order in which they came. Bases from before have none; they are made when the base is opened.
alter table report add column uid text;
create unique index report_by_uid on report (uid) where uid is not null;
create index report_without_uid on report (extraction_id) where uid is null;
