//! What a noun group is, as far as triggers care.

use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, MentionKind};
use crate::lexicon::actors::Actor;
use crate::lexicon::terms::{Term, TermKind};
use crate::lexicon::trie::Entry;
use crate::lexicon::triggers::ArgumentClass;
use crate::text::{Tag, TokenSpan, WordList};

/// Classes of one noun group; several may hold ("police van" is a site, "bomber" a person).
#[derive(Clone, Copy, Debug, Default)]
pub struct NounClass<'a> {
    /// The term that its head belongs to, for people.
    pub people: Option<&'a Term>,
    /// The same for buildings, vehicles, spots.
    pub site: Option<&'a Term>,
    /// The same for weapons.
    pub weapon: Option<&'a Term>,
    /// Index into `lexicon.actors` of a name inside the group.
    pub actor: Option<u32>,
    /// Index into `Analysis::places` of the head.
    pub place: Option<usize>,
    /// "it": what was last spoken of.
    pub it: bool,
    /// A person by name.
    pub person: bool,
    /// An organisation by name.
    pub organisation: bool,
    /// he, them, others, …
    pub pronoun: bool,
    /// "killing nine"
    pub number_only: bool,
    /// Capitalised and nothing else known.
    pub proper: bool,
    /// "the Pakistani", "four Albanians": a person by nationality.
    pub national: bool,
    /// "the minister", "a brigadier"
    pub title: bool,
    /// A noun trigger.
    pub event: bool,
    /// "sixteen cadets": several of something that no list knows.
    pub counted: bool,
    /// "Afghan forces"
    pub forces: bool,
    /// "two districts": land that can be taken.
    pub territory: bool,
}

/// Words that stand for a part or a number of what follows "of".
const PARTITIVES: WordList<45> = WordList::of(
    "portion section part number group series member half majority most rest band handful pair team total piece string body remains \
     corpse third quarter wave spate gang squad column batch contingent unit lot row round kg kilogram kilogramme kilo ton tonne quantity \
     amount consignment cache haul",
);

/// Land that can be taken.
const LAND: WordList<9> = WordList::of("town village city district province territory hamlet valley capital");
/// The same of "the district centre".
const SEATS: WordList<3> = WordList::of("centre center headquarters");

/// "a group of policemen", "a section of the track": the noun group after "of", where the head only measures it.
pub fn whole(a: &Analysis<'_>, noun: usize) -> Option<usize> {
    let group = &a.nouns[noun];
    let of = group.tokens.end as usize;
    let lemma = a.doc.lemma(group.head);
    let measured = a.doc.word(of) == "of" && PARTITIVES.has_lemma(&a.doc, group.head);
    let inner = a.noun_at(of + 1).filter(|&n| measured && n == noun + 1 && a.nouns[n].sentence == group.sentence)?;
    // "a member of parliament" is one person.
    let of_body = lemma == "member" && matches!(a.doc.lemma(a.nouns[inner].head), "parliament" | "assembly" | "council" | "senate" | "congress" | "committee");
    (!of_body).then_some(inner)
}

/// "the town of Goma": the place that the noun group announces.
fn place_of(a: &Analysis<'_>, noun: usize) -> Option<usize> {
    let group = &a.nouns[noun];
    let of = group.tokens.end as usize;
    let announces = matches!(
        a.doc.lemma(group.head),
        "town" | "village" | "city" | "port" | "district" | "province" | "area" | "region" | "valley" | "capital" | "hamlet" | "suburb"
    );
    if announces && a.doc.word(of) == "of" { a.place_at(of + 1) } else { None }
}

