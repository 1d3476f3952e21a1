//! Jobs: kept before they are acknowledged, worked through in order, followed, ended, and gone on with after a restart.

use super::support::{Answer, Server};
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use waqia::model::job::{JobKind, JobState, NewJob};
use waqia::store::{JobLimits, Queued, Store, StoreOptions};

const ASYNC: (&str, &str) = ("prefer", "respond-async");

/// So many different reports, one a line.
fn lines(n: usize) -> String {
    let line = |i: usize| json!({"id": format!("d{i}"), "text": format!("Gunmen killed {} policemen in Quetta on Monday, police said. Case {i}.", i % 30 + 2), "published": "2024-02-05"});
    (0..n).map(|i| format!("{}\n", line(i))).collect()
}

fn queue(server: &Server, content_type: &str, body: &[u8]) -> Answer {
    server.send("POST", "/v1/documents", &[("content-type", content_type), ASYNC], body)
}

/// Waits until a job is over.
#[track_caller]
fn ended(server: &Server, url: &str) -> Value {
    for _ in 0..1200 {
        let job = server.json(url);
        if !["waiting", "running"].contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{url} does not end: {}", server.json(url));
}

#[track_caller]
fn counts(job: &Value) -> [u64; 4] {
    ["n_done", "n_new", "n_existing", "n_failed"].map(|name| job[name].as_u64().unwrap())
}

#[test]
fn what_is_sent_as_a_job_is_stored_as_if_one_by_one() {
    let (bulk, single) = (Server::start(&["--seeds", "none"]), Server::start(&["--seeds", "none"]));
    let body = format!("{}broken\n{}", lines(12), lines(3));
    let answer = queue(&bulk, "application/x-ndjson", body.as_bytes());
    assert_eq!((answer.status, answer.header("preference-applied")), (202, Some("respond-async")), "{}", answer.text());
    let url = answer.header("location").unwrap().to_owned();
    assert_eq!(answer.json()["url"], url.as_str());
    let job = ended(&bulk, &url);
    assert_eq!((job["state"].as_str(), counts(&job)), (Some("done"), [16, 12, 3, 1]), "{job}");
    assert_eq!(job["n_bytes"], 0, "what was sent is not kept any longer");
    assert!(job["rate"].as_f64().is_some_and(|rate| rate > 0.0) && job["finished_at"].is_string(), "{job}");
    let errors = bulk.json(job["errors"].as_str().unwrap());
    assert_eq!(errors["meta"]["total"], 1);
    assert_eq!((errors["data"][0]["index"].as_u64(), errors["data"][0]["id"].as_str()), (Some(12), Some("body")));
    assert!(errors["data"][0]["problem"].as_str().unwrap().starts_with("body, line 13: "), "{errors}");
    for line in lines(12).lines() {
        assert_eq!(single.post("/v1/documents", "application/json", line).status, 201);
    }
    let incidents = |server: &Server| -> Vec<Value> {
        let mut rows = server.json("/v1/incidents?limit=1000")["data"].as_array().unwrap().clone();
        rows.iter_mut().for_each(|row| ["created_at", "updated_at", "revision"].iter().for_each(|name| drop(row.as_object_mut().unwrap().remove(*name))));
        rows
    };
    assert_eq!(incidents(&bulk), incidents(&single));
    assert_eq!(bulk.json("/v1/jobs")["data"][0]["id"], job["id"]);
    bulk.refused("/v1/jobs/job_0000000000000000", "not_found");
}

#[test]
fn archives_crawls_and_feeds_are_jobs_without_being_asked() {
    let server = Server::start(&["--seeds", "none"]);
    let feed = "<rss><channel><title>Wire</title><item><title>Bomb kills two in Quetta</title></item><item/></channel></rss>";
    let answer = server.post("/v1/documents", "application/rss+xml", feed);
    assert_eq!((answer.status, answer.header("preference-applied")), (202, None), "{}", answer.text());
    let job = ended(&server, answer.header("location").unwrap());
    assert_eq!(counts(&job), [2, 1, 0, 1], "{job}");
    let broken = server.post("/v1/documents", "application/zip", "no archive");
    let job = ended(&server, broken.header("location").unwrap());
    assert_eq!((job["state"].as_str(), counts(&job)), (Some("done"), [1, 0, 0, 1]));
    let errors = server.json(job["errors"].as_str().unwrap());
    assert!(errors["data"][0]["problem"].as_str().unwrap().starts_with("body: is no zip archive"), "{errors}");
    let array = queue(&server, "application/json", br#"[{"text":"A bomb went off in Quetta."}, {"text":"A bomb went off in Kabul."}]"#);
    assert_eq!(counts(&ended(&server, array.header("location").unwrap())), [2, 2, 0, 0]);
}

#[test]
fn jobs_that_cannot_be_taken_are_refused() {
    let server = Server::start(&["--seeds", "none", "--max-bulk", "1KiB", "--max-spool", "1KiB", "--max-jobs", "1"]);
    assert_eq!(queue(&server, "application/x-ndjson", &[b'x'; 1025]).problem()["code"], "payload_too_large");
    assert_eq!(queue(&server, "application/x-ndjson", b"").problem()["code"], "invalid_body");
    assert_eq!(queue(&server, "image/png", b"x").problem()["code"], "unsupported_media_type");
    let with_title = server.send("POST", "/v1/documents?title=x", &[("content-type", "application/x-ndjson"), ASYNC], b"{}");
    assert_eq!(with_title.problem()["errors"][0]["parameter"], "title");
    let none = Server::start(&["--seeds", "none", "--max-jobs", "0"]);
    let refused = queue(&none, "application/x-ndjson", lines(1).as_bytes());
    assert_eq!((refused.status, refused.problem()["code"].as_str()), (429, Some("too_many_jobs")));
    assert!(refused.header("retry-after").is_some());
}

/// What many send at once counts together, before any of it is a job.
#[test]
fn what_is_being_sent_has_to_find_room_too() {
    const MIB: usize = 1 << 20;
    let server = Server::start(&["--seeds", "none", "--max-bulk", "20MiB", "--max-spool", "20MiB"]);
    let mut first = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /v1/documents HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-ndjson\r\nPrefer: respond-async\r\nContent-Length: {}\r\n\r\n",
        server.address,
        19 * MIB
    );
    first.write_all(head.as_bytes()).unwrap();
    first.write_all(&vec![b' '; 18 * MIB]).unwrap();
    let refused = queue(&server, "application/x-ndjson", &vec![b' '; 18 * MIB]);
    assert_eq!((refused.status, refused.problem()["code"].as_str()), (507, Some("spool_full")));
    drop(first);
}

#[tokio::test]
async fn what_waits_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("x.db"), StoreOptions::default()).await.unwrap();
    let new = NewJob {
        kind: JobKind::Ingest,
        who: "test".to_owned(),
        media_type: Some("application/zip".to_owned()),
        settings: "{}".to_owned(),
        sha256: "00".to_owned(),
        n_bytes: 60,
        n_total: None,
    };
    let now = super::base::now();
    let limits = |jobs, bytes| Some(JobLimits { jobs, bytes });
    let add = async |limits| store.add_job(&new, JobState::Waiting, limits, now, async |_: &str| Ok(())).await.unwrap();
    let Queued::Waiting(first) = add(limits(2, 100)).await else { panic!("there is room") };
    assert_eq!(add(limits(2, 100)).await, Queued::TooLarge(60));
    let Queued::Waiting(second) = add(limits(2, 120)).await else { panic!("there is room") };
    assert_ne!(first.id, second.id, "the same body again is another job");
    assert_eq!(add(limits(2, 1000)).await, Queued::TooMany(2));
    assert!(store.set_job_state(first.number, JobState::Cancelled, None, now).await.unwrap());
    assert!(!store.set_job_state(first.number, JobState::Running, None, now).await.unwrap(), "it is over");
    assert!(matches!(add(limits(2, 1000)).await, Queued::Waiting(_)));
    let refused =
        store.add_job(&new, JobState::Waiting, None, now, async |uid: &str| Err(waqia::store::StoreError::Conflict { what: "x", problem: uid.to_owned() }));
    assert!(refused.await.is_err());
    assert_eq!(store.count_jobs().await.unwrap(), 3, "one that could not be placed is not there");
}

