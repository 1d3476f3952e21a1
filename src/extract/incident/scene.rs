//! Where and when a frame takes place.

use super::class::phrases_after;
use super::frame::Frame;
use crate::extract::Analysis;
use crate::extract::analysis::{DateMention, Determiner, MentionKind, PlaceMention};
use crate::lexicon::triggers::Effect;
use crate::text::{Tag, TokenSpan};

/// The place of a frame: index into `Analysis::places`, and whether the frame's own clause names it.
pub fn place(a: &Analysis<'_>, frame: &Frame<'_>) -> Option<(usize, bool)> {
    let reach = reach(a, frame);
    // Who is taken, and what is found, is taken and found where it comes from ("abducted two traders from Tank").
    let source = matches!(frame.trigger.effect, Effect::Abducted | Effect::Arrested) || matches!(frame.trigger.id.as_str(), "body_found" | "seize_weapons");
    let from = |p: &PlaceMention| p.tokens.start > 0 && a.doc.word(p.tokens.start as usize - 1) == "from";
    let usable = |i: &usize| {
        let p = &a.places[*i];
        let scene = !p.metonym && !p.dateline && !inside_actor(a, p.tokens) && !is_direction(a, p.tokens) && !whereabouts_of_speaker(a, p.tokens);
        scene && (source && from(p) || !home_of_people(a, p.tokens))
    };
    let sentence = a.doc.sentences()[frame.sentence];
    let in_sentence: Vec<usize> = a.places_in(sentence).filter(usable).collect();
    let within = |fits: &dyn Fn(TokenSpan) -> bool| -> Vec<usize> { in_sentence.iter().copied().filter(|&i| fits(a.places[i].tokens)).collect() };
    let mut own = within(&|p| reach.contains(p));
    // "In Srinagar, militants threw a grenade at a bunker in Khanyar": what stands before sets the scene where the clause does not.
    if !own.iter().any(|&i| fineness(&a.places[i]) < 8) {
        own.extend(within(&|p| !reach.contains(p) && sets_scene(a, p, frame.tokens)));
    }
    let pick = |list: &[usize]| {
        list.iter().copied().min_by_key(|&i| {
            let p = &a.places[i];
            let distance = distance(frame.tokens, p.tokens);
            // A town beats a country; a place after "in" beats one by which it is found ("west of", "the road to") or a bare name; then the nearest.
            (fineness(p) / 4, if source && from(p) { 0 } else { standing(a, p.tokens) }, fineness(p), distance)
        })
    };
    // A country in the clause says less than a town elsewhere in the sentence ("In Khuzdar, two bombs hit Pakistan's …").
    let local = |i: &usize| fineness(&a.places[*i]) < 8;
    let pick = |list: &[usize]| pick(list).map(|i| first_of_list(a, i, list));
    let in_clause = pick(&own).filter(|i| local(i) || !in_sentence.iter().any(local));
    if in_clause.is_none_or(|i| standing(a, a.places[i].tokens) > 0)
        && let Some(meant) = here_or_there(a, frame.sentence, reach)
    {
        return Some((meant, true));
    }
    let chosen = in_clause.map(|i| (finest(a, i, &in_sentence), true)).or_else(|| pick(&in_sentence).map(|i| (finest(a, i, &in_sentence), false)));
    // "Afghanistan's intelligence service": a country by the way says nothing of where.
    chosen.filter(|&(i, _)| local(&i) || standing(a, a.places[i].tokens) == 0)
}

/// "In Magarmal Bagh a grenade was hurled", "at Dalgate, where a grenade killed three": a place before what happens in it.
fn sets_scene(a: &Analysis<'_>, place: TokenSpan, frame: TokenSpan) -> bool {
    let (start, end) = (place.start as usize, place.end as usize);
    if frame.start < place.end {
        return false;
    }
    let sentence = a.doc.sentences()[a.doc.sentence_of(start)].start as usize;
    let fronted = start > sentence && start <= sentence + 3 && matches!(a.doc.word(sentence), "in" | "at" | "near" | "outside" | "around");
    let until = (end..frame.start as usize).take(12).take_while(|&i| a.verb_at(i).is_none()).find(|&i| matches!(a.doc.word(i), "where" | "when"));
    fronted || until.is_some() && a.doc.tag(start.saturating_sub(1)) == Tag::IN
}

