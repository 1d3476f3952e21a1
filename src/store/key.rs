//! Keys that may write.

use super::error::Context;
use super::{Store, StoreError};
use crate::model::key::{Key, NewKey, Scope};
use jiff::Timestamp;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    name: String,
    public_part: String,
    hash: String,
    scope: String,
    per_minute: Option<u32>,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
    revoked_at: Option<String>,
}

impl Store {
    /// All keys that were ever made, in the order they were made.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn keys(&self) -> Result<Vec<Key>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, name, public_part, hash, scope, per_minute, created_at, expires_at, last_used_at, revoked_at \
             from api_key where public_part is not null order by id",
        )
        .fetch_all(&self.reader)
        .await
        .context("read the keys")?;
        rows.into_iter().map(Key::try_from).collect()
    }

    /// Keeps a new key.
    ///
    /// # Errors
    /// When there is or was a key of that name.
    pub async fn add_key(&self, key: &NewKey, now: Timestamp) -> Result<(), StoreError> {
        const WHAT: &str = "make a key";
        let mut transaction = self.writer.begin().await?;
        let added = sqlx::query(
            "insert into api_key (name, public_part, hash, scope, per_minute, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?) \
             on conflict (name) do nothing",
        )
        .bind(&key.name)
        .bind(&key.public_part)
        .bind(&key.hash)
        .bind(key.scope.name())
        .bind(key.per_minute)
        .bind(written(now))
        .bind(key.expires_at.map(written))
        .execute(transaction.connection())
        .await
        .context(WHAT)?;
        transaction.commit().await?;
        match added.rows_affected() {
            1 => Ok(()),
            _ => Err(StoreError::Conflict { what: WHAT, problem: format!("there is or was one named \"{}\"; choose another name", key.name) }),
        }
    }

    /// Revokes the key of that name, if it is not revoked yet. Whether one was.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn revoke_key(&self, name: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let revoked = sqlx::query("update api_key set revoked_at = ? where name = ? and revoked_at is null")
            .bind(written(now))
            .bind(name)
            .execute(transaction.connection())
            .await
            .context("revoke a key")?;
        transaction.commit().await?;
        Ok(revoked.rows_affected() == 1)
    }

    /// Notes when a key was last used.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn note_key_used(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("update api_key set last_used_at = ? where id = ?")
            .bind(written(now))
            .bind(id)
            .execute(transaction.connection())
            .await
            .context("note a key's use")?;
        transaction.commit().await
    }
}

/// RFC 3339, UTC, to the second.
fn written(time: Timestamp) -> String {
    time.round(jiff::Unit::Second).unwrap_or(time).to_string()
}

impl TryFrom<Row> for Key {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const WHAT: &str = "read the keys";
        let time = |text: String| text.parse::<Timestamp>().map_err(|e| StoreError::Damaged { what: WHAT, problem: e.to_string() });
        let scope = row.scope.parse::<Scope>().map_err(|problem| StoreError::Damaged { what: WHAT, problem })?;
        let expires_at = row.expires_at.map(time).transpose()?;
        Ok(Self {
            id: row.id,
            made: NewKey { name: row.name, public_part: row.public_part, hash: row.hash, scope, per_minute: row.per_minute, expires_at },
            created_at: time(row.created_at)?,
            last_used_at: row.last_used_at.map(time).transpose()?,
            revoked_at: row.revoked_at.map(time).transpose()?,
        })
    }
}
