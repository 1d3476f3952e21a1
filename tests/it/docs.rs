//! The docs say what is there: a route, setting, problem code or note code that they leave out fails here, and so does a link, a path or an excerpt that is not true.

use crate::source::{Source, file, files_under, root};
use crate::support::shared;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// All Markdown files that are ours.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md"].iter().map(PathBuf::from).collect();
    for folder in ["docs", "lexicon"] {
        pages.extend(files_under(folder, &[".md"]));
    }
    pages
}

/// The page's lines outside of fenced code.
fn prose(text: &str) -> Vec<&str> {
    let mut fenced = false;
    text.lines()
        .filter(|line| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fenced && !fence
        })
        .collect()
}

fn headings(page: &str) -> Vec<String> {
    let text = file(page);
    prose(&text).into_iter().filter(|l| l.starts_with('#')).map(|l| l.replace('`', "")).collect()
}

/// Words in backticks.
fn code_words(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = file(&page);
        for line in prose(&text) {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let path = target.split('#').next().unwrap_or("");
                let outside = ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
                if !outside && !path.is_empty() && !root().join(&page).parent().is_some_and(|folder| folder.join(path).exists()) {
                    broken.push(format!("{}: {target}", page.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn paths_in_backticks_exist() {
    let ours = ["src/", "tests/", "lexicon/", "seeds/", "docs/", "scripts/", "web/", "web-tests/", "migrations/", "examples/", "benches/"];
    let mut missing = BTreeSet::new();
    for page in pages() {
        let text = file(&page);
        for word in prose(&text).into_iter().flat_map(code_words) {
            let path = word.trim_end_matches('/');
            let literal = !path.contains(['*', '<', '{', ' ', '|', '…']);
            if literal && ours.iter().any(|folder| word.starts_with(folder)) && !root().join(path).exists() {
                missing.insert(format!("{}: {word}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A fence such as "```toml lexicon/realis.toml" quotes that file.
#[test]
fn excerpts_are_quoted_letter_for_letter() {
    let mut n_excerpts = 0;
    for page in pages() {
        let text = file(&page);
        for (fence, rest) in text.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')) {
            if let Some((_, path)) = fence.split_once(' ') {
                n_excerpts += 1;
                assert!(file(path).contains(rest.trim_end()), "{}: this does not stand in {path}:\n{rest}", page.display());
            }
        }
    }
    assert!(n_excerpts >= 6, "only {n_excerpts} excerpts found");
}

#[test]
fn the_readme_links_every_page() {
    let readme = file("README.md");
    let missing: Vec<PathBuf> = files_under("docs", &[".md"]).into_iter().filter(|page| !readme.contains(&format!("({})", page.display()))).collect();
    assert!(missing.is_empty(), "README.md does not link {missing:?}");
}

#[test]
fn the_readme_shows_the_answer_that_comes() {
    let readme = file("README.md");
    let path = readme.split("curl '127.0.0.1:8000").nth(1).and_then(|rest| rest.split('\'').next()).expect("README.md has a first question");
    let shown: String = readme.split("```json\n").nth(1).and_then(|rest| rest.split(" …").next()).expect("README.md has its answer").replace('\n', "");
    let answer = shared().get(path).text();
    assert!(answer.starts_with(&shown), "README.md shows\n{shown}\nbut {path} answers\n{answer}");
}

#[test]
fn notes_are_explained() {
    let codes: BTreeSet<String> = files_under("src/extract", &[".rs"])
        .iter()
        .flat_map(|path| Source::read(&file(path)).literals_after(&[".note(", ".push(("]).map(str::to_owned).collect::<Vec<_>>())
        .filter(|l| l.contains('.') && l.chars().all(|c| c.is_ascii_lowercase() || c == '.' || c == '_'))
        .collect();
    assert!(codes.len() >= 4, "only {codes:?} found in src/extract");
    let text = file("docs/RECORD.md");
    let explained: BTreeSet<&str> = text.lines().filter(|l| l.starts_with("| `")).flat_map(|l| code_words(l.split(" | ").next().unwrap_or(l))).collect();
    let missing: Vec<&String> = codes.iter().filter(|code| !explained.contains(code.as_str())).collect();
    assert!(missing.is_empty(), "docs/RECORD.md has no row for the notes {missing:?}");
}

/// Every member of a record has its row.
#[test]
fn record_members_are_explained() {
    let source = file("src/model/record.rs");
    let text = file("docs/RECORD.md");
    let explained: BTreeSet<&str> = text.lines().filter(|l| l.starts_with("| `")).flat_map(|l| code_words(l.split(" | ").next().unwrap_or(l))).collect();
    let mut renamed = None;
    let mut missing = Vec::new();
    for line in source.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("#[serde(rename = \"").and_then(|l| l.split('"').next()) {
            renamed = Some(name);
        } else if let Some((name, _)) = line.split_once(": ").filter(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
            let name = renamed.take().unwrap_or(name);
            if !explained.contains(name) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "docs/RECORD.md has no row for {missing:?}");
}

#[cfg(feature = "server")]
mod server {
    use super::{code_words, file, headings};
    use std::collections::BTreeSet;
    use std::process::Command;

    fn waqia(arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_waqia")).args(arguments).env_clear().output().expect("the binary runs");
        assert!(output.status.success(), "waqia {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// `waqia config` prints flag, variable, value, source; the page's row has the first three.
    #[test]
    fn settings_are_explained() {
        let page = file("docs/COMMANDS.md");
        let rows: Vec<Vec<&str>> = page.lines().filter(|l| l.starts_with("| `--")).map(|l| code_words(l).take(3).collect()).collect();
        let mut missing = Vec::new();
        for line in waqia(&["config"]).lines() {
            let [flag, variable, value] = line.split_whitespace().take(3).collect::<Vec<_>>()[..] else { panic!("three columns: {line}") };
            if !rows.iter().any(|row| row[..] == [flag, variable, value] || value == "–" && row[..2] == [flag, variable]) {
                missing.push(format!("| `{flag}` | `{variable}` | `{value}` |"));
            }
        }
        assert!(missing.is_empty(), "docs/COMMANDS.md has no row that begins so:\n{}", missing.join("\n"));
    }

    #[test]
    fn commands_are_explained() {
        let headings = headings("docs/COMMANDS.md");
        let page = file("docs/COMMANDS.md");
        let flags_explained: BTreeSet<&str> = page.lines().flat_map(code_words).flat_map(|code| code.split(' ')).collect();
        let mut missing = Vec::new();
        let mut commands: Vec<Vec<String>> = vec![Vec::new()];
        while let Some(command) = commands.pop() {
            let name = command.iter().fold("waqia".to_owned(), |name, part| format!("{name} {part}"));
            if !headings.iter().any(|h| h.trim_start_matches(['#', ' ']) == name) {
                missing.push(format!("the heading \"{name}\""));
            }
            let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
            arguments.push("--help");
            let help = waqia(&arguments);
            let listed = help.split("\nCommands:\n").nth(1).unwrap_or("").lines().take_while(|l| l.starts_with("  "));
            let names = listed.filter(|l| !l.starts_with("   ")).filter_map(|l| l.split_whitespace().next()).filter(|n| *n != "help");
            commands.extend(names.map(|n| command.iter().cloned().chain([n.to_owned()]).collect()));
            for flag in help.lines().filter_map(|l| l.split_whitespace().find(|w| w.starts_with("--")).filter(|_| l.trim_start().starts_with('-'))) {
                let flag = flag.trim_end_matches(',').split('=').next().unwrap_or(flag);
                if !["--help", "--version"].contains(&flag) && !flags_explained.contains(flag) {
                    missing.push(format!("`{flag}` of {name}"));
                }
            }
        }
        assert!(missing.is_empty(), "docs/COMMANDS.md has not: {}", missing.join(", "));
    }
}
