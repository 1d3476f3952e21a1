-- What a readiness probe writes, so that a full disk or a file that became read-only shows before a document is refused.
create table probe (
    id integer primary key check (id = 1),
    -- How often it was written.
    n integer not null,
    -- Takes room for a moment, where a transaction before it failed: a single row may fit where a document does not.
    filler blob
) strict;
insert into probe (id, n) values (1, 0);
