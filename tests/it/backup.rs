//! `waqia backup` and `waqia restore`.

use super::base::{Base, KABUL, PESHAWAR, QUETTA, Report, now};
use std::fs;
use std::path::Path;
use waqia::store::filter::DocumentFilter;
use waqia::store::filter::Total;
use waqia::store::{Store, StoreError, StoreOptions, backup, restore};

async fn with_two() -> Base {
    let base = Base::with_actors().await;
    base.report(&Report::new("explosion.bomb", Some("2023-01-30"), Some(PESHAWAR)).killed(3)).await;
    base.report(&Report::new("attack.armed_assault", Some("2023-02-02"), Some(QUETTA)).killed(2)).await;
    base
}

async fn documents(path: &Path) -> Total {
    let store = Store::open(path, StoreOptions::default()).await.unwrap();
    let n = store.count_documents(&DocumentFilter::default(), None).await.unwrap();
    store.close().await;
    n
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[track_caller]
fn says(error: &StoreError, words: &[&str]) {
    for word in words {
        assert!(error.to_string().contains(word), "{error}\nlacks {word:?}");
    }
}

#[tokio::test]
async fn a_backup_is_the_base_of_its_moment() {
    let base = with_two().await;
    let (path, to) = (base.store.path().to_owned(), base.folder.path().join("copy.db"));
    // The base stays open, and a transaction is under way: what is not committed is not copied.
    let writer = base.store.write(now(), "test").await.unwrap();
    let copied = backup(&path, &to, false).await.unwrap();
    drop(writer);
    assert_eq!(copied.n_documents, 2);
    assert_eq!(copied.revision, base.store.revision().await.unwrap());
    assert_eq!(copied.n_bytes, fs::metadata(&to).unwrap().len());
    base.report(&Report::new("explosion.ied", Some("2023-03-02"), Some(KABUL)).killed(1)).await;
    says(&backup(&path, &to, false).await.unwrap_err(), &["copy.db is there already", "--force"]);
    assert_eq!(backup(&path, &to, true).await.unwrap().n_documents, 3);
    assert_eq!(documents(&to).await, Total::Exact(3));
}

#[tokio::test]
async fn backups_say_what_is_wrong() {
    let base = with_two().await;
    let (path, folder) = (base.store.path().to_owned(), base.folder.path().to_owned());
    says(&backup(&path, &path, true).await.unwrap_err(), &["is the base itself"]);
    says(&backup(&path, &folder, true).await.unwrap_err(), &["is a folder"]);
    says(&backup(&path, &folder.join("no/copy.db"), false).await.unwrap_err(), &["there is no folder"]);
    says(&backup(&folder.join("none.db"), &folder.join("copy.db"), false).await.unwrap_err(), &["no knowledge base"]);
    fs::write(folder.join("text.db"), "no base ".repeat(100)).unwrap();
    says(&backup(&folder.join("text.db"), &folder.join("copy.db"), false).await.unwrap_err(), &["text.db", "not an SQLite database"]);
    assert!(names(&folder).iter().all(|n| !n.contains("copy") && !n.contains("unfinished")), "{:?}", names(&folder));
}

#[tokio::test]
async fn a_backup_takes_the_place_of_a_base() {
    let base = with_two().await;
    let (path, folder) = (base.store.path().to_owned(), base.folder.path().to_owned());
    let to = folder.join("copy.db");
    backup(&path, &to, false).await.unwrap();
    base.report(&Report::new("explosion.ied", Some("2023-03-02"), Some(KABUL)).killed(1)).await;
    // Not while it is open.
    says(&restore(&to, &path, now()).await.unwrap_err(), &["stop the server"]);
    says(&restore(&path, &path, now()).await.unwrap_err(), &["is the base itself"]);
    base.raw.close().await;
    base.store.close().await;
    let (copied, kept) = restore(&to, &path, now()).await.unwrap();
    assert_eq!(copied.n_documents, 2);
    let kept = kept.unwrap();
    assert!(kept.display().to_string().ends_with("waqia.db.before-restore-20240501T100000Z"), "{}", kept.display());
    assert_eq!(names(&folder), ["copy.db", "waqia.db", "waqia.db.before-restore-20240501T100000Z"]);
    assert_eq!(documents(&path).await, Total::Exact(2));
    assert_eq!(documents(&kept).await, Total::Exact(3));
    // Nothing there yet.
    let (_, kept) = restore(&to, &folder.join("fresh.db"), now()).await.unwrap();
    assert_eq!(kept, None);
    assert_eq!(documents(&folder.join("fresh.db")).await, Total::Exact(2));
}

#[tokio::test]
async fn only_sound_bases_are_restored() {
    let base = with_two().await;
    let (path, folder) = (base.store.path().to_owned(), base.folder.path().to_owned());
    let to = folder.join("copy.db");
    backup(&path, &to, false).await.unwrap();
    base.raw.close().await;
    base.store.close().await;
    let before = fs::read(&path).unwrap();
    let whole = fs::read(&to).unwrap();
    let mut bytes = whole.clone();
    let half = bytes.len() / 2;
    bytes[half..half + 40_000].fill(0xa5);
    fs::write(&to, &bytes).unwrap();
    says(&restore(&to, &path, now()).await.unwrap_err(), &["copy.db"]);
    fs::write(&to, &whole[..half / 4096 * 4096]).unwrap();
    says(&restore(&to, &path, now()).await.unwrap_err(), &["copy.db"]);
    fs::write(&to, "text ".repeat(1000)).unwrap();
    says(&restore(&to, &path, now()).await.unwrap_err(), &["copy.db", "not an SQLite database"]);
    fs::write(&to, &whole).unwrap();
    let raw = sqlx::sqlite::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&to)).await.unwrap();
    sqlx::query("insert into _sqlx_migrations values (9999, 'later', '2099-01-01', true, x'00', 0)").execute(&raw).await.unwrap();
    raw.close().await;
    says(&restore(&to, &path, now()).await.unwrap_err(), &["newer waqia"]);
    assert_eq!(fs::read(&path).unwrap(), before, "the base is as it was");
    // Another program's file is not replaced.
    fs::write(&to, &whole).unwrap();
    let other = folder.join("other.db");
    let raw = sqlx::sqlite::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&other).create_if_missing(true)).await.unwrap();
    sqlx::query("create table customer (id)").execute(&raw).await.unwrap();
    raw.close().await;
    says(&restore(&to, &other, now()).await.unwrap_err(), &["another program's"]);
}

