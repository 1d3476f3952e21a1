//! People by what they are: "three policemen", "a senior police official", "officials", "TTP militants".

use super::countries;
use super::draft::{Belongs, Draft, Drafts, Persons, Who};
use super::words::{hits_at, people_term_ending};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, MentionKind, NounGroup, VerbForm};
use crate::lexicon::terms::Term;
use crate::lexicon::trie::Entry;
use crate::text::{Shape, Tag, TokenSpan};

/// Finds them: noun groups whose head is a word for people.
pub(super) fn find(a: &Analysis<'_>, drafts: &mut Drafts) {
    let persons = drafts.persons();
    let bodies = Bodies::of(drafts);
    for group in &a.nouns {
        if let Some(draft) = of_named_body(a, drafts, group) {
            drafts.group(draft);
            continue;
        }
        if drafts.is_taken(group.head) || persons.has(group.head) {
            continue;
        }
        let start = without_determiner(a, group);
        let term = people_term_ending(a, group.tokens.start as usize, group.head + 1);
        let nation = nation(a, group.head);
        let Some(draft) =
            term.map(|(words, index, term)| of_term(a, drafts, group, start, words, index, term)).or_else(|| nation.map(|iso| of_nation(group, start, iso)))
        else {
            continue;
        };
        // "a spokesman for the group, Muhammad Khurasani, said": one man, whose name stands behind.
        if let Some(person) = named_behind(a, drafts, &persons, &draft) {
            let title = a.doc.text(TokenSpan::new(draft.tokens.start as usize, draft.phrase.end as usize)).to_owned();
            let named = &mut drafts.list[person];
            named.belongs = named.belongs.or(draft.belongs);
            if named.actor_type.is_empty() {
                let of_term = if a.doc.lemma(draft.head) == "suspect" { String::new() } else { draft.actor_type };
                named.actor_type = if of_term.starts_with("person.") { of_term } else { super::persons::actor_type("people", &of_term) };
            }
            if !named.titles.contains(&title) {
                named.titles.push(title);
            }
            // "its spokesman, Abu Umar": of the group spoken of.
            let start = draft.phrase.start as usize;
            if drafts.list[person].belongs.is_none() && matches!(a.doc.word(start), "its" | "their") {
                drafts.list[person].belongs = bodies.before(a, drafts, start);
            }
            continue;
        }
        drafts.group(draft);
    }
}

/// Groups named or described, by where they begin; "its" is asked for them.
struct Bodies(Vec<(u32, usize)>);

impl Bodies {
    fn of(drafts: &Drafts) -> Self {
        let is_body = |d: &Draft| matches!(d.kind, MentionKind::Organisation | MentionKind::Description) && !d.actor_type.starts_with("state.");
        let mut bodies: Vec<(u32, usize)> = (0..).zip(&drafts.list).filter(|(_, d)| is_body(d)).map(|(n, d)| (d.tokens.start, n)).collect();
        bodies.sort_unstable();
        Self(bodies)
    }

    /// The one that begins last before token `i` in its sentence or the one before.
    fn before(&self, a: &Analysis<'_>, drafts: &Drafts, i: usize) -> Option<Belongs> {
        let sentence = a.doc.sentence_of(i);
        let near = |token: usize| a.doc.sentence_of(token) + 1 >= sentence;
        let behind = self.0.partition_point(|&(start, _)| (start as usize) < i);
        let earlier = self.0[..behind].iter().rev().take_while(|(start, _)| near(*start as usize)).map(|&(_, n)| &drafts.list[n]);
        earlier.filter(|d| d.tokens.end as usize <= i && near(d.head)).map(|d| Belongs::To(d.tokens.start as usize)).next()
    }
}

