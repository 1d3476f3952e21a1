//! The cases that lexicon entries carry: each entry is found in its `matches` and not in its `rejects`.

use crate::codebook::{Scorer, apply};
use crate::extract::incident::frame::find_frames;
use crate::extract::{Analysis, Input, Options, run};
use crate::lexicon::Lexicon;
use crate::lexicon::trie::Entry;
use crate::model::Record;
use std::collections::BTreeSet;

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
    run_triggers(lexicon, &mut check);
    run_codebooks(lexicon, &mut check);
    for actor in lexicon.actors.iter() {
        let entry = format!("actor {}", actor.key);
        for (texts, wanted) in [(&actor.matches, true), (&actor.rejects, false)] {
            for text in texts {
                let found = finds_actor(lexicon, text, &actor.key, wanted);
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

/// The cases of codebooks, with the weights compiled in.
fn run_codebooks(lexicon: &Lexicon, check: &mut dyn FnMut(String, &str, Option<String>)) {
    let scorer = Scorer::embedded().ok();
    for codebook in lexicon.codebooks.iter() {
        let kept = |text: &String| {
            let mut record = read(lexicon, text);
            let told = !record.incidents.is_empty();
            apply(&mut record, text, codebook, scorer.as_ref());
            (told, record)
        };
        let entry = format!("codebook {}", codebook.id);
        for text in &codebook.matches {
            let (_, record) = kept(text);
            let why = || record.notes.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join("; ");
            check(entry.clone(), text, record.incidents.is_empty().then(|| format!("nothing is included: {}", why())));
        }
        for text in &codebook.rejects {
            let (told, record) = kept(text);
            let problem = if told { Some(format!("included: {}", kinds(&record))) } else { Some("tells of nothing anyhow".to_owned()) };
            check(entry.clone(), text, problem.filter(|_| !told || !record.incidents.is_empty()));
        }
    }
}

/// The cases of triggers and of the settings in which they tell of nothing.
fn run_triggers(lexicon: &Lexicon, check: &mut dyn FnMut(String, &str, Option<String>)) {
    let told = |record: &Record| (!record.incidents.is_empty()).then(|| format!("an incident where none is: {}", kinds(record)));
    for trigger in lexicon.triggers.iter() {
        let entry = format!("trigger {}", trigger.id);
        let rule = format!("trigger.{}", trigger.id);
        for text in &trigger.matches {
            let record = read(lexicon, text);
            let fired = record.incidents.iter().any(|i| i.evidence.iter().any(|e| e.rule == rule));
            check(entry.clone(), text, (!fired).then(|| format!("no incident by this rule, but {}", kinds(&record))));
        }
        for text in &trigger.rejects {
            check(entry.clone(), text, told(&read(lexicon, text)));
        }
    }
    for context in lexicon.contexts.iter() {
        for text in &context.rejects {
            check(format!("context {}", context.id), text, told(&read(lexicon, text)));
        }
    }
}

/// Verbs and nouns of triggers for which no text in `matches` of their entry has a frame: "id word".
pub fn uncovered_words(lexicon: &Lexicon) -> Vec<String> {
    let mut missing = Vec::new();
    for trigger in lexicon.triggers.iter() {
        let mut seen = BTreeSet::new();
        for text in &trigger.matches {
            let input = Input { id: "case", text, ..Input::default() };
            let options = Options::default();
            let mut a = Analysis::new(&input, lexicon, &options);
            run(&mut a);
            seen.extend(find_frames(&a).into_iter().filter(|f| f.trigger.id == trigger.id).map(|f| f.name));
        }
        // Nouns are found with blanks for hyphens.
        let words = trigger.verbs.iter().cloned().chain(trigger.nouns.iter().map(|n| n.replace('-', " ")));
        missing.extend(words.filter(|word| !seen.contains(word)).map(|word| format!("{} {word}", trigger.id)));
    }
    missing
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

/// Whether the text has the actor; where it only has to be known, its name as the matcher finds it will do for one who does nothing there.
fn finds_actor(lexicon: &Lexicon, text: &str, key: &str, by_name: bool) -> bool {
    let input = Input { id: "case", text, published: None, title: None };
    let options = Options::default();
    let mut a = Analysis::new(&input, lexicon, &options);
    run(&mut a);
    let is = |index: u32| lexicon.actors.get(index).is_some_and(|x| x.key == key);
    let by_entity = a.entities.iter().any(|e| e.actor.is_some_and(is) || e.candidates.iter().any(|&c| is(c)));
    by_entity || by_name && a.entities.is_empty() && a.hits.iter().any(|h| matches!(h.entry, Entry::Actor(i) if is(i)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        Lexicon::embedded().expect("the embedded lexicon loads")
    }

    #[test]
    fn triggers_fire_where_they_must_and_nowhere_else() {
        let mut n_cases = 0;
        let mut failures = Vec::new();
        run_triggers(&lexicon(), &mut |entry, text, problem| {
            n_cases += 1;
            failures.extend(problem.map(|problem| format!("{entry}: {problem} in \"{text}\"")));
        });
        assert!(n_cases > 1500, "only {n_cases} cases");
        assert!(failures.is_empty(), "{} of {n_cases} cases fail\n{}", failures.len(), failures.join("\n"));
    }

    #[test]
    fn no_case_with_a_frame_is_set_aside() {
        let lexicon = lexicon();
        let texts = lexicon.triggers.iter().flat_map(|t| t.matches.iter().chain(&t.rejects));
        let texts = texts.chain(lexicon.contexts.iter().flat_map(|c| &c.rejects)).chain(lexicon.realis.iter().flat_map(|r| &r.matches));
        let (whole, only) = (Options::default(), Options { incidents_only: true, ..Options::default() });
        for text in texts {
            for text in [text.clone(), text.to_uppercase(), text.replace('\'', "’"), text.replace('-', " - ")] {
                let input = Input { id: "case", text: &text, ..Input::default() };
                let mut a = Analysis::new(&input, &lexicon, &whole);
                run(&mut a);
                let told = a.language != "en" || !find_frames(&a).is_empty();
                let aside = Analysis::new(&input, &lexicon, &only).set_aside;
                assert!(!(told && aside), "set aside: \"{text}\"");
            }
        }
    }

    #[test]
    fn each_word_of_a_trigger_has_a_case() {
        let lexicon = lexicon();
        let missing = uncovered_words(&lexicon);
        assert!(missing.is_empty(), "no text in `matches` is found by: {}", missing.join(", "));
        let (n_verbs, n_nouns) = lexicon.triggers.counts();
        assert!(n_verbs >= 400 && n_nouns >= 150, "{n_verbs} verbs, {n_nouns} nouns");
    }
}
