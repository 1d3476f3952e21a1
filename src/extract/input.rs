//! What a run is given: the text, what is known of it, and settings.

use jiff::civil::Date;

/// One text to be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// Id, repeated in the record.
    pub id: &'a str,
    /// The text.
    pub text: &'a str,
    /// Day of publication, where known.
    pub published: Option<Date>,
    /// Headline, where known; used as a hint, never quoted as evidence.
    pub title: Option<&'a str>,
}

/// Settings of a run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether learned scorers take part beside the rules (the tagger always does).
    pub models: bool,
    /// Set texts aside unparsed, with a note, where none of their words can tell of an incident: whoever wants incidents alone has them sooner.
    pub incidents_only: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { models: true, incidents_only: false }
    }
}