/// "nine Afghan policemen", "two Maoist cadres": the lexicon's name of a body whose last word is people.
fn of_named_body(a: &Analysis<'_>, drafts: &Drafts, group: &NounGroup) -> Option<Draft> {
    let body = drafts
        .at(group.head)
        .map(|d| &drafts.list[d])
        .filter(|d| d.kind == MentionKind::Organisation && d.tokens.len() > 1 && d.tokens.end as usize == group.head + 1)?;
    let start = without_determiner(a, group);
    // "Indian troops" alone is the army.
    let (words, index, term) =
        people_term_ending(a, group.head, group.head + 1).filter(|(_, _, term)| !term.collective && start < body.tokens.start as usize)?;
    let mut draft = of_term(a, drafts, group, start, words, index, term);
    draft.belongs = Some(Belongs::To(body.tokens.start as usize));
    Some(draft)
}

/// First token behind determiners.
pub(super) fn without_determiner(a: &Analysis<'_>, group: &NounGroup) -> usize {
    let start = group.tokens.start as usize;
    (start..group.head)
        .find(|&i| !matches!(a.doc.tag(i), Tag::DT | Tag::PDT | Tag::PRPS | Tag::POS) && !a.doc.token(i).shape.has(Shape::PUNCTUATION))
        .unwrap_or(group.head)
}

fn of_term(a: &Analysis<'_>, drafts: &Drafts, group: &NounGroup, start: usize, words: TokenSpan, index: u32, term: &Term) -> Draft {
    let mut draft = Draft::new(TokenSpan::new(start, group.head + 1), MentionKind::People, Who::Unnamed);
    draft.head = group.head;
    draft.phrase = TokenSpan::new(group.tokens.start as usize, phrase_end(a, group));
    draft.term = Some(index);
    draft.count = group.count.map(|(_, count)| count);
    draft.country = demonym_in(a, group);
    draft.actor_type = kind_of(a, group, term);
    // "TTP militants", "Khan's men": a name inside, or behind "of".
    let inside = (group.tokens.start as usize..words.start as usize).find(|&i| drafts.is_taken(i));
    // "the TTP's spokesman"
    let before =
        draft.phrase.start.checked_sub(2).filter(|p| a.doc.tag(*p as usize + 1) == Tag::POS).and_then(|p| a.noun_at(p as usize)).map(|n| a.nouns[n].tokens);
    if let Some(possessor) = before {
        draft.phrase = TokenSpan::new(possessor.start as usize, draft.phrase.end as usize);
    }
    let inside = inside.or_else(|| before?.range().find(|&i| drafts.is_taken(i)));
    // Behind the head up to a verb: "members of the TTP", not "a delegation led by Qadri".
    let behind = (group.tokens.end as usize..draft.phrase.end as usize).take_while(|&i| a.verb_at(i).is_none()).find(|&i| drafts.is_taken(i));
    let owner = inside.or(behind);
    draft.belongs = owner.and_then(|i| drafts.at(i)).map(|d| Belongs::To(drafts.list[d].tokens.start as usize));
    draft
}

/// Actor type of people: a single official or a group of officials are persons, the government is one.
fn kind_of(a: &Analysis<'_>, group: &NounGroup, term: &Term) -> String {
    let official = matches!(
        a.doc.lemma(group.head),
        "official"
            | "minister"
            | "governor"
            | "officer"
            | "spokesman"
            | "spokeswoman"
            | "spokesperson"
            | "ambassador"
            | "diplomat"
            | "envoy"
            | "president"
            | "mayor"
    );
    if term.class == "politician" {
        return "people.politician".to_owned();
    }
    if term.class == "official" && !term.collective || official { "person.official".to_owned() } else { term.actor_type.clone() }
}

fn of_nation(group: &NounGroup, start: usize, iso: String) -> Draft {
    let mut draft = Draft::new(TokenSpan::new(start, group.head + 1), MentionKind::People, Who::Unnamed);
    draft.head = group.head;
    draft.phrase = group.tokens;
    draft.count = group.count.map(|(_, count)| count);
    draft.country = Some(iso);
    "people.civilians".clone_into(&mut draft.actor_type);
    draft
}

