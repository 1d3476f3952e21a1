//! The cases that lexicon entries carry: each entry is found in its `matches` and not in its `rejects`.

use crate::extract::{Analysis, Input, Options, run};
use crate::lexicon::Lexicon;
use crate::lexicon::trie::Entry;
use crate::model::Record;

/// A case that did not come out as its entry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Kind and name of the entry ("trigger kill").
    pub entry: String,
    /// What was expected and what came.
    pub problem: String,
    /// The text.
    pub text: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} in \"{}\"", self.entry, self.problem, self.text)
    }
}

/// Runs every case of the lexicon; returns how many there are and those that failed.
pub fn run_all(lexicon: &Lexicon) -> (usize, Vec<Failure>) {
    let mut n_cases = 0;
    let mut failures = Vec::new();
    let mut check = |entry: String, text: &str, problem: Option<String>| {
        n_cases += 1;
        if let Some(problem) = problem {
            failures.push(Failure { entry, problem, text: text.to_owned() });
        }
    };
    for trigger in lexicon.triggers.iter() {
        let entry = format!("trigger {}", trigger.id);
        for text in &trigger.matches {
            let record = read(lexicon, text);
            let rule = format!("trigger.{}", trigger.id);
            let fired = record.incidents.iter().any(|i| i.evidence.iter().any(|e| e.rule == rule));
            check(entry.clone(), text, (!fired).then(|| format!("no incident by this rule, but {}", kinds(&record))));
        }
        for text in &trigger.rejects {
            let record = read(lexicon, text);
            check(entry.clone(), text, (!record.incidents.is_empty()).then(|| format!("an incident where none is: {}", kinds(&record))));
        }
    }
    for actor in lexicon.actors.iter() {
        let entry = format!("actor {}", actor.key);
        for (texts, wanted) in [(&actor.matches, true), (&actor.rejects, false)] {
            for text in texts {
                let found = finds_actor(lexicon, text, &actor.key);
                check(entry.clone(), text, (found != wanted).then(|| if wanted { "not found".to_owned() } else { "found where it is not meant".to_owned() }));
            }
        }
    }
    for cue in lexicon.realis.iter() {
        for text in &cue.matches {
            let record = read(lexicon, text);
            let asserted =
                record.incidents.iter().any(|i| i.certainty == "reported" && !i.background && !i.attributes.iter().any(|x| x == "attempted" || x == "foiled"));
            check(format!("realis {}", cue.id), text, asserted.then(|| format!("told as a plain fact: {}", kinds(&record))));
        }
    }
    (n_cases, failures)
}

fn read(lexicon: &Lexicon, text: &str) -> Record {
    let published = jiff::civil::date(2023, 6, 15);
    crate::extract::extract(&Input { id: "case", text, published: Some(published), title: None }, lexicon, &Options::default())
}

fn kinds(record: &Record) -> String {
    if record.incidents.is_empty() {
        return "none at all".to_owned();
    }
    record.incidents.iter().map(|i| format!("{} ({})", i.kind, i.evidence.first().map_or("", |e| &e.rule))).collect::<Vec<_>>().join(", ")
}

fn finds_actor(lexicon: &Lexicon, text: &str, key: &str) -> bool {
    let input = Input { id: "case", text, published: None, title: None };
    let options = Options::default();
    let mut a = Analysis::new(&input, lexicon, &options);
    run(&mut a);
    let is = |index: u32| lexicon.actors.get(index).is_some_and(|x| x.key == key);
    let by_entity = a.entities.iter().any(|e| e.actor.is_some_and(is) || e.candidates.iter().any(|&c| is(c)));
    // Until a text's actors are resolved a bare hit of the matcher counts.
    by_entity || a.entities.is_empty() && a.hits.iter().any(|h| matches!(h.entry, Entry::Actor(i) if is(i)))
}
