//! Actors of a record that the lexicon does not know, found among those of the base.

use crate::model::Record;
use crate::model::company::Company;
use crate::model::resolution::Candidate;
use crate::resolve::{self, Wanted};
use crate::store::{DocumentKey, RecordActors, Store, StoreError, Writer};
use std::collections::BTreeSet;

/// Decides on the actors of records that are about to be stored, one after the other, and stores them: each record finds those that the records
/// before it brought. Gives the actors of each.
///
/// # Errors
/// When the base cannot be read or written.
pub(super) async fn who_is_who(writer: &mut Writer, documents: &[(&DocumentKey, &Record)]) -> Result<Vec<RecordActors>, StoreError> {
    let wanted: Vec<Vec<Wanted>> = documents.iter().map(|(_, record)| resolve::wanted(record)).collect();
    let keys: BTreeSet<String> = wanted.iter().flat_map(|w| resolve::keys_of(w)).collect();
    let mut cast = writer.cast(documents, &keys.into_iter().collect::<Vec<_>>()).await?;
    let mut likely: BTreeSet<i64> = BTreeSet::new();
    for wanted in &wanted {
        likely.extend(resolve::shortlist(wanted, |keys| cast.candidates(keys)).into_iter().map(|(number, _)| number));
    }
    writer.look_around(&mut cast, &likely).await?;
    let mut actors = Vec::with_capacity(documents.len());
    for ((document, record), wanted) in documents.iter().zip(&wanted) {
        let shortlist = resolve::shortlist(wanted, |keys| cast.candidates(keys));
        let candidates: Vec<Candidate> = shortlist.into_iter().map(|(number, candidate)| cast.in_context(number, candidate)).collect();
        let decisions = resolve::resolve(wanted, &candidates);
        actors.push(cast.add(document, record, &decisions));
    }
    writer.add_cast(cast).await?;
    Ok(actors)
}

/// Gives the actors of a record that is not to be stored the ids that they have in the base, and leaves a note on each.
///
/// # Errors
/// When the base cannot be read.
pub async fn name_by_base(store: &Store, record: &mut Record) -> Result<(), StoreError> {
    let wanted = resolve::wanted(record);
    let keys = resolve::keys_of(&wanted);
    let mut company = store.company(&keys).await?;
    let likely =
        |company: &Company| -> BTreeSet<i64> { resolve::shortlist(&wanted, |keys| company.candidates(keys)).into_iter().map(|(number, _)| number).collect() };
    let likely = likely(&company);
    store.look_around(&mut company, &likely).await?;
    let in_context = |(number, candidate): (i64, &Candidate)| Candidate { context: company.context(number), ..candidate.clone() };
    let candidates: Vec<Candidate> = resolve::shortlist(&wanted, |keys| company.candidates(keys)).into_iter().map(in_context).collect();
    resolve::name_in(record, &resolve::resolve(&wanted, &candidates));
    Ok(())
}
