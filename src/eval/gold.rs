//! Gold files: what a careful reader finds in one text. `seeds/README.md` explains the conventions.

use crate::model::{Count, DateRange};
use serde::Deserialize;

/// What one text says.
#[derive(Clone, Debug, Deserialize)]
pub struct Gold {
    /// The document's id.
    pub id: String,
    /// Incidents.
    #[serde(default)]
    pub incidents: Vec<GoldIncident>,
    /// What looks like an incident and is none.
    #[serde(default)]
    pub non_incidents: Vec<NonIncident>,
    /// Actors.
    #[serde(default)]
    pub actors: Vec<GoldActor>,
    /// Statements.
    #[serde(default)]
    pub statements: Vec<GoldStatement>,
    /// Relations.
    #[serde(default)]
    pub relations: Vec<GoldRelation>,
    /// Statistics.
    #[serde(default)]
    pub figures: Vec<GoldFigure>,
}

/// An incident.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldIncident {
    /// Type code.
    #[serde(rename = "type")]
    pub kind: String,
    /// Other types that a careful coder might give.
    #[serde(default)]
    pub also: Vec<String>,
    /// May be missed or found without blame.
    #[serde(default)]
    pub optional: bool,
    /// Told as context.
    #[serde(default)]
    pub background: bool,
    /// Certainty code.
    pub certainty: String,
    /// Texts that mention it, best first.
    #[serde(default)]
    pub anchor: Vec<String>,
    /// When.
    pub date: Option<DateRange>,
    /// Where.
    pub place: Option<GoldPlace>,
    /// Deaths.
    pub killed: Option<Count>,
    /// Injured.
    pub injured: Option<Count>,
    /// Who took part.
    #[serde(default)]
    pub participants: Vec<GoldParticipant>,
    /// With what.
    #[serde(default)]
    pub weapons: Vec<GoldWeapon>,
    /// Attribute codes.
    #[serde(default)]
    pub attributes: Vec<String>,
}

/// A place.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldPlace {
    /// Town, district or province.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// A participant.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldParticipant {
    /// Role code.
    pub role: String,
    /// Canonical name.
    pub name: Option<String>,
    /// Words of the text.
    #[serde(default)]
    pub text: String,
}

/// A weapon.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldWeapon {
    /// Weapon code.
    pub kind: String,
}

/// Something that is no incident.
#[derive(Clone, Debug, Deserialize)]
pub struct NonIncident {
    /// Words of the text.
    pub text: String,
}

/// An actor.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldActor {
    /// Canonical name.
    pub name: Option<String>,
    /// Words of the text, best first.
    #[serde(default)]
    pub mentions: Vec<String>,
    /// May be missed.
    #[serde(default)]
    pub optional: bool,
}

/// A statement.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldStatement {
    /// Kind code.
    pub kind: String,
    /// Mode code.
    pub mode: String,
    /// Words that name the speaker there.
    pub speaker: Option<String>,
    /// Words of the cue.
    pub cue: Option<String>,
    /// What was said, in pieces.
    #[serde(default)]
    pub content: Vec<String>,
    /// Indices of incidents.
    #[serde(default)]
    pub about: Vec<usize>,
    /// May be missed.
    #[serde(default)]
    pub optional: bool,
}

/// A relation.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldRelation {
    /// Name.
    pub subject: String,
    /// Relation code.
    pub relation: String,
    /// Name.
    pub object: String,
    /// May be missed.
    #[serde(default)]
    pub optional: bool,
}

/// A statistic.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldFigure {
    /// The number.
    pub value: Option<f64>,
    /// Words of the text.
    pub text: String,
    /// May be missed.
    #[serde(default)]
    pub optional: bool,
}
