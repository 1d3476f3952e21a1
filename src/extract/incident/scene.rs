//! Where and when a frame takes place, as its own sentence says.

use super::class::{classify, phrases_after};
use super::frame::Frame;
use super::standing::{coarseness, fineness, home_of_people, inside_actor, is_direction, standing, whereabouts_of_speaker};
use super::story::{in_dateline, said_then};
use crate::extract::Analysis;
use crate::extract::analysis::{DateMention, Determiner, PlaceMention};
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
///
/// Of context told in passing (`background`) only what its own words say counts, and no day of the news.
pub fn date(a: &Analysis<'_>, frame: &Frame<'_>, background: bool) -> Option<(usize, bool)> {
    let reach = reach(a, frame);
    let sentence = a.doc.sentences()[frame.sentence];
    let usable = |d: &DateMention| d.value.is_some() && !d.duration && sentence.contains(d.tokens);
    // "the 2013 bombing"
    let inside = frame.noun.and_then(|n| a.dates_in(a.nouns[n].tokens).find(|(_, d)| usable(d) && a.nouns[n].tokens.contains(d.tokens)));
    if let Some((date, _)) = inside {
        return Some((date, true));
    }
    // The only day that a sentence names is that of all it tells, but for one inside another noun ("arrested for the 2008 attack").
    let of_other = |d: &DateMention| {
        let noun = a.noun_at(d.tokens.start as usize).filter(|&n| Some(n) != frame.noun && a.nouns[n].tokens.contains(d.tokens));
        noun.is_some_and(|n| !d.tokens.has(a.nouns[n].head) && classify(a, n).event)
    };
    let usable = |d: &DateMention| usable(d) && !of_other(d) && !(background && of_the_news(a, frame, d));
    if background && let Some((behind, _)) = a.dates_in(sentence).find(|(_, d)| usable(d) && is_behind(a, frame, d)) {
        return Some((behind, true));
    }
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
            .min_by_key(|(_, d)| (d.value.map(|v| v.precision), said_then(a, d.tokens), of_verb_before(a, frame, d.tokens), distance(frame.tokens, d.tokens)))
            .map(|(i, _)| i)
    };
    pick(true).map(|i| (i, true)).or_else(|| pick(false).filter(|&i| !said_then(a, a.dates[i].tokens)).map(|i| (i, false)))
}

/// "Three men abducted from Chirang on Sunday were released on Tuesday": a day that another verb between subject and frame has taken.
fn of_verb_before(a: &Analysis<'_>, frame: &Frame<'_>, date: TokenSpan) -> bool {
    let floor = a.doc.sentences()[frame.sentence].start;
    let verbal = !frame.is_nominal() && date.end <= frame.tokens.start;
    verbal && (floor..date.start).rev().take(10).any(|i| a.verb_at(i as usize).is_some())
}

/// "the killing of two policemen in Aurangabad in 2009": a date behind the words of the frame, with no verb between.
fn is_behind(a: &Analysis<'_>, frame: &Frame<'_>, date: &DateMention) -> bool {
    let start = date.tokens.start;
    frame.noun.is_some() && frame.tokens.end <= start && (frame.tokens.end..start).all(|i| a.verb_at(i as usize).is_none())
}

/// Whether a day that the sentence names before the words of a frame is that of the news, where the frame tells its context
/// ("He surrendered on Monday and was involved in the attack on …").
fn of_the_news(a: &Analysis<'_>, frame: &Frame<'_>, date: &DateMention) -> bool {
    let inside = frame.noun.is_some_and(|n| a.nouns[n].tokens.overlaps(date.tokens));
    let day = date.value.is_some_and(|v| v.start == v.end);
    day && !inside && date.tokens.end <= frame.tokens.start
}

/// Tokens between two spans.
pub fn distance(a: TokenSpan, b: TokenSpan) -> u32 {
    if a.overlaps(b) { 0 } else { b.start.saturating_sub(a.end).max(a.start.saturating_sub(b.end)) }
}
