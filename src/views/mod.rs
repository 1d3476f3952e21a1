//! Wire types: what the API sends and takes. Made from the model, so that a change inside never changes the API.

pub mod actor;
pub mod codes;
pub mod correction;
pub mod document;
pub mod figure;
pub mod history;
pub mod incident;
pub mod job;
pub mod place;
pub mod search;
pub mod statement;
pub mod stats;

use serde::Serialize;
use utoipa::ToSchema;

/// All of a small collection.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    /// The items.
    pub data: Vec<T>,
}

impl<T> FromIterator<T> for Items<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { data: items.into_iter().collect() }
    }
}

/// Id and name of something that has a page of its own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reference {
    /// Id; empty where it has no page.
    pub id: String,
    /// Name.
    pub name: String,
}

impl From<crate::model::actor::ActorRef> for Reference {
    fn from(actor: crate::model::actor::ActorRef) -> Self {
        Self { id: actor.id, name: actor.name }
    }
}
