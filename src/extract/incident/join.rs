//! Within one sentence: which frames tell one incident.

use super::casualty::{self, Figure};
use super::class::{classify, phrases_after, without_determiner};
use super::frame::Frame;
use super::kind::{self, Family, family};
use super::realis::{self, Realis};
use super::{Incident, participants, scene, standing, story, toll, weapons};
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, VerbForm};
use crate::lexicon::triggers::Effect;
use crate::text::{Tag, TokenSpan};
use std::cell::OnceCell;

/// An incident as one sentence tells it; `realis.generic` ones are set aside with a note later.
#[derive(Debug)]
pub struct Candidate {
    /// Its fields.
    pub incident: Incident,
    /// What is to be made of it.
    pub realis: Realis,
    /// Its sentence.
    pub sentence: usize,
}

/// Joins the frames of each sentence.
pub fn join(a: &Analysis<'_>, frames: &[Frame<'_>]) -> Vec<Candidate> {
    let free = toll::free_figures(a);
    let mut candidates = Vec::new();
    for sentence in (0..a.doc.sentences().len()).take_while(|_| !a.is_stopped()) {
        let of_sentence: Vec<Seen<'_, '_>> = part(frames, sentence, |f| f.sentence).iter().map(|f| Seen::of(a, f)).collect();
        let figures: Vec<Figure> = part(&free, sentence, |f| f.sentence).to_vec();
        let groups = group(a, &of_sentence);
        let n_groups = groups.len();
        for members in groups {
            let frames: Vec<&Seen<'_, '_>> = members.iter().map(|&m| &of_sentence[m]).collect();
            candidates.push(candidate(a, sentence, &frames, if n_groups == 1 { &figures } else { &[] }));
        }
        if n_groups > 1 {
            share_figures(&mut candidates, sentence, &figures);
        }
        // "The death toll rose to 23.": a figure without a trigger speaks of what was told before.
        if n_groups == 0
            && let Some(first) = figures.first()
        {
            candidates.push(figures_only(sentence, &figures, first.tokens));
        }
    }
    candidates
}

/// The items of one sentence out of a list that is in the order of sentences.
fn part<T>(list: &[T], sentence: usize, of: impl Fn(&T) -> usize) -> &[T] {
    &list[list.partition_point(|x| of(x) < sentence)..list.partition_point(|x| of(x) <= sentence)]
}

/// Frames further apart than this in one sentence are not compared: no sentence of news holds so many.
const NEAR: usize = 12;

/// A frame with what is found out about it when it is asked for: it is compared with many others.
struct Seen<'s, 'a> {
    a: &'s Analysis<'a>,
    frame: &'s Frame<'a>,
    realis: Realis,
    place: OnceCell<Option<(usize, bool)>>,
    date: OnceCell<Option<(usize, bool)>>,
}

impl<'s, 'a> Seen<'s, 'a> {
    fn of(a: &'s Analysis<'a>, frame: &'s Frame<'a>) -> Self {
        Self { a, frame, realis: realis::judge(a, frame), place: OnceCell::new(), date: OnceCell::new() }
    }

    fn place(&self) -> Option<(usize, bool)> {
        *self.place.get_or_init(|| scene::place(self.a, self.frame))
    }

    fn date(&self) -> Option<(usize, bool)> {
        *self.date.get_or_init(|| scene::date(self.a, self.frame, self.realis.background))
    }

    /// The date, where all that is told with it is context or is not.
    fn date_as(&self, background: bool) -> Option<(usize, bool)> {
        if background == self.realis.background { self.date() } else { scene::date(self.a, self.frame, background) }
    }
}

