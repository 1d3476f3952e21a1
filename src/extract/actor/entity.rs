//! From joined mentions to entities: name, kind, titles, affiliation.

use super::countries;
use super::draft::{Belongs, Draft, Who, around, starting_in};
use super::salience::{Role, roles};
use super::topic::Topic;
use super::words::{hits_at, speaks};
use crate::extract::Analysis;
use crate::extract::analysis::{Entity, Mention, MentionKind, VerbForm, Voice};
use crate::lexicon::trie::Entry;
use crate::text::{Tag, TokenSpan};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody in the making.
#[derive(Debug, Default)]
pub(super) struct Figure {
    /// Entry of the lexicon.
    pub actor: Option<u32>,
    /// Other entries of the same name.
    pub candidates: Vec<u32>,
    /// ISO code of a state without an entry.
    pub state: Option<String>,
    /// A person.
    pub person: bool,
    /// People or a group without a name.
    pub unnamed: bool,
    /// The police of a country.
    pub police: bool,
    /// Of a person, hashes of the words of each name in the text.
    pub names: Vec<Vec<u64>>,
    /// Where a person's names stand.
    pub starts: BTreeSet<u32>,
    /// Where its longest name stands, the first of equals.
    pub longest: Option<u32>,
    /// Its drafts, in order.
    pub drafts: Vec<usize>,
}

/// Mentions and entities of the text, entities in the order of their first mention.
pub(super) fn finish(a: &Analysis<'_>, topic: &Topic, drafts: &[Draft], figures: &[Figure], of: &[Option<usize>]) -> (Vec<Mention>, Vec<Entity>) {
    let roles = roles(a, drafts);
    let kept: Vec<bool> = figures.iter().map(|f| is_kept(a, drafts, f, &roles)).collect();
    let mut order: Vec<usize> = (0..figures.len()).filter(|&f| kept[f] && !figures[f].drafts.is_empty()).collect();
    order.sort_by_key(|&f| drafts[figures[f].drafts[0]].tokens.start);
    let mut places = vec![None; figures.len()];
    for (e, &f) in order.iter().enumerate() {
        places[f] = Some(e);
    }
    let index = |figure: usize| places[figure];
    let mentions: Vec<Mention> = drafts
        .iter()
        .zip(of)
        .map(|(d, figure)| Mention {
            tokens: d.tokens,
            phrase: d.phrase,
            head: d.head,
            kind: d.kind,
            term: d.term,
            count: d.count,
            country: d.country.clone(),
            entity: figure.and_then(index),
        })
        .collect();
    let by_actor: BTreeMap<u32, usize> = figures.iter().enumerate().rev().filter_map(|(f, figure)| Some((figure.actor?, f))).collect();
    let mut entities: Vec<Entity> = order.iter().map(|&f| entity(a, topic, drafts, &figures[f])).collect();
    for (e, &f) in order.iter().enumerate() {
        let stated = affiliation(a, drafts, &figures[f], of).or_else(|| known_affiliation(a, topic, &by_actor, &figures[f]));
        let owner = stated.and_then(index).filter(|&o| o != e);
        entities[e].affiliation = owner;
        let owner_kind = owner.map_or(String::new(), |o| entities[o].kind.clone());
        refine(a, &figures[f], drafts, &owner_kind, &mut entities[e]);
        if entities[e].candidates.is_empty() {
            entities[e].candidates = generic_office(a, &mentions, &entities[e]);
        }
    }
    (mentions, entities)
}

/// "Police", "the Armed Forces" of no country named: the entry that stands for such bodies in general.
fn generic_office(a: &Analysis<'_>, mentions: &[Mention], entity: &Entity) -> Vec<u32> {
    if entity.name.is_some() || entity.actor.is_some() || !entity.kind.starts_with("state.") {
        return Vec::new();
    }
    let Some(first) = entity.mentions.first().and_then(|&m| mentions.get(m)) else { return Vec::new() };
    let generic = |index: &u32| a.lexicon.actors.get(*index).is_some_and(|x| x.country.is_none() && x.kind == entity.kind);
    let named = hits_at(a, first.tokens.start as usize).filter(|h| h.tokens == first.tokens).filter_map(|h| match h.entry {
        Entry::Actor(index) => Some(index),
        _ => None,
    });
    named.filter(generic).take(1).collect()
}

