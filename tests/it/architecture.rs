//! The arrows of `docs/ARCHITECTURE.md`: which room may import which, and what the core may not touch. The table there is what is checked here.

use crate::source::{Source, file, files_under};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a room may import, by room; read from the table under the heading "Rooms".
fn rooms() -> BTreeMap<String, BTreeSet<String>> {
    let text = file("docs/ARCHITECTURE.md");
    let section = text.split("\n## ").find(|s| s.starts_with("Rooms")).expect("docs/ARCHITECTURE.md has a section \"Rooms\"");
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let mut rooms = BTreeMap::new();
    for row in section.lines().filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 3, "room | what lives there | may import: {row}");
        let allowed: BTreeSet<String> = names(cells[2]).into_iter().collect();
        for room in names(cells[0]) {
            assert!(rooms.insert(room.clone(), allowed.clone()).is_none(), "{room} has two rows");
        }
    }
    rooms
}

/// The rooms that do no I/O.
const CORE: [&str; 8] = ["text", "model", "lexicon", "extract", "codebook", "merge", "resolve", "eval"];

/// Standard library names that reach outside.
const OUTSIDE: [&str; 10] = ["fs", "env", "net", "process", "thread", "io", "os", "sync", "time::SystemTime", "time::Instant"];

/// The one file of the core that shares something with other threads: the flag that ends a run.
const FLAG: &str = "src/extract/stop.rs";

/// Crates that the core must not name.
const SERVER_CRATES: [&str; 20] = [
    "anyhow",
    "argon2",
    "axum",
    "clap",
    "csv",
    "futures_util",
    "getrandom",
    "http_body_util",
    "hyper",
    "hyper_util",
    "indicatif",
    "rayon",
    "rust_embed",
    "sea_query",
    "sea_query_sqlx",
    "sqlx",
    "tokio",
    "tower",
    "tower_http",
    "tracing",
];

/// The room of a file under `src/`.
fn room(path: &Path) -> String {
    let first = path.components().nth(1).expect("a path under src/");
    first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// How many modules deep the file's own module lies below the crate.
fn depth(path: &Path) -> usize {
    path.components().count() - 1 - usize::from(path.ends_with("mod.rs"))
}

/// What is wrong with one file.
fn faults(path: &Path, text: &str, rooms: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let room = room(path);
    let source = Source::read(text);
    let mut faults = Vec::new();
    let Some(allowed) = rooms.get(&room) else { return vec![format!("the room {room} has no row in docs/ARCHITECTURE.md")] };
    let mut imported: BTreeSet<String> = ["crate", "waqia"].iter().flat_map(|root| source.paths(root, 1)).filter_map(|p| p.first().cloned()).collect();
    for path_up in source.paths("super", 8) {
        let ups = 1 + path_up.iter().take_while(|name| *name == "super").count();
        if ups == depth(path) {
            imported.extend(path_up.get(ups - 1).cloned());
        }
    }
    for other in imported.iter().filter(|other| rooms.contains_key(*other) && **other != room && !allowed.contains(*other)) {
        faults.push(format!("{room} may not import {other}"));
    }
    if CORE.contains(&room.as_str()) {
        let std: BTreeSet<String> = ["std", "core"].iter().flat_map(|r| source.paths(r, 3)).map(|p| p.join("::")).collect();
        for name in OUTSIDE.into_iter().filter(|name| *name != "sync" || path != Path::new(FLAG)) {
            if std.iter().any(|p| p == name || p.starts_with(&format!("{name}::"))) {
                faults.push(format!("the core may not use std::{name}"));
            }
        }
        for name in SERVER_CRATES.iter().filter(|name| names_crate(&source, name)) {
            faults.push(format!("the core may not use the crate {name}"));
        }
        let hashed = ["collections::HashMap", "collections::HashSet"].iter().any(|name| std.iter().any(|p| p == name));
        if hashed && !matches!(room.as_str(), "text" | "lexicon") {
            faults.push("results of the core must not depend on hash order: take a BTreeMap".to_owned());
        }
    }
    if room != "store" {
        faults.extend(source.literals.iter().filter(|l| is_sql(l)).map(|l| format!("SQL outside store: {l:?}")));
        if names_crate(&source, "sqlx") || names_crate(&source, "sea_query") {
            faults.push("only store may use sqlx and sea_query".to_owned());
        }
    }
    faults
}

/// A path really starts there: `tower::Service`, not a variable named so.
fn names_crate(source: &Source, name: &str) -> bool {
    source.paths(name, 1).iter().any(|p| !p.is_empty())
}

/// A literal that begins like a statement of SQL and goes on like one.
fn is_sql(literal: &str) -> bool {
    let text = literal.trim_start().to_lowercase();
    let goes_on = |verb: &str, next: &str| text.starts_with(verb) && text.contains(next);
    goes_on("select ", " from ")
        || goes_on("insert ", " into ")
        || goes_on("update ", " set ")
        || text.starts_with("delete from ")
        || goes_on("with ", " as (")
        || goes_on("create ", " table ")
        || text.starts_with("pragma ")
        || text.starts_with("begin immediate")
}

#[test]
fn arrows_point_down() {
    let rooms = rooms();
    let files = files_under("src", &[".rs"]);
    assert!(files.len() > 50, "only {} files found", files.len());
    let faults: Vec<String> = files
        .iter()
        .filter(|path| !path.ends_with("src/lib.rs") && !path.ends_with("tests.rs"))
        .flat_map(|path| faults(path, &file(path), &rooms).into_iter().map(|f| format!("{}: {f}", path.display())).collect::<Vec<_>>())
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_stay_short() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "examples", "benches", "web", "web-tests", "scripts"] {
        files.extend(files_under(folder, &[".rs", ".js", ".mjs", ".css", ".html", ".py", ".sh"]));
    }
    let long: Vec<String> =
        files.iter().map(|f| (f, file(f).lines().count())).filter(|(_, n)| *n > 500).map(|(f, n)| format!("{}: {n} lines", f.display())).collect();
    assert!(long.is_empty(), "files of more than 500 lines: {long:?}");
}

