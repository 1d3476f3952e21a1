//! Who is said to have done it, where no frame has the doer: "was blamed on the Taliban", "the LTTE is suspected",
//! "it is believed that they are responsible", "the group claimed credit".

use super::class::classify;
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, Voice};
use crate::extract::clause::Clause;
use crate::text::Tag;

/// One accusation or claim.
#[derive(Clone, Debug)]
pub struct Blame {
    /// Noun groups of those who are said to have done it.
    pub whom: Vec<usize>,
    /// `suspected` or `claimant`.
    pub role: &'static str,
    /// The noun group of the act, where it is named.
    pub act: Option<usize>,
    /// The clause's verb token, for the order of telling.
    pub at: u32,
}

/// All accusations and claims of the text, in order.
pub fn find(a: &Analysis<'_>) -> Vec<Blame> {
    a.clauses.iter().filter_map(|clause| of_clause(a, clause)).filter(|b| !b.whom.is_empty()).collect()
}

fn of_clause(a: &Analysis<'_>, clause: &Clause) -> Option<Blame> {
    let verb = &a.verbs[clause.verb];
    if verb.negated {
        return None;
    }
    let passive = verb.voice == Voice::Passive;
    let phrase =
        |prepositions: &[&str]| clause.phrases.iter().find(|p| prepositions.contains(&a.doc.word(p.preposition))).map(|p| p.nouns.clone()).unwrap_or_default();
    let affected = if passive { &clause.subject } else { &clause.object };
    let first_act = |nouns: &[usize]| nouns.iter().copied().find(|&n| is_act(a, n));
    let blame = |whom: &[usize], act: Option<usize>| Some(Blame { whom: doers(a, whom), role: "suspected", act, at: verb.tokens.start });
    match a.doc.lemma(verb.head) {
        "blame" | "pin" => match (first_act(affected), phrase(&["on", "upon"])) {
            (act @ Some(_), on) if !on.is_empty() => blame(&on, act),
            _ => {
                let what = phrase(&["for", "over"]);
                (what.is_empty() || first_act(&what).is_some()).then(|| blame(affected, first_act(&what)))?
            }
        },
        "attribute" | "trace" => first_act(affected).and_then(|act| blame(&phrase(&["to"]), Some(act))),
        "suspect" => blame(affected, first_act(&phrase(&["of", "in", "for", "behind"]))),
        "accuse" => {
            let act = first_act(&phrase(&["of"])).or_else(|| carried_out(a, clause));
            act.and_then(|act| blame(affected, Some(act)))
        }
        "believe" | "think" | "know" | "presume" | "say" if passive => believed(a, clause),
        "be" if work_of(a, verb.tokens.end as usize).is_some() && first_act(&clause.subject).is_some() => {
            blame(&work_of(a, verb.tokens.end as usize).into_iter().collect::<Vec<_>>(), first_act(&clause.subject))
        }
        "be" => responsible(a, clause, verb.tokens.end as usize).and_then(|act| blame(&clause.subject, act)),
        "claim" | "take" | "accept" | "assume" | "own" => claimed(a, clause),
        _ => None,
    }
}

/// Whether the noun group names an act of violence, or points back to one ("the attack", "the incident", "both attacks", "it").
fn is_act(a: &Analysis<'_>, noun: usize) -> bool {
    classify(a, noun).event
        || matches!(a.doc.lemma(a.nouns[noun].head), "incident" | "act" | "violence" | "crime" | "operation" | "death" | "explosion" | "abduction" | "deed")
}

/// Of the noun groups those who can do such a thing: people and organisations, no victims' pronouns, nobody that does not exist.
fn doers(a: &Analysis<'_>, nouns: &[usize]) -> Vec<usize> {
    let fits = |&n: &usize| {
        let class = classify(a, n);
        let group = &a.nouns[n];
        let nobody = group.determiner == Determiner::Negative || matches!(a.doc.word(group.head), "one" | "none" | "nobody" | "everyone");
        class.human()
            && !class.number_only
            && !nobody
            && !class.event
            && (class.actor.is_some() || class.people.is_some() || class.person || class.organisation || class.proper)
    };
    nouns.iter().copied().filter(fits).collect()
}

