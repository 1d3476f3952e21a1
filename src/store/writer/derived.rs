//! What is derived from incidents and kept in step with them: facets, roll-ups, the list view, the words to search for.

use super::Writer;
use super::history::{Entry, difference};
use super::incident::facets;
use super::rows::Rows;
use super::settle::{Before, Settled};
use crate::model::incident::{IncidentPlace, IncidentRow};
use crate::model::plan::Reconciled;
use crate::store::StoreError;
use crate::store::error::Context;
use serde_json::{Value, json};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

/// The three roll-ups, each with the incidents' share: `?1` are their numbers, `?2` is 1 to add and -1 to take away.
const SHARES: [&str; 3] = [
    "insert into rollup_country (country, month, n_incidents, killed, injured) \
     select coalesce(i.country, ''), substr(i.day, 1, 7), ?2 * count(*), ?2 * sum(max(i.killed_key, 0)), ?2 * sum(max(i.injured_key, 0)) \
     from json_each(?1) j cross join incident i on i.id = j.value where i.shown = 1 group by 1, 2 \
     on conflict (country, month) do update set n_incidents = n_incidents + excluded.n_incidents, killed = killed + excluded.killed, \
     injured = injured + excluded.injured",
    "insert into rollup_type (type, month, n_incidents, killed, injured) \
     select i.type, substr(i.day, 1, 7), ?2 * count(*), ?2 * sum(max(i.killed_key, 0)), ?2 * sum(max(i.injured_key, 0)) \
     from json_each(?1) j cross join incident i on i.id = j.value where i.shown = 1 group by 1, 2 \
     on conflict (type, month) do update set n_incidents = n_incidents + excluded.n_incidents, killed = killed + excluded.killed, \
     injured = injured + excluded.injured",
    "insert into rollup_actor (actor, month, n_incidents, killed, injured) \
     select f.value, substr(i.day, 1, 7), ?2 * count(*), ?2 * sum(max(i.killed_key, 0)), ?2 * sum(max(i.injured_key, 0)) \
     from json_each(?1) j cross join incident i on i.id = j.value \
     cross join incident_facet f indexed by incident_facet_by_incident on f.incident_id = i.id and f.facet = 'actor' where i.shown = 1 group by 1, 2 \
     on conflict (actor, month) do update set n_incidents = n_incidents + excluded.n_incidents, killed = killed + excluded.killed, \
     injured = injured + excluded.injured",
];

impl Writer {
    /// Takes incidents out of everything derived, before they change. Gives their list views as they were; none for a new one.
    pub(super) async fn take_out(&mut self, incidents: &[i64]) -> Result<Before, StoreError> {
        const WHAT: &str = "take incidents out of the sums";
        let before: Before = sqlx::query_as("select d.id, d.doc from json_each(?) j cross join incident_doc d on d.id = j.value")
            .bind(json!(incidents).to_string())
            .fetch_all(self.connection())
            .await
            .context(WHAT)?
            .into_iter()
            .collect();
        if before.is_empty() {
            return Ok(before);
        }
        let known = json!(before.keys().collect::<Vec<_>>()).to_string();
        self.share(&known, -1).await?;
        sqlx::query("delete from incident_facet where incident_id in (select value from json_each(?))")
            .bind(known)
            .execute(self.connection())
            .await
            .context(WHAT)?;
        Ok(before)
    }

    /// Puts incidents into everything derived, after they changed, and logs what is different from `before`.
    pub(super) async fn put_in(&mut self, all: &[Settled], before: Before) -> Result<(), StoreError> {
        self.write_facets(all).await?;
        self.share(&json!(all.iter().map(Settled::number).collect::<Vec<_>>()).to_string(), 1).await?;
        let views = self.write_list_views(all).await?;
        self.index_incidents(&views).await?;
        self.log_changes(all, &views, before).await
    }

    /// Adds incidents (a JSON array of numbers) to the sums with `sign` 1, takes them out with -1.
    pub(super) async fn share(&mut self, incidents: &str, sign: i32) -> Result<(), StoreError> {
        for sql in SHARES {
            sqlx::query(sql).bind(incidents).bind(sign).execute(self.connection()).await.context("add incidents to the sums")?;
        }
        Ok(())
    }

