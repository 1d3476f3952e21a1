//! Spellings of actors' names in sentences, and sentences with what only looks like an actor: `lexicon/cases/aliases.tsv`, `lookalikes.tsv`.

use super::cases::Failure;
use crate::extract::{Analysis, Input, Options, run};
use crate::lexicon::Lexicon;
use crate::lexicon::source::{Source, rows};

/// Sentences for organisations; `{}` is the name.
const ORGANISATION_FRAMES: &[&str] = &[
    "{} claimed responsibility for the attack in a message to reporters.",
    "A spokesman for {} denied any role in the bombing.",
    "Police blamed {} for the killing of two officers in Quetta on Monday.",
    "Four men linked to {} were arrested in Karachi, officials said.",
    "The government has banned {} under its anti-terrorism law.",
    "Security forces killed a commander of {} in a raid near the border.",
    "According to {}, twelve men died in the operation.",
    "“We will answer this,” said a statement issued by {} late on Tuesday.",
    "Talks between the government and {} broke down last week.",
    "Two members of {} surrendered to the police in March.",
    "In a letter to the newspaper, {} called the charge baseless.",
    "Supporters of {} rallied outside the court.",
    "Officials said that fighters of {} had crossed the frontier at night.",
    "It was {} that sent the bombers, the report says.",
    "The convoy was attacked by {}, which has operated in the province since 2010.",
    "No group has owned the blast, but suspicion fell on {} within hours.",
];

/// Sentences for persons.
const PERSON_FRAMES: &[&str] = &[
    "{} was killed in a drone strike in 2013, officials said.",
    "The group is led by {}, who has not been seen in public for years.",
    "In a recorded message {} told his followers to lay down their arms.",
    "Police said that {} had planned the attack.",
    "Washington offered a reward for information on {}.",
    "“We reject the charge,” said {}.",
    "A court in Lahore ordered the arrest of {} on Monday.",
    "{}’s deputy was arrested in Karachi.",
    "According to {}, the talks will go on.",
    "Fighters loyal to {} clashed with troops near Wana.",
    "The men were sent by {}, investigators believe.",
    "Reporters met {} in a village near the border.",
    "The letter, signed by {}, was sent to elders in the valley.",
    "Neither side knows where {} is hiding.",
];

/// Puts each spelling of `aliases.tsv` into sentences; returns how many sentences there are and those in which it did not resolve to its actor.
pub fn run_aliases(lexicon: &Lexicon, source: &Source) -> (usize, Vec<Failure>) {
    let mut n_cases = 0;
    let mut failures = Vec::new();
    for (number, (_, row)) in rows(source.get("cases/aliases.tsv").unwrap_or("")).enumerate() {
        let [spelling, key] = row[..] else { continue };
        let person = lexicon.actors.by_key(key).is_some_and(|(_, actor)| actor.kind.starts_with("person."));
        let frames = if person { PERSON_FRAMES } else { ORGANISATION_FRAMES };
        // Three sentences each: all frames take their turn.
        for turn in 0..3 {
            let text = capitalised(&frames[(number + turn * 5) % frames.len()].replace("{}", spelling));
            n_cases += 1;
            if !resolves(lexicon, &text, key) {
                failures.push(Failure { entry: format!("alias {spelling}"), problem: format!("does not resolve to {key}"), text });
            }
        }
    }
    (n_cases, failures)
}

/// Reads each sentence of `lookalikes.tsv`; returns how many there are and those in which its actor was found.
pub fn run_lookalikes(lexicon: &Lexicon, source: &Source) -> (usize, Vec<Failure>) {
    let mut n_cases = 0;
    let mut failures = Vec::new();
    for (_, row) in rows(source.get("cases/lookalikes.tsv").unwrap_or("")) {
        let [key, text] = row[..] else { continue };
        n_cases += 1;
        if resolves(lexicon, text, key) {
            failures.push(Failure { entry: format!("lookalike {key}"), problem: "is found".to_owned(), text: text.to_owned() });
        }
    }
    (n_cases, failures)
}

/// Whether some entity of the text is this actor, with no other candidate preferred.
fn resolves(lexicon: &Lexicon, text: &str, key: &str) -> bool {
    let input = Input { id: "case", text, ..Input::default() };
    let options = Options::default();
    let mut a = Analysis::new(&input, lexicon, &options);
    run(&mut a);
    let wanted = lexicon.actors.by_key(key).map(|(index, _)| index);
    a.entities.iter().any(|e| e.actor.is_some() && e.actor == wanted)
}

/// The sentence with a capital at its head.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((n_cases, failures): (usize, Vec<Failure>), least: usize) {
        let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
        assert!(n_cases >= least, "only {n_cases} cases");
        assert!(failures.is_empty(), "{} of {n_cases} fail\n{}", failures.len(), lines.join("\n"));
    }

    #[test]
    fn spellings_resolve_to_their_actors() {
        check(run_aliases(&Lexicon::embedded().expect("the embedded lexicon loads"), &Source::embedded()), 900);
    }

    #[test]
    fn lookalikes_are_no_actors() {
        check(run_lookalikes(&Lexicon::embedded().expect("the embedded lexicon loads"), &Source::embedded()), 100);
    }
}
