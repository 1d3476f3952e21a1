-- Sums by month of the incidents that lists show by default. The writer takes an incident's old share out and puts the new one in.
-- `month` is YYYY-MM, and it and the country are '' where unknown. Three tables rather than one, so that each key says what it is.
create table rollup_country (
    country text not null,
    month text not null,
    n_incidents integer not null,
    killed integer not null,
    injured integer not null,
    primary key (country, month)
) strict, without rowid;

create table rollup_type (
    type text not null,
    month text not null,
    n_incidents integer not null,
    killed integer not null,
    injured integer not null,
    primary key (type, month)
) strict, without rowid;

create table rollup_actor (
    actor text not null,
    month text not null,
    n_incidents integer not null,
    killed integer not null,
    injured integer not null,
    primary key (actor, month)
) strict, without rowid;