#[test]
fn a_job_can_be_followed() {
    let server = Server::start(&["--seeds", "none"]);
    let url = queue(&server, "application/x-ndjson", lines(40).as_bytes()).header("location").unwrap().to_owned();
    let events = server.send("GET", &url, &[("accept", "text/event-stream")], b"");
    assert_eq!((events.status, events.header("content-type")), (200, Some("text/event-stream")));
    assert_eq!(events.header("etag"), None);
    let text = events.text();
    let last = text.trim_end().rsplit("\ndata: ").next().unwrap();
    let job: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!((job["state"].as_str(), counts(&job)), (Some("done"), [40, 40, 0, 0]));
    assert_eq!(server.send("GET", &url, &[("accept", "text/csv")], b"").status, 406);
}

#[test]
fn followers_do_not_hold_up_the_end_of_a_server() {
    let mut server = Server::start(&["--seeds", "none"]);
    let url = queue(&server, "application/x-ndjson", lines(3000).as_bytes()).header("location").unwrap().to_owned();
    let address = server.address;
    let follower = std::thread::spawn(move || {
        let server = Server::on(address.port());
        server.raw(format!("GET {url} HTTP/1.1\r\nHost: {address}\r\nAccept: text/event-stream\r\n\r\n").as_bytes())
    });
    std::thread::sleep(Duration::from_millis(300));
    let begun = waqia::clock::Stopwatch::start();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(15), "the stream was waited for");
    let told = String::from_utf8_lossy(&follower.join().unwrap()).into_owned();
    assert!(told.contains("\"state\":\"running\"") && !told.contains("\"state\":\"done\""), "{told}");
}

