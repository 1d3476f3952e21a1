//! Writing documents and what the engine found in them.

use super::Writer;
use super::history::Entry;
use crate::model::document::NewDocument;
use crate::model::{Record, id};
use crate::store::StoreError;
use crate::store::compress;
use crate::store::error::Context;
use serde_json::{Value, json};

/// A stored document and its current extraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentKey {
    /// Public id.
    pub uid: String,
    /// Hash of the text, hexadecimal.
    pub sha256: String,
    pub(super) number: i64,
    pub(super) extraction: i64,
    pub(super) fictional: bool,
    pub(super) published: Option<String>,
}

impl Writer {
    /// Id of the document with this text, where there is one.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn find_document(&mut self, sha256: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("select uid from document where sha256 = ?").bind(sha256).fetch_optional(self.connection()).await.context("look up a document")
    }

    /// Earlier documents that share a band of the signature: id and signature, the oldest first, at most 50.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn similar_documents(&mut self, bands: &[u32]) -> Result<Vec<(String, Vec<u32>)>, StoreError> {
        let found: Vec<(String, Vec<u8>)> = sqlx::query_as(
            "select d.uid, s.signature from document_signature s join document d on d.id = s.document_id where s.document_id in \
             (select b.document_id from json_each(?) j cross join document_band b on b.band = j.key and b.hash = j.value) \
             order by d.id limit 50",
        )
        .bind(json!(bands).to_string())
        .fetch_all(self.connection())
        .await
        .context("look for near-duplicates")?;
        Ok(found.into_iter().map(|(uid, bytes)| (uid, signature_values(&bytes))).collect())
    }

    /// Stores a document with its text, signature, search entry and extraction record.
    ///
    /// # Errors
    /// When the text is stored already, or cannot be written.
    pub async fn add_document(&mut self, new: &NewDocument<'_>) -> Result<DocumentKey, StoreError> {
        const WHAT: &str = "store a document";
        let (article, facts) = (new.article, &new.record.document);
        let uid = id::document(new.sha256);
        let (revision, now) = (self.revision, self.now.clone());
        let number: i64 = sqlx::query_scalar(
            "insert into document (uid, sha256, source, url, title, published, published_from, language, facts, fictional, media_type, received_at, \
             n_chars, notes, near_duplicate_of, revision) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (select coalesce(near_duplicate_of, id) from document where uid = ?), ?) returning id",
        )
        .bind(&uid)
        .bind(new.sha256)
        .bind(&article.source)
        .bind(&article.url)
        .bind(&article.title)
        .bind(&facts.published)
        .bind(&facts.published_from)
        .bind(article.language.as_deref().unwrap_or(&facts.language))
        .bind(&article.facts)
        .bind(article.fictional)
        .bind(&article.media_type)
        .bind(now)
        .bind(article.text.chars().count() as i64)
        .bind(json!(article.notes).to_string())
        .bind(&new.near_duplicate_of)
        .bind(revision)
        .fetch_one(self.connection())
        .await
        .context(WHAT)?;
        sqlx::query("insert into document_text (document_id, text) values (?, ?)")
            .bind(number)
            .bind(&article.text)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        self.add_signature(number, new).await?;
        let title = article.title.clone().unwrap_or_else(|| first_line(&article.text).to_owned());
        let day = facts.published.clone().unwrap_or_default();
        self.set_search_entry("document", number, &uid, &title, &day, "").await?;
        self.log(Entry { entity: "document", uid: &uid, action: "created", why: "received", ..Entry::default() }).await?;
        let extraction = self.add_extraction(number, new.record).await?;
        Ok(DocumentKey { uid, sha256: new.sha256.to_owned(), number, extraction, fictional: article.fictional, published: facts.published.clone() })
    }

    async fn add_signature(&mut self, number: i64, new: &NewDocument<'_>) -> Result<(), StoreError> {
        const WHAT: &str = "store a document's signature";
        let bytes: Vec<u8> = new.signature.iter().flat_map(|v| v.to_le_bytes()).collect();
        sqlx::query("insert into document_signature (document_id, signature) values (?, ?)")
            .bind(number)
            .bind(bytes)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        sqlx::query("insert into document_band (band, hash, document_id) select key, value, ? from json_each(?)")
            .bind(number)
            .bind(json!(new.bands).to_string())
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(())
    }

    async fn add_extraction(&mut self, document: i64, record: &Record) -> Result<i64, StoreError> {
        const WHAT: &str = "store an extraction";
        let body = compress::deflate(&serde_json::to_vec(record).context(WHAT)?);
        let now = self.now.clone();
        sqlx::query_scalar("insert into extraction (document_id, engine, lexicon, made_at, record) values (?, ?, ?, ?, ?) returning id")
            .bind(document)
            .bind(&record.engine)
            .bind(&record.lexicon)
            .bind(now)
            .bind(body)
            .fetch_one(self.connection())
            .await
            .context(WHAT)
    }

    /// Puts an entity into the full-text index, or renews what it says.
    pub(in crate::store) async fn set_search_entry(
        &mut self,
        kind: &'static str,
        number: i64,
        uid: &str,
        title: &str,
        day: &str,
        body: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "insert into search_entry (kind, entity_id, uid, title, day, body) values (?, ?, ?, ?, ?, ?) \
             on conflict (kind, entity_id) do update set title = excluded.title, day = excluded.day, body = excluded.body \
             where title <> excluded.title or day <> excluded.day or body <> excluded.body",
        )
        .bind(kind)
        .bind(number)
        .bind(uid)
        .bind(title)
        .bind(day)
        .bind(body)
        .execute(self.connection())
        .await
        .context("index words")?;
        Ok(())
    }

    /// Deletes a document with all that was read from it. Incidents that only it reported go as well, others are to be reconciled by the
    /// caller: their ids are given back. Tombstones keep what was deleted known.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn delete_document(&mut self, uid: &str, reason: &str) -> Result<Option<Vec<String>>, StoreError> {
        const WHAT: &str = "delete a document";
        let number: Option<i64> =
            sqlx::query_scalar("select id from document where uid = ?").bind(uid).fetch_optional(self.connection()).await.context(WHAT)?;
        let Some(number) = number else { return Ok(None) };
        let touched: Vec<(i64, String, bool)> = sqlx::query_as(
            "select i.id, i.uid, not exists (select 1 from report o where o.incident_id = i.id and o.document_id <> ?1) \
             from incident i where i.id in (select r.incident_id from report r where r.document_id = ?1)",
        )
        .bind(number)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let statements: Vec<String> =
            sqlx::query_scalar("select uid from statement where document_id = ?").bind(number).fetch_all(self.connection()).await.context(WHAT)?;
        for (incident, uid, orphaned) in &touched {
            if *orphaned {
                self.take_out(*incident).await?;
                sqlx::query("update incident set merged_into = null, status = 'rejected' where merged_into = ?")
                    .bind(incident)
                    .execute(self.connection())
                    .await
                    .context(WHAT)?;
                sqlx::query("delete from incident where id = ?").bind(incident).execute(self.connection()).await.context(WHAT)?;
                self.bury("incident", uid, reason).await?;
            }
        }
        sqlx::query("delete from document where id = ?").bind(number).execute(self.connection()).await.context(WHAT)?;
        for statement in &statements {
            self.bury("statement", statement, reason).await?;
        }
        self.bury("document", uid, reason).await?;
        Ok(Some(touched.into_iter().filter(|(_, _, orphaned)| !orphaned).map(|(_, uid, _)| uid).collect()))
    }

    async fn bury(&mut self, entity: &'static str, uid: &str, reason: &str) -> Result<(), StoreError> {
        let now = self.now.clone();
        sqlx::query(
            "insert into tombstone (uid, entity, reason, at) values (?, ?, ?, ?) on conflict (uid) do update set reason = excluded.reason, at = excluded.at",
        )
        .bind(uid)
        .bind(entity)
        .bind(reason)
        .bind(now)
        .execute(self.connection())
        .await
        .context("keep a tombstone")?;
        self.log(Entry { entity, uid, action: "deleted", why: reason, ..Entry::default() }).await
    }
}

fn signature_values(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

/// The first line with something in it, cut at 120 code points.
pub(in crate::store) fn first_line(text: &str) -> &str {
    let line = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("");
    line.char_indices().nth(120).map_or(line, |(at, _)| &line[..at])
}

/// A list of rows for `json_each`: many rows go in with one statement, which costs one round trip to the connection's thread.
pub(super) fn rows(values: Vec<Value>) -> String {
    Value::Array(values).to_string()
}
