//! Writing documents and what the engine found in them.

use super::Writer;
use super::derived::search_entries;
use super::history::Entry;
use super::rows::Rows;
use crate::model::document::NewDocument;
use crate::model::id;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

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

impl DocumentKey {
    /// Internal number.
    pub fn number(&self) -> i64 {
        self.number
    }
}

impl Writer {
    /// Ids of the documents that have these texts, by the hash of the text.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn find_documents(&mut self, sha256: &[&str]) -> Result<BTreeMap<String, String>, StoreError> {
        let found: Vec<(String, String)> =
            sqlx::query_as("select d.sha256, d.uid from json_each(?) j cross join document d indexed by sqlite_autoindex_document_2 on d.sha256 = j.value")
                .bind(json!(sha256).to_string())
                .fetch_all(self.connection())
                .await
                .context("look up documents")?;
        Ok(found.into_iter().collect())
    }

    /// Earlier documents that share a band with each of these signatures, the oldest first, at most 50 for each band.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn similar_documents(&mut self, bands: &[Vec<u32>]) -> Result<Vec<Vec<Similar>>, StoreError> {
        const WHAT: &str = "look for near-duplicates";
        // A band that thousands of texts share, as those of one form letter do, costs no more than another.
        let shared: Vec<(i64, String)> = sqlx::query_as(
            "select place, numbers from (select t.key as place, (\
               select json_group_array(document_id) from (\
                 select b.document_id from document_band b where b.band = j.key and b.hash = j.value order by b.document_id limit 50)) as numbers \
             from json_each(?) t cross join json_each(t.value) j) where numbers <> '[]'",
        )
        .bind(json!(bands).to_string())
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let mut of: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); bands.len()];
        for (place, numbers) in shared {
            let numbers: Vec<i64> = serde_json::from_str(&numbers).context(WHAT)?;
            if let Some(of) = usize::try_from(place).ok().and_then(|place| of.get_mut(place)) {
                of.extend(numbers);
            }
        }
        let all: BTreeSet<i64> = of.iter().flatten().copied().collect();
        let signatures: BTreeMap<i64, Similar> = self.signatures(&all).await?;
        Ok(of.into_iter().map(|numbers| numbers.iter().filter_map(|n| signatures.get(n).cloned()).collect()).collect())
    }

    async fn signatures(&mut self, documents: &BTreeSet<i64>) -> Result<BTreeMap<i64, Similar>, StoreError> {
        if documents.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found: Vec<(i64, String, Vec<u8>, u32)> = sqlx::query_as(
            "select d.id, d.uid, s.signature, d.n_chars from json_each(?) j cross join document d on d.id = j.value cross join document_signature s on s.document_id = d.id",
        )
        .bind(json!(documents).to_string())
        .fetch_all(self.connection())
        .await
        .context("read signatures")?;
        Ok(found.into_iter().map(|(number, uid, bytes, n_chars)| (number, Similar { uid, signature: signature_values(&bytes), n_chars })).collect())
    }

    /// Stores documents with their texts, signatures, search entries and extraction records. Each text is new, and stands in the list once.
    ///
    /// # Errors
    /// When a text is stored already, or cannot be written.
    pub async fn add_documents(&mut self, all: &[NewDocument<'_>]) -> Result<Vec<DocumentKey>, StoreError> {
        let (first, first_extraction) = (self.next_number("document").await?, self.next_number("extraction").await?);
        let mut originals = self.originals(all).await?;
        let mut plan = DocumentRows::default();
        let mut keys = Vec::with_capacity(all.len());
        for (new, n) in all.iter().zip(0..) {
            let key = DocumentKey {
                uid: id::document(new.sha256),
                sha256: new.sha256.to_owned(),
                number: first + n,
                extraction: first_extraction + n,
                fictional: new.article.fictional,
                published: new.record.document.published.clone(),
            };
            let original = new.near_duplicate_of.as_ref().and_then(|uid| originals.get(uid).copied());
            originals.insert(key.uid.clone(), original.unwrap_or(key.number));
            plan.add(&key, new, original, self);
            keys.push(key);
        }
        plan.write(self.connection()).await?;
        let created: Vec<Entry<'_>> =
            keys.iter().map(|key| Entry { entity: "document", uid: &key.uid, action: "created", why: "received", ..Entry::default() }).collect();
        self.log_all(&created).await?;
        Ok(keys)
    }

    /// The numbers of the documents that these are near-duplicates of, by id; where one of those is itself a near-duplicate, of its original.
    async fn originals(&mut self, all: &[NewDocument<'_>]) -> Result<BTreeMap<String, i64>, StoreError> {
        let wanted: BTreeSet<&String> = all.iter().filter_map(|new| new.near_duplicate_of.as_ref()).collect();
        if wanted.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found: Vec<(String, i64)> =
            sqlx::query_as("select d.uid, coalesce(d.near_duplicate_of, d.id) from json_each(?) j cross join document d on d.uid = j.value")
                .bind(json!(wanted).to_string())
                .fetch_all(self.connection())
                .await
                .context("look up near-duplicates")?;
        Ok(found.into_iter().collect())
    }

    /// The number that SQLite would give to the next row of a table. Nobody else writes before this transaction ends.
    pub(super) async fn next_number(&mut self, table: &'static str) -> Result<i64, StoreError> {
        sqlx::query_scalar(AssertSqlSafe(format!("select coalesce(max(id), 0) + 1 from {table}"))).fetch_one(self.connection()).await.context("number new rows")
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
        let mut entries = search_entries();
        entries.add().bind(kind).bind(number).bind(uid).bind(title).bind(day).bind(body);
        entries.write(self.connection(), "index words").await
    }
}

/// An earlier document that may say the same in nearly the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    /// Public id.
    pub uid: String,
    /// MinHash of its text.
    pub signature: Vec<u32>,
    /// Length of its text in code points.
    pub n_chars: u32,
}

