//! Checksums of rows: SQLite notices a flipped bit only where it breaks the structure of the file, and would serve the rest.
//!
//! What cannot be made anew from other rows is summed: a document with all that is stored once with it, each row that changes later, the
//! log by transaction. Texts have their SHA-256 in `document` and are left out; what is derived (index of words, boxes, sums, facets) is
//! compared with what deriving it gives. A sum is the sum of the CRC-32 of the rows, so that their order does not matter.
//!
//! SQLite tells which rows a transaction touches (its update hook), so that the functions that write know nothing of this; before the
//! commit these are read back, from memory as a rule, and summed.

use super::error::Context;
use super::{Store, StoreError};
use futures_util::TryStreamExt;
use serde_json::json;
use sqlx::sqlite::{SqliteConnection, SqliteRow, UpdateHookResult};
use sqlx::{Decode, Row, TypeInfo, ValueRef};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Goes up when something else is summed.
const FORM: i64 = 6;
/// Not summed, but to be looked at where names are withheld.
const SEARCH_ENTRIES: &str = "search_entry";
/// Numbers summed at once.
const AT_ONCE: i64 = 500;

/// What has one checksum.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// Rows of this table have the numbers, in this column.
    pub(super) table: &'static str,
    pub(super) numbers: &'static str,
    /// The rows that belong to the numbers in `?1`, each behind its number.
    rows: &'static [&'static str],
}

/// What is summed.
pub(super) const KINDS: [Kind; 14] = [
    Kind {
        name: "document",
        table: "document",
        numbers: "select id from document where id > ?1 order by id limit ?2",
        rows: &[
            "select d.id, d.* from json_each(?1) j cross join document d on d.id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join document_signature t on t.document_id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join extraction t on t.document_id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join report t on t.document_id = j.value",
            "select r.document_id, t.* from json_each(?1) j cross join report r on r.document_id = j.value cross join participant t on t.report_id = r.id",
            "select r.document_id, t.* from json_each(?1) j cross join report r on r.document_id = j.value cross join merge_decision t on t.report_id = r.id",
            "select t.document_id, t.* from json_each(?1) j cross join evidence t on t.document_id = j.value",
            "select s.document_id, t.* from json_each(?1) j cross join statement s on s.document_id = j.value cross join statement_span t on t.statement_id = s.id",
            "select s.document_id, t.* from json_each(?1) j cross join statement s on s.document_id = j.value cross join statement_about t on t.statement_id = s.id",
            "select t.document_id, t.* from json_each(?1) j cross join figure t on t.document_id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join actor_mention t on t.document_id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join actor_title t on t.document_id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join actor_decision t on t.document_id = j.value",
            "select t.document_id, t.* from json_each(?1) j cross join place_mention t on t.document_id = j.value",
        ],
    },
    Kind {
        name: "incident",
        table: "incident",
        numbers: "select id from incident where id > ?1 order by id limit ?2",
        rows: &[
            "select i.id, i.* from json_each(?1) j cross join incident i on i.id = j.value",
            "select d.id, d.* from json_each(?1) j cross join incident_doc d on d.id = j.value",
        ],
    },
    Kind {
        name: "statement",
        table: "statement",
        numbers: "select id from statement where id > ?1 order by id limit ?2",
        rows: &["select s.id, s.* from json_each(?1) j cross join statement s on s.id = j.value"],
    },
    Kind {
        name: "actor",
        table: "actor",
        numbers: "select id from actor where id > ?1 order by id limit ?2",
        rows: &["select a.id, a.* from json_each(?1) j cross join actor a on a.id = j.value"],
    },
    Kind {
        name: "name",
        table: "actor_name",
        numbers: "select id from actor_name where id > ?1 order by id limit ?2",
        rows: &["select n.id, n.* from json_each(?1) j cross join actor_name n on n.id = j.value"],
    },
    Kind {
        name: "relation",
        table: "actor_relation",
        numbers: "select id from actor_relation where id > ?1 order by id limit ?2",
        rows: &["select r.id, r.* from json_each(?1) j cross join actor_relation r on r.id = j.value"],
    },
    Kind {
        name: "place",
        table: "place",
        numbers: "select id from place where id > ?1 order by id limit ?2",
        rows: &["select p.id, p.* from json_each(?1) j cross join place p on p.id = j.value"],
    },
    Kind {
        name: "curation",
        table: "curation",
        numbers: "select id from curation where id > ?1 order by id limit ?2",
        rows: &["select c.id, c.* from json_each(?1) j cross join curation c on c.id = j.value"],
    },
    Kind {
        name: "correction",
        table: "correction",
        numbers: "select id from correction where id > ?1 order by id limit ?2",
        rows: &["select c.id, c.* from json_each(?1) j cross join correction c on c.id = j.value"],
    },
    Kind {
        name: "review",
        table: "review",
        numbers: "select id from review where id > ?1 order by id limit ?2",
        rows: &["select r.id, r.* from json_each(?1) j cross join review r on r.id = j.value"],
    },
    Kind {
        name: "log",
        table: "revision",
        // The log is only ever added to: one sum for all entries of a transaction.
        numbers: "select distinct base from revision where base > ?1 order by base limit ?2",
        rows: &["select r.base, r.* from json_each(?1) j cross join revision r on r.base = j.value"],
    },
    Kind {
        name: "past",
        table: "past",
        numbers: "select id from past where id > ?1 order by id limit ?2",
        rows: &["select p.id, p.* from json_each(?1) j cross join past p on p.id = j.value"],
    },
    Kind {
        name: "moment",
        table: "moment",
        numbers: "select revision from moment where revision > ?1 order by revision limit ?2",
        rows: &["select m.revision, m.* from json_each(?1) j cross join moment m on m.revision = j.value"],
    },
    Kind {
        name: "base",
        table: "base",
        numbers: "select only from base where only > ?1 limit ?2",
        rows: &["select only, revision, changed_at, lexicon, doc_version from base where only in (select value from json_each(?1))"],
    },
];

