//! Spans against the texts that they point into.

use super::Probe;
use futures_util::TryStreamExt;

/// Spans of one kind with the words stored beside them, in order of their documents.
const SPANS: [(&str, &str); 4] = [
    ("evidence", "select document_id, id, start, end, text from evidence where document_id > ?1 and document_id <= ?2"),
    ("figure", "select document_id, id, start, end, text from figure where document_id > ?1 and document_id <= ?2"),
    ("relation", "select document_id, id, start, end, text from actor_relation where document_id > ?1 and document_id <= ?2"),
    (
        "statement",
        "select s.document_id, s.id, p.start, p.end, p.text from statement s join statement_span p on p.statement_id = s.id \
         where s.document_id > ?1 and s.document_id <= ?2",
    ),
];

/// Each span holds its words, counted in code points; mentions, which keep no words, lie within the text.
pub(super) async fn words(probe: &mut Probe) -> Result<(), sqlx::Error> {
    let mut last = i64::MIN;
    loop {
        let texts: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as(
            "select d.id, coalesce(cast(t.text as blob), x''), d.withdrawn_at is not null from document d left join document_text t on t.document_id = d.id \
             where d.id > ? order by d.id limit 50",
        )
        .bind(last)
        .fetch_all(&mut probe.connection)
        .await?;
        let Some(end) = texts.last().map(|t| t.0) else { return Ok(()) };
        let withdrawn: Vec<i64> = texts.iter().filter(|t| t.2).map(|t| t.0).collect();
        let texts: Vec<(i64, Text)> = texts.into_iter().map(|(id, bytes, _)| (id, Text::new(bytes))).collect();
        let of = |document: i64| texts.binary_search_by_key(&document, |t| t.0).ok().and_then(|n| texts.get(n)).map(|t| &t.1);
        for (kind, sql) in SPANS {
            let mut rows = sqlx::query_as::<_, (i64, i64, i64, i64, String)>(sql).bind(last).bind(end).fetch(&mut probe.connection);
            while let Some((document, number, start, end, words)) = rows.try_next().await? {
                let there = if withdrawn.contains(&document) { Some("") } else { of(document).and_then(|text| text.slice(start, end)) };
                if there != Some(words.as_str()) {
                    probe.faults.add(|| format!("{kind} {number}: its words do not stand at {start}..{end} of document {document}"));
                }
            }
        }
        let mentions = "select document_id, actor_id, start, end from actor_mention where document_id > ?1 and document_id <= ?2";
        let mut rows = sqlx::query_as::<_, (i64, i64, i64, i64)>(mentions).bind(last).bind(end).fetch(&mut probe.connection);
        while let Some((document, actor, start, end)) = rows.try_next().await? {
            if !withdrawn.contains(&document) && of(document).is_none_or(|text| text.slice(start, end).is_none_or(str::is_empty)) {
                probe.faults.add(|| format!("actor {actor} is not mentioned at {start}..{end} of document {document}"));
            }
        }
        drop(rows);
        last = end;
    }
}

/// A text that is cut by code points.
struct Text {
    text: String,
    /// Byte offset of each code point, and of the end.
    offsets: Vec<u32>,
}

impl Text {
    fn new(bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).unwrap_or_default();
        let offsets = text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect();
        Self { text, offsets }
    }

    fn slice(&self, start: i64, end: i64) -> Option<&str> {
        let at = |n: i64| self.offsets.get(usize::try_from(n).ok()?).map(|&at| at as usize);
        self.text.get(at(start)?..at(end)?)
    }
}
