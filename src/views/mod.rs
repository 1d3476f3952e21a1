//! Wire types: what the API sends and takes. Made from the model, so that a change inside never changes the API.

pub mod codes;
pub mod document;
