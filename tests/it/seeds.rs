//! The engine over the documents of `seeds/` and the invented ones of `tests/data/fictional/`: how well it agrees with their `gold/`, and what
//! must hold of every record.

use crate::lexicon::{is_code, lexicon};
use crate::source::{file, files_under, root};
use serde_json::Value;
use std::collections::BTreeMap;
use waqia::eval::{Gold, Scores, score, spans};
use waqia::extract::{Input, Options, extract};
use waqia::ingest::{Format, read::articles};
use waqia::model::Record;
use waqia::model::document::Article;

/// One document and the file of its gold.
struct Seed {
    article: Article,
    gold_file: String,
}

/// What a base is filled with, and invented texts, which no base of a user may hold.
fn seeds() -> Vec<Seed> {
    [documents(REAL), documents(FICTIONAL)].into_iter().flatten().collect()
}

const REAL: &str = "seeds";
const FICTIONAL: &str = "tests/data/fictional";

fn documents(folder: &str) -> Vec<Seed> {
    let paths = files_under(folder, &[".md"]).into_iter().filter(|p| !p.ends_with("README.md"));
    paths
        .map(|path| {
            let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
            let article = articles(file(&path).as_bytes(), Format::Markdown, &name).remove(0).expect("a document that can be read");
            Seed { article, gold_file: format!("{folder}/gold/{name}.json") }
        })
        .collect()
}

#[test]
fn seeds_tell_what_happened() {
    let (real, fictional) = (documents(REAL), documents(FICTIONAL));
    assert!(real.len() >= 30 && fictional.len() >= 10, "{} documents in {REAL}, {} in {FICTIONAL}", real.len(), fictional.len());
    let untrue: Vec<&str> = real.iter().filter(|s| s.article.fictional).map(Seed::id).collect();
    assert_eq!(untrue, Vec::<&str>::new(), "invented documents belong into {FICTIONAL}");
    assert!(fictional.iter().all(|s| s.article.fictional), "a document in {FICTIONAL} does not say that it is invented");
    // Who reads a seed can look its facts up.
    let nowhere: Vec<&str> = real.iter().filter(|s| s.article.facts.as_deref().is_none_or(str::is_empty)).map(Seed::id).collect();
    assert_eq!(nowhere, Vec::<&str>::new(), "`facts` names where they come from");
}

impl Seed {
    fn id(&self) -> &str {
        self.article.id.as_deref().expect("a seed has an id")
    }

    fn record(&self) -> Record {
        self.record_of(&self.article.text)
    }

    fn record_of(&self, text: &str) -> Record {
        let Article { published, title, .. } = &self.article;
        extract(&Input { id: self.id(), text, published: *published, title: title.as_deref() }, lexicon(), &Options::default())
    }

    fn gold(&self) -> Gold {
        serde_json::from_str(&file(&self.gold_file)).unwrap_or_else(|e| panic!("{}: {e}", self.gold_file))
    }
}

/// A field may fall by so many points of F1 before the test fails.
const TOLERANCE: f64 = 0.5;

/// Fields such as `incident.type` are judged on the pairs that were matched. Their hits count, of which so many may be lost.
const TOLERATED_HITS: u32 = 1;

const BASELINE: &str = "seeds/baseline.txt";

#[test]
fn agreement_with_gold_does_not_fall() {
    let mut scores = Scores::default();
    for seed in seeds() {
        scores.merge(&score(&seed.gold(), &seed.record()));
    }
    let table = scores.table();
    println!("{table}");
    if std::env::var_os("WAQIA_BLESS").is_some() {
        std::fs::write(root().join(BASELINE), &table).expect("the baseline can be written");
        return;
    }
    let (old, new) = (rows(&file(BASELINE)), rows(&table));
    let changes = |better: fn(&str, Row, Row) -> bool, from: &BTreeMap<String, Row>, to: &BTreeMap<String, Row>| {
        let of = |field: &String| to.get(field).copied().unwrap_or_default();
        from.iter().filter(|(f, row)| better(f, **row, of(f))).map(|(f, row)| format!("{f}: {row:?} → {:?}", of(f))).collect::<Vec<_>>().join(", ")
    };
    let fallen = changes(Row::is_above, &old, &new);
    let risen = changes(|field, row, other| Row::is_above(field, other, row), &old, &new);
    if !risen.is_empty() {
        println!("better than {BASELINE}; WAQIA_BLESS=1 cargo test --test it seeds takes it over: {risen}");
    }
    assert!(fallen.is_empty(), "worse than {BASELINE} (WAQIA_BLESS=1 takes that over, if it is meant): {fallen}");
}

/// What is compared of a field.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    f1: f64,
    hits: u32,
}

impl Row {
    /// Whether the row is better than the other by more than is tolerated.
    fn is_above(field: &str, row: Self, other: Self) -> bool {
        if field.contains('.') { row.hits > other.hits + TOLERATED_HITS } else { row.f1 > other.f1 + TOLERANCE }
    }
}

/// Rows by field of a table as `Scores::table` prints it.
fn rows(table: &str) -> BTreeMap<String, Row> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name @ .., _, _, f1, hits, _, _] = words.as_slice() else { panic!("no row of a score table: {line}") };
        (name.join(" "), Row { f1: f1.parse().expect("a number"), hits: hits.parse().expect("a number") })
    };
    table.lines().skip(1).map(row).collect()
}

