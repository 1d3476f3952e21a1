//! From the analysis to the record: token ranges become code points here and nowhere else.

use super::incident::render;
use super::incident::towns::Towns;
use super::limits::{self, LeftOut};
use super::{Analysis, ENGINE};
use crate::model::record::{Actor, DocumentFacts, Incident, PlaceName, Record, Speaker, Statement};
use crate::text::Span;

/// The record of a finished analysis.
pub fn record(a: &Analysis<'_>) -> Record {
    let mut left_out = LeftOut::default();
    let mut record = Record {
        id: a.input.id.to_owned(),
        engine: ENGINE.to_owned(),
        lexicon: a.lexicon.hash.clone(),
        document: DocumentFacts {
            published: a.header.published.map(|d| d.to_string()),
            published_from: a.header.published_from.map(str::to_owned),
            dateline: a.header.dateline_place.map(|t| a.excerpt(a.doc.span(t))),
            language: a.language.to_owned(),
        },
        incidents: incidents(a, &mut left_out),
        actors: actors(a, &mut left_out),
        statements: left_out.within(a, limits::STATEMENTS, a.statements.len(), |n| statement(a, &a.statements[n])),
        relations: left_out.within(a, limits::RELATIONS, a.relations.len(), |n| a.relations[n].clone()),
        figures: left_out.within(a, limits::FIGURES, a.figures.len(), |n| a.figures[n].clone()),
        places: left_out.within(a, limits::PLACES, a.places.len(), |n| place(a, &a.places[n])),
        notes: left_out.within(a, limits::NOTES, a.notes.len(), |n| a.notes[n].clone()),
    };
    left_out.settle(&mut record);
    record
}

fn incidents(a: &Analysis<'_>, left_out: &mut LeftOut) -> Vec<Incident> {
    if a.incidents.is_empty() {
        return Vec::new();
    }
    let towns = Towns::of(a);
    let list = left_out.within(a, limits::INCIDENTS, a.incidents.len(), |n| render::incident(a, &towns, &a.incidents[n]));
    left_out.cut("participants of incidents", a.incidents.iter().take(list.len()).map(|i| i.participants.len()), limits::MOST_PARTICIPANTS);
    list
}

fn actors(a: &Analysis<'_>, left_out: &mut LeftOut) -> Vec<Actor> {
    let most = limits::most_mentions(a);
    let list = left_out.within(a, limits::ACTORS, a.entities.len(), |n| actor(a, n, most));
    left_out.cut("mentions of actors", a.entities.iter().take(list.len()).map(|e| e.mentions.len()), most);
    list
}

fn actor(a: &Analysis<'_>, entity: usize, most_mentions: usize) -> Actor {
    let e = &a.entities[entity];
    Actor {
        name: e.name.clone(),
        actor: key(a, entity),
        kind: e.kind.clone(),
        description: e.description.clone(),
        mentions: e.mentions.iter().take(most_mentions).map(|&m| a.excerpt(a.doc.span(a.mentions[m].tokens))).collect(),
        titles: e.titles.clone(),
        affiliation: e.affiliation.and_then(|o| name(a, o)),
        candidates: e.candidates.iter().filter_map(|&c| a.lexicon.actors.get(c)).map(|c| c.key.clone()).collect(),
    }
}

/// Lexicon key of an entity.
pub fn key(a: &Analysis<'_>, entity: usize) -> Option<String> {
    a.entities.get(entity)?.actor.and_then(|i| a.lexicon.actors.get(i)).map(|x| x.key.clone())
}

/// Canonical name of an entity, or its description.
pub fn name(a: &Analysis<'_>, entity: usize) -> Option<String> {
    let e = a.entities.get(entity)?;
    e.name.clone().or_else(|| e.description.clone())
}

fn statement(a: &Analysis<'_>, s: &super::analysis::Statement) -> Statement {
    let excerpts = |spans: &[Span]| spans.iter().map(|&span| a.excerpt(span)).collect();
    Statement {
        kind: s.kind.to_owned(),
        mode: s.mode.to_owned(),
        speaker: s.speaker.map(|tokens| {
            let words = a.excerpt(a.doc.span(tokens));
            Speaker {
                name: s.entity.and_then(|e| a.entities[e].name.clone()),
                actor: s.entity.and_then(|e| key(a, e)),
                index: s.entity.map(|e| e as u32),
                start: words.start,
                end: words.end,
                text: words.text,
                affiliation: s.entity.and_then(|e| a.entities[e].affiliation).and_then(|o| name(a, o)),
                on_behalf_of: s.on_behalf_of.and_then(|e| name(a, e)),
            }
        }),
        cue: s.cue.map(|t| a.excerpt(a.doc.span(t))),
        addressee: s.addressee.and_then(|e| name(a, e)),
        content: excerpts(&s.content),
        quotes: excerpts(&s.quotes),
        object: s.object.map(|t| a.excerpt(a.doc.span(t))),
        channel: s.channel.clone(),
        standing: s.standing.map(str::to_owned),
        said_on: s.said_on,
        about: s.about.iter().map(|&i| i as u32).collect(),
        confidence: s.confidence,
    }
}

fn place(a: &Analysis<'_>, p: &super::analysis::PlaceMention) -> PlaceName {
    let words = a.excerpt(a.doc.span(p.tokens));
    PlaceName {
        start: words.start,
        end: words.end,
        text: words.text,
        name: p.name.clone(),
        country: p.country.clone(),
        latitude: p.latitude,
        longitude: p.longitude,
        gazetteer: p.gazetteer.clone(),
    }
}
