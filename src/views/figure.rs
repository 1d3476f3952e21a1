//! Quoted statistics on the wire.

use super::Reference;
use crate::model::DateRange;
use crate::model::record::Excerpt;
use crate::model::statement::StoredFigure;
use serde::Serialize;
use utoipa::ToSchema;

/// A statistic that a document quotes ("a 50% increase in militant attacks").
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Figure)]
pub struct FigureView {
    /// `fig_…`, derived from the document.
    pub id: String,
    /// What is counted.
    pub measure: String,
    /// The number; null for "a significant rise".
    pub value: Option<f64>,
    /// `percent`, `count` or `times`.
    pub unit: Option<String>,
    /// `increase`, `decrease` or null.
    pub change: Option<String>,
    /// When.
    pub period: Option<DateRange>,
    /// ISO country, or a place name.
    pub place: Option<String>,
    /// Who gives it, as the text names them.
    pub source: Option<String>,
    /// The actor who gives it.
    pub source_actor: Option<Reference>,
    /// Id of the document.
    pub document: String,
    /// The document is invented.
    pub fictional: bool,
    /// Where it stands in the document.
    pub excerpt: Excerpt,
    /// The base's revision when it was stored.
    pub revision: i64,
}

impl From<StoredFigure> for FigureView {
    fn from(figure: StoredFigure) -> Self {
        let StoredFigure { id, measure, value, unit, change, period, place, source, source_actor, document, fictional, excerpt, revision } = figure;
        let source_actor = source_actor.map(Reference::from);
        Self { id, measure, value, unit, change, period, place, source, source_actor, document, fictional, excerpt, revision }
    }
}
