//! Stored texts that are to be read anew.

use super::error::Context;
use super::{Store, StoreError, compress};
use crate::model::renewal::Renewable;

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    sha256: String,
    title: Option<String>,
    published: Option<String>,
    published_from: Option<String>,
    fictional: bool,
    text: String,
    extraction: i64,
    record: Vec<u8>,
}

impl Store {
    /// Documents after the one with this number, each with its last extraction, in the order in which they came.
    ///
    /// # Errors
    /// When the base cannot be read or a record is damaged.
    pub async fn renewable(&self, after: i64, limit: u32) -> Result<Vec<Renewable>, StoreError> {
        const WHAT: &str = "read stored texts";
        let rows: Vec<Row> = sqlx::query_as(
            "select d.id, d.uid, d.sha256, d.title, d.published, d.published_from, d.fictional, t.text, e.id as extraction, e.record from document d \
             cross join document_text t on t.document_id = d.id \
             cross join extraction e on e.id = (select max(n.id) from extraction n where n.document_id = d.id) where d.id > ? order by d.id limit ?",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.reader)
        .await
        .context(WHAT)?;
        rows.into_iter()
            .map(|r| {
                Ok(Renewable {
                    number: r.id,
                    uid: r.uid,
                    sha256: r.sha256,
                    title: r.title,
                    published: r.published.filter(|_| r.published_from.as_deref() == Some("input")),
                    fictional: r.fictional,
                    text: r.text,
                    extraction: r.extraction,
                    record: serde_json::from_slice(&compress::inflate(&r.record)?).context(WHAT)?,
                })
            })
            .collect()
    }

    /// How many documents come after the one with this number.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_renewable(&self, after: i64) -> Result<u64, StoreError> {
        let n: i64 = sqlx::query_scalar("select count(*) from document where id > ?").bind(after).fetch_one(&self.reader).await.context("count documents")?;
        Ok(n.unsigned_abs())
    }
}
