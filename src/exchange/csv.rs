//! Incidents as CSV (RFC 4180). Cells that a spreadsheet would take for a formula begin with an apostrophe.

use crate::model::Count;
use crate::views::incident::{IncidentView, Participant};
use std::io::Write;

/// Names of the columns.
pub const HEAD: &str = "id,type,date_start,date_end,date_precision,country,admin1,admin2,place,site,latitude,longitude,place_precision,\
killed_low,killed_best,killed_high,injured_low,injured_best,injured_high,perpetrators,suspected,targets,victims,claimants,deniers,weapons,attributes,\
certainty,evidence_grade,background,status,fictional,n_reports,n_sources,confidence,summary,updated_at,revision\r\n";

/// One row; lists inside a cell have semicolons between.
pub fn row(out: &mut Vec<u8>, i: &IncidentView) {
    let mut cells = Cells { out, first: true };
    cells.text(&i.id);
    cells.text(&i.kind);
    cells.text(&i.date.map(|d| d.start.to_string()).unwrap_or_default());
    cells.text(&i.date.map(|d| d.end.to_string()).unwrap_or_default());
    cells.text(&i.date.map(|d| serde_json::to_value(d.precision).ok().and_then(|p| p.as_str().map(str::to_owned)).unwrap_or_default()).unwrap_or_default());
    let place = i.place.as_ref();
    cells.text(place.and_then(|p| p.country.as_deref()).unwrap_or(""));
    cells.text(place.and_then(|p| p.admin1.as_deref()).unwrap_or(""));
    cells.text(place.and_then(|p| p.admin2.as_deref()).unwrap_or(""));
    cells.text(place.map_or("", |p| &p.name));
    cells.text(place.and_then(|p| p.site.as_deref()).unwrap_or(""));
    cells.number(place.and_then(|p| p.latitude));
    cells.number(place.and_then(|p| p.longitude));
    cells.text(place.map_or("", |p| &p.precision));
    for count in [i.killed, i.injured].map(Option::<Count>::unwrap_or_default) {
        cells.number(count.low);
        cells.number(count.best);
        cells.number(count.high);
    }
    let participants = i.participants.as_deref().unwrap_or_default();
    for role in ["perpetrator", "suspected", "target", "victim"] {
        cells.text(&names(participants, role));
    }
    for role in ["claimant", "denier"] {
        cells.text(&with_standing(participants, role));
    }
    cells.text(&i.weapons.join("; "));
    cells.text(&i.attributes.join("; "));
    cells.text(&i.certainty);
    cells.text(&i.evidence_grade);
    cells.number(Some(i.background));
    cells.text(&i.status);
    cells.number(Some(i.fictional));
    cells.number(Some(i.n_reports));
    cells.number(Some(i.n_sources));
    cells.number(Some(i.confidence));
    cells.text(&i.summary);
    cells.text(&i.updated_at);
    cells.number(Some(i.revision));
    out.extend_from_slice(b"\r\n");
}

fn names(participants: &[Participant], role: &str) -> String {
    let names: Vec<&str> = participants.iter().filter(|p| p.role == role).map(|p| p.name.as_str()).collect();
    names.join("; ")
}

/// Names, each with its standing in brackets where others claim the same, doubt it, or it was taken back.
fn with_standing(participants: &[Participant], role: &str) -> String {
    let show = |p: &Participant| match p.standing.as_deref() {
        None | Some("uncontested") => p.name.clone(),
        Some(standing) => format!("{} ({standing})", p.name),
    };
    participants.iter().filter(|p| p.role == role).map(show).collect::<Vec<_>>().join("; ")
}

struct Cells<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl Cells<'_> {
    fn next(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    /// Numbers and truth values need no quotes and are no formulas.
    fn number<T: std::fmt::Display>(&mut self, value: Option<T>) {
        self.next();
        if let Some(value) = value {
            // A vector takes all that is written.
            let _ = write!(self.out, "{value}");
        }
    }

    fn text(&mut self, text: &str) {
        self.next();
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
        let text = if formula { &format!("'{text}") } else { text };
        if text.contains(['"', ',', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
            self.out.push(b'"');
            self.out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.out.push(b'"');
        } else {
            self.out.extend_from_slice(text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let mut out = Vec::new();
        Cells { out: &mut out, first: true }.text(text);
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }

    #[test]
    fn cells_are_quoted_where_needed() {
        check("plain", "plain");
        check("a,b", "\"a,b\"");
        check("say \"so\"", "\"say \"\"so\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("", "");
    }

    #[test]
    fn formulas_are_defused() {
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-2", "'-2");
        check("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        check("\t=1", "'\t=1");
    }

    #[test]
    fn head_and_rows_have_the_same_number_of_columns() {
        let mut out = Vec::new();
        row(&mut out, &crate::exchange::tests::incident());
        let mut reader = ::csv::ReaderBuilder::new().from_reader([HEAD.as_bytes(), &out].concat().leak() as &[u8]);
        let n_columns = reader.headers().unwrap().len();
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(record.len(), n_columns);
        assert_eq!(&record[0], "inc_1");
        assert_eq!(&record[19], "'=group; Another, group");
    }
}
