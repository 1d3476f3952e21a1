-- Places that documents name, with the regions and countries that hold them.
create table place (
    id integer primary key,
    -- The gazetteer's id, else `plc_` and a hash of name, country and region.
    uid text not null unique,
    name text not null,
    folded text not null,
    parent_id integer references place (id),
    country text,
    admin1 text,
    admin2 text,
    latitude real,
    longitude real,
    -- Code of the place precision list.
    precision text not null,
    population integer,
    revision integer not null
) strict;
create index place_by_name on place (folded, country, precision, id);
create index place_by_parent on place (parent_id, name);
create index place_by_country on place (country, name, id);

-- Which document names which place, and how often.
create table place_mention (
    place_id integer not null references place (id) on delete cascade,
    document_id integer not null references document (id) on delete cascade,
    n integer not null,
    primary key (place_id, document_id)
) strict, without rowid;
create index place_mention_by_document on place_mention (document_id);
