//! The data files: each entry is found where it must be and not where it must not, and every code that an entry gives is on its list.

use std::sync::LazyLock;
use waqia::eval::cases::run_all;
use waqia::lexicon::Lexicon;
use waqia::lexicon::codes::Codes;
use waqia::lexicon::source::Source;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::embedded().expect("the embedded lexicon loads"));
static CODES: LazyLock<Codes> = LazyLock::new(|| Codes::load(&Source::embedded()).expect("the embedded code lists load"));

/// The embedded lexicon, loaded once for all tests.
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// Whether the code list has the code.
#[track_caller]
pub fn is_code(list: &str, code: &str) -> bool {
    let list = CODES.list(list).unwrap_or_else(|| panic!("there is no code list {list}"));
    list.codes.iter().any(|c| c.code == code)
}

#[test]
fn entries_defend_themselves() {
    let (n_cases, failures) = run_all(lexicon());
    let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
    println!("{} of {n_cases} cases fail\n{}", failures.len(), lines.join("\n"));
    assert!(n_cases > 2000, "only {n_cases} cases");
    assert!(failures.is_empty(), "{} cases fail", failures.len());
}

#[test]
fn entries_give_codes_that_exist() {
    let mut wrong = Vec::new();
    let mut check = |entry: &str, list: &str, code: &str| {
        if !is_code(list, code) {
            wrong.push(format!("{entry}: {code} is not in codes/{list}.tsv"));
        }
    };
    for trigger in lexicon().triggers.iter() {
        check(&format!("trigger {}", trigger.id), "incident_types", &trigger.kind);
    }
    for actor in lexicon().actors.iter() {
        check(&actor.key, "actor_types", &actor.kind);
        for relation in &actor.relations {
            check(&actor.key, "actor_relations", &relation.relation);
        }
    }
    for cue in lexicon().realis.iter() {
        check(&cue.id, "certainty", &cue.certainty);
        if let Some(attribute) = &cue.attribute {
            check(&cue.id, "incident_attributes", attribute);
        }
    }
    for cue in lexicon().cues.iter() {
        check(&cue.words.join(" "), "statement_kinds", cue.kind);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn relations_name_actors_that_exist() {
    let keys = |key: &Option<String>| key.as_deref().is_none_or(|key| lexicon().actors.by_key(key).is_some());
    let wrong: Vec<String> = lexicon()
        .actors
        .iter()
        .flat_map(|a| a.relations.iter().filter(|r| !keys(&r.subject) || !keys(&r.object)).map(|r| format!("{}: {r:?}", a.key)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
