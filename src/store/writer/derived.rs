//! What is derived from an incident and kept in step with it: facets, roll-ups, the list view, the words to search for.

use super::Writer;
use super::document::rows;
use super::history::{Entry, difference};
use super::incident::facet_rows;
use crate::model::incident::{IncidentPlace, IncidentRow, Report};
use crate::model::plan::Reconciled;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::Value;
use sqlx::SqliteConnection;

/// The three roll-ups, each with an incident's share: `?1` is the incident, `?2` is 1 to add and -1 to take away.
const SHARES: [&str; 3] = [
    "insert into rollup_country (country, month, n_incidents, killed, injured) \
     select coalesce(country, ''), substr(day, 1, 7), ?2, ?2 * max(killed_key, 0), ?2 * max(injured_key, 0) from incident where id = ?1 and shown = 1 \
     on conflict (country, month) do update set n_incidents = n_incidents + excluded.n_incidents, killed = killed + excluded.killed, \
     injured = injured + excluded.injured",
    "insert into rollup_type (type, month, n_incidents, killed, injured) \
     select type, substr(day, 1, 7), ?2, ?2 * max(killed_key, 0), ?2 * max(injured_key, 0) from incident where id = ?1 and shown = 1 \
     on conflict (type, month) do update set n_incidents = n_incidents + excluded.n_incidents, killed = killed + excluded.killed, \
     injured = injured + excluded.injured",
    "insert into rollup_actor (actor, month, n_incidents, killed, injured) \
     select f.value, substr(i.day, 1, 7), ?2, ?2 * max(i.killed_key, 0), ?2 * max(i.injured_key, 0) \
     from incident_facet f join incident i on i.id = f.incident_id where f.incident_id = ?1 and f.facet = 'actor' and i.shown = 1 \
     on conflict (actor, month) do update set n_incidents = n_incidents + excluded.n_incidents, killed = killed + excluded.killed, \
     injured = injured + excluded.injured",
];

impl Writer {
    /// Takes an incident out of everything derived, before it changes. Gives its list view as it was; none for a new one.
    pub(super) async fn take_out(&mut self, incident: i64) -> Result<Option<String>, StoreError> {
        const WHAT: &str = "take an incident out of the sums";
        let before: Option<String> =
            sqlx::query_scalar("select doc from incident_doc where id = ?").bind(incident).fetch_optional(self.connection()).await.context(WHAT)?;
        if before.is_some() {
            self.share(incident, -1).await?;
            sqlx::query("delete from incident_facet where incident_id = ?").bind(incident).execute(self.connection()).await.context(WHAT)?;
        }
        Ok(before)
    }

    /// Puts an incident into everything derived, after it changed, and logs what is different from `before`.
    pub(super) async fn put_in(&mut self, incident: i64, state: &Reconciled, reports: &[Report], before: Option<String>, why: &str) -> Result<(), StoreError> {
        sqlx::query(
            "insert into incident_facet (facet, value, day, incident_id) select value ->> 0, value ->> 1, i.day, i.id \
             from json_each(?2) cross join incident i where i.id = ?1",
        )
        .bind(incident)
        .bind(rows(facet_rows(state, reports)))
        .execute(self.connection())
        .await
        .context("store an incident's facets")?;
        self.share(incident, 1).await?;
        let row = self.write_list_view(incident, state).await?;
        let day = row.date.map(|d| d.start.to_string()).unwrap_or_default();
        self.set_search_entry("incident", incident, &row.id, &row.summary, &day, &search_words(&row)).await?;
        self.log_change(&row, before, why).await
    }

    /// Adds an incident to the sums with `sign` 1, takes it out with -1.
    pub(super) async fn share(&mut self, incident: i64, sign: i32) -> Result<(), StoreError> {
        for sql in SHARES {
            sqlx::query(sql).bind(incident).bind(sign).execute(self.connection()).await.context("add an incident to the sums")?;
        }
        Ok(())
    }

    async fn write_list_view(&mut self, incident: i64, state: &Reconciled) -> Result<IncidentRow, StoreError> {
        const WHAT: &str = "write an incident's list view";
        let row = kept(self.connection(), incident).await.context(WHAT)?.list_view(state);
        sqlx::query("insert into incident_doc (id, doc) values (?, ?) on conflict (id) do update set doc = excluded.doc")
            .bind(incident)
            .bind(serde_json::to_string(&row).context(WHAT)?)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(row)
    }

    async fn log_change(&mut self, row: &IncidentRow, before: Option<String>, why: &str) -> Result<(), StoreError> {
        const WHAT: &str = "log a change of an incident";
        let after = serde_json::to_value(row).context(WHAT)?;
        let Some(before) = before else {
            let after = Some(after.to_string());
            return self.log(Entry { entity: "incident", uid: &row.id, action: "created", why, after, ..Entry::default() }).await;
        };
        let before: Value = serde_json::from_str(&before).context(WHAT)?;
        match difference(&before, &after) {
            Some((was, is)) => {
                self.log(Entry { entity: "incident", uid: &row.id, action: "changed", why, before: Some(was), after: Some(is), ..Entry::default() }).await
            }
            None => Ok(()),
        }
    }
}

/// What an incident's row has and its reports do not say.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct Kept {
    uid: String,
    status: String,
    merged_into: Option<String>,
    place: Option<String>,
    created_at: String,
    updated_at: String,
    revision: i64,
}

pub(in crate::store) async fn kept(connection: &mut SqliteConnection, incident: i64) -> Result<Kept, sqlx::Error> {
    sqlx::query_as(
        "select i.uid, i.status, m.uid as merged_into, p.uid as place, i.created_at, i.updated_at, i.revision from incident i \
         left join incident m on m.id = i.merged_into left join place p on p.id = i.place_id where i.id = ?",
    )
    .bind(incident)
    .fetch_one(connection)
    .await
}

impl Kept {
    /// The incident as lists show it.
    pub(in crate::store) fn list_view(self, state: &Reconciled) -> IncidentRow {
        IncidentRow {
            id: self.uid,
            kind: state.kind.clone(),
            date: state.date,
            place: state.place.clone().map(|p| IncidentPlace {
                id: self.place,
                name: p.name,
                mention: p.mention,
                site: p.site,
                admin2: p.admin2,
                admin1: p.admin1,
                country: p.country,
                latitude: p.latitude,
                longitude: p.longitude,
                precision: p.precision,
            }),
            killed: state.killed,
            injured: state.injured,
            parties: state.parties.clone(),
            weapons: state.weapons.clone(),
            attributes: state.attributes.clone(),
            certainty: state.certainty.clone(),
            evidence_grade: state.evidence_grade.clone(),
            background: state.background,
            status: self.status,
            merged_into: self.merged_into,
            fictional: state.fictional,
            confidence: state.confidence,
            summary: state.summary.clone(),
            n_reports: state.n_reports,
            n_sources: state.n_sources,
            created_at: self.created_at,
            updated_at: self.updated_at,
            revision: self.revision,
        }
    }
}

/// What an incident can be found by beside its summary: places and parties.
pub(in crate::store) fn search_words(row: &IncidentRow) -> String {
    let place = row
        .place
        .iter()
        .flat_map(|p| [Some(&p.name), Some(&p.mention), p.site.as_ref(), p.admin2.as_ref(), p.admin1.as_ref()].into_iter().flatten().map(String::as_str));
    let parties = row.parties.iter().map(|p| p.name.as_str());
    let mut words: Vec<&str> = Vec::new();
    for word in place.chain(parties) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join(" · ")
}
