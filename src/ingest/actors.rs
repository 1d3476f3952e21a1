//! Actors of a record that the lexicon does not know, found among those of the base.

use crate::model::Record;
use crate::model::resolution::Resolution;
use crate::resolve;
use crate::store::{Store, StoreError, Writer};

/// Decides on the actors of a record that is about to be stored.
///
/// # Errors
/// When the base cannot be read.
pub(super) async fn who_is_who(writer: &mut Writer, record: &Record) -> Result<Vec<Resolution>, StoreError> {
    let wanted = resolve::wanted(record);
    let mut candidates = resolve::shortlist(&wanted, writer.candidates(&resolve::keys_of(&wanted)).await?);
    writer.add_context(&mut candidates).await?;
    Ok(resolve::resolve(&wanted, &candidates))
}

/// Gives the actors of a record that is not to be stored the ids that they have in the base, and leaves a note on each.
///
/// # Errors
/// When the base cannot be read.
pub async fn name_by_base(store: &Store, record: &mut Record) -> Result<(), StoreError> {
    let wanted = resolve::wanted(record);
    let mut candidates = resolve::shortlist(&wanted, store.candidates(&resolve::keys_of(&wanted)).await?);
    store.add_context(&mut candidates).await?;
    resolve::name_in(record, &resolve::resolve(&wanted, &candidates));
    Ok(())
}