/// The country whose people the head names ("Afghans", "two Chinese").
fn nation(a: &Analysis<'_>, head: usize) -> Option<String> {
    let plural = matches!(a.doc.tag(head), Tag::NNS | Tag::NNPS) && a.doc.word(head).ends_with('s');
    hits_at(a, head).filter(|h| plural && h.tokens.len() == 1).find_map(|h| match h.entry {
        Entry::Demonym(index) => countries::of_demonym(a, index),
        _ => None,
    })
}

fn demonym_in(a: &Analysis<'_>, group: &NounGroup) -> Option<String> {
    group.tokens.range().find_map(|i| {
        hits_at(a, i).find_map(|h| match h.entry {
            Entry::Demonym(index) => countries::of_demonym(a, index),
            _ => None,
        })
    })
}

/// One past the noun phrase: "of …" behind it, and "to …" behind people who are sent.
fn phrase_end(a: &Analysis<'_>, group: &NounGroup) -> usize {
    let end = group.tokens.end as usize;
    let sent = matches!(a.doc.lemma(group.head), "delegation" | "envoy" | "ambassador" | "mission" | "adviser" | "advisor" | "aide");
    if let Some(verb) = verb_behind(a, group).or_else(|| restricted(a, group)) {
        return verb;
    }
    if let Some(end) = source_place(a, group) {
        return end;
    }
    let joins = a.doc.word(end) == "of" || sent && a.doc.word(end) == "to" || matches!(a.doc.word(end), "for") && a.doc.lemma(group.head).starts_with("spokes");
    if !joins {
        return end;
    }
    a.noun_at(end + 1).map_or(end, |n| a.nouns[n].tokens.end as usize)
}

/// Before its verb a noun phrase has all that stands between as its own: "a Pakistani intelligence official in Miramshah said".
fn verb_behind(a: &Analysis<'_>, group: &NounGroup) -> Option<usize> {
    let end = group.tokens.end as usize;
    let noun = a.noun_at(group.head)?;
    let clause = a
        .clauses_of(a.nouns[noun].sentence)
        .map(|(_, c)| c)
        .find(|c| c.subject.contains(&noun) && !c.relative && a.verbs[c.verb].tokens.start as usize >= end)?;
    let verb = a.verbs[clause.verb].tokens.start as usize;
    let preposition = matches!(a.doc.word(end), "of" | "in" | "from" | "for" | "at" | "near" | "with" | "to" | "speaking" | "familiar");
    let plain = |i: usize| {
        a.doc.tag(i).is_noun()
            || a.doc.tag(i).is_adjective()
            || matches!(a.doc.tag(i), Tag::IN | Tag::TO | Tag::DT | Tag::CD | Tag::Hyphen | Tag::POS | Tag::CC | Tag::PRPS | Tag::VBG)
    };
    let on_a_day = (end..verb).any(|i| super::words::is_date(a, i));
    (preposition && verb <= end + 9 && !on_a_day && (end..verb).all(plain)).then_some(verb)
}