/// Unnamed people become entities where they speak, and fighters and forces where they act; victims and crowds stay mentions.
fn is_kept(a: &Analysis<'_>, drafts: &[Draft], figure: &Figure, roles: &[Role]) -> bool {
    if !figure.unnamed {
        return true;
    }
    figure.drafts.iter().any(|&d| {
        let draft = &drafts[d];
        // "police" in "a senior police official said"
        let holder = around(drafts, draft.tokens.start as usize)
            .find(|(_, h)| draft.kind == MentionKind::Organisation && h.kind == MentionKind::People && h.tokens.contains(draft.tokens));
        if let Some((n, holder)) = holder {
            return roles[n] == Role::Subject && acts(a, holder) || is_source(a, holder);
        }
        let speaks = roles[d] == Role::Subject && says(a, draft) || is_source(a, draft);
        let of_group = |token: usize| starting_in(drafts, TokenSpan::one(token)).any(|(_, o)| o.actor_type.starts_with("armed."));
        let fights = draft.actor_type.starts_with("armed.") || matches!(draft.belongs, Some(Belongs::To(token)) if of_group(token));
        // "delegation" and "envoys" are sent; other people do much that makes no actor of them.
        let sent = matches!(a.doc.lemma(draft.head), "delegation" | "envoy" | "jirga" | "mission");
        draft.kind == MentionKind::Description || speaks || roles[d] == Role::Subject && (fights || sent || figure.police) && acts(a, draft)
    })
}

/// Whether the mention is the subject of a verb of speech.
fn says(a: &Analysis<'_>, draft: &Draft) -> bool {
    let Some(noun) = a.noun_at(draft.head) else { return false };
    // People who "think" or "call" are a crowd; who says, tells or claims is a source.
    let crowd = draft.actor_type.starts_with("people.");
    let verb = |lemma: &str| {
        !crowd
            || matches!(
                lemma,
                "say" | "tell" | "claim" | "add" | "report" | "accuse" | "demand" | "complain" | "recall" | "insist" | "deny" | "confirm" | "state"
            )
    };
    a.clauses_beside(noun).any(|c| {
        let head = a.verbs[c.verb].head;
        // "a man saying that …": of the nouns before a participle the nearest speaks.
        let near = a.verbs[c.verb].form != VerbForm::Gerund || a.nouns[noun].tokens.end == a.verbs[c.verb].tokens.start;
        // "“Six are wanted men,” said an officer": the verb stands outside the quotation.
        let outside = super::draft::quotation_between(a, draft.head, head);
        let puts_it = a.doc.lemma(head) == "put" && a.doc.word(head + 1) == "it";
        let speaks = |a: &Analysis<'_>, head: usize| puts_it || speaks(a, head);
        let verb = |lemma: &str| puts_it || verb(lemma);
        c.subject.contains(&noun) && near && !outside && speaks(a, head) && a.verbs[c.verb].voice == Voice::Active && verb(a.doc.lemma(head))
    })
}

/// Whether the mention is the subject of an active verb, or the agent of a passive one.
fn acts(a: &Analysis<'_>, draft: &Draft) -> bool {
    let Some(noun) = a.noun_at(draft.head) else { return false };
    a.clauses_beside(noun).any(|c| {
        let verb = &a.verbs[c.verb];
        let lemma = a.doc.lemma(verb.head);
        let suffers = matches!(
            lemma,
            "be" | "die" | "have" | "suffer" | "sustain" | "receive" | "lose" | "become" | "succumb" | "remain" | "seem" | "lie" | "live" | "belong" | "fall"
        );
        // "militants take advantage of the terrain" tells a habit.
        // "will move into camps" is yet to come.
        let goes_on = verb.tokens.len() > 1 && a.doc.tag(verb.head) == Tag::VBG;
        let habit = verb.form == VerbForm::Present && !verb.perfect && !goes_on && !speaks(a, verb.head)
            || matches!(verb.form, VerbForm::Gerund | VerbForm::Infinitive)
            || verb.modal.is_some_and(|m| a.doc.word(m) == "will");
        let active = verb.voice == Voice::Active && !suffers && !habit && c.subject.contains(&noun);
        active || c.by_agent(a).any(|n| n == noun)
    })
}