/// "accused X of carrying out the attack": the object of the gerund.
fn carried_out(a: &Analysis<'_>, clause: &Clause) -> Option<usize> {
    let next = a.clauses.get(clause.verb + 1).filter(|c| a.verbs[c.verb].tokens.start as usize <= clause.end + 1)?;
    let carries = matches!(
        a.doc.lemma(a.verbs[next.verb].head),
        "carry" | "launch" | "conduct" | "perpetrate" | "stage" | "commit" | "orchestrate" | "plan" | "mastermind"
    );
    next.object.iter().copied().find(|&n| carries && is_act(a, n))
}

/// "X is believed to be responsible", "the attackers were believed to be members of X"
fn believed(a: &Analysis<'_>, clause: &Clause) -> Option<Blame> {
    let verb = &a.verbs[clause.verb];
    let end = a.doc.sentences()[verb.sentence].end as usize;
    let from = verb.tokens.end as usize;
    let make = |whom: Vec<usize>, act| Some(Blame { whom, role: "suspected", act, at: verb.tokens.start });
    if let Some(act) = responsible(a, clause, from) {
        return make(doers(a, &clause.subject), act);
    }
    let attackers = clause.subject.iter().any(|&n| {
        classify(a, n).militant(a)
            || matches!(a.doc.word(a.nouns[n].head), "they" | "he" | "she" | "attackers" | "assailants" | "perpetrators" | "culprits" | "who")
    }) || clause.relative;
    let member = (from..end.min(from + 8)).find(|&i| {
        matches!(a.doc.word(i), "members" | "member" | "militants" | "rebels" | "cadres" | "belong" | "part" | "affiliated" | "linked" | "terrorists" | "from")
    })?;
    let whom = (member + 1..end.min(member + 6)).find_map(|i| a.noun_at(i).filter(|&n| a.nouns[n].head >= i))?;
    attackers.then(|| make(doers(a, &[whom]), None))?
}

/// "responsible for the attack", "behind the bombings", "involved in the killing", "the prime suspect" right after token `from`;
/// the act where it is named. `None` where nothing of the kind follows.
fn responsible(a: &Analysis<'_>, clause: &Clause, from: usize) -> Option<Option<usize>> {
    let end = a.doc.sentences()[a.verbs[clause.verb].sentence].end as usize;
    let word = (from..end.min(from + 8))
        .take_while(|&i| !a.doc.tag(i).is_punctuation() && a.doc.tag(i) != Tag::CC)
        .find(|&i| matches!(a.doc.word(i), "responsible" | "behind" | "involved" | "suspect" | "suspects" | "culprits"))?;
    // "not responsible", "behind schedule", "responsible for security"
    let act = (word + 1..end.min(word + 5)).find_map(|i| a.noun_at(i));
    let about_act = act.is_none_or(|n| is_act(a, n) || matches!(a.doc.word(a.nouns[n].head), "it" | "this" | "them"));
    about_act.then_some(act.filter(|&n| is_act(a, n)))
}

/// "the work of the Extraditables", "the handiwork of a gang": whose.
fn work_of(a: &Analysis<'_>, from: usize) -> Option<usize> {
    let work = (from..from + 4).find(|&i| matches!(a.doc.word(i), "work" | "handiwork" | "doing"))?;
    (a.doc.word(work + 1) == "of").then(|| a.noun_at(work + 2)).flatten()
}

/// "claimed responsibility for the attack", "took credit", "claimed the attack"
fn claimed(a: &Analysis<'_>, clause: &Clause) -> Option<Blame> {
    let verb = &a.verbs[clause.verb];
    let lemma = a.doc.lemma(verb.head);
    let passive = verb.voice == Voice::Passive;
    let what = if passive { &clause.subject } else { &clause.object };
    let credit = what.iter().any(|&n| matches!(a.doc.word(a.nouns[n].head), "responsibility" | "credit"));
    let act = what.iter().copied().find(|&n| lemma == "claim" && classify(a, n).event);
    if !credit && act.is_none() {
        return None;
    }
    let who: Vec<usize> = if passive { clause.by_agent(a).collect() } else { clause.subject.clone() };
    let of = |preposition: &str| clause.phrases.iter().find(|p| a.doc.word(p.preposition) == preposition).and_then(|p| p.nouns.first().copied());
    let act = act.or_else(|| of("for").filter(|&n| is_act(a, n)));
    Some(Blame { whom: doers(a, &who), role: "claimant", act, at: verb.tokens.start })
}
