//! Who took part: the sides of the frames, with names where the text gives them.

use super::Incident;
use super::casualty::Figure;
use super::class::{NounClass, classify, phrases_after};
use super::frame::Frame;
use super::kind::{Family, family};
use super::names::{apposed, before_bracket, belonging, meant_by_it, names_in, phrases};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, MentionKind};
use crate::lexicon::trie::Entry;
use crate::lexicon::triggers::Effect;
use crate::model::Count;
use crate::text::{Shape, Tag, TokenSpan};

/// A participant of an incident.
#[derive(Clone, Debug, Default)]
pub struct Participant {
    /// Index into `Analysis::entities`.
    pub entity: Option<usize>,
    /// Index into `lexicon.actors`.
    pub actor: Option<u32>,
    /// Code of the participant kind list.
    pub kind: &'static str,
    /// Code of the participant role list.
    pub role: &'static str,
    /// How many.
    pub count: Option<Count>,
    /// Noun phrases.
    pub mentions: Vec<TokenSpan>,
    /// Code of the target type list.
    pub target_type: Option<String>,
    /// Index into `Analysis::statements`.
    pub asserted_by: Option<usize>,
    /// Of claimants and deniers: code of the claim standing list.
    pub standing: Option<&'static str>,
    /// The rule that found it.
    pub rule: &'static str,
}

/// "Police dispersed protesters": the object of the verb is who took to the streets.
fn disperses(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    matches!(frame.name.as_str(), "disperse" | "teargas" | "fire_gas" | "baton charge" | "lathi charge")
        && frame.agents.iter().any(|&n| classify(a, n).security(a))
}

/// Types whose doers did nothing to anybody.
const PARLEYS: &[&str] = &[
    "politics.agreement_ceasefire",
    "politics.ceasefire_ended",
    "politics.negotiation",
    "politics.delegation_visit",
    "group.formed_merged_split",
    "group.leadership_change",
];

/// Adds the participants that one frame names.
pub fn collect(a: &Analysis<'_>, frame: &Frame<'_>, incident: &mut Incident) {
    for &noun in &frame.agents {
        let role = match family(&frame.trigger.kind) {
            // Police who arrest are no perpetrators, nor is who finds a body, nor who talks or signs.
            Family::Counter => "responder",
            _ if frame.trigger.id == "body_found" => "responder",
            _ if frame.trigger.kind == "politics.release" => {
                if classify(a, noun).militant(a) {
                    "captor"
                } else {
                    "responder"
                }
            }
            _ if PARLEYS.contains(&frame.trigger.kind.as_str()) => "mentioned",
            // Who breaks up a riot does not make it.
            Family::Unrest if disperses(a, frame) && classify(a, noun).security(a) => "responder",
            _ if suspected(a, noun) => "suspected",
            _ => "perpetrator",
        };
        add_side(a, noun, role, "participant.agent", incident);
    }
    let patient_role = match frame.trigger.effect {
        Effect::Abducted => "captive",
        Effect::Killed | Effect::Injured => "victim",
        Effect::Arrested => "captive",
        _ if frame.trigger.kind == "politics.release" => "captive",
        _ => "target",
    };
    // "Workers marched": who marches does it.
    let marching = family(&frame.trigger.kind) == Family::Unrest && frame.trigger.intransitive && frame.agents.is_empty() && !frame.is_nominal();
    let patient_role = if marching || disperses(a, frame) { "perpetrator" } else { patient_role };
    for &noun in &frame.patients {
        add_side(a, noun, patient_role, "participant.patient", incident);
    }
    for &noun in &frame.targets {
        let class = classify(a, noun);
        let lemma = a.doc.lemma(a.nouns[noun].head);
        // "killed in Tank": the town, and no tank. "died in hospital": where they were brought.
        let town = class.place.is_some() && a.doc.token(a.nouns[noun].head).shape.has(Shape::CAPITAL);
        let brought = lemma == "hospital" && (a.nouns[noun].determiner == Determiner::None || matches!(frame.trigger.id.as_str(), "die" | "succumb"));
        // "men on a motorbike"
        let ridden = matches!(lemma, "motorbike" | "motorcycle" | "bike" | "bicycle" | "scooter" | "horse")
            && a.doc.word((a.nouns[noun].tokens.start as usize).saturating_sub(1)) == "on";
        if town || brought || ridden {
            continue;
        }
        // A place ("attacked Kabul") or a way ("on the road") is the scene, not something that was hit.
        let way = matches!(
            lemma,
            "road" | "street" | "highway" | "avenue" | "neighbourhood" | "neighborhood" | "area" | "town" | "city" | "quarter" | "lane" | "roadside"
        );
        if !way && (class.site.is_some() || class.place.is_none()) {
            push(
                incident,
                Participant {
                    kind: "property",
                    role: "target",
                    mentions: phrases(a, noun),
                    target_type: class.site.map(|site| site.target_type.clone()),
                    rule: "participant.site",
                    ..Participant::default()
                },
            );
        }
    }
}

