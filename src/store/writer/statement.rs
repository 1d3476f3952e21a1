//! Writing statements and quoted figures.

use super::Writer;
use super::actor::RecordActors;
use super::derived::search_entries;
use super::document::DocumentKey;
use super::history::Entry;
use super::incident::IncidentKey;
use super::rows::Rows;
use crate::model::record::{Record, Statement};
use crate::model::{DateRange, id};
use crate::store::StoreError;

/// A record with its document and its actors as they are stored.
pub(super) type Told<'a> = (&'a DocumentKey, &'a Record, &'a RecordActors);

impl Writer {
    /// Stores the statements of records; gives their numbers, in the order of the records and of each record.
    pub(super) async fn add_statements(&mut self, all: &[Told<'_>]) -> Result<Vec<Vec<i64>>, StoreError> {
        const WHAT: &str = "store statements";
        let mut next = self.next_number("statement").await?;
        let mut plan = StatementRows::default();
        let mut numbers = Vec::with_capacity(all.len());
        let mut created: Vec<String> = Vec::new();
        for (document, record, actors) in all {
            let mut own = Vec::with_capacity(record.statements.len());
            for (n, s) in record.statements.iter().enumerate() {
                let uid = id::statement(&document.sha256, place_of(s), n);
                plan.add(next, n, &uid, (document, s, actors), self);
                created.push(uid);
                own.push(next);
                next += 1;
            }
            numbers.push(own);
        }
        for rows in [plan.statements, plan.spans, plan.search] {
            rows.write(self.connection(), WHAT).await?;
        }
        let new = created.iter().filter(|uid| !self.renewed.contains(*uid));
        let entries: Vec<Entry<'_>> =
            new.map(|uid| Entry { entity: "statement", uid, action: "created", why: "read in a document", ..Entry::default() }).collect();
        self.log_all(&entries).await?;
        let uids: Vec<&str> = created.iter().map(String::as_str).collect();
        self.correct_statements(&uids).await?;
        Ok(numbers)
    }

    /// Links statements to the incidents that they are about; `incidents` are in the record's order.
    pub(super) async fn link_statements(&mut self, record: &Record, numbers: &[i64], incidents: &[IncidentKey]) -> Result<(), StoreError> {
        let mut rows = Rows::into("insert or ignore into statement_about (statement_id, incident_id)");
        for (s, number) in record.statements.iter().zip(numbers) {
            for incident in s.about.iter().filter_map(|&i| incidents.get(i as usize)) {
                rows.add().bind(number).bind(incident.number());
            }
        }
        rows.write(self.connection(), "link statements to incidents").await
    }

    /// Stores the statistics that records quote.
    pub(super) async fn add_figures(&mut self, all: &[Told<'_>]) -> Result<(), StoreError> {
        let mut rows = Rows::into(
            "insert into figure (document_id, extraction_id, fictional, revision, uid, measure, value, unit, change, period_start, period_end, \
             period_precision, place, source, source_id, start, end, text)",
        );
        for (document, record, actors) in all {
            for (n, f) in record.figures.iter().enumerate() {
                let [start, end, precision] = interval(f.period);
                let row = rows.add().bind(document.number).bind(document.extraction).bind(document.fictional).bind(self.revision);
                let row = row.bind(id::figure(&document.sha256, (f.start, f.end), n)).bind(&f.measure).bind(f.value).bind(&f.unit).bind(&f.change);
                let row = row.bind(start).bind(end).bind(precision).bind(&f.place).bind(&f.source).bind(actors.named(f.source.as_deref()));
                row.bind(f.start).bind(f.end).bind(&f.text);
            }
        }
        rows.write(self.connection(), "store figures").await
    }
}

/// Rows of statements, by table.
struct StatementRows {
    statements: Rows,
    spans: Rows,
    search: Rows,
}

impl Default for StatementRows {
    fn default() -> Self {
        Self {
            statements: Rows::into(
                "insert into statement (id, document_id, extraction_id, fictional, created_at, updated_at, revision, idx, uid, kind, mode, speaker_id, \
                 speaker_name, speaker_text, affiliation, on_behalf_of, addressee, cue, said_start, said_end, said_precision, day, content, confidence, \
                 channel, standing)",
            ),
            spans: Rows::into("insert into statement_span (statement_id, part, idx, start, end, text)"),
            search: search_entries(),
        }
    }
}

impl StatementRows {
    fn add(&mut self, number: i64, index: usize, uid: &str, (document, s, actors): (&DocumentKey, &Statement, &RecordActors), writer: &Writer) {
        let speaker = s.speaker.as_ref();
        let actor = speaker.and_then(|p| actors.at(p.index).or_else(|| actors.named(p.name.as_deref())));
        let [start, end, precision] = interval(s.said_on);
        let day = start.clone().or_else(|| document.published.clone()).unwrap_or_default();
        let content = s.content.iter().map(|e| e.text.as_str()).collect::<Vec<_>>().join(" ");
        let title = speaker.map_or("", |p| p.name.as_deref().unwrap_or(&p.text));
        self.search.add().bind("statement").bind(number).bind(uid).bind(title).bind(&day).bind(&content);
        self.statements
            .add()
            .bind(number)
            .bind(document.number)
            .bind(document.extraction)
            .bind(document.fictional)
            .bind(&writer.now)
            .bind(&writer.now)
            .bind(writer.revision)
            .bind(index as i64)
            .bind(uid)
            .bind(&s.kind)
            .bind(&s.mode)
            .bind(actor)
            .bind(speaker.and_then(|p| p.name.as_ref()))
            .bind(speaker.map(|p| &p.text))
            .bind(speaker.and_then(|p| p.affiliation.as_ref()))
            .bind(speaker.and_then(|p| p.on_behalf_of.as_ref()))
            .bind(&s.addressee)
            .bind(s.cue.as_ref().map(|c| &c.text))
            .bind(start)
            .bind(end)
            .bind(precision)
            .bind(day)
            .bind(content)
            .bind(s.confidence)
            .bind(&s.channel)
            .bind(&s.standing);
        self.add_spans(number, s);
    }

    fn add_spans(&mut self, number: i64, s: &Statement) {
        let mut add = |part: &str, index: usize, start: u32, end: u32, text: &str| {
            self.spans.add().bind(number).bind(part).bind(index as i64).bind(start).bind(end).bind(text);
        };
        if let Some(speaker) = &s.speaker {
            add("speaker", 0, speaker.start, speaker.end, &speaker.text);
        }
        if let Some(cue) = &s.cue {
            add("cue", 0, cue.start, cue.end, &cue.text);
        }
        for (part, excerpts) in [("content", &s.content), ("quote", &s.quotes)] {
            excerpts.iter().enumerate().for_each(|(n, e)| add(part, n, e.start, e.end, &e.text));
        }
    }
}

/// Ids of the statements of a record.
pub(super) fn ids(document_sha256: &str, record: &Record) -> Vec<String> {
    record.statements.iter().enumerate().map(|(n, s)| id::statement(document_sha256, place_of(s), n)).collect()
}

/// First and last character of a statement's content; of its cue where it has none.
fn place_of(s: &Statement) -> (u32, u32) {
    let spans = || s.content.iter().chain(&s.cue);
    (spans().map(|e| e.start).min().unwrap_or(0), spans().map(|e| e.end).max().unwrap_or(0))
}

/// Start, end and precision of an interval, none without one.
fn interval(range: Option<DateRange>) -> [Option<String>; 3] {
    range.map_or([None, None, None], |r| [r.start.to_string(), r.end.to_string(), r.precision.code().to_owned()].map(Some))
}
