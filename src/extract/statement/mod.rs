//! Who said what: cues of the lexicon, the speaker by the clause, the content by the cue's frames; then quotations that go on without a cue.

mod certainty;
mod channel;
mod content;
mod content_rule;
mod cue;
mod displaced;
mod document;
mod draft;
mod extent;
mod finish;
mod kind;
mod leftover;
mod link;
mod mend;
mod nominal;
mod several;
mod speaker;
mod standing;
mod view;

pub use certainty::judge_told;
pub use link::link_statements;
pub use standing::{settle_claims, speaks_of_claim};

use super::Analysis;

/// Finds statements: cue, speaker, content.
pub fn find_statements(a: &mut Analysis<'_>) {
    mend::mend_participles(a);
    let view = view::View { a };
    let (mut drafts, full) = draft::drafts(view);
    document::find_senders(view, &mut drafts);
    leftover::sift(view, &mut drafts);
    leftover::continue_quotations(view, &mut drafts);
    let statements = drafts.iter().take_while(|_| !a.is_stopped()).map(|d| finish::statement(view, d)).collect();
    let statements = several::split(view, statements);
    a.set_statements(statements);
    if let Some(first) = full.first().and_then(|&s| a.doc.sentences().get(s)).copied() {
        let text = format!("{} sentences report so much that only the first reports of each were read", full.len());
        a.note("statement.crowded", first, text);
    }
}
