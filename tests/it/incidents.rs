//! Incidents as `tests/cases/incidents.txt` says: one test of the whole engine on sentences of our own.

use std::fmt::Write;
use waqia::extract::{Input, Options, extract};
use waqia::lexicon::Lexicon;
use waqia::model::Count;
use waqia::model::record::Incident;

/// Lower-case words without an article, for comparing what a case names with what was found.
fn plain(text: &str) -> String {
    waqia::eval::score::norm(text)
}

/// Whether one `field=value` of a case holds of an incident.
fn holds(incident: &Incident, field: &str, value: &str) -> bool {
    let number = |count: Option<Count>| count.and_then(Count::figure).unwrap_or(0).to_string() == value;
    match field {
        "killed" if value == "none" => incident.killed.is_none(),
        "killed" => number(incident.killed),
        "certainty" => incident.certainty == value,
        "injured" => number(incident.injured),
        "place" => incident.place.as_ref().is_some_and(|p| plain(&p.name) == plain(value) || plain(&p.mention) == plain(value)),
        "date" if value == "none" => incident.date.is_none(),
        "date" => incident.date.is_some_and(|d| d.start.to_string() == value),
        role => incident.participants.iter().filter(|p| p.role == role).any(|p| {
            let names = p.name.iter().chain(&p.mentions);
            names.into_iter().any(|n| plain(n) == plain(value))
        }),
    }
}

#[test]
fn incidents_come_out_as_the_cases_say() {
    let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
    let (mut n, mut failures) = (0, String::new());
    for block in include_str!("../cases/incidents.txt").split("\n\n") {
        let lines = || block.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
        let text: Vec<&str> = lines().filter_map(|l| l.strip_prefix("> ")).collect();
        if text.is_empty() {
            continue;
        }
        n += 1;
        let text = text.join("\n");
        let published = Some("2024-05-10".parse().expect("a date"));
        let record = extract(&Input { id: "case", text: &text, published, ..Input::default() }, &lexicon, &Options::default());
        let want: Vec<&str> = lines().filter(|l| !l.starts_with('>') && *l != "nothing").collect();
        let mut wrong: Vec<String> = Vec::new();
        if want.len() != record.incidents.len() {
            wrong.push(format!("{} incidents: {:?}", record.incidents.len(), record.incidents.iter().map(|i| &i.kind).collect::<Vec<_>>()));
        }
        for (line, incident) in want.iter().zip(&record.incidents) {
            let (kind, fields) = line.split_once(" | ").unwrap_or((line, ""));
            if incident.kind != kind {
                wrong.push(format!("{} instead of {kind}", incident.kind));
            }
            let fields = fields.split("; ").filter_map(|f| f.split_once('='));
            wrong.extend(fields.filter(|(field, value)| !holds(incident, field, value)).map(|(field, value)| format!("{field} is not {value}")));
        }
        if !wrong.is_empty() {
            let _ = writeln!(failures, "{text}\n  {wrong:?}");
        }
    }
    assert!(n >= 30, "only {n} cases were read");
    assert!(failures.is_empty(), "{failures}");
}