/// The rows that the transaction under way has touched, by table.
#[derive(Clone, Debug, Default)]
pub(super) struct Touched(Arc<Mutex<BTreeMap<&'static str, Vec<i64>>>>);

impl Touched {
    /// Lets a connection tell what it changes.
    pub(super) async fn listen(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let touched = self.clone();
        connection.lock_handle().await?.set_update_hook(move |change: UpdateHookResult<'_>| touched.note(change.table, change.rowid));
        Ok(())
    }

    /// Search entries that were written.
    pub(super) fn search_entries(&self) -> Vec<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(SEARCH_ENTRIES).cloned().unwrap_or_default()
    }

    fn note(&self, table: &str, row: i64) {
        if table == SEARCH_ENTRIES {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(SEARCH_ENTRIES).or_default().push(row);
            return;
        }
        // Numbers of the log are those of transactions, which the writer knows.
        if let Some(kind) = KINDS.iter().find(|k| k.table == table).filter(|k| k.name != "log") {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind.name).or_default().push(row);
        }
    }

    /// Notes rows that are summed with others than those that were written.
    pub(super) fn add(&self, kind: &'static str, numbers: impl Iterator<Item = i64>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(kind).or_default().extend(numbers);
    }

    /// Forgets what a transaction that was taken back had touched.
    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Sums what the transaction has touched; `revision` is its number in the log.
    pub(super) async fn write(&self, connection: &mut SqliteConnection, revision: i64) -> Result<(), StoreError> {
        let mut touched = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        touched.entry("log").or_default().push(revision);
        for kind in &KINDS {
            let numbers: BTreeSet<i64> = touched.remove(kind.name).unwrap_or_default().into_iter().collect();
            let numbers: Vec<i64> = numbers.into_iter().collect();
            for some in numbers.chunks(AT_ONCE as usize) {
                let sums = kind.sums(connection, some).await.context("sum what was written")?;
                store_sums(connection, kind, some, &sums).await?;
            }
        }
        Ok(())
    }
}