/// "signed a ceasefire here", "a bombing there": the dateline's place, the place told last.
fn here_or_there(a: &Analysis<'_>, sentence: usize, reach: TokenSpan) -> Option<usize> {
    let word = reach.range().find(|&i| a.doc.tag(i) == Tag::RB && matches!(a.doc.word(i), "here" | "there"))?;
    let head = TokenSpan::new(0, a.header.body_start);
    if a.doc.word(word) == "here" {
        return a.places_in(head).filter(|&p| in_dateline(a, p)).min_by_key(|&p| coarseness(a.places[p].precision));
    }
    let sentences = a.doc.sentences();
    let before = TokenSpan { start: sentences[sentence.saturating_sub(2)].start, end: sentences[sentence].start };
    let usable = |p: &usize| !in_dateline(a, *p) && fineness(&a.places[*p]) < 8 && !inside_actor(a, a.places[*p].tokens);
    a.places_in(before).rfind(usable)
}

/// "in Chittagong and in Gazipur": the first of places that are told together.
fn first_of_list(a: &Analysis<'_>, chosen: usize, among: &[usize]) -> usize {
    let before = chosen.checked_sub(1).filter(|b| among.contains(b));
    let joined = |b: usize| {
        let (from, to) = (a.places[b].tokens.end as usize, a.places[chosen].tokens.start as usize);
        let between = from..to;
        between.clone().any(|i| a.doc.word(i) == "and")
            && between.len() <= 3
            && between.clone().all(|i| matches!(a.doc.word(i), "and" | "," | "in" | "at" | "near"))
    };
    before.filter(|&b| joined(b) && coarseness(a.places[b].precision) < 8 && standing(a, a.places[b].tokens) == 0).unwrap_or(chosen)
}

/// "Mir Ali, North Waziristan": the inner one of a chain.
fn finest(a: &Analysis<'_>, place: usize, among: &[usize]) -> usize {
    among.iter().copied().find(|&i| a.places[i].inside == Some(place) && standing(a, a.places[i].tokens) < 2).unwrap_or(place)
}

/// How a place stands in its sentence: 0 after a preposition of place, 1 otherwise, 2 as what another place is found by
/// ("40 miles west of Lahore", "the Kabul-Kandahar highway") or as somebody's office ("governor of Logar").
fn standing(a: &Analysis<'_>, tokens: TokenSpan) -> u8 {
    let start = tokens.start as usize;
    let Some(mut before) = start.checked_sub(1) else { return 1 };
    if before > 0 && matches!(a.doc.word(before), "the" | "village" | "town" | "city" | "central" | "downtown" | "nearby" | "neighbouring" | "remote") {
        before -= 1;
    }
    let word = a.doc.word(before);
    let back = before.checked_sub(1).map_or("", |i| a.doc.word(i));
    let direction = matches!(
        back,
        "north"
            | "south"
            | "east"
            | "west"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
            | "miles"
            | "kilometres"
            | "kilometers"
            | "km"
            | "outside"
            | "ahead"
    );
    let joined = a.doc.tag(tokens.end as usize) == Tag::Hyphen && !a.doc.token(tokens.end as usize - 1).shape.has(crate::text::Shape::SPACE_AFTER);
    let office = word == "of"
        && before.checked_sub(1).is_some_and(|i| {
            a.noun_at(i).is_some_and(|n| {
                matches!(
                    a.doc.lemma(a.nouns[n].head),
                    "governor"
                        | "minister"
                        | "chief"
                        | "mayor"
                        | "head"
                        | "commander"
                        | "president"
                        | "king"
                        | "emir"
                        | "resident"
                        | "native"
                        | "deputy"
                        | "attorney"
                        | "judge"
                        | "leader"
                        | "government"
                        | "authority"
                        | "parliament"
                )
            })
        });
    match word {
        _ if joined || office => 2,
        "of" | "from" if direction => 2,
        "from" | "between" => 2,
        // "killed in Och, a village near Hangu"
        "near" if apposed_village(a, before) => 2,
        // "driven out of Pakistan"
        "of" if back == "out" && a.place_at(start).is_some_and(|p| coarseness(a.places[p].precision) == 8) => 2,
        // "Samoote village near Surankote": the village is the scene.
        "near" if before.checked_sub(1).is_some_and(|i| a.place_at(i).is_some() || a.doc.tag(i) == Tag::Comma && i > 0 && a.place_at(i - 1).is_some()) => 2,
        // "the governments of India and Assam": the second stands as the first.
        "and" | "," if before.checked_sub(1).and_then(|i| a.place_at(i)).is_some_and(|p| standing(a, a.places[p].tokens) == 2) => 2,
        "in" | "at" | "near" | "outside" | "around" | "of" | "inside" | "within" | "across" | "on" | "through" => 0,
        _ => 1,
    }
}