/// Looks at noun group `noun`; of "a group of policemen" at the policemen.
pub fn classify<'a>(a: &Analysis<'a>, noun: usize) -> NounClass<'a> {
    if let Some(inner) = whole(a, noun) {
        return NounClass { number_only: false, counted: false, ..classify(a, inner) };
    }
    let group = &a.nouns[noun];
    let mut class = NounClass { event: is_event(a, noun), ..NounClass::default() };
    let lexicon = a.lexicon;
    // "the Balochistan Liberation Army" is no army.
    let in_name = |tokens: TokenSpan| {
        a.hits_in(group.tokens).iter().any(|h| matches!(h.entry, Entry::Actor(_)) && h.tokens.len() > tokens.len() && h.tokens.contains(tokens))
    };
    for hit in a.hits_in(group.tokens) {
        match hit.entry {
            Entry::Term(index) if hit.tokens.end as usize == group.head + 1 && !in_name(hit.tokens) => {
                let Some(term) = lexicon.terms.get(index) else { continue };
                let slot = match term.kind {
                    TermKind::People => &mut class.people,
                    TermKind::Site => &mut class.site,
                    TermKind::Weapon => &mut class.weapon,
                    TermKind::Title => {
                        class.title = true;
                        continue;
                    }
                };
                // The longest term of a kind comes first: "suicide bomber" before "bomber".
                slot.get_or_insert(term);
            }
            Entry::Demonym(_) if hit.tokens.end as usize == group.head + 1 => class.national = group.count.is_some() || group.determiner != Determiner::None,
            Entry::Actor(index) => {
                class.actor.get_or_insert(index);
                class.organisation |= hit.tokens.end as usize == group.head + 1;
            }
            _ => {}
        }
    }
    // "the health club" is no weapon.
    if class.site.zip(class.weapon).is_some_and(|(s, w)| s.term.split(' ').count() > w.term.split(' ').count()) {
        class.weapon = None;
    }
    class.place = a.place_at(group.head).or_else(|| place_of(a, noun)).filter(|&p| !a.places[p].metonym && class.people.is_none());
    for (_, mention) in a.mentions_in(group.tokens).filter(|(_, m)| m.tokens.has(group.head)) {
        match mention.kind {
            MentionKind::Person => class.person = true,
            MentionKind::Organisation | MentionKind::Description => class.organisation = true,
            MentionKind::Pronoun | MentionKind::People => {}
        }
    }
    let word = a.doc.word(group.head);
    let tag = a.doc.tag(group.head);
    class.territory = LAND.has_lemma(&a.doc, group.head)
        || SEATS.has_lemma(&a.doc, group.head) && group.tokens.range().any(|i| matches!(a.doc.word(i), "district" | "provincial" | "administrative"));
    class.forces = word == "forces" && a.hits_in(group.tokens).iter().any(|h| matches!(h.entry, Entry::Demonym(_)) && h.tokens.end as usize == group.head);
    class.it = word == "it";
    class.pronoun = tag == Tag::PRP && word != "it"
        || matches!(word, "others" | "one" | "ones" | "dead" | "wounded" | "injured" | "someone" | "everyone" | "none" | "nobody");
    // "Niloy Neel (28)" tells an age.
    let in_brackets = a.doc.tag(group.tokens.end as usize) == Tag::CloseBracket
        && group.tokens.start.checked_sub(1).is_some_and(|i| a.doc.tag(i as usize) == Tag::OpenBracket);
    class.number_only = tag == Tag::CD && group.count.is_some() && !in_brackets
        || group.count.is_some() && class.people.is_none() && matches!(word, "dozens" | "scores" | "hundreds" | "several" | "many" | "more");
    class.proper = tag.is_proper()
        && class.place.is_none()
        && class.people.is_none()
        && class.site.is_none()
        && class.weapon.is_none()
        && !class.event
        && a.date_at(group.head).is_none();
    class.counted = group.count.is_some() && tag == Tag::NNS && class.place.is_none() && class.site.is_none() && class.weapon.is_none() && !class.event;
    class
}

/// Whether the group ends in a noun that tells of an incident.
fn is_event(a: &Analysis<'_>, noun: usize) -> bool {
    let head = a.nouns[noun].head;
    a.doc.tag(head).is_noun() && a.lexicon.triggers.of_noun_at(&a.doc, head).next().is_some()
}

