//! Reads that are given up, take too long, or are too many.

use super::readers::Lane;
use super::{Store, StoreError, StoreOptions, Trouble};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;

/// Runs until it is stopped.
const ENDLESS: &str = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n";
const SOON: Duration = Duration::from_millis(50);
/// Far more than anything here takes, far less than for ever.
const LONG: Duration = Duration::from_secs(20);

async fn base(options: StoreOptions) -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Store::open(folder.path().join("test.db"), options).await.unwrap(), folder)
}

fn few() -> StoreOptions {
    StoreOptions { n_readers: 2, read_patience: Duration::from_millis(200), max_waiting: 2, ..StoreOptions::default() }
}

async fn endless(store: &Store, lane: Lane) -> Result<i64, StoreError> {
    sqlx::query_scalar(ENDLESS).fetch_one(&store.reader.lane(lane)).await.map_err(|source| StoreError::Query { what: "count", source })
}

#[tokio::test]
async fn a_read_that_is_given_up_frees_its_connection() {
    let (store, _folder) = base(few()).await;
    for _ in 0..20 {
        assert!(timeout(SOON / 10, endless(&store, Lane::Heavy)).await.is_err());
    }
    timeout(LONG, store.revision()).await.unwrap().unwrap();
    // All three are there, and none of them is stopped any more.
    let leases = timeout(LONG, async { (store.reader.acquire().await.unwrap(), store.reader.acquire().await.unwrap(), store.reader.acquire().await.unwrap()) });
    let (mut a, mut b, mut c) = leases.await.unwrap();
    for lease in [&mut a, &mut b, &mut c] {
        let n: i64 = sqlx::query_scalar("with recursive n (i) as (select 1 union all select i + 1 from n limit 100000) select count(*) from n")
            .fetch_one(&mut **lease)
            .await
            .unwrap();
        assert_eq!(n, 100_000);
    }
}

#[tokio::test]
async fn a_lease_that_is_given_up_halfway_stops_its_statement() {
    let (store, _folder) = base(StoreOptions { n_readers: 1, ..few() }).await;
    for _ in 0..5 {
        let mut lease = store.reader.acquire().await.unwrap();
        assert!(timeout(SOON, sqlx::query(ENDLESS).execute(&mut *lease)).await.is_err());
    }
    timeout(LONG, store.revision()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_read_out_of_time_is_stopped() {
    let (store, _folder) = base(StoreOptions { read_time: Some(SOON), ..few() }).await;
    let error = timeout(LONG, endless(&store, Lane::Heavy)).await.unwrap().unwrap_err();
    assert_eq!(error.trouble(), Trouble::OutOfTime, "{error:?}");
    store.revision().await.unwrap();
}

#[tokio::test]
async fn heavy_reads_leave_room_for_light_ones_and_their_queue_is_short() {
    let (store, _folder) = base(few()).await;
    let heavy: Vec<_> = (0..2)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { endless(&store, Lane::Heavy).await })
        })
        .collect();
    tokio::time::sleep(SOON).await;
    timeout(LONG, store.revision()).await.unwrap().unwrap();
    // Two may wait, and give up in the end; the third is refused at once.
    let mut waiting: Vec<_> = (0..2).map(|_| Box::pin(endless(&store, Lane::Heavy))).collect();
    for read in &mut waiting {
        assert!(timeout(Duration::from_millis(5), read).await.is_err());
    }
    let refused = timeout(Duration::from_millis(100), endless(&store, Lane::Heavy)).await.expect("refused at once").unwrap_err();
    assert_eq!(refused.trouble(), Trouble::Busy);
    for read in waiting {
        assert_eq!(timeout(LONG, read).await.unwrap().unwrap_err().trouble(), Trouble::Busy);
    }
    // What has begun waits as long as it must.
    assert!(timeout(Duration::from_millis(400), endless(&store.onward(), Lane::Light)).await.is_err());
    heavy.iter().for_each(tokio::task::JoinHandle::abort);
    timeout(LONG, store.onward().revision()).await.unwrap().unwrap();
}

#[tokio::test]
async fn closing_stops_what_runs() {
    let (store, folder) = base(few()).await;
    let (reading, writing) = (store.clone(), store.clone());
    let read = tokio::spawn(async move { endless(&reading, Lane::Heavy).await });
    let write = tokio::spawn(async move {
        let mut transaction = writing.writer.begin().await.unwrap();
        sqlx::query_scalar::<_, i64>(ENDLESS).fetch_one(transaction.connection()).await
    });
    tokio::time::sleep(SOON).await;
    timeout(LONG, store.close()).await.unwrap();
    assert!(read.await.unwrap().is_err());
    assert!(write.await.unwrap().is_err());
    assert_eq!(store.revision().await.unwrap_err().trouble(), Trouble::Busy);
    assert!(store.write(jiff::Timestamp::UNIX_EPOCH, "test").await.is_err());
    let log = folder.path().join("test.db-wal");
    let gone = async {
        while log.exists() {
            tokio::time::sleep(SOON).await;
        }
    };
    timeout(LONG, gone).await.expect("the log is written back, by whichever connection is closed last");
}

#[tokio::test]
async fn a_store_in_a_hurry_leaves_reads_little_time() {
    let (store, _folder) = base(few()).await;
    let reading = store.clone();
    let read = tokio::spawn(async move { endless(&reading, Lane::Heavy).await });
    tokio::time::sleep(SOON).await;
    store.hurry(SOON);
    assert_eq!(timeout(LONG, read).await.unwrap().unwrap().unwrap_err().trouble(), Trouble::OutOfTime);
    assert_eq!(timeout(LONG, endless(&store, Lane::Heavy)).await.unwrap().unwrap_err().trouble(), Trouble::OutOfTime);
}

/// Waits until nobody reads, and lets nobody begin before it is dropped.
#[tokio::test]
async fn draining_waits_for_reads_or_stops_them() {
    let (store, _folder) = base(few()).await;
    let reading = store.clone();
    let read = tokio::spawn(async move { endless(&reading, Lane::Heavy).await });
    tokio::time::sleep(SOON).await;
    assert!(store.reader.drain(SOON, false).await.is_none());
    store.revision().await.unwrap();
    let gate = store.reader.drain(SOON, true).await.unwrap();
    assert_eq!(read.await.unwrap().unwrap_err().trouble(), Trouble::OutOfTime);
    assert!(timeout(SOON, store.revision()).await.is_err());
    drop(gate);
    store.revision().await.unwrap();
}