impl Kind {
    /// Sums by number; none for a number without rows.
    pub(super) async fn sums(&self, connection: &mut SqliteConnection, numbers: &[i64]) -> Result<BTreeMap<i64, i64>, sqlx::Error> {
        let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
        if numbers.is_empty() {
            return Ok(sums);
        }
        let wanted = json!(numbers).to_string();
        for (part, sql) in (1u8..).zip(self.rows) {
            let mut rows = sqlx::query(*sql).bind(&wanted).fetch(&mut *connection);
            while let Some(row) = rows.try_next().await? {
                let sum = sums.entry(row.try_get(0)?).or_default();
                *sum = sum.wrapping_add(i64::from(crc(&row, part)?));
            }
        }
        Ok(sums)
    }

    /// The next numbers after one, in order.
    pub(super) async fn after(&self, connection: &mut SqliteConnection, number: i64) -> Result<Vec<i64>, sqlx::Error> {
        sqlx::query_scalar(self.numbers).bind(number).bind(AT_ONCE).fetch_all(connection).await
    }
}

/// CRC-32 of a row's values with their types, without the first; `part` tells rows of different tables apart.
fn crc(row: &SqliteRow, part: u8) -> Result<u32, sqlx::Error> {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&[part]);
    for n in 1..row.len() {
        let value = row.try_get_raw(n)?;
        let kind = if value.is_null() { b'-' } else { value.type_info().name().bytes().next().unwrap_or(b'-') };
        crc.update(&[kind]);
        match kind {
            b'-' => {}
            b'I' => crc.update(&<i64 as Decode<sqlx::Sqlite>>::decode(value).map_err(sqlx::Error::Decode)?.to_le_bytes()),
            b'R' => crc.update(&<f64 as Decode<sqlx::Sqlite>>::decode(value).map_err(sqlx::Error::Decode)?.to_bits().to_le_bytes()),
            _ => {
                let bytes = <&[u8] as Decode<sqlx::Sqlite>>::decode(value).map_err(sqlx::Error::Decode)?;
                crc.update(&(bytes.len() as u64).to_le_bytes());
                crc.update(bytes);
            }
        }
    }
    Ok(crc.finalize())
}

/// Stores sums, and forgets those of numbers that have no rows any more.
async fn store_sums(connection: &mut SqliteConnection, kind: &Kind, numbers: &[i64], sums: &BTreeMap<i64, i64>) -> Result<(), StoreError> {
    const WHAT: &str = "store checksums";
    sqlx::query(
        "insert into checksum (kind, id, sum) select ?1, value ->> 0, value ->> 1 from json_each(?2) where true \
         on conflict (kind, id) do update set sum = excluded.sum",
    )
    .bind(kind.name)
    .bind(json!(sums.iter().collect::<Vec<_>>()).to_string())
    .execute(&mut *connection)
    .await
    .context(WHAT)?;
    let gone: Vec<i64> = numbers.iter().copied().filter(|n| !sums.contains_key(n)).collect();
    if !gone.is_empty() {
        sqlx::query("delete from checksum where kind = ?1 and id in (select value from json_each(?2))")
            .bind(kind.name)
            .bind(json!(gone).to_string())
            .execute(connection)
            .await
            .context(WHAT)?;
    }
    Ok(())
}

/// Sums everything in a base whose sums are of another form, or that has none yet.
pub(super) async fn fill(store: &Store) -> Result<(), StoreError> {
    const WHAT: &str = "make the checksums of the base";
    let form: i64 = sqlx::query_scalar("select checksum_form from base").fetch_one(&store.reader).await.context(WHAT)?;
    if form == FORM {
        return Ok(());
    }
    for kind in &KINDS {
        let mut last = i64::MIN;
        loop {
            let mut transaction = store.writer.begin().await?;
            let connection = transaction.connection();
            let numbers = kind.after(connection, last).await.context(WHAT)?;
            let Some(&end) = numbers.last() else {
                transaction.rollback().await?;
                break;
            };
            let sums = kind.sums(connection, &numbers).await.context(WHAT)?;
            store_sums(connection, kind, &numbers, &sums).await?;
            transaction.commit().await?;
            last = end;
        }
    }
    let mut transaction = store.writer.begin().await?;
    sqlx::query("update base set checksum_form = ?").bind(FORM).execute(transaction.connection()).await.context(WHAT)?;
    transaction.commit().await
}