/// Whether "near" at `preposition` says where a village is that a comma puts beside its name: "Och, a village near Hangu".
fn apposed_village(a: &Analysis<'_>, preposition: usize) -> bool {
    let Some(group) = preposition.checked_sub(1).and_then(|i| a.noun_at(i)).map(|n| &a.nouns[n]) else { return false };
    let start = group.tokens.start as usize;
    let kind = matches!(a.doc.lemma(group.head), "village" | "town" | "hamlet" | "suburb" | "district" | "area" | "settlement" | "locality" | "city");
    kind && start >= 2 && a.doc.tag(start - 1) == Tag::Comma && a.place_at(start - 2).is_some()
}

/// "said an official in Miramshah", "a second official, reached in Peshawar": where a speaker is.
fn whereabouts_of_speaker(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let Some(preposition) = (tokens.start as usize).checked_sub(1).filter(|&i| matches!(a.doc.word(i), "in" | "at" | "from")) else { return false };
    let Some(before) = preposition.checked_sub(1) else { return false };
    let reached = matches!(a.doc.word(before), "reached" | "contacted" | "interviewed" | "speaking");
    let cue = |n: usize| a.nouns[n].tokens.start.checked_sub(1).and_then(|i| a.verb_at(i as usize)).is_some_and(|v| says(a, v));
    reached || a.noun_at(before).is_some_and(cue)
}

/// Whether a verb group reports what somebody says.
fn says(a: &Analysis<'_>, verb: usize) -> bool {
    matches!(a.doc.lemma(a.verbs[verb].head), "say" | "tell" | "announce" | "report" | "claim" | "confirm" | "state" | "add" | "declare")
}

/// "sent a delegation to Kabul", "bound for Karachi", "traders from Mastung"
fn is_direction(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    start > 0
        && (a.doc.word(start - 1) == "for"
            || a.doc.word(start - 1) == "to" && start > 1 && !matches!(a.doc.word(start - 2), "close" | "next" | "near" | "adjacent"))
}

/// "traders from Mastung and Kalat", "three engineers from China": where people come from.
fn home_of_people(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    // A second home after "and" or a comma goes with the first.
    let joined = start >= 2 && (a.doc.word(start - 1) == "and" || a.doc.tag(start - 1) == Tag::Comma);
    let from = if joined { a.place_at(start - 2).map_or(start, |p| a.places[p].tokens.start as usize) } else { start };
    from >= 2 && a.doc.word(from - 1) == "from" && a.noun_at(from - 2).is_some_and(|n| super::class::classify(a, n).people.is_some())
}

/// A place inside a group's name or a demonym-like modifier ("the Peshawar police chief") says little of the scene.
fn inside_actor(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    a.mentions_in(tokens).any(|(_, m)| match m.kind {
        MentionKind::Organisation => m.tokens.contains(tokens) && m.tokens.len() > tokens.len(),
        // Kazuya Ito is not in Itō.
        MentionKind::Person => m.tokens.contains(tokens),
        _ => false,
    })
}

/// Lower is finer.
pub fn coarseness(precision: &str) -> u8 {
    match precision {
        "exact" => 0,
        "near" => 1,
        "admin2" => 2,
        "admin1" => 4,
        "area" => 5,
        "country" => 8,
        _ => 9,
    }
}

/// The same for a mention: a name that the gazetteer lacks is a village or a quarter, however vaguely it can be put on the map.
pub fn fineness(place: &PlaceMention) -> u8 {
    if place.gazetteer.is_none() { 0 } else { coarseness(place.precision) }
}

/// Tokens that belong to the frame: its clause from subject to end, or the noun with its phrases.
fn reach(a: &Analysis<'_>, frame: &Frame<'_>) -> TokenSpan {
    let mut reach = frame.tokens;
    if let Some(noun) = frame.noun {
        let end = a.doc.sentences()[frame.sentence].end as usize;
        reach = reach.cover(a.nouns[noun].tokens);
        for (_, n) in phrases_after(a, noun, end) {
            reach = reach.cover(a.nouns[n].tokens);
        }
    }
    if let Some(clause) = frame.clause {
        let c = &a.clauses[clause];
        reach = reach.cover(TokenSpan::new(a.verbs[c.verb].tokens.start as usize, c.end));
        for &n in &c.subject {
            reach = reach.cover(a.nouns[n].tokens);
        }
    }
    reach
}

