//! What `Store::open` says of files that are no base of this version, and that it leaves them as they are.

use super::populated;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::path::{Path, PathBuf};
use waqia::store::{Store, StoreOptions};

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

async fn run(path: &Path, sql: &'static str) {
    let mut connection = connect(path).await;
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Opening fails with these words, and the file stays as it is.
#[track_caller]
fn check(path: &Path, told: Result<Store, waqia::store::StoreError>, before: Option<Vec<u8>>, words: &[&str]) {
    let error = told.expect_err(&format!("{} is opened", path.display())).to_string();
    for word in words {
        assert!(error.contains(word), "{error}\nlacks {word:?}");
    }
    assert!(error.contains(&path.display().to_string()), "{error}\ndoes not name the file");
    assert_eq!(fs::read(path).ok(), before, "{} was changed", path.display());
}

async fn refused(path: &Path, words: &[&str]) {
    let before = fs::read(path).ok();
    check(path, Store::open(path, StoreOptions::default()).await, before, words);
}

/// A closed base with something in it, and a copy of it under another name.
async fn copy(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    let base = populated().await;
    base.store.close().await;
    let path = folder.path().join(name);
    fs::copy(base.store.path(), &path).unwrap();
    path
}

#[tokio::test]
async fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    refused(folder.path(), &["is a folder", "name a file in it"]).await;
    refused(&at("no/such/file.db"), &["there is no folder", "make it first"]).await;
    assert!(!at("no").exists());
    fs::write(at("text.db"), "this is no base, but longer than a header of SQLite\n".repeat(20)).unwrap();
    refused(&at("text.db"), &["not an SQLite database", "waqia restore"]).await;
    fs::write(at("short.db"), "x").unwrap();
    refused(&at("short.db"), &["not an SQLite database"]).await;
    run(&at("other.db"), "create table customer (id); insert into customer values (1)").await;
    refused(&at("other.db"), &["another program's database", "customer", "nothing was changed"]).await;
    // Neither our names nor sqlx's table alone make a base of ours, nor both under the mark of another program.
    run(&at("names.db"), "create table document (id); create table base (only)").await;
    refused(&at("names.db"), &["another program's"]).await;
    run(&at("sqlx.db"), "create table _sqlx_migrations (version); create table todo (id)").await;
    refused(&at("sqlx.db"), &["another program's"]).await;
    let marked = copy(&folder, "marked.db").await;
    run(&marked, "pragma application_id = 1196437808").await;
    refused(&marked, &["another program's"]).await;
    // A file without tables is as good as none.
    fs::write(at("empty.db"), "").unwrap();
    for name in ["empty.db", "new.db"] {
        Store::open(at(name), StoreOptions::default()).await.unwrap().close().await;
    }
}

#[tokio::test]
async fn bases_of_other_versions_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let newer = copy(&folder, "newer.db").await;
    run(&newer, "insert into _sqlx_migrations values (9999, 'later', '2099-01-01', true, x'00', 0)").await;
    refused(&newer, &["newer waqia", "9999", "use that version"]).await;
    let changed = copy(&folder, "changed.db").await;
    run(&changed, "update _sqlx_migrations set checksum = x'00' where version = 3").await;
    refused(&changed, &["migration 3 is not that of this waqia", "waqia restore"]).await;
    let unfinished = copy(&folder, "unfinished.db").await;
    run(&unfinished, "update _sqlx_migrations set success = 0 where version = 12").await;
    refused(&unfinished, &["migration 12 was begun and not finished"]).await;
}

#[tokio::test]
async fn damage_is_told_as_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy(&folder, "header.db").await;
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    bytes[..100].fill(0);
    fs::write(&path, &bytes).unwrap();
    refused(&path, &["header is damaged", "waqia restore"]).await;
    // The list of tables, behind the header.
    let mut bytes = whole;
    bytes[100..4096].fill(0xff);
    fs::write(&path, &bytes).unwrap();
    refused(&path, &["the file is damaged", "waqia check", "waqia restore"]).await;
}

#[tokio::test]
async fn bases_carry_our_mark_and_old_ones_get_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = copy(&folder, "old.db").await;
    let mut connection = connect(&path).await;
    let mark: i64 = sqlx::query_scalar("pragma application_id").fetch_one(&mut connection).await.unwrap();
    assert_eq!(mark.to_be_bytes()[4..], *b"waqi");
    // As before migration 14: no mark, and the migration is not there.
    sqlx::raw_sql("pragma application_id = 0; delete from _sqlx_migrations where version = 14").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    Store::open(&path, StoreOptions::default()).await.unwrap().close().await;
    let mut connection = connect(&path).await;
    assert_eq!(sqlx::query_scalar::<_, i64>("pragma application_id").fetch_one(&mut connection).await.unwrap(), mark);
}
