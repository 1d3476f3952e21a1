//! Writing what is to be looked at, because a text contradicts a correction.

use super::Writer;
use super::document::rows;
use super::incident::IncidentKey;
use crate::model::correction::{Contradiction, Correction};
use crate::store::StoreError;
use crate::store::correction::corrections;
use crate::store::error::Context;
use serde_json::json;
use std::collections::BTreeMap;

impl Writer {
    /// Changes of incidents that hold, in the order in which they apply; those without any are left out.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn corrections(&mut self, keys: &[IncidentKey]) -> Result<BTreeMap<IncidentKey, Vec<Correction>>, StoreError> {
        if !self.has_corrections().await? {
            return Ok(BTreeMap::new());
        }
        let numbers: Vec<i64> = keys.iter().map(IncidentKey::number).collect();
        let mut found = corrections(self.connection(), &numbers).await?;
        Ok(keys.iter().filter_map(|key| Some((key.clone(), found.remove(&key.number())?))).collect())
    }

    /// Whether there is any correction at all; asked once a transaction, and again after one was written.
    pub(super) async fn has_corrections(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.corrected {
            return Ok(known);
        }
        let found = sqlx::query_scalar("select exists (select 1 from correction)").fetch_one(self.connection()).await.context("look for corrections")?;
        self.corrected = Some(found);
        Ok(found)
    }

    /// Opens a review item for each contradiction of an incident that has none, and forgets open ones that no report stands for any more.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn set_reviews(&mut self, key: &IncidentKey, corrections: &[Correction], contradictions: &[Contradiction]) -> Result<(), StoreError> {
        const WHAT: &str = "note what is to be reviewed";
        if corrections.is_empty() {
            return Ok(());
        }
        let ids = json!(corrections.iter().map(|c| c.id).collect::<Vec<_>>()).to_string();
        let found = rows(contradictions.iter().map(|c| json!([c.correction, c.field, c.document, c.said.to_string()])).collect());
        sqlx::query(
            "delete from review where closed_at is null and correction_id in (select value from json_each(?1)) and not exists (\
             select 1 from json_each(?2) j where j.value ->> 0 = correction_id and j.value ->> 2 = document and j.value ->> 3 = said)",
        )
        .bind(&ids)
        .bind(&found)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        let now = self.now.clone();
        sqlx::query(
            "insert into review (reason, entity, uid, field, correction_id, document, said, opened_at) \
             select iif(value ->> 1 = 'status', 'reported_again', 'contradiction'), 'incident', ?1, value ->> 1, value ->> 0, value ->> 2, value ->> 3, ?2 \
             from json_each(?3) where true order by key on conflict do update set uid = excluded.uid where uid <> excluded.uid",
        )
        .bind(&key.uid)
        .bind(now)
        .bind(&found)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    /// Closes the open review items of corrections that another takes the place of.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn close_reviews_of(&mut self, corrections: &[i64], reason: &str) -> Result<(), StoreError> {
        let (now, who) = (self.now.clone(), self.who.clone());
        sqlx::query(
            "update review set closed_at = ?, closed_by = ?, closed_reason = ? where closed_at is null and correction_id in (select value from json_each(?))",
        )
        .bind(now)
        .bind(who)
        .bind(reason)
        .bind(json!(corrections).to_string())
        .execute(self.connection())
        .await
        .context("close review items")?;
        Ok(())
    }

    /// Closes one review item; gives whether it was open, none where there is no such item.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn close_review(&mut self, number: i64, reason: &str) -> Result<Option<bool>, StoreError> {
        const WHAT: &str = "close a review item";
        let open: Option<bool> =
            sqlx::query_scalar("select closed_at is null from review where id = ?").bind(number).fetch_optional(self.connection()).await.context(WHAT)?;
        if open == Some(true) {
            let (now, who) = (self.now.clone(), self.who.clone());
            sqlx::query("update review set closed_at = ?, closed_by = ?, closed_reason = ? where id = ?")
                .bind(now)
                .bind(who)
                .bind(reason)
                .bind(number)
                .execute(self.connection())
                .await
                .context(WHAT)?;
        }
        Ok(open)
    }

    /// The actor of an open name and its status, by the number of the decision.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn actor_of_open_name(&mut self, number: i64) -> Result<Option<(String, String)>, StoreError> {
        sqlx::query_as("select a.uid, a.status from actor_decision x join actor a on a.id = x.actor_id where x.id = ? and x.verdict = 'open'")
            .bind(number)
            .fetch_optional(self.connection())
            .await
            .context("look up an open name")
    }
}
