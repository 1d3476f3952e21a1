//! Places that the gazetteer does not know, given away by what stands around them: "in Zarkhel village of Bajaur", "the Gulberg area of Lahore".

use super::chain::Starts;
use super::context;
use crate::extract::Analysis;
use crate::extract::analysis::PlaceMention;
use crate::lexicon::gazetteer::{CountryCode, Place, PlaceWord, Trust, kilometres};
use crate::lexicon::trie::Entry;
use crate::text::{Shape, Tag, TokenSpan};

/// Longest unknown name in words.
const MAX_WORDS: usize = 4;

/// Adds the unknown places, located at what holds them.
pub(super) fn add_unknown(a: &Analysis<'_>, places: &mut Vec<PlaceMention>) {
    let mut taken = vec![false; a.doc.len()];
    for p in places.iter() {
        taken[p.tokens.range()].fill(true);
    }
    for hit in &a.hits {
        if matches!(hit.entry, Entry::Actor(_) | Entry::Demonym(_)) {
            taken[hit.tokens.range()].fill(true);
        }
    }
    let known = places.clone();
    let known = Known::of(&known);
    let mut at = 0;
    while at < a.doc.len() {
        let Some(core) = capital_run(a, at, &taken) else {
            at += 1;
            continue;
        };
        if let Some(mention) = unknown(a, core, &known) {
            places.push(mention);
        }
        at = core.end as usize;
    }
}

/// The places that the gazetteer knows, in order, and how to find one of them from where another stands.
struct Known<'p> {
    places: &'p [PlaceMention],
    starts: Starts,
    /// Indices of those that can hold a village: no continents and seas.
    local: Vec<usize>,
}

impl<'p> Known<'p> {
    fn of(places: &'p [PlaceMention]) -> Self {
        let local = (0..places.len()).filter(|&i| places[i].precision != "area" && !places[i].metonym).collect();
        Self { places, starts: Starts::of(places), local }
    }

    /// The known place that stands nearest: before others those of the same sentence, then those before it.
    fn nearest(&self, a: &Analysis<'_>, core: TokenSpan) -> Option<usize> {
        let sentence = a.doc.sentence_of(core.start as usize);
        let split = self.local.partition_point(|&i| self.places[i].tokens.start <= core.start);
        let (before, behind) = (split.checked_sub(1).map(|at| self.local[at]), self.local.get(split).copied());
        let same = |i: &usize| a.doc.sentence_of(self.places[*i].tokens.start as usize) == sentence;
        before.filter(same).or(behind.filter(same)).or(before).or(behind)
    }
}

/// "the Idgah area of Srinagar" is no Idgah five hundred kilometres away: the gazetteer knows a namesake only.
pub(super) fn put_where_the_text_says(a: &Analysis<'_>, places: &mut [PlaceMention]) {
    let starts = Starts::of(places);
    for i in 0..places.len() {
        let Some(h) = starts.holder(a, places[i].tokens).filter(|&h| h != i) else { continue };
        let (inner, outer) = (&places[i], &places[h]);
        let linked = matches!(a.doc.word(inner.tokens.end as usize), "in" | "of") || outer.tokens.len() > outer.core.len();
        let small = !matches!(inner.precision, "country" | "admin1" | "area");
        if linked && small && elsewhere(outer, inner) {
            let container = outer.clone();
            let (core, tokens) = (inner.core, inner.tokens);
            places[i] = respelled(a, core, tokens, Some(&container)).unwrap_or_else(|| located(a, core, tokens, Some(&container), false));
        }
    }
}

/// Whether a place cannot lie in another: another country, or too far from its middle.
fn elsewhere(outer: &PlaceMention, inner: &PlaceMention) -> bool {
    let known = |p: &PlaceMention| p.latitude.zip(p.longitude);
    let (Some(x), Some(y)) = (known(outer), known(inner)) else { return false };
    let far = kilometres(x, y);
    let other_country = outer.country.is_some() && inner.country.is_some() && outer.country != inner.country;
    match outer.precision {
        "country" => other_country,
        "admin1" => other_country && far > 100.0 || far > 600.0,
        "area" | "unknown" => false,
        _ => far > 150.0,
    }
}

