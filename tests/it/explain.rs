//! `waqia explain` as a shell meets it.

use std::io::Write;
use std::process::{Command, Stdio};

fn explain(arguments: &[&str], stdin: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_waqia"))
        .arg("explain")
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("a pipe").write_all(stdin.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_text_is_explained_sentence_by_sentence() {
    let (code, out, err) = explain(&["-"], "Gunmen killed two policemen in Bannu on Monday. The striker led the attack in the final.");
    assert_eq!(code, Some(0), "{err}");
    for wanted in ["[0] ", "[1] ", "trigger.kill \"kill\"", "lost      trigger.attack at \"attack\": context sport", "incident  0: "] {
        assert!(out.contains(wanted), "no {wanted} in\n{out}");
    }
}

#[test]
fn html_is_one_page_for_all_documents() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("two.ndjson");
    std::fs::write(&file, "{\"id\":\"one\",\"text\":\"A bomb <b>exploded</b> in Quetta.\"}\n{\"id\":\"two\",\"text\":\"Rain fell.\"}\n")
        .expect("it is written");
    let (code, out, err) = explain(&["--html", &file.display().to_string()], "");
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("<!doctype html>") && out.contains("<h1>one</h1>") && out.contains("<h1>two</h1>"), "{out}");
    assert!(out.contains("&lt;b&gt;exploded") && !out.contains("<b>") && !out.contains("<script"), "{out}");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let (code, _, err) = explain(&["/no/such/file.txt"], "");
    assert!(code == Some(1) && err.contains("/no/such/file.txt"), "{err}");
}
