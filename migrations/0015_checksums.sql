-- A checksum of what the base was told to keep, so that damage which SQLite does not notice is found (src/store/checksum.rs has what is
-- summed under which kind and number). Written by the transaction that writes the rows; read by `waqia check` alone.
create table checksum (
    kind text not null,
    id integer not null,
    sum integer not null,
    primary key (kind, id)
) strict, without rowid;

-- What the checksums are made of; a program that sums something else makes all of them anew.
alter table base add column checksum_form integer not null default 0;