#[tokio::test]
async fn the_log_of_the_old_base_is_not_taken_for_that_of_the_new() {
    let base = with_two().await;
    let (path, folder) = (base.store.path().to_owned(), base.folder.path().to_owned());
    let to = folder.join("copy.db");
    backup(&path, &to, false).await.unwrap();
    base.report(&Report::new("explosion.ied", Some("2023-03-02"), Some(KABUL)).killed(1)).await;
    // As after a kill: file and log as they are now.
    let killed = folder.join("killed");
    fs::create_dir(&killed).unwrap();
    for ending in ["", "-wal"] {
        fs::copy(format!("{}{ending}", path.display()), killed.join(format!("waqia.db{ending}"))).unwrap();
    }
    let (_, kept) = restore(&to, &killed.join("waqia.db"), now()).await.unwrap();
    assert_eq!(documents(&killed.join("waqia.db")).await, Total::Exact(2));
    assert_eq!(documents(&kept.unwrap()).await, Total::Exact(3), "what the log held is in the base that is kept");
    // A log whose base is gone.
    let gone = folder.join("gone");
    fs::create_dir(&gone).unwrap();
    fs::copy(format!("{}-wal", path.display()), gone.join("waqia.db-wal")).unwrap();
    restore(&to, &gone.join("waqia.db"), now()).await.unwrap();
    assert_eq!(documents(&gone.join("waqia.db")).await, Total::Exact(2));
    // A base that is damaged to its header, with a log: somebody may have it open.
    let broken = folder.join("broken.db");
    fs::write(&broken, "x".repeat(8192)).unwrap();
    fs::write(folder.join("broken.db-wal"), "x").unwrap();
    says(&restore(&to, &broken, now()).await.unwrap_err(), &["cannot be locked", "broken.db-wal"]);
    fs::remove_file(folder.join("broken.db-wal")).unwrap();
    let (_, kept) = restore(&to, &broken, now()).await.unwrap();
    assert_eq!(fs::read(kept.unwrap()).unwrap(), "x".repeat(8192).into_bytes());
    assert_eq!(documents(&broken).await, Total::Exact(2));
}