/// Connected frames, by index; each group in order.
fn group(a: &Analysis<'_>, frames: &[Seen<'_, '_>]) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..frames.len()).collect();
    for j in 1..frames.len() {
        for i in (j.saturating_sub(NEAR)..j).rev() {
            if root[i] != root[j] && linked(a, &frames[i], &frames[j]) {
                let (from, to) = (root[j].max(root[i]), root[j].min(root[i]));
                root.iter_mut().filter(|r| **r == from).for_each(|r| *r = to);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in 0..frames.len() {
        match groups.iter_mut().find(|g| root[g[0]] == root[i]) {
            Some(g) => g.push(i),
            None => groups.push(vec![i]),
        }
    }
    groups
}

/// Whether two frames of a sentence tell one incident.
fn linked(a: &Analysis<'_>, one: &Seen<'_, '_>, other: &Seen<'_, '_>) -> bool {
    let (x, y, rx, ry) = (one.frame, other.frame, &one.realis, &other.realis);
    // "killed in the blast", "the attack left": one is an argument of the other.
    let names = |f: &Frame<'_>, g: &Frame<'_>| {
        g.noun.is_some_and(|n| f.events.contains(&n))
            || foils_plot(a, f, g)
            || g.noun.is_some() && f.clause.is_some() && !f.is_nominal() && g.clause == f.clause && argument_of(a, f, g)
    };
    let explicit = names(x, y) || names(y, x);
    // "a protest against the killing of a student": two things, one of which is context.
    let unrest = |f: &Frame<'_>| family(&f.trigger.kind) == Family::Unrest;
    let apart = unrest(x) != unrest(y)
        && (rx.background != ry.background || !explicit && (x.is_effect() && !x.events.is_empty() || y.is_effect() && !y.events.is_empty()));
    if apart {
        return false;
    }
    if explicit && rx.generic == ry.generic && compatible(x, y) {
        return true;
    }
    if rx.generic != ry.generic || (rx.certainty == "reported") != (ry.certainty == "reported") || rx.background != ry.background {
        return false;
    }
    if !compatible(x, y) {
        return false;
    }
    if let (Some((p, true)), Some((q, true))) = (one.place(), other.place())
        && p != q
        && different_places(a, p, q)
    {
        return false;
    }
    if let (Some((d, true)), Some((e, true))) = (one.date(), other.date())
        && d != e
        && a.dates[d].value.zip(a.dates[e].value).is_some_and(|(v, w)| !v.overlaps(w))
    {
        return false;
    }
    !distinct(a, y)
}

/// "foiled an attempt to blow up a track": the act of the infinitive is what was foiled.
fn foils_plot(a: &Analysis<'_>, f: &Frame<'_>, g: &Frame<'_>) -> bool {
    let (Some(above), Some(below)) = (f.clause, g.clause) else { return false };
    let infinitive = &a.clauses[below];
    f.trigger.id == "foil_plot"
        && !g.is_nominal()
        && a.verbs[infinitive.verb].form == VerbForm::Infinitive
        && infinitive.governor == Some(a.clauses[above].verb)
}

/// Whether the noun frame `g` is subject, object or in a phrase of the verb frame `f`'s clause.
fn argument_of(a: &Analysis<'_>, f: &Frame<'_>, g: &Frame<'_>) -> bool {
    let (Some(clause), Some(noun)) = (f.clause, g.noun) else { return false };
    a.clauses[clause].names(noun)
}

/// Whether the types may be aspects of one incident.
fn compatible(x: &Frame<'_>, y: &Frame<'_>) -> bool {
    let (fx, fy) = (family(&x.trigger.kind), family(&y.trigger.kind));
    let effect = |f: &Frame<'_>| f.is_effect();
    // "foiled an attack": the attack is what was foiled.
    let foils = |f: &Frame<'_>, g: &Frame<'_>| f.trigger.id == "foil" && g.noun.is_some_and(|n| f.events.contains(&n) || f.means.contains(&n));
    fx == fy
        || foils(x, y)
        || foils(y, x)
        || x.trigger.id == "foil_plot"
        || (effect(x) && !matches!(fy, Family::Counter | Family::Politics))
        || (effect(y) && !matches!(fx, Family::Counter | Family::Politics))
        // "kidnapped and later shot dead": one story, as long as it is told of the same people.
        || matches!((fx, fy), (Family::Abduction, Family::Violence)) && x.trigger.effect == Effect::Abducted && y.trigger.effect == Effect::Killed && y.patients.iter().any(|p| x.patients.contains(p))
        || matches!((fx, fy), (Family::Violence, Family::Property) | (Family::Property, Family::Violence) if x.trigger.effect == Effect::Damaged || y.trigger.effect == Effect::Damaged)
}

/// Two named places that cannot be one scene.
pub fn different_places(a: &Analysis<'_>, p: usize, q: usize) -> bool {
    let (x, y) = (&a.places[p], &a.places[q]);
    if x.inside == Some(q) || y.inside == Some(p) || x.name == y.name {
        return false;
    }
    if x.country.is_some() && y.country.is_some() && x.country != y.country {
        return true;
    }
    if x.admin2.as_ref() == Some(&y.name) || y.admin2.as_ref() == Some(&x.name) || x.admin1.as_ref() == Some(&y.name) || y.admin1.as_ref() == Some(&x.name) {
        return false;
    }
    let apart = |degrees: f64| match (x.latitude.zip(x.longitude), y.latitude.zip(y.longitude)) {
        (Some((a, b)), Some((c, d))) => (a - c).abs() > degrees || (b - d).abs() > degrees,
        _ => false,
    };
    let coarsest = standing::coarseness(x.precision).max(standing::coarseness(y.precision));
    match coarsest {
        // About 25 km: a town and its outskirts are one scene.
        0..=2 => apart(0.25) || x.latitude.is_none() || y.latitude.is_none(),
        // Two provinces, a valley and a town far from it.
        3..=5 => apart(0.9),
        _ => false,
    }
}

/// "another", "a second", "separate", "elsewhere" before or in the frame.
fn distinct(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    another(a, frame) || starts_elsewhere(a, frame.sentence) || group_has(a, frame, &["separate", "different"])
}

/// "another attack", "the second bomb": one more than what was told.
fn another(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    // "They also blew up a bridge": one more act.
    let also = !frame.is_nominal() && !frame.is_effect() && {
        let tokens = frame.tokens;
        let before = (tokens.start as usize).saturating_sub(1);
        (before..tokens.end as usize).any(|i| a.doc.word(i) == "also")
    };
    also || group_has(a, frame, &["another", "second", "third", "other", "similar"])
}

fn group_has(a: &Analysis<'_>, frame: &Frame<'_>, words: &[&str]) -> bool {
    frame.noun.is_some_and(|n| a.nouns[n].tokens.range().any(|i| words.contains(&a.doc.word(i))))
}

/// "twin blasts", "two bombs exploded", "a series of attacks"
fn several(a: &Analysis<'_>, frame: &Frame<'_>) -> bool {
    let counted = |n: usize| super::class::whole(a, n).is_none() && a.nouns[n].count.is_some_and(|(_, c)| c.low.is_some_and(|l| l > 1));
    let series = |n: usize| {
        let start = a.nouns[n].tokens.start as usize;
        a.nouns[n].tokens.range().chain(start.saturating_sub(2)..start).any(|i| {
            matches!(
                a.doc.word(i),
                "twin" | "double" | "triple" | "series" | "string" | "spate" | "multiple" | "simultaneous" | "coordinated" | "successive" | "serial" | "both"
            )
        })
    };
    frame.noun.iter().chain(&frame.events).chain(&frame.means).any(|&n| counted(n) || series(n))
}

/// "Elsewhere, …", "In a separate incident, …", "Meanwhile, …" at the head of a sentence.
fn starts_elsewhere(a: &Analysis<'_>, sentence: usize) -> bool {
    let tokens = a.doc.sentences()[sentence];
    let first = tokens.start as usize;
    if matches!(a.doc.word(first), "elsewhere" | "separately" | "meanwhile") {
        return true;
    }
    tokens.range().take(7).take_while(|&i| a.doc.tag(i) != Tag::Comma).any(|i| matches!(a.doc.word(i), "separate" | "another" | "different"))
        && a.doc.tag(first) == Tag::IN
}

fn candidate(a: &Analysis<'_>, sentence: usize, seen: &[&Seen<'_, '_>], figures: &[Figure]) -> Candidate {
    let mut incident = Incident { sentences: vec![sentence], certainty: "reported", ..Incident::default() };
    let realis = seen.iter().map(|s| &s.realis).max_by_key(|r| (r.generic, r.certainty != "reported", r.background)).cloned().unwrap_or_default();
    let frames: Vec<&Frame<'_>> = seen.iter().map(|s| s.frame).collect();
    let frames = frames.as_slice();
    let mut arms: Vec<(String, TokenSpan, bool)> = Vec::new();
    let mut counted: Vec<Figure> = figures.to_vec();
    for (frame, seen) in frames.iter().zip(seen) {
        participants::collect(a, frame, &mut incident);
        let named = if armed(frame) { weapons::of_frame(a, frame) } else { Vec::new() };
        for weapon in named {
            if !arms.iter().any(|w| w.0 == weapon.0 && w.1.overlaps(weapon.1)) {
                arms.push(weapon);
            }
        }
        counted.extend(casualty::of_frame(a, frame, &seen.realis));
        for attribute in &frame.trigger.attributes {
            if !incident.attributes.contains(attribute) {
                incident.attributes.push(attribute.clone());
            }
        }
        // Context told in passing does not take place where and when the news does.
        let near = |own: bool| own || !realis.background;
        if let Some((place, own)) = seen.place().filter(|s| near(s.1))
            && (incident.place.is_none() || own && !incident.place_is_own)
        {
            (incident.place, incident.place_is_own) = (Some(place), own);
        }
        if let Some((date, own)) = seen.date_as(realis.background).filter(|s| near(s.1))
            && (incident.date.is_none() || own && !incident.date_is_own)
        {
            (incident.date, incident.date_is_own) = (Some(date), own);
        }
        if incident.site.is_none() {
            incident.site = frame.targets.iter().copied().find(|&n| classify(a, n).site.is_some()).map(|n| without_determiner(a, a.nouns[n].tokens));
        }
    }
    if !frames.is_empty() && (suicide(a, sentence) || by_bomber(a, frames)) {
        incident.attributes.push("suicide".to_owned());
        incident.attributes.dedup();
    }
    for figure in figures {
        participants::counted(a, figure, &mut incident);
    }
    // What the sentence does not say the one before may ("closed in on Saturday. Then they fired.").
    if incident.date.is_none() && !realis.background {
        incident.date = story::date_around(a, sentence, true);
    }
    // A word that only implies its means gives way to a named one of the same class.
    let named: Vec<String> = arms.iter().filter(|w| !w.2).map(|w| w.0.clone()).collect();
    arms.retain(|w| !w.2 || !named.iter().any(|n| n.split('.').next() == w.0.split('.').next()));
    // What attackers carry is not what they did it with.
    let kinds: Vec<String> = arms.iter().filter(|w| !weapons::only_carried(a, w.1)).map(|w| w.0.clone()).collect();
    incident.kind = kind::decide(a, frames, &kinds, &incident.attributes);
    incident.weapons = arms;
    incident.weight = frames.iter().map(|f| f.trigger.weight).max().unwrap_or(0);
    let mut ordered: Vec<&&Frame<'_>> = frames.iter().collect();
    ordered.sort_by_key(|f| (std::cmp::Reverse(f.trigger.weight), f.tokens));
    incident.triggers = ordered.iter().map(|f| (f.tokens, f.trigger.id.clone())).collect();
    for (effect, list) in [(Effect::Killed, &mut incident.killed), (Effect::Injured, &mut incident.injured)] {
        let figures: Vec<Figure> = counted.iter().copied().filter(|f| f.effect == effect).collect();
        list.extend(casualty::of_sentence(&figures));
    }
    let definite = |n: usize| a.nouns[n].determiner == Determiner::Definite;
    // "The bomb exploded": the verb adds nothing to the definite noun.
    let known_thing = |f: &Frame<'_>| {
        let mut things = f.events.iter().chain(&f.means).copied().peekable();
        things.peek().is_some() && f.agents.is_empty() && things.all(definite)
    };
    let announced = |f: &Frame<'_>| f.noun.is_some_and(|n| definite(n) && introduces(a, n));
    // "The murder of two policemen in Orangi" tells of an act, where "two policemen were killed" only of what came of one.
    incident.weight = incident.weight.max(u8::from(frames.iter().any(|f| f.trigger.effect == Effect::Killed && announced(f))));
    // "One soldier was hit in the leg": what came of an act told before.
    if let ([frame], Some(_)) = (frames, counted.iter().find(|f| f.rule == "casualty.hurt"))
        && frame.agents.is_empty()
        && frame.means.is_empty()
    {
        incident.weight = 0;
    }
    incident.sums_up = sums_up(a, sentence);
    incident.anaphoric = incident.sums_up
        || incident.weight == 0 && !frames.is_empty() && !frames.iter().any(|f| announced(f))
        || frames.iter().all(|f| !announced(f) && (f.is_effect() || f.noun.is_some_and(definite) || known_thing(f)));
    incident.points_back = points_back(a, sentence, frames);
    incident.distinct =
        starts_elsewhere(a, sentence) || story::under_heading(a, sentence) || frames.iter().any(|f| group_has(a, f, &["separate", "different"]));
    incident.another = frames.iter().any(|f| another(a, f));
    incident.several = frames.iter().any(|f| several(a, f));
    // That an attack was foiled is no plan.
    incident.certainty = if incident.kind == "counter.attack_foiled" { "reported" } else { realis.certainty };
    incident.background = realis.background;
    if let Some(attribute) = &realis.attribute {
        incident.attributes.push(attribute.clone());
    }
    Candidate { incident, realis, sentence }
}

/// "the murder of two policemen": the article announces what follows and points back to nothing.
fn introduces(a: &Analysis<'_>, noun: usize) -> bool {
    let end = a.doc.sentences()[a.nouns[noun].sentence].end as usize;
    let next = phrases_after(a, noun, end).into_iter().next().filter(|(p, _)| matches!(a.doc.word(*p), "of" | "on" | "against"));
    next.is_some_and(|(_, n)| {
        let group = &a.nouns[n];
        group.determiner == Determiner::Indefinite || group.determiner == Determiner::None && group.count.is_some()
    })
}

/// "By the end seven people had been murdered.", "In all, 12 died."
fn sums_up(a: &Analysis<'_>, sentence: usize) -> bool {
    let first = a.doc.sentences()[sentence].start as usize;
    matches!(
        (a.doc.word(first), a.doc.word(first + 1), a.doc.word(first + 2)),
        ("altogether" | "overall", ..) | ("in", "all" | "total", _) | ("all", "told", _) | ("by", "the", "end")
    )
}

/// How strongly the words point back: a definite act most ("in the attack"), then definite sides and pronouns ("The gunmen …", "their vehicle").
fn points_back(a: &Analysis<'_>, sentence: usize, frames: &[&Frame<'_>]) -> u8 {
    let definite = |n: usize| a.nouns[n].determiner == Determiner::Definite && a.doc.tag(a.nouns[n].head) != Tag::NNP;
    if frames.iter().any(|f| f.noun.is_some_and(|n| definite(n) && !introduces(a, n)) || f.events.iter().any(|&n| definite(n) && !introduces(a, n))) {
        return 5;
    }
    let first = frames.iter().map(|f| f.tokens.start).min().unwrap_or(0) as usize;
    let pronoun = (a.doc.sentences()[sentence].start as usize..first)
        .any(|i| matches!(a.doc.word(i), "their" | "they" | "he" | "his" | "she" | "her" | "them" | "these" | "both"));
    // "He fired at guests": who does it is known from before.
    let known_doer = frames.iter().flat_map(|f| &f.agents).any(|&n| matches!(a.doc.word(a.nouns[n].head), "he" | "they" | "she"));
    if known_doer {
        return 4;
    }
    let sides = frames.iter().flat_map(|f| f.agents.iter().chain(&f.patients)).any(|&n| definite(n) && classify(a, n).actor.is_none());
    // "Some nine kilograms of explosives had been hidden in a motorcycle": how what was told before had come about.
    let had = |f: &&Frame<'_>| f.clause.map(|c| &a.verbs[a.clauses[c].verb]).is_some_and(|v| v.perfect && a.doc.word(v.tokens.start as usize) == "had");
    let how = frames.iter().any(|f| had(f) && !f.means.is_empty()) && a.dates_in(a.doc.sentences()[sentence]).next().is_none();
    match (how, pronoun || sides) {
        (true, _) => 6,
        (_, true) => 3,
        _ => 0,
    }
}

/// Whether weapons belong to the act: what lies beside an arrest or a strike was not used in it.
fn armed(frame: &Frame<'_>) -> bool {
    !matches!(family(&frame.trigger.kind), Family::Politics | Family::Unrest) && !matches!(frame.trigger.kind.as_str(), "counter.arrest" | "counter.surrender")
}

/// A suicide attacker is named in the sentence.
fn suicide(a: &Analysis<'_>, sentence: usize) -> bool {
    a.doc.sentences()[sentence].range().any(|i| {
        a.doc.word(i) == "suicide"
            && matches!(
                a.doc.lemma(i + 1),
                "bomber" | "bombing" | "attacker" | "attack" | "blast" | "car" | "vest" | "jacket" | "bomb" | "squad" | "assault" | "explosion"
            )
    })
}

/// "A bomber rammed a car into …": in this domain a bomber who is there dies.
fn by_bomber(a: &Analysis<'_>, frames: &[&Frame<'_>]) -> bool {
    // "Bombers struck at a court": who does it may be the only argument.
    let doers = |f: &Frame<'_>| f.agents.iter().chain(f.patients.iter().filter(|_| !f.is_effect())).copied().collect::<Vec<_>>();
    frames.iter().flat_map(|f| doers(f)).any(|n| classify(a, n).people.is_some_and(|t| t.class == "bomber"))
}

