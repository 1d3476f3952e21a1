//! Codebooks on whole records: what is left out is told, what points into the incidents still does, and nobody who does not ask is concerned.

use crate::lexicon::{is_code, lexicon};
use crate::source::{file, files_under};
use waqia::codebook::{LEFT_OUT, Scorer, apply};
use waqia::eval::spans::faults;
use waqia::extract::{Input, Options, extract};
use waqia::lexicon::codebooks::is_below;
use waqia::lexicon::codes::Codes;
use waqia::lexicon::source::Source;
use waqia::model::Record;

const TEXT: &str = "Gunmen killed two policemen in Quetta on Monday. Police arrested three suspects in Pishin on Tuesday. The Baloch Liberation Army claimed \
    responsibility for the attack in Quetta. A bomb wounded a trader in Khuzdar on Sunday. Police said that they had arrested the three suspects in Pishin.";

fn read(text: &str) -> Record {
    let published = Some(jiff::civil::date(2013, 6, 12));
    extract(&Input { id: "t", text, published, title: None }, lexicon(), &Options::default())
}

fn chosen(text: &str, codebook: &str, scorer: Option<&Scorer>) -> Record {
    let mut record = read(text);
    apply(&mut record, text, lexicon().codebooks.get(codebook).expect("the codebook is there"), scorer);
    record
}

fn kinds(record: &Record) -> Vec<&str> {
    record.incidents.iter().map(|i| i.kind.as_str()).collect()
}

fn as_json(record: &Record) -> String {
    serde_json::to_string(record).expect("a record is JSON")
}

#[test]
fn the_default_changes_no_byte() {
    let scorer = Scorer::embedded().expect("the weights can be unpacked");
    assert_eq!(as_json(&chosen(TEXT, "all", Some(&scorer))), as_json(&read(TEXT)));
    assert!(!as_json(&read(TEXT)).contains("relevance"));
}

#[test]
fn what_is_left_out_is_told_and_nothing_dangles() {
    let whole = read(TEXT);
    let record = chosen(TEXT, "gtd", None);
    assert!(kinds(&whole).contains(&"counter.arrest") && !kinds(&record).contains(&"counter.arrest"), "{:?} {:?}", kinds(&whole), kinds(&record));
    assert!(!record.incidents.is_empty());
    let n_out = whole.incidents.len() - record.incidents.len();
    let notes: Vec<_> = record.notes.iter().filter(|n| n.code == LEFT_OUT).collect();
    assert!(
        matches!(&notes[..], [note] if note.text.contains(&format!("{n_out} of {}", whole.incidents.len())) && note.text.contains("counter.arrest (type)")),
        "{notes:?}"
    );
    assert!(whole.statements.iter().any(|s| !s.about.is_empty()));
    for (before, after) in whole.statements.iter().zip(&record.statements) {
        let summaries = |r: &Record, about: &[u32]| about.iter().map(|&i| r.incidents[i as usize].clone()).collect::<Vec<_>>();
        let kept: Vec<_> = summaries(&whole, &before.about).into_iter().filter(|i| record.incidents.contains(i)).collect();
        assert_eq!(summaries(&record, &after.about), kept, "statements keep pointing to the same incidents");
    }
    assert_eq!(faults(&record, TEXT), Vec::<String>::new());
}

#[test]
fn no_codebook_breaks_a_record() {
    let scorer = Scorer::embedded().expect("the weights can be unpacked");
    let mut n_left_out = 0;
    for path in files_under("seeds", &[".md"]) {
        let text = file(&path);
        let whole = read(&text);
        for book in lexicon().codebooks.iter() {
            let mut record = whole.clone();
            apply(&mut record, &text, book, Some(&scorer));
            n_left_out += whole.incidents.len() - record.incidents.len();
            assert_eq!(faults(&record, &text), Vec::<String>::new(), "{} {}", path.display(), book.id);
            assert!(record.statements.iter().flat_map(|s| &s.about).all(|&i| (i as usize) < record.incidents.len()), "{} {}", path.display(), book.id);
            assert_eq!(record.notes.iter().any(|n| n.code == LEFT_OUT), record.incidents.len() < whole.incidents.len());
            let mut again = record.clone();
            again.notes.retain(|n| n.code != LEFT_OUT);
            let once = again.clone();
            apply(&mut again, &text, book, None);
            assert_eq!(again, once, "what was chosen by the criteria is chosen by them again");
        }
    }
    assert!(n_left_out > 50, "only {n_left_out}");
}

