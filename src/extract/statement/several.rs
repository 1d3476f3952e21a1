//! Several who claim or deny the same: one statement each ("A, B and C have each put in a claim").

use super::view::View;
use crate::extract::analysis::{Mention, MentionKind, Statement};
use crate::text::{Tag, TokenSpan};

/// Kinds of which it matters who of several said it: competing claims, and denials of all but one.
const SEVERAL: &[&str] = &["claim", "denial"];

/// Splits statements of several named groups into one for each.
pub fn split(view: View<'_, '_>, statements: Vec<Statement>) -> Vec<Statement> {
    let mut list = Vec::with_capacity(statements.len());
    for statement in statements {
        let speakers = match statement.speaker {
            Some(speaker) if SEVERAL.contains(&statement.kind) => listed(view, speaker),
            _ => Vec::new(),
        };
        if speakers.len() < 2 {
            list.push(statement);
            continue;
        }
        list.extend(speakers.into_iter().map(|(tokens, entity)| Statement { speaker: Some(tokens), entity: Some(entity), ..statement.clone() }));
    }
    list
}

/// The named groups of the list that ends with the speaker, in order: "A, B (ACRONYM) and C"; none where it names people or one alone.
fn listed(view: View<'_, '_>, speaker: TokenSpan) -> Vec<(TokenSpan, usize)> {
    let doc = view.doc();
    let mut found: Vec<(TokenSpan, usize)> = Vec::new();
    let mut end = speaker.end as usize;
    let floor = view.region(speaker.start as usize).start as usize;
    while end > floor {
        let closed = if doc.tag(end - 1) == Tag::CloseBracket { (floor..end).rev().find(|&i| doc.tag(i) == Tag::OpenBracket) } else { None };
        let name_end = closed.unwrap_or(end);
        let Some(mention) = group_ending(view, name_end) else { break };
        let Some(entity) = mention.entity else { break };
        let mut start = mention.tokens.start as usize;
        while start > floor && (doc.tag(start - 1) == Tag::DT || doc.tag(start - 1).is_adjective()) {
            start -= 1;
        }
        found.push((TokenSpan::new(start, end), entity));
        // On over ", " and "and"; a comma may stand before "and".
        let mut joint = start;
        while joint > floor && (doc.tag(joint - 1) == Tag::Comma || matches!(doc.word(joint - 1), "and" | "also" | "both")) {
            joint -= 1;
        }
        if joint == start {
            break;
        }
        end = joint;
    }
    found.reverse();
    let mut entities: Vec<usize> = found.iter().map(|f| f.1).collect();
    entities.sort_unstable();
    entities.dedup();
    if entities.len() == found.len() { found } else { Vec::new() }
}

/// The named group whose name ends before token `end`, the longest.
fn group_ending<'v>(view: View<'v, '_>, end: usize) -> Option<&'v Mention> {
    let last = TokenSpan::one(end.checked_sub(1)?);
    let ends_here = |m: &&Mention| m.tokens.end as usize == end && m.kind == MentionKind::Organisation && m.entity.is_some();
    view.a.mentions_in(last).map(|(_, m)| m).filter(ends_here).max_by_key(|m| m.tokens.len())
}
