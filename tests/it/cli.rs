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
    for line in ["line 2:", "line 4:", "line 7:"] {
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
