//! The base as it was: temporary views named like the tables, so that every statement that reads runs unchanged.
//!
//! A view has the rows that did not change since the revision asked for, from the table itself, and those that did as `past` kept them.
//! Names without a schema mean the temporary ones first. The views are made once for a connection; which revision they show stands in a
//! temporary table and is set anew by each reader. What is only ever added (documents, records, their figures and mentions) is left out
//! where it came later. Sums by month are counted from the incidents; words to search for are those of today, so nobody asks for them here.

use super::error::Context;
use super::{Store, StoreError};
use sqlx::{AssertSqlSafe, Error, SqliteConnection};

/// The revision that the connection shows.
const ASKED: &str = "(select revision from temp.asked)";

impl Store {
    /// The base as it was at one of its revisions, for reading.
    #[must_use]
    pub fn as_of(&self, revision: i64) -> Self {
        Self { reader: self.past.at(revision), ..self.clone() }
    }

    /// The revision that the base had at a moment (RFC 3339, UTC): the last one made until then.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn revision_at(&self, moment: &str) -> Result<i64, StoreError> {
        sqlx::query_scalar("select coalesce(max(revision), 0) from moment where at <= ?").bind(moment).fetch_one(&self.reader).await.context(WHEN)
    }

    /// The first revision that the base can be read at.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn past_since(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar("select past_since from base").fetch_one(&self.reader).await.context(WHEN)
    }
}

const WHEN: &str = "look up a revision of the base";

/// Lets a connection show another revision.
pub(super) async fn show(connection: &mut SqliteConnection, revision: i64) -> Result<(), Error> {
    sqlx::query("update temp.asked set revision = ?").bind(revision).execute(connection).await.map(drop)
}

