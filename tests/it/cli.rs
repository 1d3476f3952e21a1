//! The command line as a shell meets it.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

struct Output {
    code: Option<i32>,
    out: String,
    err: String,
}

fn waqia(arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_waqia"))
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = pipe.write_all(&stdin);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Output { code: output.status.code(), out: String::from_utf8(output.stdout).unwrap(), err: String::from_utf8(output.stderr).unwrap() }
}

fn ids(out: &str) -> Vec<String> {
    out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn records_come_in_the_order_of_the_input() {
    let lines: String = (0..1500).map(|n| format!("{{\"id\":\"d{n}\",\"text\":\"{}\"}}\n", "A bomb. ".repeat(n % 7))).collect();
    let output = waqia(&["extract", "--jobs", "4"], lines.as_bytes());
    assert_eq!(output.code, Some(0), "{}", output.err);
    assert_eq!(ids(&output.out), (0..1500).map(|n| format!("d{n}")).collect::<Vec<_>>());
    let alone = waqia(&["extract", "--jobs", "1"], lines.as_bytes());
    assert_eq!(alone.out, output.out, "the same bytes whatever the number of threads");
}

#[test]
fn broken_lines_are_told_and_left_out() {
    let lines = b"{\"id\":\"a\",\"text\":\"x\"}\n{broken\n\n{\"id\":\"b\",\"text\":5}\n{\"id\":\"c\",\"text\":\"\xff\"}\n{\"text\":\"no id\"}\n{\"text\":\"\\ud800\"}\n";
    let output = waqia(&["extract"], lines);
    assert_eq!(output.code, Some(1));
    assert_eq!(ids(&output.out), ["a", "c", "stdin:6"]);
    for line in ["stdin, line 2:", "stdin, line 4:", "stdin, line 7:"] {
        assert!(output.err.contains(line), "{line} in {}", output.err);
    }
    assert_eq!(output.err.lines().count(), 3, "{}", output.err);
}

#[test]
fn text_files_may_have_front_matter() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.md");
    std::fs::write(&file, "---\nid: report-1\npublished: 2007-07-19\n---\nHANGU – A bomb killed five people.\n").unwrap();
    let output = waqia(&["extract", file.to_str().unwrap()], b"");
    assert_eq!(output.code, Some(0), "{}", output.err);
    let record: Value = serde_json::from_str(&output.out).unwrap();
    assert_eq!(record["id"], "report-1");
    assert_eq!(record["document"]["published"], "2007-07-19");
    let missing = waqia(&["extract", "/no/such/file.md"], b"");
    assert!(missing.code == Some(1) && missing.err.contains("/no/such/file.md"), "{}", missing.err);
}

#[test]
fn the_server_starts_answers_and_stops_on_sigterm() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("waqia.db");
    let mut child = Command::new(env!("CARGO_BIN_EXE_waqia"))
        .args(["--listen", "127.0.0.1:0", "--log-format", "json", "--database", base.to_str().unwrap()])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    let healthy = waqia(&["healthcheck", "--listen", &address], b"");
    assert_eq!(healthy.code, Some(0), "{}", healthy.err);
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    let log = String::from_utf8(output.stderr).unwrap();
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(last["message"], "stopped", "{log}");
    let gone = waqia(&["healthcheck", "--listen", &address], b"");
    assert_eq!(gone.code, Some(1));
}

