//! A base from before is brought to today's rules of merging: what its reports together say is made anew where it differs.

use super::check::differing;
use super::run::{IngestError, settle};
use crate::lexicon::Lexicon;
use crate::store::Store;
use crate::store::check::Probe;
use jiff::Timestamp;

/// Goes up when `merge` makes something else of the same reports.
const FORM: i64 = 1;
/// Incidents written at once.
const AT_ONCE: usize = 500;

/// Settles incidents that an older version settled otherwise, once for each version. Gives how many differed.
///
/// # Errors
/// When the base cannot be read or written; it can be tried again, and goes on where it ended.
pub async fn renew(store: &Store, lexicon: &Lexicon, now: Timestamp) -> Result<usize, IngestError> {
    if store.doc_version().await? >= FORM {
        return Ok(0);
    }
    let mut probe = Probe::of(store).await?;
    let found = differing(&mut probe).await;
    probe.close().await;
    let found: Vec<i64> = found?.into_iter().collect();
    for part in found.chunks(AT_ONCE) {
        let mut writer = store.write(now, "waqia").await?;
        let mut keys = Vec::with_capacity(part.len());
        for number in part {
            keys.extend(writer.known_incident(*number).await?);
        }
        settle(&mut writer, keys, lexicon, "made of its reports by the rules of this version").await?;
        writer.commit().await?;
    }
    let mut writer = store.write(now, "waqia").await?;
    writer.set_doc_version(FORM).await?;
    writer.commit().await?;
    Ok(found.len())
}
