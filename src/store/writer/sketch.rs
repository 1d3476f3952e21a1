//! Sketches of documents, and which reports may be of one incident by them. What the bytes mean is known to `merge` alone.

use super::Writer;
use super::document::rows;
use crate::model::Record;
use crate::store::error::Context;
use crate::store::nearby::{self, NARROW, WIDE};
use crate::store::{StoreError, compress};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A document's sketch with what it is found by.
#[derive(Clone, Debug, Default)]
pub struct NewSketch {
    /// Number of the document.
    pub document: i64,
    /// The sketch.
    pub bytes: Vec<u8>,
    /// Rare names, by hash.
    pub names: Vec<u32>,
    /// Day of publication, counted from 1970-01-01.
    pub day: Option<i32>,
    /// When and where its reports' events can have been.
    pub windows: Vec<Window>,
}

/// When and where a report's event can have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Number of the report.
    pub report: i64,
    /// Reports of another kind are not looked at.
    pub kind: String,
    /// ISO 3166-1 alpha-2; empty where nothing is known.
    pub country: String,
    /// First day, counted from 1970-01-01.
    pub first: i32,
    /// Last day.
    pub last: i32,
    /// Hundredths of a degree, of towns and spots.
    pub at: Option<(i32, i32)>,
}

impl Writer {
    /// Stores sketches.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_sketches(&mut self, sketches: &[NewSketch]) -> Result<(), StoreError> {
        const WHAT: &str = "store sketches";
        for sketch in sketches {
            sqlx::query("insert into document_sketch (document_id, sketch) values (?1, ?2) on conflict (document_id) do update set sketch = excluded.sketch")
                .bind(sketch.document)
                .bind(sketch.bytes.as_slice())
                .execute(self.connection())
                .await
                .context(WHAT)?;
        }
        let names = |s: &NewSketch| s.names.iter().map(|name| json!([name, s.day.unwrap_or(0), s.document])).collect::<Vec<Value>>();
        sqlx::query("insert or ignore into document_name (name, day, document_id) select value ->> 0, value ->> 1, value ->> 2 from json_each(?)")
            .bind(rows(sketches.iter().flat_map(names).collect()))
            .execute(self.connection())
            .await
            .context(WHAT)?;
        let windows = sketches.iter().flat_map(|s| &s.windows).filter(|w| w.last - w.first <= WIDE);
        let window =
            |w: &Window| json!([w.country, w.kind, i32::from(w.last - w.first > NARROW), w.first, w.report, w.last, w.at.map(|a| a.0), w.at.map(|a| a.1)]);
        sqlx::query(
            "insert or ignore into report_window (country, kind, wide, first, report_id, last, latitude, longitude) \
             select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7 from json_each(?)",
        )
        .bind(rows(windows.map(window).collect()))
        .execute(self.connection())
        .await
        .context(WHAT)?;
        Ok(())
    }

    /// Pairs of reports, one of these documents and one of any other, whose events can have been on the same days in the same place.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn near_in_time(&mut self, documents: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
        nearby::near_in_time(self.connection(), documents).await
    }

    /// Pairs of documents, one of these and one of any other, that have rare names in common or nearly the same text.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn near_in_words(&mut self, documents: &[i64]) -> Result<Vec<(i64, i64)>, StoreError> {
        nearby::near_in_words(self.connection(), documents).await
    }

    /// The documents and places in their records of these reports.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn places_of_reports(&mut self, reports: &BTreeSet<i64>) -> Result<Vec<(i64, i64, usize)>, StoreError> {
        nearby::places_of_reports(self.connection(), reports).await
    }

    /// The reports of these documents: number, document, place in its record.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn reports_of_documents(&mut self, documents: &BTreeSet<i64>) -> Result<Vec<(i64, i64, usize)>, StoreError> {
        nearby::reports_of_documents(self.connection(), documents).await
    }

    /// The sketches of these documents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn sketches(&mut self, documents: &BTreeSet<i64>) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        nearby::sketches(self.connection(), documents).await
    }

    /// Forgets the sketch of a document that is read anew, and what was made of it.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn remove_sketch(&mut self, document: i64) -> Result<(), StoreError> {
        for sql in [
            "delete from document_sketch where document_id = ?1",
            "delete from document_name where document_id = ?1",
            "delete from report_window where report_id in (select id from report where document_id = ?1)",
            "delete from report_edge where a in (select id from report where document_id = ?1)",
            "delete from report_edge where b in (select id from report where document_id = ?1)",
        ] {
            sqlx::query(sql).bind(document).execute(self.connection()).await.context("forget the sketch of a document")?;
        }
        Ok(())
    }

    /// Stores which reports tell one incident rather than two, the lower number first.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_edges(&mut self, edges: &[(i64, i64, f64)]) -> Result<(), StoreError> {
        sqlx::query("insert or replace into report_edge (a, b, score) select value ->> 0, value ->> 1, cast(value ->> 2 as real) from json_each(?)")
            .bind(rows(edges.iter().map(|(a, b, score)| json!([a, b, score])).collect()))
            .execute(self.connection())
            .await
            .context("store which reports belong together")?;
        Ok(())
    }

    /// Notes of which form the sketches are; those of another form, and what is made of them, go.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn sketch_form(&mut self, form: &str) -> Result<(), StoreError> {
        const WHAT: &str = "renew the form of sketches";
        let known: String = sqlx::query_scalar("select sketch_form from base").fetch_one(self.connection()).await.context(WHAT)?;
        if known == form {
            return Ok(());
        }
        for sql in ["delete from report_edge", "delete from report_window", "delete from document_name", "delete from document_sketch"] {
            sqlx::query(sql).execute(self.connection()).await.context(WHAT)?;
        }
        sqlx::query("update base set sketch_form = ?").bind(form).execute(self.connection()).await.context(WHAT)?;
        Ok(())
    }

    /// Notes of which form the first sketches of a base are.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn sketch_form_of_new(&mut self, form: &str) -> Result<(), StoreError> {
        sqlx::query("update base set sketch_form = ? where sketch_form = ''")
            .bind(form)
            .execute(self.connection())
            .await
            .context("note the form of sketches")?;
        Ok(())
    }

    /// Some documents without a sketch: number, title, text, record, numbers of the reports in its order.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn unsketched(&mut self, at_most: u32) -> Result<Vec<Unsketched>, StoreError> {
        const WHAT: &str = "read documents without a sketch";
        type Row = (i64, Option<String>, String, Vec<u8>, String);
        let found: Vec<Row> = sqlx::query_as(
            "select d.id, d.title, t.text, e.record, (select json_group_array(id) from (select r.id from report r where r.extraction_id = e.id order by r.idx)) \
             from document d cross join document_text t on t.document_id = d.id cross join current_extraction e on e.document_id = d.id \
             where not exists (select 1 from document_sketch s where s.document_id = d.id) order by d.id limit ?",
        )
        .bind(at_most)
        .fetch_all(self.connection())
        .await
        .context(WHAT)?;
        let read = |(document, title, text, record, reports): Row| {
            let record = serde_json::from_slice(&compress::inflate(&record)?).context(WHAT)?;
            Ok(Unsketched { document, title, text, record, reports: serde_json::from_str(&reports).context(WHAT)? })
        };
        found.into_iter().map(read).collect()
    }
}

/// A document without a sketch.
#[derive(Clone, Debug)]
pub struct Unsketched {
    /// Number.
    pub document: i64,
    /// Headline.
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// What the engine found in it.
    pub record: Record,
    /// Numbers of its reports, in the order of the record.
    pub reports: Vec<i64>,
}
