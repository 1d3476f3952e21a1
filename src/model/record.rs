//! The extraction record: the engine's public result, one JSON object per document. Its names do not change without a new major version.
//!
//! All offsets count Unicode code points in the text as given, half-open; `text` repeats the words between them.

use super::{Count, DateRange};
use serde::{Deserialize, Serialize};

macro_rules! record {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = record::$name))]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
    };
}

record! {
    /// What one text says.
    Record {
        /// The document's id as given.
        id: String,
        /// Version of the engine.
        engine: String,
        /// Hash of the lexicon, `sha256:…`; with the engine's version it makes a result reproducible.
        lexicon: String,
        /// What was found out about the text itself.
        document: DocumentFacts,
        /// Incidents, foreground first in order of first mention.
        incidents: Vec<Incident>,
        /// Organisations, states, persons and unnamed groups that act or speak.
        actors: Vec<Actor>,
        /// Who said what.
        statements: Vec<Statement>,
        /// Between actors, as this text tells them.
        relations: Vec<Relation>,
        /// Statistics quoted in the text.
        figures: Vec<Figure>,
        /// Every place name met.
        places: Vec<PlaceName>,
        /// Doubts and things set aside.
        notes: Vec<Note>,
    }
}
record! {
    /// What was found out about the text itself.
    DocumentFacts {
        /// Day of publication, ISO 8601.
        published: Option<String>,
        /// Where that day comes from: `input`, `text` or `inferred`.
        published_from: Option<String>,
        /// The place (and date) at the head of the text.
        dateline: Option<Excerpt>,
        /// ISO 639-1 language.
        language: String,
    }
}
record! {
    /// Words of the source.
    Excerpt {
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
        /// The words.
        text: String,
    }
}
record! {
    /// One incident.
    Incident {
        /// Code of the incident type list, `class.type`.
        #[serde(rename = "type")]
        kind: String,
        /// Told as context, not the news of this text.
        background: bool,
        /// Code of the certainty list.
        certainty: String,
        /// When.
        date: Option<DateRange>,
        /// Where.
        place: Option<Place>,
        /// Who did it, to whom.
        participants: Vec<Participant>,
        /// With what.
        weapons: Vec<Weapon>,
        /// Deaths; null where the text gives no figure, 0 only where it says that nobody died.
        killed: Option<Count>,
        /// Injured, likewise.
        injured: Option<Count>,
        /// Codes of the attribute list.
        attributes: Vec<String>,
        /// The sentence of the source that tells it best.
        summary: String,
        /// 0 to 1.
        confidence: f64,
        /// How surely a learned codebook wants it, 0 to 1; left out unless one was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        relevance: Option<f64>,
        /// Where each coded field stands in the source.
        evidence: Vec<Evidence>,
    }
}
record! {
    /// Where an incident happened.
    Place {
        /// Name in the gazetteer, or as the text has it.
        name: String,
        /// As the text has it.
        mention: String,
        /// Building or spot ("a mosque within a secure police compound").
        site: Option<String>,
        /// District or county.
        admin2: Option<String>,
        /// Province or state.
        admin1: Option<String>,
        /// ISO 3166-1 alpha-2.
        country: Option<String>,
        /// Degrees, WGS 84.
        latitude: Option<f64>,
        /// Degrees, WGS 84.
        longitude: Option<f64>,
        /// Code of the place precision list.
        precision: String,
    }
}
record! {
    /// Someone or something with a role in an incident.
    Participant {
        /// Canonical name when resolved.
        name: Option<String>,
        /// Key of the lexicon's actor when resolved.
        actor: Option<String>,
        /// Code of the participant kind list.
        kind: String,
        /// Code of the participant role list.
        role: String,
        /// How many.
        count: Option<Count>,
        /// Noun phrases as they stand.
        mentions: Vec<String>,
        /// Code of the target type list, for targets and victims.
        target_type: Option<String>,
        /// Index into `statements` of the claim or accusation that this role rests on.
        asserted_by: Option<u32>,
        /// Of claimants and deniers: code of the claim standing list, as far as this text tells.
        standing: Option<String>,
    }
}
record! {
    /// A weapon or a means.
    Weapon {
        /// Code of the weapon kind list.
        kind: String,
        /// Words that name or imply it.
        mentions: Vec<String>,
    }
}
record! {
    /// Why a field has its value.
    Evidence {
        /// The field, e.g. `killed`, `place`, `participants.0`.
        field: String,
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
        /// The words.
        text: String,
        /// Rule that read them.
        rule: String,
    }
}
record! {
    /// Someone who acts, speaks or is spoken of.
    Actor {
        /// Canonical name, or null for unnamed ones.
        name: Option<String>,
        /// Key in the lexicon when resolved.
        actor: Option<String>,
        /// Code of the actor type list.
        #[serde(rename = "type")]
        kind: String,
        /// For unnamed ones the words that describe them ("a senior police official").
        description: Option<String>,
        /// Where it is mentioned.
        mentions: Vec<Excerpt>,
        /// Offices and titles given in the text.
        titles: Vec<String>,
        /// Organisation or state it belongs to.
        affiliation: Option<String>,
        /// Keys of other lexicon entries it could be, where the name is ambiguous.
        candidates: Vec<String>,
    }
}
record! {
    /// Who said what.
    Statement {
        /// Code of the statement kind list.
        kind: String,
        /// Code of the statement mode list.
        mode: String,
        /// Who said it; null where the text does not say ("faced accusations of").
        speaker: Option<Speaker>,
        /// The word that reports it.
        cue: Option<Excerpt>,
        /// To whom.
        addressee: Option<String>,
        /// What was said; two spans where the speaker interrupts the quotation.
        content: Vec<Excerpt>,
        /// The parts between quotation marks, marks left out.
        quotes: Vec<Excerpt>,
        /// The accused, condemned or praised, as they are named.
        object: Option<Excerpt>,
        /// By which way it was said: code of the statement channel list.
        channel: Option<String>,
        /// Of claims and denials: code of the claim standing list, as far as this text tells.
        standing: Option<String>,
        /// When it was said.
        said_on: Option<DateRange>,
        /// Indices into `incidents`.
        about: Vec<u32>,
        /// 0 to 1.
        confidence: f64,
    }
}
record! {
    /// The speaker of a statement.
    Speaker {
        /// Canonical name when known.
        name: Option<String>,
        /// Key in the lexicon when resolved.
        actor: Option<String>,
        /// Index into `actors`.
        index: Option<u32>,
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
        /// The noun phrase as it stands.
        text: String,
        /// What the speaker belongs to.
        affiliation: Option<String>,
        /// For whom it is said.
        on_behalf_of: Option<String>,
    }
}
record! {
    /// One actor's relation to another, as this text tells it.
    Relation {
        /// Name of the first actor.
        subject: String,
        /// Code of the actor relation list.
        relation: String,
        /// Name of the second actor or of a place.
        object: String,
        /// `reported`, or `alleged` where the text only passes it on.
        certainty: String,
        /// The date beside it, where the text gives one.
        date: Option<DateRange>,
        /// It holds since this partial ISO date; null is open or unknown.
        valid_from: Option<String>,
        /// It held until this partial ISO date; null is open or unknown.
        valid_to: Option<String>,
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
        /// The words.
        text: String,
        /// 0 to 1.
        confidence: f64,
    }
}
record! {
    /// A statistic quoted in the text.
    Figure {
        /// What is counted ("militant attacks").
        measure: String,
        /// The number; null for "a significant rise".
        value: Option<f64>,
        /// `percent`, `count` or `times`.
        unit: Option<String>,
        /// `increase`, `decrease` or null.
        change: Option<String>,
        /// When.
        period: Option<DateRange>,
        /// ISO country, or a place name.
        place: Option<String>,
        /// Who gives it.
        source: Option<String>,
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
        /// The words.
        text: String,
    }
}
record! {
    /// A place name in the text.
    PlaceName {
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
        /// The words.
        text: String,
        /// Name in the gazetteer.
        name: String,
        /// ISO 3166-1 alpha-2.
        country: Option<String>,
        /// Degrees, WGS 84.
        latitude: Option<f64>,
        /// Degrees, WGS 84.
        longitude: Option<f64>,
        /// `gn:…` or `wq:…` of the gazetteer.
        gazetteer: Option<String>,
    }
}
record! {
    /// A doubt, or something set aside and why.
    Note {
        /// `date.year_inferred`, `incident.hypothetical`, …; `docs/RECORD.md` lists them.
        code: String,
        /// In words.
        text: String,
        /// First code point.
        start: u32,
        /// One past the last code point.
        end: u32,
    }
}