#[test]
fn documents_are_ingested_once_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("waqia.db");
    let base = base.to_str().unwrap();
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let first = waqia(&["ingest", "--database", base, seeds], b"");
    assert!(first.code == Some(0) && first.out.contains(" 0 stored before, 0 failed"), "{} {}", first.out, first.err);
    let again = waqia(&["ingest", "--database", base, seeds], b"");
    assert!(again.code == Some(0) && again.out.contains(": 0 stored, "), "{} {}", again.out, again.err);
    let lines = waqia(&["export", "--database", base, "country=Pakistan", "type=explosion"], b"");
    assert!(lines.code == Some(0) && lines.out.lines().count() > 3, "{} {}", lines.out, lines.err);
    for line in lines.out.lines() {
        let incident: Value = serde_json::from_str(line).unwrap();
        assert_eq!(incident["place"]["country"], "PK");
    }
    let csv = waqia(&["export", "--database", base, "--format", "csv", "country=Pakistan", "type=explosion"], b"");
    assert_eq!(csv::Reader::from_reader(csv.out.as_bytes()).records().count(), lines.out.lines().count());
    let geojson = waqia(&["export", "--database", base, "--format", "geojson"], b"");
    assert!(serde_json::from_str::<Value>(&geojson.out).unwrap()["features"].as_array().unwrap().len() > 20);
    let wrong = waqia(&["export", "--database", base, "contry=PK"], b"");
    assert!(wrong.code == Some(1) && wrong.err.contains("Did you mean \"country\"?"), "{}", wrong.err);
    let missing = waqia(&["export", "--database", "/no/such.db"], b"");
    assert!(missing.code == Some(1) && missing.err.contains("no knowledge base"), "{}", missing.err);
}

#[test]
fn files_that_cannot_be_read_cost_themselves_only() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("a.ndjson", "{\"id\":\"one\",\"text\":\"A bomb killed three people in Quetta on 2 May 2013.\"}\n{broken\n");
    write("b.md", "---\npublished: some day\n---\nText.\n");
    write("README.md", "not a document");
    let base = folder.path().join("waqia.db");
    let output = waqia(&["ingest", "--database", base.to_str().unwrap(), folder.path().to_str().unwrap()], b"");
    assert_eq!(output.code, Some(1));
    assert!(output.out.contains("3 documents") && output.out.contains("1 stored") && output.out.contains("2 failed"), "{}", output.out);
    assert!(output.err.contains("a.ndjson, line 2") && output.err.contains("b.md"), "{}", output.err);
}

#[test]
fn gold_files_are_scored() {
    let output = waqia(&["eval", concat!(env!("CARGO_MANIFEST_DIR"), "/seeds")], b"");
    assert_eq!(output.code, Some(0), "{}", output.err);
    assert!(output.out.lines().any(|l| l.starts_with("incident ")), "{}", output.out);
    let empty = tempfile::tempdir().unwrap();
    let none = waqia(&["eval", empty.path().to_str().unwrap()], b"");
    assert!(none.code == Some(1) && none.err.contains("gold/NAME.json"), "{}", none.err);
}

#[test]
fn a_tagger_is_trained_and_measured() {
    let folder = tempfile::tempdir().unwrap();
    let token = |(n, (form, universal, tag)): (usize, &(&str, &str, &str))| format!("{}\t{form}\t{form}\t{universal}\t{tag}\t0\troot\t_\n", n + 1);
    let words = [("gunmen", "NOUN", "NNS"), ("killed", "VERB", "VBD"), ("three", "NUM", "CD"), ("policemen", "NOUN", "NNS"), (".", "PUNCT", ".")];
    let sentence: String = words.iter().enumerate().map(token).collect();
    for name in ["x-train.tsv", "x-dev.tsv"] {
        std::fs::write(folder.path().join(name), format!("{sentence}\n").repeat(20)).unwrap();
    }
    let out = folder.path().join("tagger.bin");
    let trained = || waqia(&["train", "tagger", folder.path().to_str().unwrap(), "--epochs", "2", "--out", out.to_str().unwrap()], b"");
    let first = trained();
    assert!(first.code == Some(0) && first.out.contains("100.00"), "{} {}", first.out, first.err);
    let bytes = std::fs::read(&out).unwrap();
    assert_eq!(trained().code, Some(0));
    assert_eq!(std::fs::read(&out).unwrap(), bytes, "the same sentences give the same bytes");
}
