//! How well an incident is attested.

use crate::model::incident::{Party, Report, Voice};

/// For each report the number of its source; none for a report that retells. Reports of one number depend on each other: one document,
/// texts that repeat each other, one publisher, one agency ("Dawn/Reuters" and "Reuters"). Background retells what others brought.
pub(super) fn sources(reports: &[Report]) -> Vec<Option<usize>> {
    let all_retell = reports.iter().all(|r| r.incident.background);
    let mut found: Vec<Option<usize>> = Vec::with_capacity(reports.len());
    let mut n_found = 0;
    for (n, report) in reports.iter().enumerate() {
        if report.incident.background && !all_retell {
            found.push(None);
            continue;
        }
        let mut known = (0..n).filter(|&m| depend(report, &reports[m])).filter_map(|m| found[m]);
        let source = known.next();
        // It ties others together: a text of two agencies makes them one.
        let others: Vec<usize> = known.filter(|other| Some(*other) != source).collect();
        found.iter_mut().filter(|f| f.is_some_and(|f| others.contains(&f))).for_each(|f| *f = source);
        found.push(source.or_else(|| {
            n_found += 1;
            Some(n_found - 1)
        }));
    }
    found
}

/// How many sources there are.
pub(super) fn n_sources(sources: &[Option<usize>]) -> usize {
    let mut all: Vec<usize> = sources.iter().copied().flatten().collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

fn depend(a: &Report, b: &Report) -> bool {
    let text = |r: &Report| r.source.near_duplicate_of.clone().unwrap_or_else(|| r.source.document.clone());
    a.source.document == b.source.document || text(a) == text(b) || publishers(a).iter().any(|p| publishers(b).contains(p))
}

/// The publisher's name, or those that one line of credit puts side by side; the host of the address where no publisher is named.
fn publishers(report: &Report) -> Vec<String> {
    let Some(line) = report.source.source.as_deref() else {
        return report.source.url.as_deref().and_then(host).into_iter().collect();
    };
    let line = line.to_lowercase().replace(" via ", "/");
    line.split(['/', '|', '(', ')']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// "news.example" of `https://www.news.example:8080/a`.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let name = authority.rsplit('@').next()?.split(':').next()?.to_lowercase();
    Some(name.strip_prefix("www.").unwrap_or(&name).to_owned()).filter(|name| !name.is_empty())
}

/// Whether the state speaks of what happened.
pub(super) fn is_official(voice: &Voice) -> bool {
    let speaks_for_state = voice.speaker_type.as_deref().is_some_and(|t| t.starts_with("state.") || t == "person.official");
    speaks_for_state && matches!(voice.kind.as_str(), "report" | "announcement" | "condemnation" | "accusation")
}

/// Code of the evidence grade list, by the definitions given there; `parties` with their standing.
pub(super) fn grade(reports: &[Report], parties: &[Party]) -> &'static str {
    let certainty = |code: &str| reports.iter().any(|r| r.incident.certainty == code);
    let all = |code: &str| !reports.is_empty() && reports.iter().all(|r| r.incident.certainty == code);
    let standing = |role: &str, standing: &str| parties.iter().any(|p| p.role == role && p.standing.as_deref() == Some(standing));
    let is_standing = |p: &&Party| p.standing.as_deref() != Some("retracted");
    let n_claimants = parties.iter().filter(|p| p.role == "claimant").filter(is_standing).count();
    let taken_back = standing("claimant", "retracted");
    // Known from a claim alone that was taken back.
    if all("denied") || all("claimed") && taken_back && n_claimants == 0 {
        return "discounted";
    }
    let denied = certainty("denied") || parties.iter().filter(|p| p.role == "denier").any(|p| is_standing(&p));
    if n_claimants > 1 || taken_back || denied || standing("claimant", "disputed") {
        return "contested";
    }
    // "Somebody claimed it" is nobody's claim.
    let owned = parties.iter().any(|p| p.role == "claimant" && p.standing.as_deref() == Some("uncontested") && p.kind != "people");
    let sources = sources(reports);
    if owned || is_confirmed_by_two(reports, &sources) {
        return "confirmed";
    }
    if n_sources(&sources) > 1 { "corroborated" } else { "single_source" }
}

/// An official and, in another source, somebody who does not only pass on what officials said.
fn is_confirmed_by_two(reports: &[Report], sources: &[Option<usize>]) -> bool {
    let of = |wanted: fn(&Report) -> bool| reports.iter().zip(sources).filter(move |(r, _)| wanted(r)).filter_map(|(_, source)| *source);
    let independent = |r: &Report| r.voices.is_empty() || r.voices.iter().any(|v| !is_official(v));
    of(|r| r.voices.iter().any(is_official)).any(|official| of(independent).any(|other| other != official))
}