/// The date of a frame: index into `Analysis::dates`, and whether its own clause names it.
pub fn date(a: &Analysis<'_>, frame: &Frame<'_>) -> Option<(usize, bool)> {
    let reach = reach(a, frame);
    let sentence = a.doc.sentences()[frame.sentence];
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && sentence.contains(d.tokens);
    // "the 2013 bombing"
    let inside = frame.noun.and_then(|n| a.dates_in(a.nouns[n].tokens).find(|(_, d)| usable(d) && a.nouns[n].tokens.contains(d.tokens)));
    if let Some((date, _)) = inside {
        return Some((date, true));
    }
    // The only day that a sentence names is that of all it tells.
    let mut days = a.dates_in(sentence).filter(|(_, d)| usable(d));
    if let (Some((only, d)), None) = (days.next(), days.next())
        && !said_then(a, d.tokens)
    {
        let reported =
            frame.noun.is_some_and(|n| a.nouns[n].determiner == Determiner::Definite && !a.nouns[n].tokens.overlaps(d.tokens)) && !reach.contains(d.tokens);
        return Some((only, !reported));
    }
    let pick = |own: bool| {
        a.dates_in(sentence)
            .filter(|(_, d)| usable(d) && (!own || reach.contains(d.tokens) || frame.noun.is_some_and(|n| a.nouns[n].tokens.overlaps(d.tokens))))
            .min_by_key(|(_, d)| (d.value.map(|v| v.precision), said_then(a, d.tokens), distance(frame.tokens, d.tokens)))
            .map(|(i, _)| i)
    };
    pick(true).map(|i| (i, true)).or_else(|| pick(false).filter(|&i| !said_then(a, a.dates[i].tokens)).map(|i| (i, false)))
}

/// "said on Tuesday": the day of the statement, not of what it tells.
fn said_then(a: &Analysis<'_>, date: TokenSpan) -> bool {
    let start = date.start as usize;
    let back = start.saturating_sub(usize::from(start > 0 && a.doc.word(start - 1) == "on"));
    back > 0 && a.verb_at(back - 1).is_some_and(|v| says(a, v))
}

/// Tokens between two spans.
pub fn distance(a: TokenSpan, b: TokenSpan) -> u32 {
    if a.overlaps(b) { 0 } else { b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end)) }
}

/// Where an incident takes place whose own sentences do not say so: the nearest place before it. Context told in passing looks only
/// around itself.
pub fn place_told(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    let sentences = a.doc.sentences();
    let from = if background { same_paragraph(a, sentence).start } else { sentences[sentence.saturating_sub(2)].start };
    definite_place(a, sentence, background).or_else(|| a.places_in(TokenSpan { start: from, end: sentences[sentence].end }).rfind(|&p| may_be_scene(a, p)))
}

/// Where the story takes place that says no more of it: at the dateline's place, or the next one told.
pub fn place_of_story(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    if background {
        return None;
    }
    let sentences = a.doc.sentences();
    let head = TokenSpan::new(0, a.header.body_start);
    let dateline = a.places_in(head).filter(|&p| in_dateline(a, p)).min_by_key(|&p| coarseness(a.places[p].precision));
    dateline
        .or_else(|| {
            let after = sentences.get(sentence + 2).or(sentences.last()).map_or(0, |s| s.end);
            a.places_in(TokenSpan { start: sentences[sentence].start, end: after.max(sentences[sentence].start) }).find(|&p| may_be_scene(a, p))
        })
        .or_else(|| a.places_in(sentences[sentence]).find(|&p| !a.places[p].metonym && fineness(&a.places[p]) < 8))
}

/// Whether something that is told beside a place may have happened there.
fn may_be_scene(a: &Analysis<'_>, place: usize) -> bool {
    let p = &a.places[place];
    !p.metonym
        && !in_dateline(a, place)
        && coarseness(p.precision) < 8
        && standing(a, p.tokens) < 2
        && !inside_actor(a, p.tokens)
        && !home_of_people(a, p.tokens)
        && !whereabouts_of_speaker(a, p.tokens)
        && (!is_direction(a, p.tokens) || on_road_to(a, p.tokens))
}

/// "by the road to Datta Khel"
fn on_road_to(a: &Analysis<'_>, tokens: TokenSpan) -> bool {
    let start = tokens.start as usize;
    start > 1 && a.doc.word(start - 1) == "to" && matches!(a.doc.word(start - 2), "road" | "highway" | "track")
}