/// "according to officials", "said a police official".
fn is_source(a: &Analysis<'_>, draft: &Draft) -> bool {
    let start = draft.phrase.start as usize;
    let according = start >= 2 && a.doc.word(start - 1) == "to" && a.doc.word(start - 2) == "according";
    // "told reporters" has its hearers behind it, "said reporters" its speakers.
    let inverted = start >= 1
        && speaks(a, start - 1)
        && !matches!(a.doc.lemma(start - 1), "tell" | "inform" | "warn" | "urge" | "ask" | "accuse" | "blame" | "thank")
        && a.doc.tag(start - 1).is_verb()
        && start >= 2
        && (a.doc.tag(start - 2).is_punctuation() || a.doc.tag(start - 2) == Tag::CloseQuote);
    let behind = speaks(a, draft.phrase.end as usize) && a.doc.tag(draft.phrase.end as usize).is_verb();
    according || inverted || behind
}

fn entity(a: &Analysis<'_>, topic: &Topic, drafts: &[Draft], figure: &Figure) -> Entity {
    let own: Vec<&Draft> = figure.drafts.iter().map(|&d| &drafts[d]).collect();
    let entry = figure.actor.and_then(|x| a.lexicon.actors.get(x));
    let name = match (entry, &figure.state) {
        (Some(x), _) => Some(x.name.clone()),
        (None, Some(iso)) => countries::name(a, iso),
        (None, None) if figure.unnamed => None,
        (None, None) => longest_name(a, &own),
    };
    let description =
        if figure.police { Some("police".to_owned()) } else { figure.unnamed.then(|| own.first().map(|d| one_line(a.doc.text(described(a, d))))).flatten() };
    let kind = match (entry, &figure.state) {
        (Some(x), _) => x.kind.clone(),
        (None, Some(_)) => "state.government".to_owned(),
        (None, None) if figure.police => "state.police".to_owned(),
        (None, None) => own.iter().map(|d| d.actor_type.as_str()).find(|t| !t.is_empty()).unwrap_or("").to_owned(),
    };
    let country = entry.and_then(|x| x.country.clone()).or_else(|| figure.state.clone());
    let foreign = kind.starts_with("state.") && country.is_some_and(|iso| topic.is_marginal(&iso));
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let titles: Vec<String> = own.iter().flat_map(|d| &d.titles).filter(|title| seen.insert(title.as_str())).cloned().collect();
    Entity {
        name,
        actor: figure.actor,
        kind: if foreign { "external.foreign_state".to_owned() } else { kind },
        description,
        mentions: figure.drafts.clone(),
        titles,
        affiliation: None,
        candidates: if figure.candidates.is_empty() { Vec::new() } else { figure.actor.into_iter().chain(figure.candidates.iter().copied()).collect() },
        state: figure.state.clone(),
    }
}

/// The whole phrase of a group without a name, the noun phrase of people.
fn described(a: &Analysis<'_>, draft: &Draft) -> TokenSpan {
    let determined = draft.kind == MentionKind::People
        && matches!(a.doc.tag(draft.phrase.start as usize), Tag::DT | Tag::PRPS)
        && a.doc.tag(draft.phrase.start as usize + 1) != Tag::CD;
    TokenSpan::new(draft.phrase.start as usize + usize::from(determined && draft.phrase.len() > 1), draft.phrase.end as usize)
}

/// The longest name in the text; the first among equals.
fn longest_name(a: &Analysis<'_>, own: &[&Draft]) -> Option<String> {
    let longest = own.iter().filter(|d| d.who == Who::Name).rev().max_by_key(|d| d.tokens.len())?;
    Some(one_line(a.doc.text(longest.tokens)))
}

/// Line breaks inside a name become blanks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The figure that a figure belongs to.
fn affiliation(a: &Analysis<'_>, drafts: &[Draft], figure: &Figure, of: &[Option<usize>]) -> Option<usize> {
    let owner = |token: usize| {
        let covering = |d: &Draft| d.tokens.has(token) && d.kind != MentionKind::Pronoun && d.kind != MentionKind::Person;
        let best = around(drafts, token).filter(|(_, d)| covering(d)).min_by_key(|(_, d)| d.tokens.len())?;
        of[best.0]
    };
    let stated = figure.drafts.iter().find_map(|&d| match drafts[d].belongs {
        Some(Belongs::To(token)) => owner(token),
        None => None,
    });
    stated.or_else(|| {
        // "a senior police official" belongs to the police.
        let police = figure.drafts.iter().find_map(|&d| drafts[d].phrase.range().find(|&i| a.doc.word(i) == "police"))?;
        let is_body = |d: &Draft| d.tokens == TokenSpan::one(police) && d.kind == MentionKind::Organisation;
        let (body, _) = starting_in(drafts, TokenSpan::one(police)).find(|(_, d)| is_body(d))?;
        of[body].filter(|_| !figure.police)
    })
}