impl NounClass<'_> {
    /// Whether the group may fill an argument that asks for one of `wanted`; an empty list asks for nothing.
    pub fn fits(&self, a: &Analysis<'_>, wanted: &[ArgumentClass]) -> bool {
        wanted.is_empty() || wanted.iter().any(|&w| self.is(a, w))
    }

    fn is(&self, a: &Analysis<'_>, wanted: ArgumentClass) -> bool {
        match wanted {
            ArgumentClass::Human => self.human(),
            ArgumentClass::Armed => self.militant(a) || self.security(a),
            ArgumentClass::Security => self.security(a),
            ArgumentClass::Militant => self.militant(a),
            ArgumentClass::Nonmilitant => self.human() && !self.militant(a),
            ArgumentClass::Site => self.site.is_some(),
            ArgumentClass::Vehicle => self
                .site
                .is_some_and(|s| matches!(s.class.as_str(), "transport" | "aviation" | "maritime" | "business" | "tourist" | "security.checkpoint_convoy")),
            ArgumentClass::Weapon => self.weapon.is_some(),
            ArgumentClass::Explosive => self.weapon.is_some_and(|w| w.class.starts_with("explosive")),
            ArgumentClass::Place => self.place.is_some() || self.territory,
            ArgumentClass::Event => self.event,
            ArgumentClass::It => self.it,
            ArgumentClass::Nothing => false,
            ArgumentClass::Any => true,
        }
    }

    /// People, named or not.
    pub fn human(&self) -> bool {
        !(self.event && self.people.is_none())
            && (self.people.is_some()
                || self.forces
                || self.title
                || self.national
                || self.person
                || self.organisation
                || self.pronoun
                || self.number_only
                || self.proper
                || self.actor.is_some() && self.site.is_none() && self.weapon.is_none())
    }

    /// Militants and armed groups.
    pub fn militant(&self, a: &Analysis<'_>) -> bool {
        self.people.is_some_and(Term::is_militant)
            || self.site.is_none() && self.people.is_none() && self.actor.and_then(|i| a.lexicon.actors.get(i)).is_some_and(Actor::is_armed)
    }

    /// Forces of a state.
    pub fn security(&self, a: &Analysis<'_>) -> bool {
        self.forces
            || self.people.is_some_and(Term::is_of_security)
            || self.site.is_none() && self.people.is_none() && self.actor.and_then(|i| a.lexicon.actors.get(i)).is_some_and(Actor::is_of_security)
    }
}

/// Prepositional phrases right after a noun group, as (preposition token, noun group), in order; `end` is one past the last token to look at.
pub fn phrases_after(a: &Analysis<'_>, noun: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = a.nouns[noun].tokens.end as usize;
    // "the attack on Friday in Kabul", "the blast, in the town of Hangu"
    while at < end && found.len() < 6 {
        // A bracket with an acronym or a date between does not end the run.
        if a.doc.tag(at) == Tag::OpenBracket {
            let Some(close) = (at..end.min(at + 8)).find(|&i| a.doc.tag(i) == Tag::CloseBracket) else { break };
            at = close + 1;
            continue;
        }
        if let Some(date) = a.date_at(at).map(|d| &a.dates[d]).filter(|d| d.tokens.start as usize == at) {
            at = date.tokens.end as usize;
            continue;
        }
        if !matches!(a.doc.tag(at), Tag::IN | Tag::TO) {
            break;
        }
        let start = at + 1 + usize::from(matches!(a.doc.tag(at + 1), Tag::IN | Tag::TO));
        if let Some(date) = a.date_at(start).map(|d| &a.dates[d]) {
            at = date.tokens.end as usize;
            continue;
        }
        let Some(next) = a.noun_at(start).filter(|&n| a.nouns[n].tokens.start as usize == start && start < end) else { break };
        found.push((at, next));
        at = a.nouns[next].tokens.end as usize;
        // "of three policemen and a driver": the list belongs to the same preposition.
        let preposition = found.last().map_or(at, |f| f.0);
        while matches!(a.doc.tag(at), Tag::CC | Tag::Comma) && at + 1 < end {
            let joined = a.doc.tag(at) == Tag::CC
                || a.doc.tag(at) == Tag::Comma && a.noun_at(at + 1).is_some_and(|n| a.doc.tag(a.nouns[n].tokens.end as usize) == Tag::CC);
            let Some(more) = a.noun_at(at + 1).filter(|&n| joined && a.nouns[n].tokens.start as usize == at + 1) else { break };
            let after = a.nouns[more].tokens.end as usize;
            if a.verb_at(after).is_some() {
                break;
            }
            found.push((preposition, more));
            at = after;
        }
    }
    found
}

/// The tokens of a group without its determiner.
pub fn without_determiner(a: &Analysis<'_>, tokens: TokenSpan) -> TokenSpan {
    let mut start = tokens.start as usize;
    while start + 1 < tokens.end as usize && matches!(a.doc.tag(start), Tag::DT | Tag::PDT | Tag::PRPS) {
        start += 1;
    }
    TokenSpan::new(start, tokens.end as usize)
}
