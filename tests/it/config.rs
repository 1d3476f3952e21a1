//! Settings: where they come from, and which do not go together.

use std::process::Command;

fn waqia(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waqia"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[track_caller]
fn check_setting(arguments: &[&str], variables: &[(&str, &str)], flag: &str, expect: [&str; 2]) {
    let (code, out, err) = waqia(&[&["config"], arguments].concat(), variables);
    assert_eq!(code, Some(0), "{err}");
    let line = out.lines().find(|l| l.split_whitespace().next() == Some(flag)).unwrap_or_else(|| panic!("{flag} in {out}"));
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(cells[2..4], expect, "{line}");
}

#[track_caller]
fn check_refused(arguments: &[&str], expect: &str) {
    let (code, _, err) = waqia(arguments, &[]);
    assert!(code != Some(0) && err.contains(expect), "{code:?} {err}");
}

#[test]
fn a_flag_beats_the_environment_beats_the_default() {
    check_setting(&[], &[], "--listen", ["127.0.0.1:8000", "default"]);
    check_setting(&[], &[("WAQIA_LISTEN", "127.0.0.1:9000")], "--listen", ["127.0.0.1:9000", "environment"]);
    check_setting(&["--listen", "[::1]:7"], &[("WAQIA_LISTEN", "127.0.0.1:9000")], "--listen", ["[::1]:7", "flag"]);
}

#[test]
fn combinations_are_checked() {
    check_refused(&["config", "--idle-timeout", "5s"], "must be longer than --request-timeout");
    check_refused(&["config", "--max-requests", "2000"], "above --max-connections");
    check_refused(&["config", "--public-url", "example.org"], "must start with http");
    check_refused(&["config", "--seeds", "/no/such/folder"], "no such folder");
    check_refused(&["config", "--lexicon", "/no/such/folder"], "no such folder");
    check_refused(&["config", "--max-body", "many"], "16MiB");
    check_refused(&["config", "--request-timeout", "never"], "30s");
    check_refused(&["--log", "=bad=filter="], "--log");
}

#[test]
fn a_port_in_use_is_told_clearly() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("x.db");
    check_refused(&["serve", "--listen", &address, "--database", base.to_str().unwrap()], "is in use by another program");
    assert!(!base.exists(), "nothing was made");
}

#[test]
fn a_variable_of_the_server_does_not_disturb_other_commands() {
    let (code, out, err) = waqia(&["extract", "/dev/null"], &[("WAQIA_LISTEN", "127.0.0.1:0"), ("WAQIA_DATABASE", "x.db")]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("{\"id\":"), "{out}");
}