/// Adds those whom a figure without a trigger of its own counts: "leaving two soldiers dead", "three guards lost their lives".
pub fn counted(a: &Analysis<'_>, figure: &Figure, incident: &mut Incident) {
    let told = matches!(figure.rule, "casualty.n_dead" | "casualty.idiom" | "casualty.hurt" | "casualty.lives_of");
    if !told || figure.count == Count::exact(0) {
        return;
    }
    for (noun, _) in a.nouns_of(figure.sentence).filter(|(_, g)| figure.tokens.contains(g.tokens)) {
        let class = classify(a, noun);
        if class.people.is_some() || class.person {
            add_side(a, noun, "victim", "participant.counted", incident);
        }
    }
}

/// "suspected", "alleged" before the head.
fn suspected(a: &Analysis<'_>, noun: usize) -> bool {
    let hedges = |i: usize| matches!(a.doc.word(i), "suspected" | "alleged" | "presumed" | "suspect" | "apparent" | "believed");
    let group = &a.nouns[noun];
    // "Suspected LTTE (Tigers) cadres": the hedge stands before the bracket.
    let start = group.tokens.start as usize;
    let from = if start > 0 && a.doc.tag(start - 1) == Tag::CloseBracket {
        start.saturating_sub(14).max(a.doc.sentences()[group.sentence].start as usize)
    } else {
        start
    };
    (from..group.tokens.end as usize).any(hedges)
}

/// "the army", "the armed forces": an organ of the state rather than some of its people.
fn force(a: &Analysis<'_>, noun: usize, class: &NounClass<'_>) -> bool {
    let group = &a.nouns[noun];
    let organ = matches!(a.doc.lemma(group.head), "army" | "military" | "force" | "navy" | "police" | "government" | "air force");
    organ && group.count.is_none() && class.people.is_some_and(|t| t.actor_type.starts_with("state."))
}

/// One side of a frame: the people, and the organisation that they are said to belong to.
fn add_side(a: &Analysis<'_>, noun: usize, role: &'static str, rule: &'static str, incident: &mut Incident) {
    for participant in of_noun(a, noun, role, rule) {
        push(incident, participant);
    }
}

