//! Writing who is who: what names are looked up by, names that documents add, and decisions.

use super::Writer;
use super::document::{DocumentKey, rows};
use crate::model::id::fold_name;
use crate::model::name::keys;
use crate::model::resolution::{Candidate, Identity, Resolution};
use crate::store::candidate;
use crate::store::error::Context;
use crate::store::{Store, StoreError};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

impl Writer {
    /// Actors that share a key with a name, without context; those of this transaction among them.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn candidates(&mut self, keys: &[String]) -> Result<Vec<Candidate>, StoreError> {
        candidate::candidates(self.connection(), keys).await
    }

    /// Fills in what documents tell around the candidates.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn add_context(&mut self, candidates: &mut [Candidate]) -> Result<(), StoreError> {
        candidate::add_context(self.connection(), candidates).await
    }

    /// The number of an actor, which has not been merged into another.
    pub(super) async fn actor_number(&mut self, uid: &str) -> Result<Option<i64>, StoreError> {
        if let Some(&number) = self.actors.get(uid) {
            return Ok(Some(number));
        }
        let number = sqlx::query_scalar("select id from actor where uid = ?").bind(uid).fetch_optional(self.connection()).await.context("look up an actor")?;
        if let Some(number) = number {
            self.actors.insert(uid.to_owned(), number);
        }
        Ok(number)
    }

    /// Lets an actor be found by this name.
    pub(super) async fn add_key(&mut self, number: i64, name: &str, kind: &str) -> Result<(), StoreError> {
        insert_keys(self.connection(), [(number, name, kind)]).await
    }

    /// Keeps a name that a document has for an actor and that the base did not know.
    pub(super) async fn add_mention_name(&mut self, number: i64, name: &str, kind: &str) -> Result<(), StoreError> {
        const WHAT: &str = "store a name of an actor";
        let added = sqlx::query(
            "insert or ignore into actor_name (actor_id, name, folded, kind) select ?1, ?2, ?3, 'mention' \
             where not exists (select 1 from actor_name where actor_id = ?1 and folded = ?3)",
        )
        .bind(number)
        .bind(name)
        .bind(fold_name(name))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        if added.rows_affected() == 0 {
            return Ok(());
        }
        sqlx::query(
            "update search_entry set body = (select group_concat(n.name, ' · ') from actor_name n where n.actor_id = ?1) where kind = 'actor' and entity_id = ?1",
        )
        .bind(number)
        .execute(self.connection())
        .await
        .context(WHAT)?;
        self.add_key(number, name, kind).await
    }

    /// Stores what was decided on the actors of a document, each with the number that its mentions were given to.
    pub(super) async fn add_decisions(&mut self, document: &DocumentKey, decided: &[(i64, &Resolution)]) -> Result<(), StoreError> {
        if decided.is_empty() {
            return Ok(());
        }
        let verdict = |r: &Resolution| match r.identity {
            Identity::New => "new",
            Identity::Same(_) => "same",
            Identity::Open => "open",
        };
        let values = decided.iter().map(|(number, r)| json!([number, r.name, verdict(r), r.rule, json!(r.candidates).to_string()])).collect::<Vec<Value>>();
        let now = self.now.clone();
        sqlx::query(
            "insert into actor_decision (document_id, made_at, actor_id, name, verdict, rule, candidates) \
             select ?1, ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?3) order by key",
        )
        .bind(document.number)
        .bind(now)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context("store who is who")?;
        Ok(())
    }
}

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
async fn insert_keys(connection: &mut SqliteConnection, names: impl IntoIterator<Item = (i64, &str, &str)>) -> Result<(), StoreError> {
    let values: Vec<Value> = names.into_iter().flat_map(|(number, name, kind)| keys(name, kind).into_iter().map(move |key| json!([key, number]))).collect();
    sqlx::query("insert or ignore into actor_key (key, actor_id) select value ->> 0, value ->> 1 from json_each(?)")
        .bind(rows(values))
        .execute(connection)
        .await
        .context("store what actors are looked up by")?;
    Ok(())
}