/// Makes the views for a connection.
pub(super) async fn fit(connection: &mut SqliteConnection) -> Result<(), Error> {
    sqlx::raw_sql("create temp table asked (revision integer not null); insert into temp.asked values (0)").execute(&mut *connection).await?;
    let incident = incidents(&columns(connection, "incident").await?);
    let report = reports(&columns(connection, "report").await?);
    let mut views = vec![
        ("incident", incident),
        ("incident_doc", incident_views()),
        ("report", report),
        ("incident_facet", facets()),
        ("incident_rtree", TREE.to_owned()),
        ("statement", statements(&columns(connection, "statement").await?)),
        ("statement_about", about()),
        ("actor", actors(&columns(connection, "actor").await?)),
    ];
    views.push(("merge_decision", decisions(&columns(connection, "merge_decision").await?)));
    views.push(("evidence", evidence(&columns(connection, "evidence").await?)));
    let parties: Vec<String> =
        columns(connection, "participant").await?.iter().map(|c| if c.name == "incident_id" { "r.incident_id".to_owned() } else { c.of("x") }).collect();
    views.push(("participant", format!("select {} from temp.report r join main.participant x on x.report_id = r.id", parties.join(", "))));
    views.push(("document", documents(&columns(connection, "document").await?)));
    for table in ["actor_mention", "actor_title", "actor_decision", "place_mention"] {
        views.push((table, format!("select x.* from main.{table} x where {}", is_read("x.document_id"))));
    }
    views.push(("actor_relation", format!("select x.* from main.actor_relation x where x.document_id is null or {}", is_read("x.document_id"))));
    views.push(("figure", format!("select x.* from main.figure x where {}", is_read("x.document_id"))));
    let base: Vec<String> =
        columns(connection, "base").await?.iter().map(|c| if c.name == "revision" { format!("{ASKED} as revision") } else { c.of("b") }).collect();
    views.push(("base", format!("select {} from main.base b", base.join(", "))));
    views.extend(ROLLUPS.map(|(table, select)| (table, select.to_owned())));
    for (name, select) in views {
        sqlx::raw_sql(AssertSqlSafe(format!("create temp view {name} as {select}"))).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A column of a table.
#[derive(Debug, sqlx::FromRow)]
struct Column {
    name: String,
    r#type: String,
}

impl Column {
    fn of(&self, table: &str) -> String {
        format!("{table}.\"{}\"", self.name)
    }

    /// An expression with the column's type and name, so that both halves of a view are alike for the planner.
    fn typed(&self, expression: &str) -> String {
        format!("cast({expression} as {}) as \"{}\"", self.r#type, self.name)
    }
}

async fn columns(connection: &mut SqliteConnection, table: &'static str) -> Result<Vec<Column>, Error> {
    sqlx::query_as("select name, type from pragma_table_xinfo(?, 'main') order by cid").bind(table).fetch_all(connection).await
}

fn all_of(columns: &[Column], table: &str) -> String {
    columns.iter().map(|c| c.of(table)).collect::<Vec<_>>().join(", ")
}

/// Nothing of the row changed since.
fn same(kind: &str, number: &str) -> String {
    format!("not exists (select 1 from main.past q where q.kind = '{kind}' and q.number = {number} and q.until > {ASKED})")
}

/// `main.past p` has the row as it was then.
fn then(kind: &str) -> String {
    format!(
        "p.kind = '{kind}' and p.until > {ASKED} and p.since <= {ASKED} and not exists (\
         select 1 from main.past q where q.kind = '{kind}' and q.number = p.number and q.until > {ASKED} and q.until < p.until)"
    )
}

/// The document was there: its first record was. What was read from it anew since stands in the place of what was read first, unless `past`
/// has that.
fn is_read(document: &str) -> String {
    format!("(select min(e.revision) from main.extraction e where e.document_id = {document}) <= {ASKED}")
}

/// How reports came to be where they were, without what was decided later.
fn decisions(columns: &[Column]) -> String {
    let undone = format!(
        "coalesce((select p.was ->> '$' from main.past p where {} and p.number = x.id), \
         iif({}, x.undone_at, null))",
        then("decision"),
        same("decision", "x.id")
    );
    let columns: Vec<String> = columns
        .iter()
        .map(|c| match c.name.as_str() {
            "incident_id" => "r.incident_id".to_owned(),
            "undone_at" => c.typed(&undone),
            _ => c.of("x"),
        })
        .collect();
    format!(
        "select {} from temp.report r join main.merge_decision x on x.report_id = r.id \
         where x.id <= coalesce((select m.decisions from main.moment m where m.revision > {ASKED} order by m.revision limit 1), x.id)",
        columns.join(", ")
    )
}

fn incidents(columns: &[Column]) -> String {
    let was: Vec<String> = columns.iter().map(|c| c.typed(&incident_column(&c.name))).collect();
    format!(
        "select {} from main.incident i where i.revision <= {ASKED} and {} union all select {} from main.past p where {}",
        all_of(columns, "i"),
        same("incident", "i.id"),
        was.join(", "),
        then("incident"),
    )
}

/// A column of an incident from its list view.
fn incident_column(name: &str) -> String {
    let member = |path: &str| format!("p.was ->> '$.{path}'");
    let figure =
        |name: &str| format!("coalesce({}, {}, {}, -1)", member(&format!("{name}.best")), member(&format!("{name}.low")), member(&format!("{name}.high")));
    match name {
        "id" => "p.number".to_owned(),
        "uid" => member("id"),
        "class" => "substr(p.was ->> '$.type', 1, instr(p.was ->> '$.type', '.') - 1)".to_owned(),
        "date_start" => member("date.start"),
        "date_end" => member("date.end"),
        "date_precision" => format!("coalesce({}, 'unknown')", member("date.precision")),
        "day" => format!("coalesce({}, '')", member("date.start")),
        "place_id" => format!("(select x.id from main.place x where x.uid = {})", member("place.id")),
        "place_name" | "place_mention" | "place_precision" => member(&name.replace('_', ".")),
        "site" | "country" | "admin1" | "admin2" | "latitude" | "longitude" => member(&format!("place.{name}")),
        "killed_low" | "killed_best" | "killed_high" | "injured_low" | "injured_best" | "injured_high" => member(&name.replace('_', ".")),
        "killed_lowest" | "killed_highest" | "killed_median" | "injured_lowest" | "injured_highest" | "injured_median" => {
            member(&format!("other_figures.{}", name.replace('_', ".")))
        }
        "killed_key" => figure("killed"),
        "injured_key" => figure("injured"),
        "suicide" => "exists (select 1 from json_each(p.was, '$.attributes') a where a.value = 'suicide')".to_owned(),
        "merged_into" => format!("(select x.id from main.incident x where x.uid = {})", member("merged_into")),
        "shown" => format!(
            "iif({} in ('machine', 'confirmed') and {} in ('reported', 'alleged', 'claimed') and coalesce({}, 0) = 0, 1, 0)",
            member("status"),
            member("certainty"),
            member("fictional")
        ),
        // The others have the name of their member.
        other => member(other),
    }
}

fn incident_views() -> String {
    format!(
        "select d.id, d.doc from main.incident_doc d where (select i.revision from main.incident i where i.id = d.id) <= {ASKED} and {} \
         union all select p.number, p.was from main.past p where {}",
        same("incident", "d.id"),
        then("incident"),
    )
}

fn reports(columns: &[Column]) -> String {
    let was: Vec<String> = columns.iter().map(|c| kept(c, "r")).collect();
    let read = |extraction: &str| format!("(select e.revision from main.extraction e where e.id = {extraction}) <= {ASKED}");
    format!(
        "select {} from main.report r where {} and {} union all select {} from main.past p join main.report r on r.id = p.number where {} and {}",
        all_of(columns, "r"),
        same("report", "r.id"),
        read("r.extraction_id"),
        was.join(", "),
        then("report"),
        read("(p.was ->> '$.extraction_id')"),
    )
}

/// Of a report that was read anew since, the words are those of what it said.
fn evidence(columns: &[Column]) -> String {
    let now: Vec<String> = columns.iter().map(|c| if c.name == "incident_id" { "r.incident_id".to_owned() } else { c.of("x") }).collect();
    let was: Vec<String> = columns
        .iter()
        .map(|c| match c.name.as_str() {
            "id" => c.typed("r.id * 10000 + v.key"),
            "document_id" | "incident_id" => c.of("r"),
            "report_id" => c.typed("r.id"),
            "confidence" => c.typed("r.body ->> '$.confidence'"),
            name => c.typed(&format!("v.value ->> '$.{name}'")),
        })
        .collect();
    let anew =
        format!("select 1 from main.past q where q.kind = 'report' and q.number = r.id and q.until > {ASKED} and json_type(q.was, '$.body') is not null");
    format!(
        "select {} from temp.report r join main.evidence x on x.report_id = r.id where not exists ({anew}) \
         union all select {} from temp.report r join json_each(r.body, '$.evidence') v where exists ({anew})",
        now.join(", "),
        was.join(", ")
    )
}

fn documents(columns: &[Column]) -> String {
    let was: Vec<String> = columns.iter().map(|c| kept(c, "d")).collect();
    format!(
        "select {} from main.document d where {} and {} union all select {} from main.past p join main.document d on d.id = p.number where {} and {}",
        all_of(columns, "d"),
        same("document", "d.id"),
        is_read("d.id"),
        was.join(", "),
        then("document"),
        is_read("d.id"),
    )
}

/// A column as `past` has it; one that it does not have did not change.
fn kept(column: &Column, table: &str) -> String {
    let Column { name, .. } = column;
    // What sorts a document follows from its day.
    let member = if name == "day" && table == "d" { "published" } else { name };
    let value = format!("iif(json_type(p.was, '$.{member}') is null, {table}.\"{name}\", p.was ->> '$.{member}')");
    column.typed(&if name == "day" { format!("coalesce({value}, '')") } else { value })
}

/// Many-valued properties, each once: of incidents that changed they are read from the list view and the reports of then.
fn facets() -> String {
    let then = then("incident");
    let select = |facet: &str, value: &str, from: &str, condition: String| {
        format!(
            "select '{facet}', cast({value} as text), coalesce(p.was ->> '$.date.start', ''), p.number from main.past p join {from} \
             where {then} and {value} is not null and {condition}"
        )
    };
    // Values that an earlier party of the kind has, too, are left out.
    let party = |facet: &str, member: &str, is: &dyn Fn(&str) -> String| {
        let earlier = format!(
            "not exists (select 1 from json_each(p.was, '$.parties') w where w.key < v.key and w.value ->> '{member}' = v.value ->> '{member}' and {})",
            is("w")
        );
        select(facet, &format!("v.value ->> '{member}'"), "json_each(p.was, '$.parties') v", format!("{} and {earlier}", is("v")))
    };
    let any = |_: &str| "true".to_owned();
    let perpetrator = |row: &str| format!("{row}.value ->> 'role' in ('perpetrator', 'suspected', 'claimant', 'captor')");
    let code = |facet: &str, member: &str| select(facet, "v.value", &format!("json_each(p.was, '$.{member}') v"), "true".to_owned());
    let document = |facet: &str, column: &str| {
        let earlier = format!(
            "not exists (select 1 from temp.report s join main.document o on o.id = s.document_id where s.incident_id = p.number and s.id < r.id \
             and o.{column} = d.{column})"
        );
        let from = "temp.report r on r.incident_id = p.number join main.document d on d.id = r.document_id";
        select(facet, &format!("d.{column}"), from, earlier)
    };
    let unchanged = format!(
        "select f.facet, f.value, f.day, f.incident_id from main.incident_facet f \
         where (select i.revision from main.incident i where i.id = f.incident_id) <= {ASKED} and {}",
        same("incident", "f.incident_id")
    );
    [
        unchanged,
        party("actor", "actor", &any),
        party("perpetrator", "actor", &perpetrator),
        party("target_type", "target_type", &any),
        code("weapon", "weapons"),
        code("attribute", "attributes"),
        document("document", "uid"),
        document("source", "source"),
    ]
    .join(" union all ")
}

/// Boxes of points, for filters by area.
const TREE: &str = "select i.id, i.longitude as min_longitude, i.longitude as max_longitude, i.latitude as min_latitude, i.latitude as max_latitude \
    from temp.incident i where i.longitude is not null";

/// Each incident is a row of its own: whoever reads them sums.
const ROLLUPS: [(&str, &str); 3] = [
    (
        "rollup_country",
        "select coalesce(i.country, '') as country, substr(i.day, 1, 7) as month, 1 as n_incidents, max(i.killed_key, 0) as killed, \
         max(i.injured_key, 0) as injured from temp.incident i where i.shown = 1",
    ),
    (
        "rollup_type",
        "select i.type, substr(i.day, 1, 7) as month, 1 as n_incidents, max(i.killed_key, 0) as killed, max(i.injured_key, 0) as injured \
         from temp.incident i where i.shown = 1",
    ),
    (
        "rollup_actor",
        "select f.value as actor, substr(i.day, 1, 7) as month, 1 as n_incidents, max(i.killed_key, 0) as killed, max(i.injured_key, 0) as injured \
         from temp.incident_facet f join temp.incident i on i.id = f.incident_id where f.facet = 'actor' and i.shown = 1",
    ),
];

fn statements(columns: &[Column]) -> String {
    let was: Vec<String> = columns.iter().map(|c| kept(c, "s")).collect();
    format!(
        "select {} from main.statement s where {} and {} union all select {} from main.past p join main.statement s on s.id = p.number where {} and {}",
        all_of(columns, "s"),
        same("statement", "s.id"),
        is_read("s.document_id"),
        was.join(", "),
        then("statement"),
        is_read("s.document_id"),
    )
}

/// Which incidents a statement was about.
fn about() -> String {
    format!(
        "select b.statement_id, b.incident_id from main.statement_about b where {} \
         union all select p.number, cast(v.value as integer) from main.past p join json_each(p.was) v where {}",
        same("about", "b.statement_id"),
        then("about"),
    )
}

fn actors(columns: &[Column]) -> String {
    let was: Vec<String> = columns.iter().map(|c| kept(c, "a")).collect();
    format!(
        "select {} from main.actor a where a.revision <= {ASKED} and {} union all select {} from main.past p join main.actor a on a.id = p.number where {}",
        all_of(columns, "a"),
        same("actor", "a.id"),
        was.join(", "),
        then("actor"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    /// A column that no member of the list view has would be null for the past.
    #[tokio::test]
    async fn the_list_view_has_every_column_of_an_incident() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("past.db"), StoreOptions::default()).await.unwrap();
        let mut connection = store.reader.acquire().await.unwrap();
        let place = serde_json::json!({"id": "p", "name": "n", "mention": "m", "site": "s", "admin2": "a", "admin1": "a", "country": "PK", "latitude": 1.5, "longitude": 2.5, "precision": "exact"});
        let row = crate::model::incident::IncidentRow {
            id: "inc_1".into(),
            kind: "attack.armed_assault".into(),
            date: serde_json::from_str(r#"{"start":"2024-05-01","end":"2024-05-01","precision":"day"}"#).unwrap(),
            place: serde_json::from_value(place).unwrap(),
            killed: serde_json::from_str(r#"{"low":1,"best":2,"high":3}"#).unwrap(),
            injured: serde_json::from_str(r#"{"low":1,"best":2,"high":3}"#).unwrap(),
            merged_into: Some("inc_2".into()),
            other_figures: serde_json::from_str(r#"{"killed":{"lowest":1,"highest":3,"median":1},"injured":{"lowest":1,"highest":3,"median":1}}"#).unwrap(),
            status: "merged".into(),
            certainty: "reported".into(),
            ..serde_json::from_str(EMPTY).unwrap()
        };
        let doc = serde_json::to_string(&row).unwrap();
        for column in columns(&mut connection, "incident").await.unwrap() {
            let expression = incident_column(&column.name);
            if ["place_id", "merged_into"].contains(&column.name.as_str()) {
                continue;
            }
            let value: bool = sqlx::query_scalar(AssertSqlSafe(format!("select ({expression}) is not null from (select 7 as number, ? as was) p")))
                .bind(&doc)
                .fetch_one(&mut *connection)
                .await
                .unwrap();
            assert!(value, "{}: {expression} is null for {doc}", column.name);
        }
    }

    const EMPTY: &str = r#"{"id":"","type":"","date":null,"place":null,"killed":null,"injured":null,"parties":[],"weapons":[],"attributes":[],
        "certainty":"","evidence_grade":"single_source","background":false,"status":"machine","merged_into":null,"fictional":false,"confidence":0.5,
        "summary":"","n_reports":1,"n_sources":1,"created_at":"","updated_at":"","revision":1}"#;
}
