//! Writing incidents as their reports together tell them.

use super::rows::Rows;
use super::{IncidentKey, PlaceKey, Writer};
use crate::model::incident::Report;
use crate::model::plan::Reconciled;
use crate::model::{Count, DatePrecision};
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::json;
use std::collections::BTreeMap;

/// An incident about to be written: what all reports of it together say.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Which.
    pub key: IncidentKey,
    /// What its reports say.
    pub state: Reconciled,
    /// Where, as the base has it.
    pub place: Option<PlaceKey>,
    /// All its reports.
    pub reports: Vec<Report>,
    /// Why it is written; goes into the log of changes.
    pub why: String,
}

impl Settled {
    pub(super) fn number(&self) -> i64 {
        self.key.number()
    }
}

impl Writer {
    /// Writes incidents with everything derived from them, and logs what changed. Each may stand in the list once.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn settle_all(&mut self, all: &[Settled]) -> Result<(), StoreError> {
        if all.is_empty() {
            return Ok(());
        }
        let numbers: Vec<i64> = all.iter().map(Settled::number).collect();
        let before = self.take_out(&numbers).await?;
        self.write_incidents(all).await?;
        self.settle_claims(all).await?;
        self.put_in(all, before).await
    }

    /// Notes by which rules incidents are made of their reports.
    ///
    /// # Errors
    /// When the base cannot be written.
    pub async fn set_doc_version(&mut self, version: i64) -> Result<(), StoreError> {
        sqlx::query("update base set doc_version = ?").bind(version).execute(self.connection()).await.context("note the version of the base")?;
        Ok(())
    }

    /// The rows are there; `insert` with a conflict is how SQLite changes many at once.
    async fn write_incidents(&mut self, all: &[Settled]) -> Result<(), StoreError> {
        const WHAT: &str = "write incidents";
        let mut incidents = Rows::into(
            "insert into incident (id, uid, created_at, type, date_start, date_end, date_precision, place_id, place_name, place_mention, site, country, \
             admin1, admin2, latitude, longitude, place_precision, killed_low, killed_best, killed_high, injured_low, injured_best, injured_high, \
             killed_lowest, killed_highest, killed_median, injured_lowest, injured_highest, injured_median, attributes, weapons, suicide, certainty, evidence_grade, background, confidence, summary, fictional, n_reports, n_sources, status, updated_at, revision)",
        )
        .then(
            "on conflict (id) do update set type = excluded.type, date_start = excluded.date_start, date_end = excluded.date_end, \
             date_precision = excluded.date_precision, place_id = excluded.place_id, place_name = excluded.place_name, \
             place_mention = excluded.place_mention, site = excluded.site, country = excluded.country, admin1 = excluded.admin1, \
             admin2 = excluded.admin2, latitude = excluded.latitude, longitude = excluded.longitude, place_precision = excluded.place_precision, \
             killed_low = excluded.killed_low, killed_best = excluded.killed_best, killed_high = excluded.killed_high, \
             injured_low = excluded.injured_low, injured_best = excluded.injured_best, injured_high = excluded.injured_high, \
             killed_lowest = excluded.killed_lowest, killed_highest = excluded.killed_highest, killed_median = excluded.killed_median, \
             injured_lowest = excluded.injured_lowest, injured_highest = excluded.injured_highest, injured_median = excluded.injured_median, \
             attributes = excluded.attributes, weapons = excluded.weapons, suicide = excluded.suicide, certainty = excluded.certainty, \
             evidence_grade = excluded.evidence_grade, background = excluded.background, confidence = excluded.confidence, \
             summary = excluded.summary, fictional = excluded.fictional, n_reports = excluded.n_reports, n_sources = excluded.n_sources, \
             status = iif(merged_into is null, excluded.status, status), \
             updated_at = excluded.updated_at, revision = excluded.revision",
        );
        for one in all {
            let state = &one.state;
            let p = state.place.as_ref();
            let count = |c: Option<Count>| c.map_or([None; 3], |c| [c.low, c.best, c.high]);
            let ([kl, kb, kh], [il, ib, ih]) = (count(state.killed), count(state.injured));
            incidents
                .add()
                .bind(one.number())
                .bind(&one.key.uid)
                .bind(&self.now)
                .bind(&state.kind)
                .bind(state.date.map(|d| d.start.to_string()))
                .bind(state.date.map(|d| d.end.to_string()))
                .bind(state.date.map_or(DatePrecision::Unknown, |d| d.precision).code())
                .bind(one.place.map(|p| p.0))
                .bind(p.map(|p| &p.name))
                .bind(p.map(|p| &p.mention))
                .bind(p.and_then(|p| p.site.as_ref()))
                .bind(p.and_then(|p| p.country.as_ref()))
                .bind(p.and_then(|p| p.admin1.as_ref()))
                .bind(p.and_then(|p| p.admin2.as_ref()))
                // Half a position is none.
                .bind(p.and_then(|p| p.latitude.filter(|_| p.longitude.is_some())))
                .bind(p.and_then(|p| p.longitude.filter(|_| p.latitude.is_some())))
                .bind(p.map(|p| &p.precision))
                .bind(kl)
                .bind(kb)
                .bind(kh)
                .bind(il)
                .bind(ib)
                .bind(ih)
                .bind(state.other_figures.killed.lowest)
                .bind(state.other_figures.killed.highest)
                .bind(state.other_figures.killed.median)
                .bind(state.other_figures.injured.lowest)
                .bind(state.other_figures.injured.highest)
                .bind(state.other_figures.injured.median)
                .bind(json!(state.attributes).to_string())
                .bind(json!(state.weapons).to_string())
                .bind(state.attributes.iter().any(|a| a == "suicide"))
                .bind(&state.certainty)
                .bind(&state.evidence_grade)
                .bind(state.background)
                .bind(state.confidence)
                .bind(&state.summary)
                .bind(state.fictional)
                .bind(state.n_reports)
                .bind(state.n_sources)
                .bind(&state.status)
                .bind(&self.now)
                .bind(self.revision);
        }
        incidents.write(self.connection(), WHAT).await
    }

    /// Gives the claims and denials behind claimants and deniers the standing that all reports of an incident together give them.
    async fn settle_claims(&mut self, all: &[Settled]) -> Result<(), StoreError> {
        let mut values = Vec::new();
        for one in all {
            let standing = one.state.parties.iter().filter_map(|p| Some((p, p.standing.as_ref()?)));
            values.extend(standing.map(|(p, standing)| json!([one.number(), p.role, p.actor, p.name, standing])));
        }
        if values.is_empty() {
            return Ok(());
        }
        let revision = self.revision;
        sqlx::query(
            "update statement set standing = c.standing, revision = ?2 from (\
               select p.asserted_by as id, v.value ->> 4 as standing from json_each(?1) v \
               cross join participant p indexed by participant_by_incident on p.incident_id = v.value ->> 0 and p.role = v.value ->> 1 \
               left join actor o on o.id = p.actor_id left join actor a on a.id = coalesce(o.merged_into, o.id) \
               where p.asserted_by is not null \
               and (a.uid = v.value ->> 2 or a.uid is null and v.value ->> 2 is null and coalesce(p.name, p.mentions ->> 0) = v.value ->> 3)\
             ) c where statement.id = c.id and statement.standing is not c.standing and (statement.kind <> 'denial' or c.standing = 'retracted')",
        )
        .bind(super::document::rows(values))
        .bind(revision)
        .execute(self.connection())
        .await
        .context("settle the claims of incidents")?;
        Ok(())
    }
}

/// The list views of incidents before they change, by number; none for a new one.
pub(super) type Before = BTreeMap<i64, String>;
