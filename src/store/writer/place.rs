//! Writing places.

use super::Writer;
use super::document::DocumentKey;
use super::rows::Rows;
use crate::model::id::fold_name;
use crate::model::place::NewPlace;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;
use std::collections::BTreeSet;

/// A stored place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceKey(pub(super) i64);

/// A place of the base that this transaction has met.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownPlace {
    number: i64,
    parent: Option<i64>,
}

impl Writer {
    /// Stores places with what holds them; each chain begins with the place itself and ends with its country. What is stored stays as it is.
    /// Gives the place of each chain, none for an empty one.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_places(&mut self, chains: &[Vec<NewPlace>]) -> Result<Vec<Option<PlaceKey>>, StoreError> {
        let unknown: BTreeSet<&str> = chains.iter().flatten().map(|p| p.id.as_str()).filter(|id| !self.places.contains_key(*id)).collect();
        if !unknown.is_empty() {
            self.find_places(&json!(unknown).to_string()).await?;
            self.insert_places(chains).await?;
        }
        Ok(chains.iter().map(|chain| chain.first().and_then(|p| self.places.get(&p.id)).map(|p| PlaceKey(p.number))).collect())
    }

    async fn find_places(&mut self, ids: &str) -> Result<(), StoreError> {
        let found: Vec<(String, i64, Option<i64>)> =
            sqlx::query_as("select p.uid, p.id, p.parent_id from json_each(?) j cross join place p on p.uid = j.value")
                .bind(ids)
                .fetch_all(self.connection())
                .await
                .context("look up places")?;
        self.places.extend(found.into_iter().map(|(uid, number, parent)| (uid, KnownPlace { number, parent })));
        Ok(())
    }

    /// Stores what is still missing, what holds a place before the place.
    async fn insert_places(&mut self, chains: &[Vec<NewPlace>]) -> Result<(), StoreError> {
        const WHAT: &str = "store places";
        let mut next = self.next_number("place").await?;
        let mut rows =
            Rows::into("insert into place (id, uid, name, folded, parent_id, country, admin1, admin2, latitude, longitude, precision, population, revision)");
        let mut adopted: Vec<(i64, i64)> = Vec::new();
        for chain in chains {
            let mut parent = None;
            for place in chain.iter().rev() {
                let known = self.places.entry(place.id.clone()).or_insert_with(|| {
                    add_row(&mut rows, next, place, parent, self.revision);
                    next += 1;
                    KnownPlace { number: next - 1, parent }
                });
                if let (None, Some(parent)) = (known.parent, parent) {
                    known.parent = Some(parent);
                    adopted.push((known.number, parent));
                }
                parent = Some(known.number);
            }
        }
        rows.write(self.connection(), WHAT).await?;
        // Met without what holds them when they were stored.
        for (place, parent) in adopted {
            sqlx::query("update place set parent_id = ? where id = ?").bind(parent).bind(place).execute(self.connection()).await.context(WHAT)?;
        }
        Ok(())
    }

    /// Notes how often documents name places.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn add_place_mentions(&mut self, mentions: &[(&DocumentKey, PlaceKey, u32)]) -> Result<(), StoreError> {
        let mut rows =
            Rows::into("insert into place_mention (place_id, document_id, n)").then("on conflict (place_id, document_id) do update set n = n + excluded.n");
        for (document, place, n) in mentions {
            rows.add().bind(place.0).bind(document.number).bind(n);
        }
        rows.write(self.connection(), "store mentions of places").await
    }
}

fn add_row(rows: &mut Rows, number: i64, place: &NewPlace, parent: Option<i64>, revision: i64) {
    rows.add()
        .bind(number)
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
        .bind(revision);
}