/// Free figures of a sentence with several incidents go to the nearest trigger before them.
fn share_figures(candidates: &mut [Candidate], sentence: usize, figures: &[Figure]) {
    for &figure in figures {
        let nearest = candidates.iter_mut().rev().take_while(|c| c.sentence == sentence).min_by_key(|c| {
            c.incident.triggers.iter().map(|t| scene::distance(t.0, figure.tokens) + u32::from(t.0.start > figure.tokens.start) * 4).min().unwrap_or(u32::MAX)
        });
        if let Some(candidate) = nearest {
            let list = if figure.effect == Effect::Killed { &mut candidate.incident.killed } else { &mut candidate.incident.injured };
            let both: Vec<Figure> = list.iter().copied().chain([figure]).collect();
            *list = casualty::of_sentence(&both).into_iter().collect();
        }
    }
}

fn figures_only(sentence: usize, figures: &[Figure], tokens: TokenSpan) -> Candidate {
    let of = |effect: Effect| casualty::of_sentence(&figures.iter().copied().filter(|f| f.effect == effect).collect::<Vec<_>>()).into_iter().collect();
    let incident = Incident {
        kind: "attack.armed_assault".to_owned(),
        sentences: vec![sentence],
        certainty: "reported",
        triggers: vec![(tokens, "figure".to_owned())],
        killed: of(Effect::Killed),
        injured: of(Effect::Injured),
        anaphoric: true,
        ..Incident::default()
    };
    Candidate { incident, realis: Realis { rule: "figure", ..Realis::default() }, sentence }
}