/// Rows of documents, by table.
struct DocumentRows {
    documents: Rows,
    texts: Rows,
    signatures: Rows,
    bands: Rows,
    extractions: Rows,
    search: Rows,
}

impl Default for DocumentRows {
    fn default() -> Self {
        Self {
            documents: Rows::into(
                "insert into document (id, uid, sha256, source, url, title, published, published_from, language, facts, fictional, media_type, received_at, \
                 n_chars, notes, near_duplicate_of, revision)",
            ),
            texts: Rows::into("insert into document_text (document_id, text)"),
            signatures: Rows::into("insert into document_signature (document_id, signature)"),
            bands: Rows::into("insert into document_band (band, hash, document_id)"),
            extractions: Rows::into("insert into extraction (id, document_id, engine, lexicon, made_at, record, revision)"),
            search: search_entries(),
        }
    }
}

impl DocumentRows {
    fn add(&mut self, key: &DocumentKey, new: &NewDocument<'_>, original: Option<i64>, writer: &Writer) {
        let (article, facts) = (new.article, &new.record.document);
        self.documents
            .add()
            .bind(key.number)
            .bind(&key.uid)
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
            .bind(&writer.now)
            .bind(article.text.chars().count() as i64)
            .bind(json!(article.notes).to_string())
            .bind(original)
            .bind(writer.revision);
        self.texts.add().bind(key.number).bind(&article.text);
        self.signatures.add().bind(key.number).bind(new.signature.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>());
        for (&hash, band) in new.bands.iter().zip(0i64..) {
            self.bands.add().bind(band).bind(hash).bind(key.number);
        }
        self.extractions
            .add()
            .bind(key.extraction)
            .bind(key.number)
            .bind(&new.record.engine)
            .bind(&new.record.lexicon)
            .bind(&writer.now)
            .bind(new.packed)
            .bind(writer.revision);
        let title = article.title.as_deref().unwrap_or_else(|| first_line(&article.text));
        let day = facts.published.as_deref().unwrap_or_default();
        self.search.add().bind("document").bind(key.number).bind(&key.uid).bind(title).bind(day).bind("");
    }

    async fn write(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        const WHAT: &str = "store documents";
        for rows in [self.documents, self.texts, self.signatures, self.bands, self.extractions, self.search] {
            rows.write(connection, WHAT).await?;
        }
        Ok(())
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
