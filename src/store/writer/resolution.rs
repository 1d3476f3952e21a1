//! Writing what the names of actors are looked up by.

use super::rows::Rows;
use crate::model::name::keys;
use crate::store::error::Context;
use crate::store::{Store, StoreError};
use sqlx::SqliteConnection;

/// Makes the keys of all actors of a base that has none yet.
pub(in crate::store) async fn fill_keys(store: &Store) -> Result<(), StoreError> {
    const WHAT: &str = "make the keys of actors";
    let done: bool = sqlx::query_scalar("select has_actor_keys from base").fetch_one(&store.reader).await.context(WHAT)?;
    if done {
        return Ok(());
    }
    let mut transaction = store.writer.begin().await?;
    make_keys(transaction.connection(), Whose::All).await?;
    sqlx::query("update base set has_actor_keys = 1").execute(transaction.connection()).await.context(WHAT)?;
    transaction.commit().await
}

/// Whose keys are to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Whose {
    /// Those of every actor.
    All,
    /// Those of the lexicon's.
    Known,
}

/// Makes the keys of all names that the base has for these actors.
pub(in crate::store) async fn make_keys(connection: &mut SqliteConnection, whose: Whose) -> Result<(), StoreError> {
    let names: Vec<(i64, String, String)> =
        sqlx::query_as("select a.id, n.name, a.type from actor a join actor_name n on n.actor_id = a.id where a.known = 1 or ?")
            .bind(whose == Whose::All)
            .fetch_all(&mut *connection)
            .await
            .context("read the names of actors")?;
    insert_keys(connection, names.iter().map(|(number, name, kind)| (*number, name.as_str(), kind.as_str()))).await
}

/// Stores the keys of names: number, name and kind of each actor.
pub(super) async fn insert_keys(connection: &mut SqliteConnection, names: impl IntoIterator<Item = (i64, &str, &str)>) -> Result<(), StoreError> {
    let mut rows = Rows::into("insert or ignore into actor_key (key, actor_id)");
    for (number, name, kind) in names {
        for key in keys(name, kind) {
            rows.add().bind(key).bind(number);
        }
    }
    rows.write(connection, "store what actors are looked up by").await
}

/// Makes the keys and the search entry of an actor anew, whose names have changed.
pub(super) async fn renew_names(connection: &mut SqliteConnection, actor: i64) -> Result<(), StoreError> {
    const WHAT: &str = "renew what an actor is found by";
    let names: Vec<(String, String)> = sqlx::query_as("select n.name, a.type from actor_name n join actor a on a.id = n.actor_id where a.id = ?")
        .bind(actor)
        .fetch_all(&mut *connection)
        .await
        .context(WHAT)?;
    sqlx::query("delete from actor_key where actor_id = ?").bind(actor).execute(&mut *connection).await.context(WHAT)?;
    insert_keys(connection, names.iter().map(|(name, kind)| (actor, name.as_str(), kind.as_str()))).await?;
    sqlx::query(
        "update search_entry set body = (select group_concat(n.name, ' · ') from actor_name n where n.actor_id = ?1) where kind = 'actor' and entity_id = ?1",
    )
    .bind(actor)
    .execute(connection)
    .await
    .map(drop)
    .context(WHAT)
}