#[test]
fn every_span_says_what_stands_there() {
    for seed in seeds() {
        assert_eq!(spans::faults(&seed.record(), &seed.article.text), Vec::<String>::new(), "{}", seed.id());
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let bytes = |record: Record| serde_json::to_string(&record).expect("a record is JSON");
    for seed in seeds() {
        assert_eq!(bytes(seed.record()), bytes(seed.record()), "{}", seed.id());
    }
}

#[test]
fn any_form_of_a_text_is_read() {
    for seed in seeds() {
        let cut: String = seed.article.text.chars().take(seed.article.text.chars().count() * 2 / 3).collect();
        let backwards: String = seed.article.text.split(' ').rev().collect::<Vec<_>>().join(" ");
        for text in [
            seed.article.text.to_lowercase(),
            seed.article.text.to_uppercase(),
            cut,
            backwards,
            seed.article.text.replace(['“', '”', '.'], ""),
            seed.article.text.replace("\n\n", "\r\n"),
        ] {
            assert_eq!(spans::faults(&seed.record_of(&text), &text), Vec::<String>::new(), "{}", seed.id());
        }
    }
}

#[test]
fn no_text_with_an_incident_is_set_aside() {
    let (mut n_read, mut n_aside) = (0, 0);
    for seed in seeds() {
        let text = &seed.article.text;
        // Paragraphs and sentences alone, too: most of them have little that tells.
        let parts = text.split("\n\n").chain(text.split_inclusive(". ")).map(str::to_owned);
        for text in parts.chain([text.clone(), text.to_uppercase(), text.to_lowercase(), text.replace('\'', "’"), text.replace(' ', "\u{a0}")]) {
            let read = |incidents_only| {
                let input = Input { id: seed.id(), text: &text, published: seed.article.published, title: None };
                serde_json::to_value(extract(&input, lexicon(), &Options { incidents_only, ..Options::default() })).expect("a record is JSON")
            };
            let (whole, only) = (read(false), read(true));
            n_read += 1;
            if only["notes"].as_array().is_some_and(|notes| notes.iter().any(|n| n["code"] == "document.set_aside")) {
                n_aside += 1;
                assert_eq!(whole["incidents"], serde_json::json!([]), "{}: {text}", seed.id());
                assert_eq!(only["document"]["language"], "en");
            } else {
                assert_eq!(whole, only, "{}", seed.id());
            }
        }
    }
    assert!(n_aside * 6 > n_read, "{n_aside} of {n_read} were set aside");
}

#[test]
fn records_give_codes_that_exist() {
    let mut wrong = Vec::new();
    for seed in seeds() {
        codes(&serde_json::to_value(seed.record()).expect("a record is JSON"), "record", &mut |list, code| {
            if !is_code(list, code) {
                wrong.push(format!("{}: {code} is not in {list}", seed.id()));
            }
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn gold_is_sound() {
    let mut wrong = Vec::new();
    for seed in seeds() {
        let gold: Value = serde_json::from_str(&file(&seed.gold_file)).expect("gold is JSON");
        if gold["id"] != seed.id() {
            wrong.push(format!("{}: its id is {}", seed.gold_file, gold["id"]));
        }
        codes(&gold, "gold", &mut |list, code| {
            if !is_code(list, code) {
                wrong.push(format!("{}: {code} is not in {list}", seed.gold_file));
            }
        });
        texts(&gold, &mut |text| {
            if !seed.article.text.contains(text) {
                wrong.push(format!("{}: {text:?} does not occur", seed.gold_file));
            }
        });
        let n_incidents = gold["incidents"].as_array().map_or(0, Vec::len);
        for about in gold["statements"].as_array().into_iter().flatten().flat_map(|s| s["about"].as_array()).flatten() {
            if about.as_u64().is_none_or(|i| i as usize >= n_incidents) {
                wrong.push(format!("{}: there is no incident {about}", seed.gold_file));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Calls `check` with code list and code for every code in gold or a record; `parent` is the member that holds `value`.
fn codes(value: &Value, parent: &str, check: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| codes(item, parent, check)),
        Value::Object(members) => {
            for (member, value) in members {
                let list = match (parent, member.as_str()) {
                    ("incidents", "type" | "also") => "incident_types",
                    ("actors", "type") => "actor_types",
                    ("incidents", "certainty") => "certainty",
                    ("incidents", "attributes") => "incident_attributes",
                    ("participants", "role") => "participant_roles",
                    ("participants", "kind") => "participant_kinds",
                    ("participants", "target_type") => "target_types",
                    ("weapons", "kind") => "weapon_kinds",
                    ("statements", "kind") => "statement_kinds",
                    ("statements", "mode") => "statement_modes",
                    ("relations", "relation") => "actor_relations",
                    ("place", "precision") => "place_precision",
                    ("date" | "said_on" | "period", "precision") => "date_precision",
                    _ => {
                        codes(value, member, check);
                        continue;
                    }
                };
                strings(value, &mut |code| check(list, code));
            }
        }
        _ => {}
    }
}

/// Calls `check` with every text of gold that must occur in the document.
fn texts(value: &Value, check: &mut impl FnMut(&str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| texts(item, check)),
        Value::Object(members) => {
            for (member, value) in members {
                match member.as_str() {
                    "text" | "anchor" | "mentions" | "speaker" | "cue" | "content" | "site" => strings(value, check),
                    _ => texts(value, check),
                }
            }
        }
        _ => {}
    }
}

fn strings(value: &Value, check: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => check(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, check)),
        _ => {}
    }
}
