//! The full-text index against the texts.
//!
//! FTS5 has a check of its own for this, but it is a write and would keep a server from writing for as long. Here the words of the index
//! are listed and summed; then the texts are indexed once more, some at a time and in memory, and listed and summed likewise.

use super::Probe;
use futures_util::TryStreamExt;
use sqlx::SqliteConnection;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Entries indexed at once.
const AT_ONCE: i64 = 2000;

/// Where each word stands, summed: the number of the entry, the place in it, title or body, mixed so that no two differences cancel.
const LISTED: &str = "select term, count(*), sum((((doc % 2097143) * 40503 + offset * 2 + (col = 'body')) * 48271) % 2147483647) from temp.words group by term";
const LISTED_AGAIN: &str =
    "select term, count(*), sum((((doc % 2097143) * 40503 + offset * 2 + (col = 'body')) * 48271) % 2147483647) from temp.words_again group by term";

pub(super) async fn words(probe: &mut Probe) -> Result<(), sqlx::Error> {
    for sql in [
        "select 'search entry ' || e.id || ' is not in the index' from search_entry e where not exists (select 1 from search_docsize d where d.id = e.id)",
        "select 'the index has entry ' || d.id || ', which is not there' from search_docsize d where not exists (select 1 from search_entry e where e.id = d.id)",
    ] {
        probe.none(sql).await?;
    }
    sqlx::query("create virtual table temp.words using fts5vocab(main, search, instance)").execute(&mut probe.connection).await?;
    let compared = compare(probe).await;
    for sql in ["drop table if exists temp.words", "drop table if exists temp.words_again", "drop table if exists temp.again"] {
        sqlx::query(sql).execute(&mut probe.connection).await?;
    }
    compared
}

async fn compare(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let (n, sum) = listed(&mut probe.connection, LISTED).await?;
    sqlx::query("create virtual table temp.again using fts5 (title, body, content = '', tokenize = 'porter unicode61 remove_diacritics 2')")
        .execute(&mut probe.connection)
        .await?;
    sqlx::query("create virtual table temp.words_again using fts5vocab(temp, again, instance)").execute(&mut probe.connection).await?;
    let (mut n_again, mut sum_again, mut last) = (0, 0u64, i64::MIN);
    loop {
        let end: Option<i64> = sqlx::query_scalar("select max(id) from (select id from search_entry where id > ? order by id limit ?)")
            .bind(last)
            .bind(AT_ONCE)
            .fetch_one(&mut probe.connection)
            .await?;
        let Some(end) = end else { break };
        sqlx::query("insert into temp.again (rowid, title, body) select id, title, body from search_content where id > ? and id <= ?")
            .bind(last)
            .bind(end)
            .execute(&mut probe.connection)
            .await?;
        let (n, sum) = listed(&mut probe.connection, LISTED_AGAIN).await?;
        n_again += n;
        sum_again = sum_again.wrapping_add(sum);
        sqlx::query("insert into temp.again (again) values ('delete-all')").execute(&mut probe.connection).await?;
        last = end;
    }
    if (n, sum) != (n_again, sum_again) {
        probe.fault(|| format!("the index has {n} words, the texts {n_again}, or some stand elsewhere"));
    }
    Ok(())
}

/// Number of words, and their sum over all terms.
async fn listed(connection: &mut SqliteConnection, sql: &'static str) -> Result<(i64, u64), sqlx::Error> {
    let (mut n, mut sum) = (0, 0u64);
    let mut rows = sqlx::query_as::<_, (Vec<u8>, i64, i64)>(sql).fetch(connection);
    while let Some((term, count, places)) = rows.try_next().await? {
        n += count;
        let mut hasher = DefaultHasher::new();
        term.hash(&mut hasher);
        sum = sum.wrapping_add(hasher.finish().wrapping_mul(places.unsigned_abs()).wrapping_add(count.unsigned_abs()));
    }
    Ok((n, sum))
}
