//! Reading what curators decided of incidents: for whoever makes an incident of its reports.

use super::StoreError;
use super::error::Context;
use crate::model::correction::{Change, Correction, Span};
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

const WHAT: &str = "read an incident's corrections";

/// Changes of incidents that hold, in the order in which they apply: those of incidents that were merged into one, then its own, each by time.
/// Actors are named as they are now.
pub(super) async fn corrections(connection: &mut SqliteConnection, incidents: &[i64]) -> Result<BTreeMap<i64, Vec<Correction>>, StoreError> {
    let rows: Vec<(i64, i64, String, String, String)> = sqlx::query_as(
        "with recursive one (heir, id) as (select value, value from json_each(?1) \
           union select one.heir, i.id from one cross join incident i on i.merged_into = one.id) \
         select one.heir, c.id, c.field, c.value, c.known from one cross join incident i on i.id = one.id \
         cross join correction c on c.entity = 'incident' and c.uid = i.uid \
         where c.undone_at is null and c.field is not null order by one.heir, one.id = one.heir, c.id",
    )
    .bind(json!(incidents).to_string())
    .fetch_all(&mut *connection)
    .await
    .context(WHAT)?;
    let mut all: BTreeMap<i64, Vec<Correction>> = BTreeMap::new();
    for (incident, id, field, value, known) in rows {
        let value: Value = serde_json::from_str(&value).context(WHAT)?;
        let change = Change::of_stored(&field, value).context(WHAT)?;
        all.entry(incident).or_default().push(Correction { id, change, known: serde_json::from_str(&known).context(WHAT)? });
    }
    for corrections in all.values_mut() {
        name_actors(connection, corrections).await?;
    }
    Ok(all)
}

/// Actors that were merged or renamed since, as they are now.
async fn name_actors(connection: &mut SqliteConnection, corrections: &mut [Correction]) -> Result<(), StoreError> {
    let named: Vec<&str> = corrections.iter().filter_map(|c| c.change.actor()).collect();
    if named.is_empty() {
        return Ok(());
    }
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select o.uid, a.uid, a.name from json_each(?) j cross join actor o on o.uid = j.value cross join actor a on a.id = coalesce(o.merged_into, o.id)",
    )
    .bind(json!(named).to_string())
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    let now: BTreeMap<String, (String, String)> = rows.into_iter().map(|(was, is, name)| (was, (is, name))).collect();
    for correction in corrections {
        if let Some((id, name)) = correction.change.actor().and_then(|actor| now.get(actor)) {
            correction.change.set_actor(id, name);
        }
    }
    Ok(())
}

/// Evidence that curators added to an incident or took from it, in their order: whether it was added, the field, the span.
pub(super) async fn evidence(connection: &mut SqliteConnection, incident: i64) -> Result<Vec<(bool, String, Span)>, StoreError> {
    let rows: Vec<(bool, String, String)> = sqlx::query_as(
        "with recursive one (id) as (select ?1 union select i.id from one cross join incident i on i.merged_into = one.id) \
         select c.action = 'add', c.field, c.value from one cross join incident i on i.id = one.id \
         cross join correction c on c.entity = 'evidence' and c.uid = i.uid where c.undone_at is null order by c.id",
    )
    .bind(incident)
    .fetch_all(connection)
    .await
    .context(WHAT)?;
    rows.into_iter().map(|(is_added, field, value)| Ok((is_added, field, serde_json::from_str(&value).context(WHAT)?))).collect()
}
