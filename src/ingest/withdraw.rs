//! Withdrawing documents.

use super::cluster::recluster;
use super::run::{IngestError, settle};
use crate::lexicon::Lexicon;
use crate::store::{Facts, Store, Writer};
use jiff::Timestamp;

/// What became of a document that was to be withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Ids of incidents that were made anew: they have reports left, or their words are gone.
    pub changed: Vec<String>,
    /// Ids of incidents that are gone.
    pub deleted: Vec<String>,
    /// Whether the log that is written ahead was emptied as well; where another program reads the base, what it holds goes with the next
    /// writing.
    pub purged: bool,
}

/// Withdraws a document: its text goes from table, index, history and file, what it told stays or goes. None where there is no such document.
///
/// # Errors
/// When the base fails; then nothing is withdrawn.
pub async fn withdraw(
    store: &Store,
    lexicon: &Lexicon,
    document: &str,
    (reason, facts): (&str, Facts),
    now: Timestamp,
    who: &str,
) -> Result<Option<Withdrawal>, IngestError> {
    let mut writer = store.write(now, who).await?;
    writer.overwrite_what_goes().await?;
    let near = writer.reports_around(document).await?;
    let Some(done) = writer.withdraw_document(document, reason, facts).await? else {
        writer.rollback().await?;
        return Ok(None);
    };
    let why = format!("{document} was withdrawn");
    settle_all(&mut writer, &done.touched, lexicon, &why).await?;
    if facts == Facts::Drop {
        // What it joined may part.
        recluster(&mut writer, lexicon, &near, &why).await?;
    }
    writer.wipe(&done).await?;
    writer.commit().await?;
    let purged = store.purge_log().await?;
    Ok(Some(Withdrawal { changed: done.touched, deleted: done.deleted, purged }))
}

/// Takes what is left of a withdrawn document out of the way of its text, which is taken in again.
pub(super) async fn make_room(writer: &mut Writer, document: &str, lexicon: &Lexicon) -> Result<(), IngestError> {
    const WHY: &str = "its text is taken in again";
    let near = writer.reports_around(document).await?;
    let done = writer.withdraw_document(document, WHY, Facts::Drop).await?.unwrap_or_default();
    settle_all(writer, &done.touched, lexicon, WHY).await?;
    recluster(writer, lexicon, &near, WHY).await?;
    Ok(())
}

async fn settle_all(writer: &mut Writer, incidents: &[String], lexicon: &Lexicon, why: &str) -> Result<(), IngestError> {
    let mut keys = Vec::with_capacity(incidents.len());
    for uid in incidents {
        keys.extend(writer.find_incident(uid).await?);
    }
    settle(writer, keys, lexicon, why).await
}

/// Withdraws a document with all that it told. Gives how many incidents others report as well; None where there is no such document.
///
/// # Errors
/// When the base fails; then nothing is deleted.
pub async fn delete(store: &Store, document: &str, reason: &str, lexicon: &Lexicon, now: Timestamp, who: &str) -> Result<Option<usize>, IngestError> {
    Ok(withdraw(store, lexicon, document, (reason, Facts::Drop), now, who).await?.map(|done| done.changed.len()))
}