/// The participants that one noun group names.
pub fn of_noun(a: &Analysis<'_>, noun: usize, role: &'static str, rule: &'static str) -> Vec<Participant> {
    let mut found = Vec::new();
    let class = &classify(a, noun);
    let group = &a.nouns[noun];
    let words = phrases(a, noun);
    let tokens = words[0];
    let pronoun = class.pronoun && class.people.is_none() && !class.person;
    // "38", "the number": a count, nobody in particular.
    let bare_number = a.doc.tag(group.head) == Tag::CD || matches!(a.doc.lemma(group.head), "number" | "toll" | "total" | "dozen" | "score" | "hundred");
    // "the Salvadoran people", "the civilian population": everybody and nobody.
    let everybody = matches!(a.doc.lemma(group.head), "population" | "public" | "nation")
        || a.doc.word(group.head) == "people" && group.count.is_none() && group.determiner == Determiner::Definite;
    if class.it
        && let Some((span, actor)) = meant_by_it(a, noun)
    {
        let entity = a.mentions_in(span).map(|(_, m)| m).find(|m| m.tokens == span).and_then(|m| m.entity);
        let state = entity.map_or(actor.is_none(), |e| a.entities[e].kind.starts_with("state."));
        found.push(Participant {
            entity,
            actor,
            kind: if state { "state" } else { "organisation" },
            role,
            mentions: vec![span],
            rule,
            ..Participant::default()
        });
    }
    if pronoun || bare_number || everybody || class.it {
        return found;
    }
    // "the bodies of three shepherds": the shepherds.
    if matches!(a.doc.lemma(group.head), "body" | "corpse" | "remains") {
        return super::class::whole(a, noun).map(|inner| of_noun(a, inner, role, rule)).unwrap_or_default();
    }
    let entity = a.mentions_in(group.tokens).map(|(_, m)| m).find(|m| m.head == group.head && m.kind != MentionKind::Pronoun).and_then(|m| m.entity);
    let count = group.count.map(|(_, c)| c).or_else(|| super::casualty::head_count(a, noun, class));
    let target_type = class.people.map(|t| t.target_type.clone()).filter(|t| !t.is_empty());
    if class.people.is_some() || class.number_only {
        found.push(Participant {
            entity,
            kind: match (class.person, force(a, noun, class)) {
                (true, _) => "person",
                (_, true) => "state",
                _ => "people",
            },
            role,
            count,
            mentions: words.clone(),
            target_type: target_type.clone(),
            rule,
            ..Participant::default()
        });
    }
    let perpetrating = matches!(role, "perpetrator" | "suspected" | "claimant");
    // Names inside the group ("TTP militants") and after it ("members of the ULFA", "rebels from the FMLN").
    let mut named: Vec<(TokenSpan, Option<u32>)> = names_in(a, group.tokens);
    if perpetrating {
        let end = a.doc.sentences()[group.sentence].end as usize;
        for (preposition, n) in phrases_after(a, noun, end).into_iter().take(2) {
            // "members of the ULFA", "gunmen with the Taliban", but not "gunmen in Kabul"
            let belongs = match a.doc.word(preposition) {
                "of" | "from" | "to" => true,
                "with" | "in" => classify(a, n).militant(a),
                _ => false,
            };
            if belongs {
                named.extend(names_in(a, a.nouns[n].tokens));
            }
        }
        named.extend(belonging(a, noun));
        named.extend(before_bracket(a, noun));
        named.extend(apposed(a, noun));
    }
    // "Israeli air strikes": the state.
    if perpetrating && !class.human() {
        found.extend(state_of(a, noun).map(|span| Participant { kind: "state", role, mentions: vec![span], rule, ..Participant::default() }));
    }
    // "Afghan forces"
    if class.forces && class.people.is_none() {
        found.push(Participant { entity, kind: "state", role, count, mentions: words.clone(), rule, ..Participant::default() });
    }
    // "the Peruvian president": a nationality is no side.
    named.retain(|(span, actor)| actor.is_some() || !a.hits_in(*span).iter().any(|h| h.tokens == *span && matches!(h.entry, Entry::Demonym(_))));
    // Nor is a country by itself, as what is hit ("the U.S. convoy") or where people are from ("U.S. soldiers").
    let country = |span: TokenSpan| a.place_at(span.start as usize).is_some_and(|p| a.places[p].precision == "country" && a.places[p].tokens.contains(span));
    named.retain(|(span, _)| !country(*span) || perpetrating && class.people.is_none() && !class.person);
    for (span, actor) in named {
        let entity = a.mentions_in(span).map(|(_, m)| m).find(|m| m.tokens.overlaps(span)).and_then(|m| m.entity);
        let state = actor.and_then(|i| a.lexicon.actors.get(i)).is_some_and(|x| x.kind.starts_with("state."));
        // Where the head is people, the organisation is a side of its own only as the doer.
        if perpetrating || class.people.is_none() && !class.person {
            // "Maoists": their name and a word for people, but one side.
            let name = actor.is_some() && a.doc.token(group.head).shape.has(Shape::CAPITAL);
            found.retain(|p| !name || p.mentions[0] != span || p.count.is_some());
            found.push(Participant {
                entity,
                actor,
                kind: if state { "state" } else { "organisation" },
                role,
                count: None,
                mentions: vec![span],
                target_type: target_type.clone(),
                rule,
                ..Participant::default()
            });
        }
    }
    if class.person && class.people.is_none() {
        let named = a.mentions_in(group.tokens).map(|(_, m)| m).find(|m| m.kind == MentionKind::Person && m.tokens.has(group.head));
        let span = named.map_or(tokens, |m| m.tokens);
        let entity = named.and_then(|m| m.entity).or(entity);
        found.push(Participant {
            entity,
            kind: "person",
            role,
            count: Some(Count::exact(1)),
            mentions: vec![span, tokens],
            target_type: Some("private_citizen".to_owned()),
            rule,
            ..Participant::default()
        });
    } else if class.proper && class.actor.is_none() && class.people.is_none() && !class.person {
        let organisation = class.organisation;
        found.push(Participant {
            entity,
            kind: if organisation { "organisation" } else { "person" },
            role,
            count: None,
            mentions: words.clone(),
            rule,
            ..Participant::default()
        });
    }
    found
}

/// Whether words before a trigger's own in its group say who does it: "a Houthi drone attack", "Israeli air strikes", "Turkish warplanes".
/// States are doers only of what armies do.
pub fn names_doer(a: &Analysis<'_>, noun: usize, trigger: TokenSpan, kind: &str) -> bool {
    let before = TokenSpan { start: a.nouns[noun].tokens.start, end: trigger.start };
    if before.is_empty() {
        return false;
    }
    let army = ["remote", "operation"].iter().any(|k| kind.starts_with(k));
    let armed = |actor: u32| a.lexicon.actors.get(actor).is_some_and(|x| x.kind.starts_with("armed.") || army && x.kind.starts_with("state."));
    // "the TTP leader's killing": only what stands right before the trigger.
    let named = names_in(a, before).into_iter().any(|(span, actor)| span.end == trigger.start && actor.is_some_and(armed));
    named || army && state_of(a, noun).is_some_and(|span| span.end == trigger.start)
}

