//! Reading documents.

use super::error::Context;
use super::filter::{self, CursorValue, DocumentFilter, Page, Rows, Total};
use super::read::{Keyed, lane_of, lane_of_words, page_of};
use super::{Store, StoreError, compress};
use crate::model::document::StoredDocument;
use crate::model::{Record, id};
use sea_query::{Expr, Query, SelectStatement};

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    uid: String,
    sha256: String,
    source: Option<String>,
    url: Option<String>,
    title: Option<String>,
    published: Option<String>,
    published_from: Option<String>,
    language: String,
    facts: Option<String>,
    fictional: bool,
    media_type: String,
    received_at: String,
    n_chars: u32,
    notes: String,
    original: Option<String>,
    n_incidents: u32,
    n_statements: u32,
    revision: i64,
}

impl Keyed for Row {
    fn key(&self) -> CursorValue {
        CursorValue::Text(self.published.clone().unwrap_or_default())
    }
    fn number(&self) -> i64 {
        self.id
    }
}

impl Row {
    fn into_model(self) -> Result<StoredDocument, StoreError> {
        Ok(StoredDocument {
            id: self.uid,
            sha256: self.sha256,
            source: self.source,
            url: self.url,
            title: self.title,
            published: self.published,
            published_from: self.published_from,
            language: self.language,
            facts: self.facts,
            fictional: self.fictional,
            media_type: self.media_type,
            received_at: self.received_at,
            n_chars: self.n_chars,
            notes: serde_json::from_str(&self.notes).context("read a document")?,
            near_duplicate_of: self.original,
            n_incidents: self.n_incidents,
            n_statements: self.n_statements,
            revision: self.revision,
        })
    }
}

impl Store {
    /// One page of documents, the newest publication first unless the page sorts ascending.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn documents(&self, filter: &DocumentFilter, page: &Page) -> Result<Rows<StoredDocument>, StoreError> {
        let mut select = select_documents();
        select.cond_where(filter::documents(filter));
        let descending = page.sort.first().is_none_or(|s| s.descending);
        filter::order_and_cut(&mut select, &[(Expr::col(("d", "day")), descending)], &Expr::col(("d", "id")), page);
        page_of(self.fetch_in(lane_of(page, filter.q.as_ref()), &select, "list documents").await?, page, Row::into_model)
    }

    /// How many documents there are, counted up to `at_most`.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn count_documents(&self, filter: &DocumentFilter, at_most: Option<u64>) -> Result<Total, StoreError> {
        let matching = Query::select().expr(Expr::cust("1")).from_as("document", "d").cond_where(filter::documents(filter)).to_owned();
        self.count(lane_of_words(filter.q.as_ref()), matching, at_most, "count documents").await
    }

    /// One document's metadata.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn document(&self, uid: &str) -> Result<Option<StoredDocument>, StoreError> {
        let mut select = select_documents();
        select.and_where(Expr::cust_with_values("d.uid = ? and d.withdrawn_at is null", [uid]));
        self.fetch::<Row>(&select, "read a document").await?.pop().map(Row::into_model).transpose()
    }

    /// A document's text as it was read; all offsets count in it.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn document_text(&self, uid: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("select t.text from document d join document_text t on t.document_id = d.id where d.uid = ?")
            .bind(uid)
            .fetch_optional(&self.reader)
            .await
            .context("read a document's text")
    }

    /// What the engine last found in a document.
    ///
    /// # Errors
    /// When the base cannot be read or the record is damaged.
    pub async fn record(&self, document: &str) -> Result<Option<Record>, StoreError> {
        const WHAT: &str = "read an extraction";
        let found: Option<Vec<u8>> =
            sqlx::query_scalar(
                "select e.record from extraction e where e.document_id = (select id from document where uid = ? and withdrawn_at is null) order by e.id desc limit 1",
            )
                .bind(document)
                .fetch_optional(&self.reader)
                .await
                .context(WHAT)?;
        found.map(|bytes| serde_json::from_slice(&compress::inflate(&bytes)?).context(WHAT)).transpose()
    }

    /// Which of these texts are stored: hash and id.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn stored_texts(&self, sha256: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        sqlx::query_as("select d.sha256, d.uid from json_each(?) j cross join document d on d.sha256 = j.value where d.withdrawn_at is null")
            .bind(serde_json::json!(sha256).to_string())
            .fetch_all(&self.reader)
            .await
            .context("look up stored texts")
    }

    /// Ids of the incidents that documents report, in the order of each text; of merged ones that of the heir.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_of(&self, documents: &[String]) -> Result<Vec<(String, String)>, StoreError> {
        sqlx::query_as(
            "select d.uid, coalesce(h.uid, i.uid) from json_each(?) j cross join document d on d.uid = j.value \
             cross join report r on r.document_id = d.id cross join incident i on i.id = r.incident_id left join incident h on h.id = i.merged_into \
             group by d.id, coalesce(h.id, i.id) order by d.id, min(r.idx)",
        )
        .bind(serde_json::json!(documents).to_string())
        .fetch_all(&self.reader)
        .await
        .context("look up the incidents of documents")
    }

    /// Which of these texts were withdrawn: hash, reason and time.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn withdrawn_texts(&self, sha256: &[String]) -> Result<Vec<(String, String, String)>, StoreError> {
        let ids: Vec<[String; 2]> = sha256.iter().map(|hash| [hash.clone(), id::document(hash)]).collect();
        sqlx::query_as(
            "select j.value ->> 0, t.reason, t.at from json_each(?) j cross join tombstone t on t.uid = j.value ->> 1 \
             where not exists (select 1 from document d where d.uid = t.uid and d.withdrawn_at is null)",
        )
        .bind(serde_json::json!(ids).to_string())
        .fetch_all(&self.reader)
        .await
        .context("look up withdrawn texts")
    }

    /// Publishers with their numbers of documents, the most frequent first.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn sources(&self) -> Result<Vec<(String, u32)>, StoreError> {
        sqlx::query_as("select source, count(*) from document where source is not null group by source order by 2 desc, 1")
            .fetch_all(&self.reader)
            .await
            .context("list publishers")
    }
}

fn select_documents() -> SelectStatement {
    Query::select()
        .expr(Expr::cust(
            "d.id, d.uid, d.sha256, d.source, d.url, d.title, d.published, d.published_from, d.language, d.facts, d.fictional, d.media_type, \
             d.received_at, d.n_chars, d.notes, (select o.uid from document o where o.id = d.near_duplicate_of) as original, \
             (select count(*) from report r where r.document_id = d.id) as n_incidents, \
             (select count(*) from statement s where s.document_id = d.id) as n_statements, d.revision",
        ))
        .from_as("document", "d")
        .to_owned()
}