#[test]
fn offences_are_found() {
    let rooms = rooms();
    let check = |path: &str, text: &str| faults(Path::new(path), text, &rooms);
    let offences = [
        ("src/text/a.rs", "use crate::store::Store;"),
        ("src/text/a.rs", "use crate::{text::Span, extract::Analysis};"),
        ("src/text/a.rs", "use super::super::extract::Analysis;"),
        ("src/text/mod.rs", "use super::extract::Analysis;"),
        ("src/store/a.rs", "fn f() { crate::extract::extract(); }"),
        ("src/api/a.rs", "const Q: &str = \"select id from incident\";"),
        ("src/api/a.rs", "const Q: &str = r#\"\n update incident set id = 1\"#;"),
        ("src/api/a.rs", "use sqlx::Row;"),
        ("src/extract/a.rs", "use std::time::{Duration, Instant};"),
        ("src/extract/a.rs", "let text = std::fs::read_to_string(path);"),
        ("src/extract/a.rs", "use std::{env, fmt};"),
        ("src/extract/a.rs", "use std::sync::atomic::AtomicBool;"),
        ("src/extract/stop.rs", "use std::thread;"),
        ("src/extract/a.rs", "use std::collections::{BTreeMap, HashMap};"),
        ("src/merge/a.rs", "use tokio::sync::Mutex;"),
        ("src/nowhere/a.rs", "fn f() {}"),
    ];
    for (path, text) in offences {
        assert_eq!(check(path, text).len(), 1, "{path}: {text}: {:?}", check(path, text));
    }
    let clean = [
        ("src/extract/a.rs", "use super::analysis::Analysis; use crate::text::Span; // crate::store\nlet s = \"crate::api\";"),
        ("src/extract/date/a.rs", "use super::super::Analysis; use std::time::Duration;"),
        ("src/extract/stop.rs", "use std::sync::atomic::AtomicBool;"),
        ("src/lexicon/mod.rs", "mod store { } use store::X; const A: &str = \"select one of them\";"),
        ("src/text/a.rs", "fn f() {}\n#[cfg(test)]\nmod tests { use crate::lexicon::Lexicon; }"),
    ];
    for (path, text) in clean {
        assert_eq!(check(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
