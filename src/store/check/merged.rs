//! Incidents against what their reports make together, and documents against what their texts make. Both take rules of rooms above this
//! one: they bring what it should be, and it is compared here.

use super::{AT_ONCE, Probe, WHAT};
use crate::model::correction::Correction;
use crate::model::incident::Report;
use crate::model::plan::Reconciled;
use crate::store::StoreError;
use crate::store::correction::corrections;
use crate::store::error::Context;
use crate::store::writer::{facets, kept, reports, search_words};

/// A stored text with what near-duplicates are found by.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    /// Internal number.
    pub number: i64,
    /// Public id.
    pub uid: String,
    /// The text.
    pub text: String,
    /// Values of the signature.
    pub signature: Vec<u32>,
    /// Bands of the signature, in order.
    pub bands: Vec<u32>,
}

impl Probe {
    /// Numbers of the next incidents after one, in order.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents_after(&mut self, number: i64) -> Result<Vec<i64>, StoreError> {
        sqlx::query_scalar("select id from incident where id > ? order by id limit ?")
            .bind(number)
            .bind(AT_ONCE)
            .fetch_all(&mut self.connection)
            .await
            .context(WHAT)
    }

    /// The reports of an incident.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports_of(&mut self, number: i64) -> Result<Vec<Report>, StoreError> {
        Ok(reports(&mut self.connection, &[number]).await?.remove(&number).unwrap_or_default())
    }

    /// The corrections of an incident.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn corrections_of(&mut self, number: i64) -> Result<Vec<Correction>, StoreError> {
        Ok(corrections(&mut self.connection, &[number]).await?.remove(&number).unwrap_or_default())
    }

    /// What is wrong with an incident, its facets and its search entry, where its reports together make this of it; none where nothing is.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn differs(&mut self, number: i64, state: &Reconciled, reports: &[Report]) -> Result<Option<String>, StoreError> {
        let kept = kept(&mut self.connection, &[number]).await.context(WHAT)?.remove(&number);
        let row = kept.ok_or(sqlx::Error::RowNotFound).context(WHAT)?.list_view(state);
        let uid = &row.id;
        let doc: Option<String> =
            sqlx::query_scalar("select doc from incident_doc where id = ?").bind(number).fetch_optional(&mut self.connection).await.context(WHAT)?;
        if doc != serde_json::to_string(&row).ok() {
            return Ok(Some(format!("incident {uid} does not say what its reports together say")));
        }
        let stored: Vec<(String, String)> = sqlx::query_as("select facet, value from incident_facet where incident_id = ? order by facet, value")
            .bind(number)
            .fetch_all(&mut self.connection)
            .await
            .context(WHAT)?;
        if !stored.iter().map(|(facet, value)| (facet.as_str(), value.as_str())).eq(facets(state, reports)) {
            return Ok(Some(format!("incident {uid} cannot be filtered by what its reports say")));
        }
        let masked: bool = sqlx::query_scalar(
            "select exists (select 1 from withheld_entry w join search_entry e on e.id = w.entry_id where e.kind = 'incident' and e.entity_id = ?)",
        )
        .bind(number)
        .fetch_one(&mut self.connection)
        .await
        .context(WHAT)?;
        let words: Option<String> = sqlx::query_scalar("select body from search_entry where kind = 'incident' and entity_id = ?")
            .bind(number)
            .fetch_optional(&mut self.connection)
            .await
            .context(WHAT)?;
        Ok((!masked && words.as_ref() != Some(&search_words(&row))).then(|| format!("incident {uid} cannot be searched by its places and parties")))
    }

    /// The next documents after one, in order.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn fingerprints_after(&mut self, number: i64) -> Result<Vec<Fingerprint>, StoreError> {
        let rows: Vec<(i64, String, String, Vec<u8>, String)> = sqlx::query_as(
            "select d.id, d.uid, t.text, coalesce(s.signature, x''), \
             (select json_group_array(hash) from (select hash from document_band b where b.document_id = d.id order by band)) \
             from document d join document_text t on t.document_id = d.id left join document_signature s on s.document_id = d.id \
             where d.id > ? order by d.id limit ?",
        )
        .bind(number)
        .bind(AT_ONCE)
        .fetch_all(&mut self.connection)
        .await
        .context(WHAT)?;
        let read = |(number, uid, text, signature, bands): (i64, String, String, Vec<u8>, String)| Fingerprint {
            number,
            uid,
            text,
            signature: signature.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect(),
            bands: serde_json::from_str(&bands).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(read).collect())
    }
}
