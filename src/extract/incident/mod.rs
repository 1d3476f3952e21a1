//! Incidents: trigger frames, what is real of them, and which of them tell the same thing.
//!
//! `frame` finds the words, `realis` judges them, `scene` places them (`standing` knows how place names stand, `story` what goes on
//! around), `join` makes one incident of what a sentence tells, `merge` one of what the text tells, `finish` completes it; `kind`,
//! `participants` and `casualty` fill the fields; `render` writes the record.

mod acts;
mod answered;
mod blame;
pub mod casualty;
pub mod class;
mod context;
mod device;
mod finish;
pub mod frame;
mod join;
mod keys;
pub mod kind;
pub mod loss;
mod merge;
mod names;
mod nominal;
pub mod participants;
pub mod realis;
pub mod render;
pub mod scene;
pub mod sides;
mod standing;
mod story;
mod toll;
pub mod towns;
mod weapons;

use super::Analysis;
use crate::text::TokenSpan;
use casualty::Figure;
use participants::Participant;

/// An incident of this text.
#[derive(Clone, Debug, Default)]
pub struct Incident {
    /// Code of the incident type list.
    pub kind: String,
    /// Told as context.
    pub background: bool,
    /// Code of the certainty list.
    pub certainty: &'static str,
    /// Sentences that tell it, by index, in order.
    pub sentences: Vec<usize>,
    /// Words that tell it and the rule each; first the one that gave the type.
    pub triggers: Vec<(TokenSpan, String)>,
    /// How much the best trigger says of the type.
    pub weight: u8,
    /// Index into `Analysis::places`.
    pub place: Option<usize>,
    /// Whether a clause that tells the incident names the place, rather than its neighbourhood.
    pub place_is_own: bool,
    /// Index into `Analysis::places` of the wider place that the text gave before a finer one.
    pub holder: Option<usize>,
    /// Index into `Analysis::dates`.
    pub date: Option<usize>,
    /// Whether a clause that tells the incident names the date.
    pub date_is_own: bool,
    /// Words for the building or spot.
    pub site: Option<TokenSpan>,
    /// Who took part.
    pub participants: Vec<Participant>,
    /// Weapon kinds with their words; `true` where the trigger only implies them.
    pub weapons: Vec<(String, TokenSpan, bool)>,
    /// Figures of deaths, one a sentence.
    pub killed: Vec<Figure>,
    /// Figures of injuries, one a sentence.
    pub injured: Vec<Figure>,
    /// Codes of the attribute list.
    pub attributes: Vec<String>,
    /// Every trigger is a definite noun ("the blast") or an effect: it speaks of something told elsewhere.
    pub anaphoric: bool,
    /// Some of its words point back to what was told before: "in the attack", "the gunmen", "their vehicle". 0 to 6.
    pub points_back: u8,
    /// "In all", "by the end": it gives what came of everything told before.
    pub sums_up: bool,
    /// "separate", "elsewhere", "meanwhile": it says that it is something else.
    pub distinct: bool,
    /// "another", "the second": something else, or one of several acts that were told together.
    pub another: bool,
    /// "twin blasts", "a series of attacks": several acts told as one.
    pub several: bool,
}

/// Finds the incidents of the text.
pub fn find_incidents(a: &mut Analysis<'_>) {
    let (frames, losses) = frame::find_frames_and_losses(a);
    let candidates = join::join(a, &frames);
    a.losses = losses;
    let merged = merge::merge(a, candidates);
    for (code, tokens, text) in merged.asides {
        a.note(code, tokens, text);
    }
    (a.incidents, a.merges) = (merged.incidents, merged.merges);
}
