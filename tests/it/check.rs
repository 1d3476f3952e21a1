//! `waqia check`: every question finds what is made wrong for it, alone, and repairing mends what is made of other rows.

use super::base::{Base, lexicon, now};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use waqia::ingest::check::{check, questions, repair};
use waqia::ingest::{Settings, seed};
use waqia::store::{Store, StoreOptions};

/// The seed documents in a closed base; made once.
async fn seeded() -> Vec<u8> {
    static SEEDED: OnceCell<Vec<u8>> = OnceCell::const_new();
    let bytes = SEEDED.get_or_init(|| async {
        let base = Base::with_actors().await;
        seed::fill(&base.store, lexicon(), None, &Settings::new(now(), "seeds")).await.unwrap();
        base.raw.close().await;
        base.store.close().await;
        fs::read(base.store.path()).unwrap()
    });
    bytes.await.clone()
}

struct Copy {
    folder: TempDir,
    path: PathBuf,
}

impl Copy {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("waqia.db");
        fs::write(&path, seeded().await).unwrap();
        Self { folder, path }
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(&self.path).foreign_keys(false).connect().await.unwrap()
    }

    /// Runs statements past the store; something must change.
    async fn run(&self, sql: &'static str) {
        let mut connection = self.connect().await;
        let done = sqlx::raw_sql(sql).execute(&mut connection).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
        assert!(done.rows_affected() > 0 || sql.starts_with("drop"), "changes nothing: {sql}");
        connection.close().await.unwrap();
    }

    /// Makes the checksums agree with what is there, so that the other questions are left alone with it.
    async fn sum_again(&self) {
        self.run("update base set checksum_form = 0").await;
        Store::open(&self.path, StoreOptions::default()).await.unwrap().close().await;
    }

    /// Names of the questions that find faults, with an example.
    async fn faults(&self) -> Vec<(&'static str, String)> {
        let answers = check(&self.path, |_| {}).await.unwrap();
        assert_eq!(answers.iter().map(|a| a.name).collect::<Vec<_>>(), questions().collect::<Vec<_>>());
        answers.into_iter().filter(|a| a.faults.n > 0).map(|a| (a.name, a.faults.examples[0].clone())).collect()
    }
}

/// What is done to a base, and what then finds it.
struct Case {
    finds: &'static str,
    sql: &'static str,
    /// Whether the checksums are made to agree, as if it had been written so.
    summed: bool,
    /// Whether repairing mends it.
    mended: bool,
}

const CASES: [Case; 19] = [
    Case { finds: "references", sql: "update place set parent_id = 999999 where id = 1", summed: true, mended: false },
    Case { finds: "schema", sql: "drop trigger incident_moved", summed: false, mended: true },
    Case { finds: "rows", sql: "update actor set country = 'XX' where known = 1 and id = 9", summed: false, mended: false },
    Case { finds: "rows", sql: "update revision set why = 'because' where id = 5", summed: false, mended: false },
    Case { finds: "rows", sql: "update document set url = 'https://example.org/other' where id = 3", summed: false, mended: false },
    Case { finds: "rows", sql: "update merge_decision set score = score + 1 where id = 3", summed: false, mended: false },
    Case { finds: "documents", sql: "update document set n_chars = n_chars + 1 where id = 2", summed: true, mended: false },
    Case { finds: "reports", sql: "update report set idx = idx + 50 where id = 4", summed: true, mended: false },
    Case { finds: "spans", sql: "update evidence set text = 'other words' where id = 7", summed: true, mended: false },
    Case {
        finds: "spans",
        sql: "update actor_mention set end = 1000000 where document_id = 1 and start = (select min(start) from actor_mention where document_id = 1)",
        summed: true,
        mended: false,
    },
    Case { finds: "evidence", sql: "delete from evidence where id = (select min(id) from evidence where field = 'date')", summed: true, mended: false },
    Case { finds: "ids", sql: "update figure set uid = 'fig_0000000000000000' where id = (select min(id) from figure)", summed: true, mended: false },
    Case {
        finds: "orphans",
        sql: "insert into tombstone values ('doc_0000000000000000', 'document', 'never', null, '2024-01-01T00:00:00Z')",
        summed: false,
        mended: false,
    },
    Case { finds: "lookups", sql: "delete from actor_key where actor_id = 5", summed: false, mended: true },
    Case { finds: "views", sql: "update search_entry set title = 'Nobody' where kind = 'actor' and entity_id = 5", summed: false, mended: true },
    Case {
        finds: "search",
        sql: "insert into search (search, rowid, title, body) select 'delete', id, title, body from search_content where id = 40; \
              insert into search (rowid, title, body) values (40, 'nothing', 'of this')",
        summed: false,
        mended: true,
    },
    Case {
        finds: "boxes",
        sql: "update incident_rtree set min_longitude = 1, max_longitude = 1 where id = (select min(id) from incident_rtree)",
        summed: false,
        mended: true,
    },
    Case {
        finds: "sums",
        sql: "update rollup_country set killed = killed + 1 where month = (select max(month) from rollup_country)",
        summed: false,
        mended: true,
    },
    Case { finds: "merged", sql: "delete from incident_facet where facet = 'source' and incident_id = 3", summed: false, mended: true },
];

