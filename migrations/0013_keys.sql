-- A key is looked up by its public part, so that an unknown one costs no hash. Keys without one cannot be used; none was ever made.
alter table api_key add column public_part text;
-- Requests a minute; null: what the server allows any key.
alter table api_key add column per_minute integer check (per_minute > 0);
-- Not taken from this time on.
alter table api_key add column expires_at text;

create unique index api_key_public_part on api_key (public_part);