/// "in the town", "across the country", "in the state": the last place of that kind named before.
fn definite_place(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    let tokens = a.doc.sentences()[sentence];
    let first = tokens.start as usize;
    // "In another part of the city": of the one that the text is about.
    if (first..tokens.end.min(tokens.start + 6) as usize).any(|i| a.doc.word(i) == "city" && i >= 4 && a.doc.word(i - 3) == "part") {
        let head = TokenSpan::new(0, a.header.body_start);
        return a.places_in(head).find(|&p| !background && in_dateline(a, p) && coarseness(a.places[p].precision) <= 1);
    }
    let kind = tokens.range().find_map(|i| {
        let located = i >= 2
            && a.doc.word(i - 1) == "the"
            && matches!(a.doc.word(i - 2), "in" | "across" | "throughout" | "around" | "near" | "outside" | "through" | "of");
        // "in another part of the city": what was told before happened elsewhere.
        let located = located && !(i >= 4 && a.doc.word(i - 3) == "part" && matches!(a.doc.word(i - 4), "another" | "other"));
        // "the town of Wah" names it itself.
        let named = a.doc.word(i + 1) == "of" || a.doc.tag(i).is_proper() || a.noun_at(i).is_none_or(|n| a.nouns[n].head != i);
        match a.doc.word(i) {
            _ if !located || named => None,
            "town" | "city" | "village" => Some(0..=1),
            "district" | "agency" => Some(2..=2),
            "state" | "province" => Some(4..=4),
            "country" => Some(8..=8),
            _ => None,
        }
    })?;
    let before = a.places_in(TokenSpan { start: 0, end: tokens.start }).end;
    let fits = |p: &usize| kind.contains(&coarseness(a.places[*p].precision)) && !inside_actor(a, a.places[*p].tokens);
    // Of "the country" readers know before it is named.
    (0..before).rev().find(fits).or_else(|| (before..a.places.len()).find(|p| kind.contains(&8) && fits(p)))
}

/// When an incident takes place whose own sentences do not say so: the date told last before it in its paragraph.
pub fn date_around(a: &Analysis<'_>, sentence: usize, background: bool) -> Option<usize> {
    let sentences = a.doc.sentences();
    let from = same_paragraph(a, sentence).start.max(sentences[sentence.saturating_sub(if background { 2 } else { 3 })].start);
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && !said_then(a, d.tokens);
    let told = |from: u32| a.dates_in(TokenSpan { start: from, end: sentences[sentence].start }).filter(|(_, d)| usable(d)).map(|(i, _)| i);
    let value = |i: usize| a.dates[i].value;
    let last = told(from).last()?;
    // "9 July … Overnight …": the day says more than the night that touches it.
    let night = value(last).filter(|l| l.start < l.end && l.start.saturating_add(jiff::Span::new().days(1)) >= l.end);
    let day = |i: &usize| value(*i).zip(night).is_some_and(|(v, l)| v.start == v.end && v.overlaps(l));
    Some(told(same_paragraph(a, sentence).start).filter(day).last().unwrap_or(last))
}

/// The day told last before a sentence, in its paragraph or not.
pub fn date_before(a: &Analysis<'_>, sentence: usize) -> Option<usize> {
    let sentences = a.doc.sentences();
    let from = sentences[sentence.saturating_sub(6)].start;
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && !said_then(a, d.tokens);
    a.dates_in(TokenSpan { start: from, end: sentences[sentence].start }).filter(|(_, d)| usable(d)).last().map(|(i, _)| i)
}

/// "Khost, 2 July. Two bombs went off …": the first sentence after one that is nothing but a place and a day, as roundups have them.
pub fn under_heading(a: &Analysis<'_>, sentence: usize) -> bool {
    let Some(before) = sentence.checked_sub(1).and_then(|s| a.doc.sentences().get(s)).copied() else { return false };
    let paragraph = same_paragraph(a, sentence);
    let verbless = a.verbs.partition_point(|v| v.sentence < sentence - 1) == a.verbs.partition_point(|v| v.sentence < sentence);
    paragraph.start == before.start && before.len() <= 10 && verbless && a.dates_in(before).next().is_some()
}

/// The paragraph of a sentence.
fn same_paragraph(a: &Analysis<'_>, sentence: usize) -> TokenSpan {
    let start = a.doc.sentences()[sentence].start;
    let paragraphs = a.doc.paragraphs();
    let at = paragraphs.partition_point(|p| p.start <= start);
    at.checked_sub(1).map_or_else(TokenSpan::default, |p| paragraphs[p])
}

fn in_dateline(a: &Analysis<'_>, place: usize) -> bool {
    a.places[place].dateline || a.header.dateline_place.is_some_and(|d| d.contains(a.places[place].tokens))
}
