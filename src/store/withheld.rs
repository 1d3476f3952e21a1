//! Whose names are withheld.

use super::error::Context;
use super::{Store, StoreError};
use crate::model::mask::{Mask, Withheld};
use crate::model::name::is_person;
use jiff::Timestamp;
use sqlx::SqliteConnection;

impl Store {
    /// What masks the names that are withheld; none where there are none.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn mask(&self) -> Result<Option<Mask>, StoreError> {
        mask(&mut *self.reader.acquire().await.context(WHAT)?).await
    }
}

impl Store {
    /// Withholds an actor's names, or shows them again. Gives whether that changes anything; none where there is no such actor, or it was merged.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn set_withheld(&self, actor: &str, reason: &str, withheld: bool, now: Timestamp, who: &str) -> Result<Option<bool>, StoreError> {
        let mut writer = self.write(now, who).await?;
        let done = if withheld { writer.withhold(actor, reason).await? } else { writer.show_again(actor, reason).await? };
        if done == Some(true) {
            writer.commit().await?;
        } else {
            writer.rollback().await?;
        }
        Ok(done)
    }
}

const WHAT: &str = "read whose names are withheld";

/// Reads actors whose names are withheld, with those that were merged into them.
pub(super) async fn mask(connection: &mut SqliteConnection) -> Result<Option<Mask>, StoreError> {
    let actors: Vec<(i64, String, String)> = sqlx::query_as(
        "select a.id, a.uid, a.type from withheld w join actor a on a.id = w.actor_id \
         union all select a.id, a.uid, a.type from withheld w join actor a on a.merged_into = w.actor_id order by 1",
    )
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    let mut withheld = Vec::with_capacity(actors.len());
    for (number, actor, kind) in actors {
        let names: Vec<(String, String)> =
            sqlx::query_as("select name, folded from actor_name where actor_id = ?").bind(number).fetch_all(&mut *connection).await.context(WHAT)?;
        let mut last_name_is_own = is_person(&kind);
        let last_names: Vec<String> = names.iter().filter_map(|(_, folded)| folded.rsplit(' ').next().map(str::to_owned)).collect();
        for last in last_names {
            last_name_is_own = last_name_is_own && is_own(connection, &last).await?;
        }
        withheld.push(Withheld { actor, names: names.into_iter().map(|(name, _)| name).collect(), last_name_is_own });
    }
    Ok(Mask::new(&withheld))
}

/// Whether no other actor has this word in a name.
async fn is_own(connection: &mut SqliteConnection, word: &str) -> Result<bool, StoreError> {
    sqlx::query_scalar(
        "select not exists (select 1 from actor_name n join actor a on a.id = n.actor_id where instr(' ' || n.folded || ' ', ' ' || ? || ' ') > 0 \
         and coalesce(a.merged_into, a.id) not in (select w.actor_id from withheld w))",
    )
    .bind(word)
    .fetch_one(connection)
    .await
    .context(WHAT)
}
