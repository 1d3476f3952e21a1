//! From the analysis to the record: token ranges become code points here and nowhere else.

use super::{Analysis, ENGINE};
use crate::model::record::{Actor, DocumentFacts, PlaceName, Record, Speaker, Statement};
use crate::text::Span;

/// The record of a finished analysis.
pub fn record(a: &Analysis<'_>) -> Record {
    Record {
        id: a.input.id.to_owned(),
        engine: ENGINE.to_owned(),
        lexicon: a.lexicon.hash.clone(),
        document: DocumentFacts {
            published: a.header.published.map(|d| d.to_string()),
            published_from: a.header.published_from.map(str::to_owned),
            dateline: a.header.dateline_place.map(|t| a.excerpt(a.doc.span(t))),
            language: a.language.to_owned(),
        },
        incidents: a.incidents.iter().map(|i| super::incident::render::incident(a, i)).collect(),
        actors: (0..a.entities.len()).map(|e| actor(a, e)).collect(),
        statements: a.statements.iter().map(|s| statement(a, s)).collect(),
        relations: a.relations.clone(),
        figures: a.figures.clone(),
        places: a.places.iter().map(|p| place(a, p)).collect(),
        notes: a.notes.clone(),
    }
}

fn actor(a: &Analysis<'_>, entity: usize) -> Actor {
    let e = &a.entities[entity];
    Actor {
        name: e.name.clone(),
        actor: key(a, entity),
        kind: e.kind.clone(),
        description: e.description.clone(),
        mentions: e.mentions.iter().map(|&m| a.excerpt(a.doc.span(a.mentions[m].tokens))).collect(),
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