/// The figure whom the lexicon gives a person as belonging to, where the text names it without saying so.
fn known_affiliation(a: &Analysis<'_>, topic: &Topic, by_actor: &BTreeMap<u32, usize>, figure: &Figure) -> Option<usize> {
    let person = figure.actor.and_then(|x| a.lexicon.actors.get(x)).filter(|_| figure.person)?;
    let belongs = |r: &&crate::lexicon::actors::KnownRelation| {
        matches!(r.relation.as_str(), "spokesperson_of" | "leader_of" | "member_of" | "founder_of") && !topic.outside_dates(&r.from, &r.to)
    };
    person
        .relations
        .iter()
        .filter(belongs)
        .filter_map(|r| r.object.as_deref())
        .find_map(|key| a.lexicon.actors.by_key(key).and_then(|(index, _)| by_actor.get(&index)).copied())
}

/// Kind of persons and people from whom they belong to.
fn refine(a: &Analysis<'_>, figure: &Figure, drafts: &[Draft], owner: &str, entity: &mut Entity) {
    let armed = owner.starts_with("armed.");
    let of_state = owner.starts_with("state.");
    if figure.actor.is_some() || figure.state.is_some() || figure.police {
        return;
    }
    let first = figure.drafts.first().map(|&d| &drafts[d]);
    let person = figure.person || first.is_some_and(|d| d.kind == MentionKind::Description && d.actor_type == "person.official");
    if person {
        if armed {
            "person.militant".clone_into(&mut entity.kind);
        } else if entity.kind.is_empty() && (of_state || speaks_for_state(&entity.titles)) {
            "person.official".clone_into(&mut entity.kind);
        } else if entity.kind.is_empty() {
            "person.other".clone_into(&mut entity.kind);
        }
    } else if armed && (entity.kind.is_empty() || entity.kind.starts_with("armed.") || first.is_some_and(|d| is_member(a, d))) {
        "armed.rebel".clone_into(&mut entity.kind);
    } else if of_state && entity.kind == "people.civilians" && first.is_some_and(|d| is_member(a, d)) {
        owner.clone_into(&mut entity.kind);
    } else if armed && entity.kind == "person.official" {
        "person.militant".clone_into(&mut entity.kind);
    } else if entity.kind.is_empty() {
        let group = first.is_some_and(|d| d.kind == MentionKind::Description);
        let kind = if group { "armed.unidentified" } else { organisation_kind(a, figure, drafts) };
        kind.clone_into(&mut entity.kind);
    }
}

/// Words for people that say nothing but that they belong.
fn is_member(a: &Analysis<'_>, draft: &Draft) -> bool {
    matches!(a.doc.lemma(draft.head), "man" | "personnel" | "member" | "activist" | "supporter" | "leader" | "cadre" | "worker")
}

/// "Foreign Office spokesperson", "police spokesman".
fn speaks_for_state(titles: &[String]) -> bool {
    titles
        .iter()
        .any(|t| ["Ministry", "ministry", "Office", "police", "Police", "army", "Army", "military", "government", "Government"].iter().any(|w| t.contains(w)))
}

/// An unknown organisation whose members are called militants, or which is banned, is an armed group.
fn organisation_kind(a: &Analysis<'_>, figure: &Figure, drafts: &[Draft]) -> &'static str {
    let armed = figure.drafts.iter().any(|&d| {
        let tokens = drafts[d].tokens;
        let (start, end) = (tokens.start as usize, tokens.end as usize);
        let word = |i: usize| a.doc.lemma(i);
        let says = |w: &str| {
            matches!(
                w,
                "militant"
                    | "terrorist"
                    | "rebel"
                    | "cadre"
                    | "insurgent"
                    | "guerrilla"
                    | "outlawed"
                    | "banned"
                    | "proscribed"
                    | "extremist"
                    | "outfit"
                    | "fighter"
                    | "gunman"
            )
        };
        (end..end + 2).any(|i| says(word(i))) || (start.saturating_sub(2)..start).any(|i| says(word(i)))
    });
    if armed { "armed.rebel" } else { "organisation.ngo" }
}
