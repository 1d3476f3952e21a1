//! Evidence for what is coded.

use super::{AT_ONCE, Probe};
use crate::model::record::Incident;
use std::collections::BTreeSet;

/// Type, date, place, figures, each participant and each weapon of a report have a row that says where they stand, and none speaks of more
/// than there is.
pub(super) async fn fields(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "select r.id, r.body, (select json_group_array(distinct e.field) from evidence e where e.report_id = r.id) from report r \
             where r.id > ? order by r.id limit ?",
        )
        .bind(last)
        .bind(AT_ONCE)
        .fetch_all(&mut probe.connection)
        .await?;
        let Some(end) = rows.last().map(|r| r.0) else { return Ok(()) };
        for (number, body, fields) in rows {
            let (Ok(incident), Ok(there)) = (serde_json::from_str::<Incident>(&body), serde_json::from_str::<BTreeSet<String>>(&fields)) else {
                probe.fault(|| format!("report {number} cannot be read"));
                continue;
            };
            for field in coded(&incident).into_iter().filter(|field| !there.contains(field)) {
                probe.fault(|| format!("report {number} has no evidence for its {field}"));
            }
        }
        last = end;
    }
}

fn coded(incident: &Incident) -> Vec<String> {
    let mut fields = vec!["type".to_owned()];
    let mut add = |there: bool, field: &str| fields.extend(there.then(|| field.to_owned()));
    add(incident.date.is_some(), "date");
    add(incident.place.is_some(), "place");
    add(incident.killed.is_some(), "killed");
    add(incident.injured.is_some(), "injured");
    fields.extend((0..incident.participants.len()).map(|n| format!("participants.{n}")));
    fields.extend((0..incident.weapons.len()).map(|n| format!("weapons.{n}")));
    fields
}
