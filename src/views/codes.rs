//! Code lists on the wire.

use crate::lexicon::codes::{Code, CodeList, Codes};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// All code lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeLists {
    /// Each list.
    data: Vec<CodeListEntry>,
}

/// One code list by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct CodeListEntry {
    /// Its name.
    list: String,
    /// How many codes it has.
    n_codes: usize,
    /// Where it is.
    url: String,
}

/// One code list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeList)]
pub struct CodeListView {
    /// Its name.
    list: String,
    /// The codebooks in `crosswalk`.
    crosswalks: Vec<String>,
    /// The codes in their order.
    data: Vec<CodeView>,
}

/// One code.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Code)]
pub struct CodeView {
    /// The code, `class.type` where the list has classes.
    code: String,
    /// A few words for people.
    label: String,
    /// When it is given.
    description: String,
    /// What other codebooks call it; codebooks without a counterpart are left out.
    crosswalk: BTreeMap<String, String>,
}

impl From<&Codes> for CodeLists {
    fn from(codes: &Codes) -> Self {
        let entry = |list: &CodeList| CodeListEntry { list: list.name.clone(), n_codes: list.codes.len(), url: format!("/v1/codes/{}", list.name) };
        Self { data: codes.iter().map(entry).collect() }
    }
}

impl From<&CodeList> for CodeListView {
    fn from(list: &CodeList) -> Self {
        let view = |code: &Code| CodeView {
            code: code.code.clone(),
            label: code.label.clone(),
            description: code.description.clone(),
            crosswalk: list.crosswalks.iter().cloned().zip(code.crosswalk.iter().cloned()).filter(|(_, value)| !value.is_empty()).collect(),
        };
        Self { list: list.name.clone(), crosswalks: list.crosswalks.clone(), data: list.codes.iter().map(view).collect() }
    }
}
