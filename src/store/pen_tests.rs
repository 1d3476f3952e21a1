//! The writing connection after whatever can go wrong with a transaction.

use super::{Store, StoreError, StoreOptions, Trouble};
use jiff::Timestamp;
use std::time::Duration;
use tempfile::TempDir;

const ADD: &str = "insert into job (uid, kind, state, created_at) values (?, 'test', 'waiting', '')";

async fn base() -> (Store, TempDir) {
    base_with(Duration::from_millis(300)).await
}

async fn base_with(patience: Duration) -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions { n_readers: 1, patience, ..StoreOptions::default() };
    (Store::open(folder.path().join("test.db"), options).await.unwrap(), folder)
}

/// Writes a row through a transaction of its own.
async fn add(store: &Store, uid: &str) -> Result<(), StoreError> {
    let mut transaction = store.writer.begin().await?;
    sqlx::query(ADD).bind(uid).execute(transaction.connection()).await.unwrap();
    transaction.commit().await
}

async fn stored(store: &Store) -> Vec<String> {
    sqlx::query_scalar("select uid from job order by id").fetch_all(&store.reader).await.unwrap()
}

#[tokio::test]
async fn writing_goes_on_after_a_full_disk() {
    let (store, _folder) = base().await;
    add(&store, "before").await.unwrap();
    for _ in 0..3 {
        let mut transaction = store.writer.begin().await.unwrap();
        // As many pages as there are: the next one is refused as if the disk were full.
        sqlx::query("pragma max_page_count = 1").execute(transaction.connection()).await.unwrap();
        let body = "x".repeat(1 << 20);
        let refused = sqlx::query(ADD).bind(body).execute(transaction.connection()).await.unwrap_err();
        let error = StoreError::Query { what: "add", source: refused };
        assert_eq!(error.trouble(), Trouble::Full, "{error:?}");
        drop(transaction);
        assert!(store.writer.is_in_doubt());
    }
    add(&store, "after").await.unwrap();
    assert!(!store.writer.is_in_doubt());
    assert_eq!(stored(&store).await, ["before", "after"]);
}

#[tokio::test]
async fn nothing_is_written_outside_of_a_transaction() {
    let (store, _folder) = base().await;
    let mut transaction = store.writer.begin().await.unwrap();
    sqlx::query(ADD).bind("lost").execute(transaction.connection()).await.unwrap();
    // As SQLite does by itself where a statement fails badly.
    sqlx::query("rollback").execute(transaction.connection()).await.unwrap();
    assert!(sqlx::query(ADD).bind("alone").execute(transaction.connection()).await.is_err(), "it would be a transaction of its own");
    assert!(transaction.commit().await.is_err());
    add(&store, "after").await.unwrap();
    assert_eq!(stored(&store).await, ["after"]);
}

#[tokio::test]
async fn a_writer_given_up_halfway_leaves_nothing() {
    let (store, _folder) = base().await;
    let mut transaction = store.writer.begin().await.unwrap();
    sqlx::query(ADD).bind("half").execute(transaction.connection()).await.unwrap();
    drop(transaction);
    add(&store, "after").await.unwrap();
    let before = store.revision().await.unwrap();
    drop(store.write(Timestamp::UNIX_EPOCH, "test").await.unwrap());
    assert_eq!(store.revision().await.unwrap(), before);
    assert_eq!(stored(&store).await, ["after"]);
}

#[tokio::test]
async fn a_statement_of_a_writer_given_up_is_stopped() {
    let (store, _folder) = base().await;
    let mut transaction = store.writer.begin().await.unwrap();
    let endless = sqlx::query(
        "with recursive n (i) as (select 1 union all select i + 1 from n) insert into job (uid, kind, state, created_at) select max(i), '', 'done', '' from n",
    )
    .execute(transaction.connection());
    assert!(tokio::time::timeout(Duration::from_millis(50), endless).await.is_err());
    drop(transaction);
    add(&store, "after").await.unwrap();
    assert_eq!(stored(&store).await, ["after"]);
}

#[tokio::test]
async fn a_base_that_another_process_writes_is_busy_and_then_free() {
    let (store, folder) = base().await;
    let other = sqlx::SqlitePool::connect(folder.path().join("test.db").to_str().unwrap()).await.unwrap();
    let lock = other.begin_with("begin immediate").await.unwrap();
    assert_eq!(add(&store, "refused").await.unwrap_err().trouble(), Trouble::Busy);
    assert!(matches!(store.readiness().await.writing, super::Part::Busy));
    lock.rollback().await.unwrap();
    add(&store, "after").await.unwrap();
    assert_eq!(stored(&store).await, ["after"]);
}

#[tokio::test]
async fn a_writer_at_work_is_no_failure() {
    let (store, _folder) = base().await;
    let transaction = store.writer.begin().await.unwrap();
    let ready = store.readiness().await;
    assert!(matches!((ready.database, ready.writing), (super::Part::Ok, super::Part::Busy)));
    transaction.rollback().await.unwrap();
    assert!(matches!(store.readiness().await.writing, super::Part::Ok));
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_is_gone_is_noticed_by_writers() {
    for suffix in ["", "-wal", "-shm"] {
        let (store, folder) = base().await;
        let transaction = store.writer.begin().await.unwrap();
        std::fs::rename(folder.path().join(format!("test.db{suffix}")), folder.path().join("elsewhere")).unwrap();
        assert_eq!(transaction.commit().await.unwrap_err().trouble(), Trouble::Gone, "{suffix}");
        assert_eq!(add(&store, "lost").await.unwrap_err().trouble(), Trouble::Gone, "{suffix}");
        let ready = store.readiness().await;
        assert!(ready.database.failure().is_some() && ready.writing.failure().is_some());
        std::fs::rename(folder.path().join("elsewhere"), folder.path().join(format!("test.db{suffix}"))).unwrap();
        add(&store, "back").await.unwrap();
        assert_eq!(stored(&store).await, ["back"]);
    }
}

/// A reader that never pauses keeps SQLite from beginning the log anew.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_cut_under_constant_readers() {
    let (store, _folder) = base_with(Duration::from_secs(60)).await;
    let body = "x".repeat(4 << 20);
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                loop {
                    let _: Vec<i64> = sqlx::query_scalar("select length(uid) from job").fetch_all(&store.reader).await.unwrap();
                }
            })
        })
        .collect();
    let mut longest = 0;
    for n in 0..40 {
        add(&store, &format!("{n} {body}")).await.unwrap();
        longest = longest.max(store.files.log_length());
    }
    readers.iter().for_each(tokio::task::JoinHandle::abort);
    // 32 MiB, one transaction, and what is written while readers are waited for.
    assert!(longest < 64 << 20, "{longest}");
}