#[test]
fn a_job_can_be_ended() {
    let server = Server::start(&["--seeds", "none"]);
    let url = queue(&server, "application/x-ndjson", lines(3000).as_bytes()).header("location").unwrap().to_owned();
    let behind = queue(&server, "application/x-ndjson", lines(1).as_bytes()).header("location").unwrap().to_owned();
    assert_eq!(server.json(&behind)["state"], "waiting");
    for one in [&behind, &url] {
        let cancelled = server.post(&format!("{one}/cancel"), "application/json", "");
        assert_eq!((cancelled.status, cancelled.json()["state"].as_str()), (200, Some("cancelled")));
    }
    let job = server.json(&url);
    assert!(job["n_done"].as_u64().unwrap() < 3000 && job["finished_at"].is_string(), "{job}");
    assert_eq!(counts(&server.json(&behind)), [0; 4]);
    assert_eq!(server.post("/v1/jobs/none/cancel", "application/json", "").status, 404);
    // The next one is not held up.
    let next = queue(&server, "application/x-ndjson", lines(5).as_bytes()).header("location").unwrap().to_owned();
    assert_eq!(ended(&server, &next)["state"], "done");
}

#[test]
fn a_job_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("b.db");
    let flags = ["--seeds", "none", "--database", base.to_str().unwrap()];
    let mut server = Server::start(&flags);
    let url = queue(&server, "application/x-ndjson", lines(250).as_bytes()).header("location").unwrap().to_owned();
    while server.json(&url)["n_done"] == 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
    server.stop();
    assert!(folder.path().join("b.db.jobs").is_dir(), "what was sent waits");
    let server = Server::start(&flags);
    let job = ended(&server, &url);
    assert_eq!((job["state"].as_str(), counts(&job)), (Some("done"), [250, 250, 0, 0]), "nothing was read twice");
    assert_eq!(server.json("/v1/documents?limit=1")["meta"]["total"], 250);
    for _ in 0..50 {
        if !folder.path().join("b.db.jobs").exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("what was sent is still there");
}

fn ingest(base: &Path, arguments: &[&Path]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_waqia")).arg("ingest").arg("--database").arg(base).args(arguments).env_clear().output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout))
}

/// A run of the command that ended can be told from one that was killed.
#[tokio::test]
async fn the_command_keeps_a_job_too() {
    let folder = tempfile::tempdir().unwrap();
    let (base, texts) = (folder.path().join("b.db"), folder.path().join("texts.ndjson"));
    std::fs::write(&texts, lines(200)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_waqia")).args(["ingest", "--database"]).args([&base, &texts]).env_clear().spawn().unwrap();
    while !folder.path().join("b.db.jobs").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(50));
    child.kill().unwrap();
    child.wait().unwrap();
    let (code, told) = ingest(&base, &[&texts]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("an earlier run (job_") && told.contains("200 documents in"), "{told}");
    let (code, told) = ingest(&base, &[&folder.path().join("missing.txt")]);
    assert_eq!(code, Some(1), "{told}");
    let store = Store::open(&base, StoreOptions::default()).await.unwrap();
    let jobs = store.jobs(&waqia::store::filter::Page { limit: 10, ..Default::default() }).await.unwrap().rows;
    let states: Vec<&str> = jobs.iter().map(|job| job.state.name()).collect();
    assert_eq!(states, ["done", "done", "interrupted"]);
    assert_eq!((jobs[1].n_done, jobs[1].who.as_str()), (200, "waqia ingest"));
    assert_eq!((jobs[0].n_failed, jobs[0].settings.contains("missing.txt")), (1, true));
    assert!(!folder.path().join("b.db.jobs").exists());
}