#[test]
fn the_note_is_explained() {
    assert!(file("docs/RECORD.md").contains(&format!("| `{LEFT_OUT}` |")));
}

#[test]
fn deaths_and_perpetrators_count() {
    assert_eq!(chosen("A bomb wounded a trader in Khuzdar on Sunday.", "ucdp", None).incidents.len(), 0);
    assert_eq!(chosen("A bomb killed a trader in Khuzdar on Sunday.", "ucdp", None).incidents.len(), 1);
    let by_police = chosen("Police shot dead two robbers in Lahore on Monday.", "gtd", None);
    assert!(by_police.incidents.is_empty() && by_police.notes.iter().any(|n| n.text.contains("(perpetrators)")), "{:?}", by_police.notes);
    assert_eq!(chosen("Two traders were shot dead in Lahore on Monday.", "gtd", None).incidents.len(), 1, "unknown perpetrators are no states");
}

#[test]
fn the_learned_relevance_scores_what_it_keeps() {
    let scorer = Scorer::embedded().expect("the weights can be unpacked");
    let texts = lexicon().codebooks.get("attacks").expect("it is there").matches.iter();
    for text in texts {
        let record = chosen(text, "attacks", Some(&scorer));
        assert!(record.incidents.iter().all(|i| i.relevance.is_some_and(|r| (0.0..=1.0).contains(&r))), "{:?}", record.incidents);
        let rules = chosen(text, "attacks", None);
        assert!(rules.incidents.iter().all(|i| i.relevance.is_none()) && rules.incidents.len() >= record.incidents.len());
    }
    let nothing = chosen("The sun rose over the lake.", "attacks", Some(&scorer));
    assert!(nothing.incidents.is_empty() && nothing.notes.iter().all(|n| n.code != LEFT_OUT));
}

#[test]
fn codebooks_name_codes_that_exist() {
    let codes = Codes::load(&Source::embedded()).expect("the code lists load");
    let some = |list: &str, prefix: &String| codes.list(list).is_some_and(|l| l.codes.iter().any(|c| is_below(&c.code, std::slice::from_ref(prefix))));
    for book in lexicon().codebooks.iter() {
        assert!(book.types.iter().all(|t| some("incident_types", t)), "{}", book.id);
        assert!(book.excluded_perpetrators.iter().all(|t| some("actor_types", t)), "{}", book.id);
        assert!(book.certainties.iter().all(|c| is_code("certainty", c)), "{}", book.id);
        assert!(book.excluded_attributes.iter().all(|a| is_code("incident_attributes", a)), "{}", book.id);
        assert!(is_code("codebooks", &book.id));
    }
}

#[cfg(feature = "server")]
mod server {
    use crate::support::{Server, shared};
    use serde_json::{Value, json};
    use std::process::Command;

    const ARREST: &str = "Police arrested three suspected militants in Quetta on Monday and recovered a pistol from them.";

    #[test]
    fn the_api_takes_a_codebook() {
        let ask = |query: &str| shared().post(&format!("/v1/extract{query}"), "text/plain", ARREST);
        let all = ask("").json();
        assert_eq!(ask("?codebook=all").json(), all);
        assert!(!all["incidents"].as_array().unwrap().is_empty());
        for name in ["gtd", "attacks"] {
            let record = ask(&format!("?codebook={name}")).json();
            assert_eq!(record["incidents"], json!([]));
            assert!(record["notes"].as_array().unwrap().iter().any(|n| n["code"] == "codebook.left_out"), "{record}");
        }
        let problem = ask("?codebook=gdt").problem();
        assert_eq!(problem["code"], "invalid_parameter");
        assert_eq!(problem["errors"][0]["suggestion"], "gtd");
        assert!(problem["errors"][0]["allowed"].as_array().unwrap().contains(&json!("attacks")), "{problem}");
        let list = shared().json("/v1/codes/codebooks");
        assert!(list["data"].as_array().unwrap().iter().any(|c| c["code"] == "ucdp" && c["description"].as_str().unwrap().contains("25 deaths")), "{list}");
    }

