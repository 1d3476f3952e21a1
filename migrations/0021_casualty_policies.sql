-- One figure to show, filter and sort by under each policy but the default one, which has `killed_best` and `injured_best`. Null: the same
-- as under the default, as for every incident with one report. An incident that several reports told before this migration gets them when
-- it is next settled. No index: another policy's order is sorted when asked for, so that writing does not pay for what few ask.
alter table incident add column killed_lowest integer;
alter table incident add column killed_highest integer;
alter table incident add column killed_median integer;
alter table incident add column injured_lowest integer;
alter table incident add column injured_highest integer;
alter table incident add column injured_median integer;