/// One to four words with capitals, none of them taken, that is not part of something longer.
fn capital_run(a: &Analysis<'_>, start: usize, taken: &[bool]) -> Option<TokenSpan> {
    let doc = &a.doc;
    let is_part = |i: usize| i < doc.len() && !taken[i] && context::is_capital(doc, i) && doc.sentence_of(i) == doc.sentence_of(start);
    if !is_part(start) || doc.all_caps() || doc.token(start).shape.has(Shape::SENTENCE_START) {
        return None;
    }
    let mut end = start + 1;
    // What is longer is no name, and is not walked to its end.
    while end - start <= 2 * MAX_WORDS {
        let hyphen = doc.tag(end) == Tag::Hyphen && !doc.token(end - 1).shape.has(Shape::SPACE_AFTER);
        // "Gulzar-e-Quaid", "Khak-e Safed"
        if hyphen && end + 2 < doc.len() && doc.raw(end + 1).len() <= 2 && doc.tag(end + 2) == Tag::Hyphen && is_part(end + 3) {
            end += 4;
        } else if hyphen && matches!(doc.word(end + 1), "e" | "i" | "ye" | "yi") && is_part(end + 2) {
            end += 3;
        } else if hyphen && is_part(end + 1) {
            end += 2;
        } else if is_part(end) && !a.lexicon.gazetteer.word(doc, end).names_kind() {
            end += 1;
        } else {
            break;
        }
    }
    (end - start <= 2 * MAX_WORDS && (start..end).filter(|&i| doc.tag(i) != Tag::Hyphen).count() <= MAX_WORDS + 1).then(|| TokenSpan::new(start, end))
}

fn unknown(a: &Analysis<'_>, core: TokenSpan, known: &Known<'_>) -> Option<PlaceMention> {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let (start, end) = (core.start as usize, core.end as usize);
    if is_other(a, core) {
        return None;
    }
    let same = |i: usize| doc.sentence_of(i) == doc.sentence_of(start);
    let names_kind = |i: usize| same(i) && gazetteer.word(doc, i).names_kind() && !gazetteer.word(doc, i).has(PlaceWord::LOOSE);
    let kind_after = names_kind(end);
    let kind_before = start >= 2 && doc.word(start - 1) == "of" && names_kind(start - 2) && !context::is_capital(doc, start - 2);
    let tokens = if kind_after { TokenSpan::new(start, end + 1) } else { core };
    let locative = locative_before(a, start);
    let holder = known.starts.holder(a, tokens);
    let of = start > 0 && doc.word(start - 1) == "of";
    let district = kind_after && gazetteer.word(doc, end).has(PlaceWord::DISTRICT) || doc.word(end) == "village";
    let kind_follows = kind_before || kind_after && (locative || of || holder.is_some() || district) || described(a, end);
    let said = kind_follows || holder.is_some() && (locative || from_a_place(a, core));
    if !(said || locative && stands_alone(a, core)) {
        return None;
    }
    let (container, guessed) = match holder {
        Some(holder) => (Some(holder), false),
        None => {
            let near = known.nearest(a, core);
            (near, !near.is_some_and(|n| opens_sentence(a, &known.places[n], core)))
        }
    };
    let container = container.map(|c| &known.places[c]);
    Some(respelled(a, core, tokens, container).unwrap_or_else(|| located(a, core, tokens, container, guessed)))
}

/// "In Srinagar, militants attacked a post in Khanyar": the town at the head of the sentence holds the rest of it.
fn opens_sentence(a: &Analysis<'_>, place: &PlaceMention, core: TokenSpan) -> bool {
    let start = place.tokens.start as usize;
    let sentence = a.doc.sentences()[a.doc.sentence_of(start)];
    sentence.contains(core) && start == sentence.start as usize + 1 && a.doc.word(start - 1) == "in" && a.doc.tag(place.tokens.end as usize) == Tag::Comma
}

/// Months, persons, titles, institutions.
fn is_other(a: &Analysis<'_>, core: TokenSpan) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let first = core.start as usize;
    let single = core.len() == 1;
    let word = gazetteer.word(doc, first);
    let time = core.range().any(|i| gazetteer.word(doc, i).has(PlaceWord::TIME));
    let people = gazetteer.word(doc, core.end as usize - 1).has(PlaceWord::PEOPLE);
    let only_class_word = single && (word.has(PlaceWord::QUALIFIER) || word.has(PlaceWord::INSTITUTION) || word.names_kind());
    let acronym = single && doc.token(first).shape.has(Shape::ALL_CAPS) && doc.raw(first).len() <= 5;
    // "Baba Mohalla": the word behind it says that it is a place.
    let kind_behind = gazetteer.word(doc, core.end as usize).names_kind() && context::is_capital(doc, core.end as usize);
    let person = !kind_behind && core.range().all(|i| gazetteer.is_personal_name(doc, i) || doc.tag(i) == Tag::Hyphen);
    let word_of_language = single && matches!(gazetteer.trust(doc, core), Trust::Word | Trust::Time);
    let term = a.hits_in(core).iter().any(|h| matches!(h.entry, Entry::Term(_)));
    time || people || only_class_word || acronym || person || word_of_language || term
}

