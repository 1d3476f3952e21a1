//! Acts that only a claim or an accusation tells: "villagers alleged that soldiers had killed two boys", "the rebels say that they shot him".

use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, VerbForm};
use crate::extract::intervals::Intervals;
use crate::text::TokenSpan;

/// Calls an incident alleged or claimed where all words that tell it stand in accusations and claims. What these take for granted ("blamed
/// them for the attack") the text itself asserts.
pub fn judge_told(a: &mut Analysis<'_>) {
    if !a.statements.iter().any(|s| matches!(s.kind, "claim" | "accusation")) {
        return;
    }
    let of = |kind: &str| {
        let contents = a.statements.iter().filter(|s| s.kind == kind).flat_map(|s| &s.content);
        Intervals::new(contents.map(|c| (c.start, c.end, ())))
    };
    let (claimed, alleged) = (of("claim"), of("accusation"));
    for n in 0..a.incidents.len() {
        let incident = &a.incidents[n];
        if incident.certainty != "reported" || incident.triggers.is_empty() {
            continue;
        }
        let inside = |contents: &Intervals<()>, tokens: TokenSpan| {
            let at = a.doc.span(tokens);
            contents.hold(at.start, at.end)
        };
        let all_in = |test: &dyn Fn(TokenSpan) -> bool| incident.triggers.iter().all(|t| test(t.0));
        let certainty = if all_in(&|t| inside(&claimed, t) && is_told(a, t, true)) {
            "claimed"
        } else if all_in(&|t| (inside(&alleged, t) || inside(&claimed, t)) && is_told(a, t, false)) {
            "alleged"
        } else {
            continue;
        };
        a.incidents[n].certainty = certainty;
    }
}

/// Whether the words tell an act rather than point to one told elsewhere: a verb, finite where asked for, or a noun without "the".
fn is_told(a: &Analysis<'_>, trigger: TokenSpan, finite: bool) -> bool {
    if let Some(v) = trigger.range().find_map(|i| a.verb_at(i)) {
        return !finite || matches!(a.verbs[v].form, VerbForm::Past | VerbForm::Present | VerbForm::Modal);
    }
    let noun = trigger.range().find_map(|i| a.noun_at(i));
    !finite && noun.is_some_and(|n| !matches!(a.nouns[n].determiner, Determiner::Definite | Determiner::Possessive))
}

#[cfg(test)]
mod tests {
    use crate::extract::{Input, Options, extract};
    use crate::lexicon::Lexicon;

    #[test]
    fn what_only_a_claim_or_an_accusation_tells_is_no_plain_fact() {
        let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
        for (text, expect) in [
            ("Villagers alleged that soldiers had killed two boys in Kupwara.", "alleged"),
            ("Villagers said that soldiers had killed two boys in Kupwara.", "alleged"),
            ("The Taliban claimed that they had killed four soldiers in Khost on Monday.", "claimed"),
            ("A bomb killed four soldiers in Khost on Monday. The Taliban said that they had planted the bomb.", "reported"),
            ("The minister blamed the Taliban for the attack on the school in Khost, which killed four.", "reported"),
            ("Soldiers killed two boys in Kupwara on Monday, police said.", "reported"),
        ] {
            let record = extract(&Input { id: "case", text, ..Input::default() }, &lexicon, &Options::default());
            let certainties: Vec<&str> = record.incidents.iter().map(|i| i.certainty.as_str()).collect();
            assert_eq!(certainties, [expect], "{text}");
        }
    }
}
