-- By which way something was said: code of the statement channel list; null where the text does not tell it.
alter table statement add column channel text;
-- What became of a claim or denial, over all reports of its incident: code of the claim standing list; null for other kinds.
alter table statement add column standing text;
create index statement_by_channel on statement (channel, day, id) where channel is not null;
create index statement_by_standing on statement (standing, day, id) where standing is not null;
-- The same as one report alone tells it, for claimants and deniers.
alter table participant add column standing text;