#[tokio::test]
async fn a_base_as_it_was_written_has_no_faults() {
    let copy = Copy::new().await;
    let before = fs::read(&copy.path).unwrap();
    assert_eq!(copy.faults().await, []);
    assert_eq!(fs::read(&copy.path).unwrap(), before, "looking changes nothing");
    // Nor after more writing: a document deleted, the lexicon stored again, another document.
    let store = Store::open(&copy.path, StoreOptions::default()).await.unwrap();
    let documents: Vec<String> = {
        let mut connection = copy.connect().await;
        sqlx::query_scalar("select uid from document where id in (2, 5, 12)").fetch_all(&mut connection).await.unwrap()
    };
    for document in &documents {
        waqia::ingest::delete(&store, document, "test", &lexicon(), now(), "test").await.unwrap().unwrap();
    }
    // One that is taken back.
    drop(store.write(now(), "test").await.unwrap());
    let article = waqia::ingest::read::articles(b"Gunmen shot dead three policemen in Quetta on Monday.", waqia::ingest::Format::Plain, "one").remove(0);
    waqia::ingest::documents(&store, lexicon(), [article], &Settings::new(now(), "test"), |_| {}).await.unwrap();
    // Asked while the base is open for writing.
    assert_eq!(copy.faults().await, []);
    store.close().await;
}

#[tokio::test]
async fn each_question_finds_its_fault_alone() {
    for Case { finds, sql, summed, mended } in CASES {
        let copy = Copy::new().await;
        copy.run(sql).await;
        if summed {
            copy.sum_again().await;
        }
        let faults = copy.faults().await;
        assert_eq!(faults.iter().map(|f| f.0).collect::<Vec<_>>(), [finds], "{sql}\n{faults:?}");
        let kept = repair(&copy.path, &lexicon(), now()).await.unwrap().expect("the old base is kept");
        assert!(kept.exists());
        let left = copy.faults().await;
        let names: Vec<&str> = left.iter().map(|f| f.0).collect();
        assert_eq!(names, if mended { vec![] } else { vec![finds] }, "after repairing: {sql}\n{left:?}");
        // And it can be used.
        Store::open(&copy.path, StoreOptions::default()).await.unwrap().close().await;
        assert_eq!(fs::read_dir(copy.folder.path()).unwrap().count(), 2, "no other files are left");
    }
    let with_case: Vec<&str> = CASES.iter().map(|c| c.finds).chain(["structure", "duplicates"]).collect();
    for question in questions() {
        assert!(with_case.contains(&question), "{question} has no case");
    }
}

#[tokio::test]
async fn bands_are_made_anew() {
    let copy = Copy::new().await;
    copy.run("delete from document_band where document_id = 4 and band = 3").await;
    assert_eq!(copy.faults().await.iter().map(|f| f.0).collect::<Vec<_>>(), ["duplicates"]);
    repair(&copy.path, &lexicon(), now()).await.unwrap();
    assert_eq!(copy.faults().await, []);
}

/// Number of a leaf page of an index or table.
async fn page_of(path: &Path, name: &str) -> usize {
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    let page: i64 = sqlx::query_scalar("select pageno from dbstat where name = ? and pagetype = 'leaf' order by pageno desc limit 1")
        .bind(name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    usize::try_from(page).unwrap() - 1
}

#[tokio::test]
async fn a_flipped_bit_in_an_index_is_found_and_mended() {
    let copy = Copy::new().await;
    let page = page_of(&copy.path, "actor_by_name").await;
    let mut bytes = fs::read(&copy.path).unwrap();
    let size = 4096;
    // The cells stand at the end of the page: a letter of many names, since some cells may be empty ones.
    for at in (page * size + size / 2..(page + 1) * size).step_by(40) {
        if bytes[at].is_ascii_lowercase() {
            bytes[at] ^= 0x08;
        }
    }
    fs::write(&copy.path, bytes).unwrap();
    assert_eq!(copy.faults().await.iter().map(|f| f.0).collect::<Vec<_>>(), ["structure"]);
    repair(&copy.path, &lexicon(), now()).await.unwrap();
    assert_eq!(copy.faults().await, []);
}

#[tokio::test]
async fn an_empty_page_of_what_is_derived_is_mended_and_one_of_rows_is_not() {
    for (name, mended) in [("search_data", true), ("incident_facet", true), ("incident_doc", true), ("evidence", false), ("revision", false)] {
        let copy = Copy::new().await;
        let page = page_of(&copy.path, name).await;
        let mut bytes = fs::read(&copy.path).unwrap();
        bytes[page * 4096..(page + 1) * 4096].fill(0);
        fs::write(&copy.path, &bytes).unwrap();
        assert!(!copy.faults().await.is_empty(), "{name}");
        let done = repair(&copy.path, &lexicon(), now()).await;
        if mended {
            done.unwrap();
            assert_eq!(copy.faults().await, [], "{name}");
        } else {
            let error = done.unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("waqia restore"), "{error}");
            let names = fs::read_dir(copy.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
            let left: Vec<String> = names.filter(|n| n.contains("unfinished") || n.contains("before")).collect();
            assert!(left.is_empty(), "left of the attempt: {left:?}");
        }
    }
}

#[tokio::test]
async fn repairing_takes_the_base_alone() {
    let copy = Copy::new().await;
    copy.run("update rollup_country set killed = 5").await;
    let store = Store::open(&copy.path, StoreOptions::default()).await.unwrap();
    let error = repair(&copy.path, &lexicon(), now()).await.unwrap_err().to_string();
    assert!(error.contains("stop the server"), "{error}");
    assert!(store.revision().await.is_ok());
    store.close().await;
    repair(&copy.path, &lexicon(), now()).await.unwrap();
}
