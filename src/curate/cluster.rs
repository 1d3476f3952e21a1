//! Incidents that are one, and incidents that are two: what is decided is which reports tell the same; then they are sorted anew.

use super::{CurateError, Desk, Seen, present};
use crate::ingest::cluster::recluster;
use crate::store::{NewCorrection, ReportRef, Writer};
use serde_json::{Value, json};

/// Most pairs of reports that one decision keeps apart.
const MAX_PAIRS: usize = 20_000;

/// Makes an incident one with another; gives the number of the curation. The one that has most of the reports keeps its id, then the older.
///
/// # Errors
/// When it is not as it was seen, or the other is not there.
pub async fn merge(desk: &Desk<'_>, seen: &Seen<'_>, with: &str) -> Result<i64, CurateError> {
    let unfit = |problem: String| CurateError::Unfit { pointer: "/incident".to_owned(), problem };
    let mut writer = desk.begin().await?;
    let one = present(&mut writer, "incident", seen).await?;
    let other = writer.present("incident", with).await?.ok_or_else(|| unfit("is not the id of an incident".to_owned()))?;
    if let Some(successor) = other.successor {
        return Err(unfit(format!("was merged into {successor}; give that one")));
    }
    if other.uid == one.uid {
        return Err(unfit("is the incident itself".to_owned()));
    }
    let (of_one, of_other) = (writer.reports_in(&one.incident()).await?, writer.reports_in(&other.incident()).await?);
    let Some((a, b)) = of_one.first().zip(of_other.first()) else {
        return Err(CurateError::Conflict("One of the incidents has no report any more.".to_owned()));
    };
    let curation = writer.add_curation("incident", &one.uid, "merge", desk.reason).await?;
    writer.set_aside(curation, "not_same_as", &of_one, &of_other).await?;
    let original = json!([uids(&of_one), uids(&of_other)]);
    add_pair_of(&mut writer, curation, "same_as", (&a.uid, &b.uid), Some(original)).await?;
    sort(desk, &mut writer, of_one.iter().chain(&of_other)).await?;
    let (now, then) = (writer.incident_of(a.number).await?, writer.incident_of(b.number).await?);
    if now != then {
        return Err(CurateError::Conflict("Other decisions keep reports of the two apart; undo those first (/v1/corrections?action=split).".to_owned()));
    }
    writer.commit().await?;
    Ok(curation)
}

/// A report as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedReport {
    /// Id of its document.
    pub document: String,
    /// Place in the record's list of incidents; none where the document has one report of the incident.
    pub index: Option<u32>,
}

/// Takes reports out of an incident: they tell another one. Gives the number of the curation, and the ids of both incidents, that of the
/// reports taken out second.
///
/// # Errors
/// When it is not as it was seen, a report is not one of it, or none would be left.
pub async fn split(desk: &Desk<'_>, seen: &Seen<'_>, taken: &[NamedReport]) -> Result<(i64, [String; 2]), CurateError> {
    let mut writer = desk.begin().await?;
    let incident = present(&mut writer, "incident", seen).await?;
    let all = writer.reports_in(&incident.incident()).await?;
    let mut apart: Vec<ReportRef> = Vec::new();
    for (n, named) in taken.iter().enumerate() {
        let report = find(&all, named, n)?;
        if !apart.contains(report) {
            apart.push(report.clone());
        }
    }
    let rest: Vec<ReportRef> = all.iter().filter(|r| !apart.contains(r)).cloned().collect();
    let unfit = |problem: String| CurateError::Unfit { pointer: "/reports".to_owned(), problem };
    let Some((out, left)) = apart.first().zip(rest.first()) else {
        return Err(unfit(format!("takes none or all of the {} reports; some must stay", all.len())));
    };
    if apart.len() * rest.len() > MAX_PAIRS {
        return Err(unfit(format!("keeps more than {MAX_PAIRS} pairs of reports apart")));
    }
    let curation = writer.add_curation("incident", &incident.uid, "split", desk.reason).await?;
    writer.set_aside(curation, "same_as", &apart, &rest).await?;
    for a in &apart {
        for b in &rest {
            add_pair(&mut writer, curation, "not_same_as", &a.uid, &b.uid).await?;
        }
    }
    // What stays together was looked at as well.
    for part in [&apart, &rest] {
        for pair in part.windows(2) {
            if let [a, b] = pair {
                add_pair(&mut writer, curation, "same_as", &a.uid, &b.uid).await?;
            }
        }
    }
    sort(desk, &mut writer, all.iter()).await?;
    let ids = [writer.incident_of(left.number).await?, writer.incident_of(out.number).await?];
    if ids[0] == ids[1] {
        return Err(CurateError::Conflict("Other decisions keep these reports together; undo those first (/v1/corrections?action=merge).".to_owned()));
    }
    writer.commit().await?;
    Ok((curation, ids))
}

fn find<'r>(all: &'r [ReportRef], named: &NamedReport, n: usize) -> Result<&'r ReportRef, CurateError> {
    let is = |r: &&ReportRef| r.document == named.document && named.index.is_none_or(|index| r.index == index);
    let found: Vec<&ReportRef> = all.iter().filter(is).collect();
    let problem = match found[..] {
        [one] => return Ok(one),
        [] => "is no report of this incident; `reports` of the incident lists them",
        _ => "is several reports of this incident; give `index` as well",
    };
    Err(CurateError::Unfit { pointer: format!("/reports/{n}"), problem: problem.to_owned() })
}

async fn add_pair(writer: &mut Writer, curation: i64, action: &'static str, a: &str, b: &str) -> Result<(), CurateError> {
    add_pair_of(writer, curation, action, (a, b), None).await
}

async fn add_pair_of(writer: &mut Writer, curation: i64, action: &'static str, (a, b): (&str, &str), original: Option<Value>) -> Result<(), CurateError> {
    let new = NewCorrection { entity: "report", uid: a, action, value: Some(b.to_owned()), original, ..NewCorrection::default() };
    writer.add_correction(curation, &new).await?;
    Ok(())
}

async fn sort(desk: &Desk<'_>, writer: &mut Writer, reports: impl Iterator<Item = &ReportRef>) -> Result<(), CurateError> {
    let numbers: Vec<i64> = reports.map(|r| r.number).collect();
    recluster(writer, desk.lexicon, &numbers, desk.reason).await?;
    Ok(())
}

fn uids(reports: &[ReportRef]) -> Vec<&str> {
    reports.iter().map(|r| r.uid.as_str()).collect()
}

/// Sorts anew the reports that an undone curation was about: first back to where they were, then as the machine would with all that it knows
/// now. Only the first step can tell what was one incident from what merely is.
pub(super) async fn undo_cluster(desk: &Desk<'_>, writer: &mut Writer, curation: i64) -> Result<(), CurateError> {
    let numbers = writer.reports_of_curation(curation).await?;
    let pairs = writer.pairs_of_curation(curation).await?;
    let merged: Option<[Vec<String>; 2]> = pairs.iter().find_map(|p| serde_json::from_str(p.original.as_deref()?).ok());
    match merged {
        Some([one, other]) => {
            for a in &one {
                for b in &other {
                    add_pair(writer, curation, "not_same_as", a, b).await?;
                }
            }
        }
        None => {
            for pair in pairs.iter().filter(|p| p.action == "not_same_as") {
                add_pair(writer, curation, "same_as", &pair.uid, &pair.value).await?;
            }
        }
    }
    recluster(writer, desk.lexicon, &numbers, desk.reason).await?;
    writer.drop_holding_parts(curation).await?;
    recluster(writer, desk.lexicon, &numbers, desk.reason).await?;
    Ok(())
}
