//! Statements: `tests/cases/statements.txt`, and the example that each cue of the lexicon carries.

use std::fmt::Write;
use waqia::extract::{Input, Options, extract};
use waqia::lexicon::Lexicon;
use waqia::model::record::{Excerpt, Record, Statement};

const CASES: &str = include_str!("../cases/statements.txt");

fn read(text: &str, lexicon: &Lexicon) -> Record {
    extract(&Input { id: "case", text, ..Input::default() }, lexicon, &Options::default())
}

fn words(pieces: &[Excerpt]) -> String {
    if pieces.is_empty() { "-".to_owned() } else { pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" … ") }
}

/// A found statement in the notation of the cases, with the further fields that the case asks for.
fn show(s: &Statement, fields: &[&str]) -> String {
    let speaker = s.speaker.as_ref().map_or("-", |s| s.text.as_str());
    let cue = s.cue.as_ref().map_or("-", |c| c.text.as_str());
    let mut line = format!("{} | {speaker} | {cue} | {}", s.kind, words(&s.content));
    for field in fields {
        let value = match *field {
            "mode" => s.mode.clone(),
            "quotes" => words(&s.quotes),
            "addressee" => s.addressee.clone().unwrap_or_else(|| "-".to_owned()),
            "object" => s.object.as_ref().map_or_else(|| "-".to_owned(), |o| o.text.clone()),
            "behalf" => s.speaker.as_ref().and_then(|s| s.on_behalf_of.clone()).unwrap_or_else(|| "-".to_owned()),
            "channel" => s.channel.clone().unwrap_or_else(|| "-".to_owned()),
            "standing" => s.standing.clone().unwrap_or_else(|| "-".to_owned()),
            other => panic!("unknown field {other} in a case"),
        };
        let _ = write!(line, " {field}={value}");
    }
    line
}

/// A wanted line and the fields it names, in one notation.
fn wanted(line: &str) -> (String, Vec<&str>) {
    let mut parts = line.splitn(5, " | ");
    let head = [parts.next(), parts.next(), parts.next(), parts.next()].map(|p| p.unwrap_or_default().trim()).join(" | ");
    let fields: Vec<(&str, &str)> = parts.next().unwrap_or("").split(';').filter_map(|f| f.trim().split_once('=')).collect();
    let text = fields.iter().fold(head, |line, (name, value)| format!("{line} {name}={value}"));
    (text, fields.into_iter().map(|(name, _)| name).collect())
}

#[test]
fn statements_are_found_as_the_cases_say() {
    let lexicon = Lexicon::embedded().unwrap();
    let (mut n_cases, mut failures) = (0, String::new());
    for block in CASES.split("\n\n") {
        let lines = || block.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
        let text: Vec<&str> = lines().filter_map(|l| l.strip_prefix('>')).map(str::trim).collect();
        if text.is_empty() {
            continue;
        }
        n_cases += 1;
        let text = text.join("\n");
        let want: Vec<_> = lines().filter(|l| !l.starts_with('>') && *l != "nothing").map(wanted).collect();
        let record = read(&text, &lexicon);
        let matches = record.statements.len() == want.len() && record.statements.iter().zip(&want).all(|(got, (line, fields))| show(got, fields) == *line);
        if !matches {
            let want: String = want.iter().map(|(line, _)| format!("  want {line}\n")).collect();
            let got: String = record.statements.iter().map(|s| format!("  got  {}\n", show(s, &["mode", "object"]))).collect();
            let _ = write!(failures, "\n{text}\n{want}{got}");
        }
    }
    assert!(n_cases >= 120, "{n_cases} cases");
    assert!(failures.is_empty(), "{} of {n_cases} cases fail:\n{failures}", failures.matches("\n\n").count() + 1);
}

#[test]
fn every_cue_is_found_in_its_example() {
    let lexicon = Lexicon::embedded().unwrap();
    let missed: Vec<String> = lexicon
        .cues
        .iter()
        .filter(|cue| {
            let record = read(&cue.example, &lexicon);
            // Forms of one lemma mostly share their first letter ("tell", "told"); else the last word of the cue must be there ("went on to say").
            let first = cue.words[0].chars().next();
            let last = cue.words.last().map_or("", String::as_str);
            let is_cue = |text: &str| text.to_lowercase().chars().next() == first || text.contains(last) || cue.words[0] == "not";
            !record.statements.iter().any(|s| s.cue.as_ref().is_some_and(|c| is_cue(&c.text)))
        })
        .map(|cue| format!("{}: {}", cue.words.join(" "), cue.example))
        .collect();
    assert!(missed.is_empty(), "{} cues are not found:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn every_channel_is_found_in_its_example() {
    let lexicon = Lexicon::embedded().unwrap();
    let channels = lexicon.cues.channels();
    assert!(!channels.is_empty());
    for channel in channels {
        assert!(crate::lexicon::is_code("statement_channels", &channel.code), "{} is not in codes/statement_channels.tsv", channel.code);
        let found: Vec<_> = read(&channel.example, &lexicon).statements.into_iter().map(|s| s.channel).collect();
        assert!(found.contains(&Some(channel.code.clone())), "{}: {} gives {found:?}", channel.code, channel.example);
    }
}

#[test]
fn every_content_rule_gives_its_kind_to_its_matches_and_not_to_its_rejects() {
    let lexicon = Lexicon::embedded().unwrap();
    let has = |text: &str, kind: &str| read(text, &lexicon).statements.iter().any(|s| s.kind == kind);
    let mut wrong = Vec::new();
    for rule in lexicon.cues.content_rules() {
        wrong.extend(rule.matches.iter().filter(|t| !has(t, rule.kind)).map(|t| format!("{} misses: {t}", rule.id)));
        wrong.extend(rule.rejects.iter().filter(|t| has(t, rule.kind)).map(|t| format!("{} takes: {t}", rule.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
