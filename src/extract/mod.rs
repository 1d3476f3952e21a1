//! From a text to its record. [`extract`] is total: any text gives a record, doubt becomes a note.

pub mod actor;
pub mod analysis;
pub mod chunk;
pub mod clause;
pub mod date;
pub mod explain;
pub mod figure;
pub mod header;
pub mod incident;
pub mod input;
mod intervals;
pub mod language;
mod limits;
pub mod output;
mod parts;
pub mod place;
pub mod relation;
pub mod statement;
mod stop;

pub use analysis::Analysis;
pub use input::{Input, Options};
pub use stop::Stop;

use crate::lexicon::Lexicon;
use crate::model::Record;

/// Version of the engine; part of every record.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// One pass: reads what earlier passes found, adds what it finds.
pub type Pass = fn(&mut Analysis<'_>);

/// The passes in their order, by name. Text, sentences, tokens, tags and lexicon hits are there before the first.
pub const PASSES: &[(&str, Pass)] = &[
    ("language", language::find_language),      // which language it is; only English is parsed
    ("header", header::read),                   // dateline, publication day
    ("groups", chunk::find_groups),             // noun and verb groups
    ("dates", date::find_dates),                // absolute and relative dates
    ("places", place::find_places),             // names of places, resolved
    ("clauses", clause::find_clauses),          // subject, object, prepositional phrases of each verb
    ("actors", actor::find_actors),             // names, persons, groups of people; who is who
    ("statements", statement::find_statements), // who said what
    ("figures", figure::find_figures),          // statistics quoted; before the incidents, which they are not
    ("incidents", incident::find_incidents),    // trigger frames, realis, merging in the document
    ("told", statement::judge_told),            // acts that only claims and accusations tell
    ("links", statement::link_statements),      // which statement is about which incident; claims and accusations
    ("sides", incident::sides::add_sides),      // claimants, suspects, deniers
    ("standings", statement::settle_claims),    // claims that compete, were disputed or taken back
    ("relations", relation::find_relations),    // between actors
];

/// Reads one text.
pub fn extract(input: &Input<'_>, lexicon: &Lexicon, options: &Options) -> Record {
    let mut analysis = Analysis::new(input, lexicon, options);
    run(&mut analysis);
    output::record(&analysis)
}

/// Reads one text unless it is stopped before the end: the record of [`extract`], or nothing.
pub fn extract_until(input: &Input<'_>, lexicon: &Lexicon, options: &Options, stop: &Stop) -> Option<Record> {
    let mut analysis = Analysis::until(input, lexicon, options, Some(stop));
    run(&mut analysis);
    let record = if analysis.is_stopped() { None } else { Some(output::record(&analysis)) };
    // Once set the flag stays set: where it is not set now, nothing was left out on its account.
    record.filter(|_| !stop.is_stopped())
}

/// Reads several short texts: the same records as one after the other, but sooner. Each pass goes over all of them before the next begins,
/// so that its code and tables are read from memory once.
pub fn extract_all(inputs: &[Input<'_>], lexicon: &Lexicon, options: &Options) -> Vec<Record> {
    let mut analyses: Vec<Analysis<'_>> = inputs.iter().map(|input| Analysis::new(input, lexicon, options)).collect();
    run_all(&mut analyses);
    analyses.iter().map(output::record).collect()
}

/// Runs all passes over a fresh analysis; for those who want to see what lies behind a record.
pub fn run(analysis: &mut Analysis<'_>) {
    run_all(std::slice::from_mut(analysis));
}

fn run_all(analyses: &mut [Analysis<'_>]) {
    for (name, pass) in PASSES {
        analyses.iter_mut().filter(|a| applies(a, name)).for_each(pass);
    }
    analyses.iter_mut().filter(|a| a.language != language::PARSED && !a.is_stopped()).for_each(read_names);
}

/// Whether the pass of that name is for this text: all of them where it is parsed and its run not stopped.
pub fn applies(analysis: &Analysis<'_>, pass: &str) -> bool {
    !analysis.is_stopped() && (pass == "language" || analysis.language == language::PARSED && !analysis.set_aside)
}

/// Of a text in another language: actors and places by name.
fn read_names(analysis: &mut Analysis<'_>) {
    header::read(analysis);
    place::find_places(analysis);
    actor::find_names(analysis);
    language::find_places_by_name(analysis);
}
