//! Writing places.

use super::Writer;
use super::document::{DocumentKey, rows};
use crate::model::id::fold_name;
use crate::model::place::NewPlace;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;

/// A stored place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceKey(pub(super) i64);

impl Writer {
    /// Stores a place with what holds it; `chain` begins with the place itself and ends with its country. What is stored stays as it is.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_place(&mut self, chain: &[NewPlace]) -> Result<Option<PlaceKey>, StoreError> {
        let mut parent = None;
        for place in chain.iter().rev() {
            parent = Some(match self.places.get(&place.id) {
                Some(&number) => number,
                None => self.insert_place(place, parent).await?,
            });
        }
        Ok(parent.map(PlaceKey))
    }

    async fn insert_place(&mut self, place: &NewPlace, parent: Option<i64>) -> Result<i64, StoreError> {
        let revision = self.revision;
        let number: i64 = sqlx::query_scalar(
            "insert into place (uid, name, folded, parent_id, country, admin1, admin2, latitude, longitude, precision, population, revision) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (uid) do update set parent_id = coalesce(parent_id, excluded.parent_id) returning id",
        )
        .bind(&place.id)
        .bind(&place.name)
        .bind(fold_name(&place.name))
        .bind(parent)
        .bind(&place.country)
        .bind(&place.admin1)
        .bind(&place.admin2)
        .bind(place.latitude)
        .bind(place.longitude)
        .bind(&place.precision)
        .bind(place.population.map(|n| i64::try_from(n).unwrap_or(i64::MAX)))
        .bind(revision)
        .fetch_one(self.connection())
        .await
        .context("store a place")?;
        self.places.insert(place.id.clone(), number);
        Ok(number)
    }

    /// Notes how often a document names each place.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_place_mentions(&mut self, document: &DocumentKey, mentions: &[(PlaceKey, u32)]) -> Result<(), StoreError> {
        let values = mentions.iter().map(|(place, n)| json!([place.0, n])).collect();
        sqlx::query(
            "insert into place_mention (place_id, document_id, n) select value ->> 0, ?, value ->> 1 from json_each(?) where true \
             on conflict (place_id, document_id) do update set n = n + excluded.n",
        )
        .bind(document.number)
        .bind(rows(values))
        .execute(self.connection())
        .await
        .context("store mentions of places")?;
        Ok(())
    }
}