    async fn write_facets(&mut self, all: &[Settled]) -> Result<(), StoreError> {
        let mut rows = Rows::into("insert into incident_facet (facet, value, day, incident_id)");
        for one in all {
            let day = one.state.date.map(|d| d.start.to_string()).unwrap_or_default();
            for (facet, value) in facets(&one.state, &one.reports) {
                rows.add().bind(facet).bind(value).bind(&day).bind(one.number());
            }
        }
        rows.write(self.connection(), "store the facets of incidents").await
    }

    /// In the order of the incidents, each behind its number.
    async fn write_list_views(&mut self, all: &[Settled]) -> Result<Vec<(i64, IncidentRow)>, StoreError> {
        const WHAT: &str = "write the list views of incidents";
        let numbers: Vec<i64> = all.iter().map(Settled::number).collect();
        let mut kept = kept(self.connection(), &numbers).await.context(WHAT)?;
        let mut views = Vec::with_capacity(all.len());
        let mut rows = Rows::into("insert into incident_doc (id, doc)").then("on conflict (id) do update set doc = excluded.doc");
        for one in all {
            let kept = kept.remove(&one.number()).ok_or(sqlx::Error::RowNotFound).context(WHAT)?;
            let view = kept.list_view(&one.state);
            rows.add().bind(one.number()).bind(serde_json::to_string(&view).context(WHAT)?);
            views.push((one.number(), view));
        }
        rows.write(self.connection(), WHAT).await?;
        Ok(views)
    }

    async fn index_incidents(&mut self, views: &[(i64, IncidentRow)]) -> Result<(), StoreError> {
        let mut entries = search_entries();
        for (number, view) in views {
            let day = view.date.map(|d| d.start.to_string()).unwrap_or_default();
            entries.add().bind("incident").bind(number).bind(&view.id).bind(&view.summary).bind(day).bind(search_words(view));
        }
        entries.write(self.connection(), "index the words of incidents").await
    }

    async fn log_changes(&mut self, all: &[Settled], views: &[(i64, IncidentRow)], mut before: Before) -> Result<(), StoreError> {
        const WHAT: &str = "log changes of incidents";
        let mut entries: Vec<Entry<'_>> = Vec::with_capacity(all.len());
        for (one, (number, view)) in all.iter().zip(views) {
            let entry = Entry { entity: "incident", uid: &view.id, action: "created", why: &one.why, ..Entry::default() };
            // What is new is there to be read; the log has only what it could not tell.
            let Some(before) = before.remove(number) else {
                entries.push(entry);
                continue;
            };
            let after = serde_json::to_value(view).context(WHAT)?;
            let before: Value = serde_json::from_str(&before).context(WHAT)?;
            let action = match view.status.as_str() {
                "confirmed" if before["status"] != "confirmed" => "confirmed",
                "rejected" if before["status"] != "rejected" => "rejected",
                _ => "changed",
            };
            entries.extend(difference(&before, &after).map(|(was, is)| Entry { action, before: Some(was), after: Some(is), ..entry }));
        }
        self.log_all(&entries).await
    }
}

/// Rows of what can be found by words; what is said of an entity already is renewed.
pub(super) fn search_entries() -> Rows {
    Rows::into("insert into search_entry (kind, entity_id, uid, title, day, body)").then(
        "on conflict (kind, entity_id) do update set title = excluded.title, day = excluded.day, body = excluded.body \
         where title <> excluded.title or day <> excluded.day or body <> excluded.body",
    )
}

/// What an incident's row has and its reports do not say.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::store) struct Kept {
    id: i64,
    uid: String,
    status: String,
    merged_into: Option<String>,
    place: Option<String>,
    created_at: String,
    updated_at: String,
    revision: i64,
}

/// By the numbers of the incidents.
pub(in crate::store) async fn kept(connection: &mut SqliteConnection, incidents: &[i64]) -> Result<BTreeMap<i64, Kept>, sqlx::Error> {
    let rows: Vec<Kept> = sqlx::query_as(
        "select i.id, i.uid, i.status, m.uid as merged_into, p.uid as place, i.created_at, i.updated_at, i.revision \
         from json_each(?) j cross join incident i on i.id = j.value left join incident m on m.id = i.merged_into left join place p on p.id = i.place_id",
    )
    .bind(json!(incidents).to_string())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|kept| (kept.id, kept)).collect())
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
            other_figures: state.other_figures,
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