/// Up to the main verb over a participle or relative clause without a comma: "militants coming from the hills | overran", "an official
/// speaking on condition of anonymity | dismissed", "kidnappers whose names were not known | had".
fn restricted(a: &Analysis<'_>, group: &NounGroup) -> Option<usize> {
    let end = group.tokens.end as usize;
    let relative = matches!(a.doc.tag(end), Tag::WP | Tag::WPS | Tag::WDT);
    let participle =
        a.verb_at(end).is_some_and(|v| matches!(a.verbs[v].form, VerbForm::Gerund | VerbForm::Participle) && a.verbs[v].tokens.start as usize == end);
    // Only a subject has its verb behind it.
    let before = (group.tokens.start as usize).checked_sub(1);
    let object = before.is_some_and(|b| {
        a.verb_at(b).is_some() || matches!(a.doc.tag(b), Tag::IN | Tag::TO) && a.doc.word(b) != "after" && a.doc.word(b) != "that" && a.doc.word(b) != "whereas"
    });
    let named = matches!(a.doc.word(end), "identified" | "named" | "called" | "known" | "dubbed");
    if !(relative || participle) || object || named {
        return None;
    }
    let mut inner = relative;
    let mut at = end;
    while at < end + 18 && at < a.doc.len() {
        if a.doc.word(at) == "what" || matches!(a.doc.tag(at), Tag::Comma | Tag::Stop | Tag::Colon | Tag::OpenQuote | Tag::CC) {
            return None;
        }
        if let Some(v) = a.verb_at(at) {
            let finite = matches!(a.verbs[v].form, VerbForm::Past | VerbForm::Present | VerbForm::Modal);
            if finite && !inner {
                return Some(a.verbs[v].tokens.start as usize);
            }
            inner &= !finite;
            at = a.verbs[v].tokens.end as usize;
            continue;
        }
        at += 1;
    }
    None
}

/// A source has its place with it: "said a police officer in Quetta", "according to officials in the district".
fn source_place(a: &Analysis<'_>, group: &NounGroup) -> Option<usize> {
    let (start, end) = (group.tokens.start as usize, group.tokens.end as usize);
    let said = start > 0 && super::words::speaks(a, start - 1) && a.doc.tag(start - 1).is_verb() && !matches!(a.doc.lemma(start - 1), "tell" | "ask" | "warn");
    if !said || !matches!(a.doc.word(end), "in" | "from" | "at" | "of") {
        return None;
    }
    let next = a.noun_at(end + 1).filter(|&n| a.nouns[n].tokens.start as usize == end + 1 && a.date_at(a.nouns[n].head).is_none())?;
    Some(a.nouns[next].tokens.end as usize)
}

/// The person whose name stands in apposition behind: comma, name, and a comma or verb.
fn named_behind(a: &Analysis<'_>, drafts: &Drafts, persons: &Persons, draft: &Draft) -> Option<usize> {
    let mut at = draft.phrase.end as usize;
    let quoted = usize::from(a.doc.tag(at) == Tag::CloseQuote);
    at += quoted;
    // "The man arrested for it, Noor Khan, had a bomb"
    let participle = a.verb_at(at).is_some_and(|v| a.verbs[v].form == VerbForm::Participle && a.verbs[v].tokens.start as usize == at);
    let named = matches!(a.doc.word(at), "identified" | "named" | "called");
    if participle && !named {
        at = (at..at + 8).find(|&i| a.doc.word(i) == "," || a.doc.tag(i) == Tag::Stop).filter(|&i| a.doc.word(i) == ",").unwrap_or(at);
    }
    let comma = a.doc.word(at) == ",";
    let one = !matches!(a.doc.tag(draft.head), Tag::NNS | Tag::NNPS) && draft.count.is_none_or(|c| c.figure() == Some(1));
    // "a commander, identified as Shakir Khan"
    let verb = at + usize::from(comma);
    let identified = match (a.doc.word(verb), a.doc.word(verb + 1)) {
        ("identified", "as") => Some(verb + 2),
        ("named" | "called", _) => Some(verb + 1),
        _ => None,
    };
    if let Some(from) = identified.filter(|_| one) {
        return persons.at(from);
    }
    let person = persons.at(at + usize::from(comma))?;
    let end = drafts.list[person].tokens.end as usize;
    let closed = matches!(a.doc.word(end), "," | "." | "(" | ";") || a.doc.tag(end).is_verb() || a.doc.tag(end) == Tag::MD;
    (comma && closed && one).then_some(person)
}

/// Whether a noun group is definite ("the gunmen", "these men").
pub(super) fn definite(a: &Analysis<'_>, head: usize) -> bool {
    a.noun_at(head).is_some_and(|n| matches!(a.nouns[n].determiner, Determiner::Definite))
}