    #[test]
    fn without_models_the_written_criteria_hold_alone() {
        let server = Server::start(&["--no-models", "--seeds", "none"]);
        let text = "Gunmen killed two policemen in Quetta on Monday.";
        let record = server.post("/v1/extract?codebook=attacks", "text/plain", text).json();
        assert!(record["incidents"][0].is_object() && record["incidents"][0]["relevance"].is_null(), "{record}");
    }

    fn waqia(arguments: &[&str]) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_waqia")).args(arguments).env_clear().output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    #[test]
    fn relevance_is_trained_measured_and_the_same_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        let towns = ["Quetta", "Hangu", "Bannu", "Swat", "Kupwara", "Imphal", "Gaya", "Khost", "Herat", "Ghazni"];
        let line = |n: usize| {
            let town = towns[n % 10];
            let kind = n % 3;
            let (text, labels) = match kind {
                0 => (format!("On day {n} gunmen ambushed a police van in {town} and killed two policemen."), json!(["armed_assault"])),
                1 => (format!("In {town} police arrested {n} suspected militants on Monday."), Value::Null),
                _ => (format!("Soldiers killed two militants in an old fight in {town}, a court heard for {n} days."), Value::Null),
            };
            json!({ "id": format!("d{n}"), "text": text, "relevant": kind == 0, "labels": labels }).to_string()
        };
        std::fs::write(path("gold.jsonl"), (0..90).map(line).collect::<Vec<_>>().join("\n")).unwrap();
        let run = |out: &str| waqia(&["train", "relevance", &path("gold.jsonl"), "--out", &path(out), "--folds", "3", "--out-of-fold", &path("oof.ndjson")]);
        let (ok, out, err) = run("a.bin");
        assert!(ok, "{err}");
        assert_eq!(out.lines().filter(|l| l.starts_with("relevance ")).count(), 2, "{out}");
        let f1 = |line: &str| line.split("F1").nth(1).and_then(|l| l.trim().split(' ').next()?.parse::<f64>().ok()).unwrap();
        assert!(out.lines().filter(|l| l.starts_with("relevance ")).all(|l| f1(l) > 95.0), "{out}");
        let records: Vec<Value> = std::fs::read_to_string(path("oof.ndjson")).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(records.len(), 90);
        assert!(records.iter().enumerate().all(|(n, r)| r["id"] == format!("d{n}")), "the order of the input");
        assert!(run("b.bin").0);
        assert_eq!(std::fs::read(path("a.bin")).unwrap(), std::fs::read(path("b.bin")).unwrap(), "the same texts give the same bytes");
        std::fs::write(path("bad.jsonl"), "{\"id\":\"x\",\"text\":\"y\"}\n").unwrap();
        let (ok, _, err) = waqia(&["train", "relevance", &path("bad.jsonl"), "--out", &path("c.bin")]);
        assert!(!ok && err.contains("line 1"), "{err}");
    }

    #[test]
    fn the_command_takes_a_codebook() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        std::fs::write(&file, ARREST).unwrap();
        let file = file.to_str().unwrap();
        let (ok, out, err) = waqia(&["extract", "--codebook", "attacks", file]);
        let record: Value = serde_json::from_str(&out).unwrap();
        assert!(ok && record["incidents"] == json!([]) && record["notes"][0]["code"] == "codebook.left_out", "{out} {err}");
        let (ok, all, _) = waqia(&["extract", "--codebook", "all", file]);
        assert!(ok && all == waqia(&["extract", file]).1, "the default is all");
        let (ok, _, err) = waqia(&["extract", "--codebook", "ucpd", file]);
        assert!(!ok && err.contains("\"ucpd\"") && err.contains("all, acled, gtd, ucdp, attacks"), "{err}");
    }
}
