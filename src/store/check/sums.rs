//! Sums by month against the incidents.

use super::Probe;
use futures_util::TryStreamExt;
use sqlx::AssertSqlSafe;

/// Table, its first column, and what is counted from the incidents.
const ROLLUPS: [(&str, &str, &str); 3] = [
    ("rollup_country", "country", "select coalesce(country, '') as name, substr(day, 1, 7) as month, killed_key, injured_key from incident where shown = 1"),
    ("rollup_type", "type", "select type as name, substr(day, 1, 7) as month, killed_key, injured_key from incident where shown = 1"),
    (
        "rollup_actor",
        "actor",
        "select f.value as name, substr(i.day, 1, 7) as month, i.killed_key, i.injured_key from incident i join incident_facet f on f.incident_id = i.id \
         where f.facet = 'actor' and i.shown = 1",
    ),
];

pub(super) async fn months(probe: &mut Probe) -> Result<(), sqlx::Error> {
    for (table, column, incidents) in ROLLUPS {
        let counted = format!(
            "select name, month, count(*) as n, sum(max(killed_key, 0)) as killed, sum(max(injured_key, 0)) as injured from ({incidents}) group by 1, 2"
        );
        let kept = format!("select {column}, month, n_incidents, killed, injured from {table} where n_incidents <> 0 or killed <> 0 or injured <> 0");
        for (sql, says) in [(format!("{counted} except {kept}"), "lacks or miscounts"), (format!("{kept} except {counted}"), "has")] {
            // Names of tables and columns are those above.
            let mut rows = sqlx::query_as::<_, (String, String, i64, i64, i64)>(AssertSqlSafe(sql)).fetch(&mut probe.connection);
            while let Some((name, month, n, killed, injured)) = rows.try_next().await? {
                probe.faults.add(|| format!("{table} {says} \"{name}\" {month}: {n} incidents, {killed} killed, {injured} injured"));
            }
        }
    }
    Ok(())
}