fn locative_before(a: &Analysis<'_>, start: usize) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let mut at = start;
    for _ in 0..3 {
        let Some(prev) = at.checked_sub(1).filter(|&p| doc.sentence_of(p) == doc.sentence_of(start)) else { return false };
        if gazetteer.word(doc, prev).has(PlaceWord::LOCATIVE) {
            return true;
        }
        if !(doc.word(prev) == "the" || gazetteer.word(doc, prev).has(PlaceWord::QUALIFIER)) {
            return false;
        }
        at = prev;
    }
    false
}

/// "a man from Nathpora, Bandipore", "a Behali, Doda, man"; not "of Jagmohan, Delhi's governor"
fn from_a_place(a: &Analysis<'_>, core: TokenSpan) -> bool {
    let (doc, start, end) = (&a.doc, core.start as usize, core.end as usize);
    let before = start.checked_sub(1).map_or("", |p| doc.word(p));
    let mut at = end + 1;
    while context::is_capital(doc, at) {
        at += 1;
    }
    let ends = doc.tag(at) == Tag::Comma || doc.tag(at) == Tag::Stop || matches!(doc.tag(at), Tag::IN | Tag::TO | Tag::VBD | Tag::CC);
    doc.tag(end) == Tag::Comma && at > end + 1 && ends && matches!(before, "a" | "an" | "from" | "of" | "to")
}

/// ", a district of Farah", ", a small village in Kunar"
fn described(a: &Analysis<'_>, end: usize) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let article = doc.tag(end) == Tag::Comma && matches!(doc.word(end + 1), "a" | "the");
    let kind = (end + 2..end + 5).take_while(|&i| doc.tag(i).is_noun() || doc.tag(i).is_adjective()).find(|&i| gazetteer.word(doc, i).names_kind());
    article && kind.is_some_and(|i| matches!(doc.word(i + 1), "of" | "in" | "near" | "outside" | "on"))
}

/// "in Benighat on Friday": a name and nothing that goes on with it.
fn stands_alone(a: &Analysis<'_>, core: TokenSpan) -> bool {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let next = core.end as usize;
    let words = core.range().filter(|&i| doc.tag(i) != Tag::Hyphen);
    let plural = words.clone().any(|i| doc.tag(i) == Tag::NNPS);
    let plain =
        words.clone().all(|i| !gazetteer.word(doc, i).has(PlaceWord::NO_PLACE) && !gazetteer.word(doc, i).has(PlaceWord::OTHER_NAME) && doc.raw(i).len() > 2);
    let small = words.clone().all(|i| !doc.token(i).shape.has(Shape::ALL_CAPS));
    let some_person = words.clone().any(|i| gazetteer.is_personal_name(doc, i)) && words.count() > 1;
    let ends = !context::is_capital(doc, next) && doc.tag(next) != Tag::Hyphen && !matches!(doc.word(next), "'s" | "'");
    plain && small && ends && !some_person && !plural
}

/// A place that the gazetteer has under another spelling, in the country of the container and not far from it.
fn respelled(a: &Analysis<'_>, core: TokenSpan, tokens: TokenSpan, container: Option<&PlaceMention>) -> Option<PlaceMention> {
    let container = container?;
    let country = container.country.as_deref().and_then(CountryCode::parse)?;
    let kind = a.lexicon.gazetteer.word(&a.doc, core.end as usize);
    let local = container.precision != "country";
    let near = |p: &Place<'_>| match (container.latitude, container.longitude) {
        (Some(latitude), Some(longitude)) if local => p.is_within(200.0, latitude, longitude),
        _ => !local,
    };
    let found: Vec<Place<'_>> = a.lexicon.gazetteer.similar(a.doc.text(core), country).into_iter().filter(near).collect();
    let best = found.iter().find(|p| kind.fits(p.kind)).or(found.first())?;
    Some(PlaceMention { tokens, core, precision: best.kind.precision(), ..super::at_place(best) })
}

/// The unknown place with what its container lends it; a guessed container lends no more than its province.
fn located(a: &Analysis<'_>, core: TokenSpan, tokens: TokenSpan, container: Option<&PlaceMention>, guessed: bool) -> PlaceMention {
    let precision = match container.map(|c| c.precision) {
        Some("exact" | "near" | "admin2") if guessed => "admin1",
        Some("exact") => "near",
        Some(other) => other,
        None => "unknown",
    };
    PlaceMention {
        tokens,
        core,
        name: a.doc.text(core).to_owned(),
        gazetteer: None,
        country: container.and_then(|c| c.country.clone()),
        admin1: container.and_then(|c| c.admin1.clone()),
        admin2: container.filter(|_| !guessed).and_then(|c| c.admin2.clone().or_else(|| (c.precision == "exact").then(|| c.name.clone()))),
        latitude: container.and_then(|c| c.latitude),
        longitude: container.and_then(|c| c.longitude),
        precision,
        inside: None,
        metonym: false,
        dateline: false,
    }
}
