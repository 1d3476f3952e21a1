//! The engine over the documents of `seeds/`: how well it agrees with `seeds/gold/`, and what must hold of every record.

use crate::lexicon::{is_code, lexicon};
use crate::source::{file, files_under, root};
use serde_json::Value;
use std::collections::BTreeMap;
use waqia::eval::{Gold, Scores, score, spans};
use waqia::extract::{Input, Options, extract};
use waqia::model::Record;

/// One document with its gold.
struct Seed {
    id: String,
    title: String,
    published: jiff::civil::Date,
    body: String,
    gold_file: String,
}

fn seeds() -> Vec<Seed> {
    let seeds: Vec<Seed> = files_under("seeds", &[".md"])
        .iter()
        .filter(|p| !p.ends_with("README.md"))
        .map(|path| read(&file(path), &path.with_extension("").to_string_lossy()))
        .collect();
    assert!(seeds.len() >= 30, "only {} documents in seeds/", seeds.len());
    seeds
}

fn read(text: &str, path: &str) -> Seed {
    let (head, body) = text.strip_prefix("---\n").and_then(|t| t.split_once("\n---\n")).unwrap_or_else(|| panic!("{path} has no front matter"));
    let field = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_else(|| panic!("{path}: no {name}"));
    Seed {
        id: field("id").to_owned(),
        title: field("title").to_owned(),
        published: field("published").parse().expect("an ISO date"),
        body: body.trim().to_owned(),
        gold_file: format!("{}.json", path.replace("seeds/", "seeds/gold/")),
    }
}

impl Seed {
    fn record(&self) -> Record {
        self.record_of(&self.body)
    }

    fn record_of(&self, text: &str) -> Record {
        extract(&Input { id: &self.id, text, published: Some(self.published), title: Some(&self.title) }, lexicon(), &Options::default())
    }

    fn gold(&self) -> Gold {
        serde_json::from_str(&file(&self.gold_file)).unwrap_or_else(|e| panic!("{}: {e}", self.gold_file))
    }
}

/// A field may fall by so many points of F1 before the test fails.
const TOLERANCE: f64 = 0.5;

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
    let (old, new) = (f1_by_field(&file(BASELINE)), f1_by_field(&table));
    let now = |field: &String| new.get(field).copied().unwrap_or(0.0);
    let fallen: Vec<String> = old.iter().filter(|(f, f1)| now(f) < *f1 - TOLERANCE).map(|(f, f1)| format!("{f}: F1 {f1} → {}", now(f))).collect();
    let risen: Vec<String> = new.iter().filter(|(f, f1)| old.get(*f).is_none_or(|o| **f1 > o + TOLERANCE)).map(|(f, f1)| format!("{f}: {f1}")).collect();
    if !risen.is_empty() {
        println!("better than {BASELINE}; WAQIA_BLESS=1 cargo test --test it seeds takes it over: {}", risen.join(", "));
    }
    assert!(fallen.is_empty(), "worse than {BASELINE} (WAQIA_BLESS=1 takes that over, if it is meant): {}", fallen.join(", "));
}

/// F1 by field of a table as `Scores::table` prints it.
fn f1_by_field(table: &str) -> BTreeMap<String, f64> {
    table
        .lines()
        .skip(1)
        .map(|line| {
            let numbers: Vec<&str> = line.split_whitespace().rev().take(6).collect();
            let name = line[..line.find(numbers[5]).expect("the number is in the line")].trim();
            (name.to_owned(), numbers[3].parse().expect("a number"))
        })
        .collect()
}

#[test]
fn every_span_says_what_stands_there() {
    for seed in seeds() {
        assert_eq!(spans::faults(&seed.record(), &seed.body), Vec::<String>::new(), "{}", seed.id);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let bytes = |record: Record| serde_json::to_string(&record).expect("a record is JSON");
    for seed in seeds() {
        assert_eq!(bytes(seed.record()), bytes(seed.record()), "{}", seed.id);
    }
}

#[test]
fn any_form_of_a_text_is_read() {
    for seed in seeds() {
        let cut: String = seed.body.chars().take(seed.body.chars().count() * 2 / 3).collect();
        let backwards: String = seed.body.split(' ').rev().collect::<Vec<_>>().join(" ");
        for text in
            [seed.body.to_lowercase(), seed.body.to_uppercase(), cut, backwards, seed.body.replace(['“', '”', '.'], ""), seed.body.replace("\n\n", "\r\n")]
        {
            assert_eq!(spans::faults(&seed.record_of(&text), &text), Vec::<String>::new(), "{}", seed.id);
        }
    }
}

#[test]
fn records_give_codes_that_exist() {
    let mut wrong = Vec::new();
    for seed in seeds() {
        codes(&serde_json::to_value(seed.record()).expect("a record is JSON"), "record", &mut |list, code| {
            if !is_code(list, code) {
                wrong.push(format!("{}: {code} is not in {list}", seed.id));
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
        if gold["id"] != seed.id.as_str() {
            wrong.push(format!("{}: its id is {}", seed.gold_file, gold["id"]));
        }
        codes(&gold, "gold", &mut |list, code| {
            if !is_code(list, code) {
                wrong.push(format!("{}: {code} is not in {list}", seed.gold_file));
            }
        });
        texts(&gold, &mut |text| {
            if !seed.body.contains(text) {
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