/// The nationality in a noun group before its head ("Israeli air strikes").
fn state_of(a: &Analysis<'_>, noun: usize) -> Option<TokenSpan> {
    let group = &a.nouns[noun];
    let before_head = |tokens: TokenSpan| group.tokens.contains(tokens) && (tokens.end as usize) <= group.head;
    a.hits_in(group.tokens).iter().find(|h| before_head(h.tokens) && matches!(h.entry, Entry::Demonym(_))).map(|h| h.tokens)
}

/// Code of the actor type list of who is named; `None` for people without a name of their own.
pub fn actor_type<'a>(a: &'a Analysis<'_>, participant: &Participant) -> Option<&'a str> {
    let known = participant.actor.and_then(|i| a.lexicon.actors.get(i)).map(|x| x.kind.as_str());
    known.or_else(|| participant.entity.map(|e| a.entities[e].kind.as_str()).filter(|k| !k.is_empty()))
}

/// Adds a participant, or the mention to the one it already is: same entity, actor or head words in the same role.
fn push(incident: &mut Incident, new: Participant) {
    let same = |old: &Participant| {
        old.role == new.role
            && old.kind == new.kind
            && (new.entity.is_some() && old.entity == new.entity
                || new.actor.is_some() && old.actor == new.actor
                || old.mentions.iter().any(|m| new.mentions.contains(m)))
    };
    match incident.participants.iter_mut().find(|p| same(p)) {
        Some(old) => {
            for mention in new.mentions {
                if !old.mentions.contains(&mention) {
                    old.mentions.push(mention);
                }
            }
            old.count = old.count.or(new.count);
            old.target_type = old.target_type.take().or(new.target_type);
        }
        None => incident.participants.push(new),
    }
}

/// After merging: who is named twice in the same role counts once, whoever is a victim is not also a target.
pub fn tidy(a: &Analysis<'_>, incident: &mut Incident) {
    let mut kept: Vec<Participant> = Vec::new();
    for participant in std::mem::take(&mut incident.participants) {
        match kept.iter_mut().find(|k| k.role == participant.role && same(a, k, &participant)) {
            Some(old) => {
                for mention in participant.mentions {
                    if !old.mentions.contains(&mention) {
                        old.mentions.push(mention);
                    }
                }
                old.count = old.count.or(participant.count);
                old.entity = old.entity.or(participant.entity);
                old.target_type = old.target_type.take().or(participant.target_type);
                old.asserted_by = old.asserted_by.or(participant.asserted_by);
            }
            None => kept.push(participant),
        }
    }
    let victims: Vec<Participant> = kept.iter().filter(|p| matches!(p.role, "victim" | "captive")).cloned().collect();
    kept.retain(|p| p.role != "target" || !victims.iter().any(|v| same(a, v, p)));
    let doers: Vec<Participant> = kept.iter().filter(|p| p.role == "perpetrator").cloned().collect();
    kept.retain(|p| p.role != "suspected" || p.asserted_by.is_some() || !doers.iter().any(|d| same(a, d, p)));
    incident.participants = kept;
}

/// Whether two participants of one incident are one: by who they are, or by the words.
fn same(a: &Analysis<'_>, x: &Participant, y: &Participant) -> bool {
    let side = |p: &Participant| match p.kind {
        "organisation" | "state" => 0,
        "property" => 1,
        _ => 2,
    };
    if side(x) != side(y) {
        return false;
    }
    if x.entity.is_some() && x.entity == y.entity || x.actor.is_some() && x.actor == y.actor {
        return true;
    }
    let text = |t: TokenSpan| a.doc.text(t).to_lowercase();
    let equal = x.mentions.iter().any(|&m| y.mentions.iter().any(|&n| m.overlaps(n) || text(m) == text(n)));
    // "the market" after "the livestock market"
    let head = |p: &Participant| p.mentions.first().filter(|m| !m.is_empty()).map(|m| a.doc.lemma(m.end as usize - 1));
    if side(x) == 1 && head(x).is_some() && head(x) == head(y) && x.count == y.count {
        return true;
    }
    // "Galan" after "Senator Luis Carlos Galan"
    let last = |p: &Participant| p.mentions.first().filter(|m| !m.is_empty()).map(|m| a.doc.word(m.end as usize - 1));
    equal || x.kind == "person" && y.kind == "person" && last(x).is_some() && last(x) == last(y)
}
