//! Public ids, derived from what first reported a thing: the same documents give the same ids on any machine.

use super::name::is_person;
use super::record::Incident;
use crate::text::fold;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Hash of a text, hexadecimal.
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes, hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Id of a job: what it does, the hash of what was sent for it, and its number.
pub fn job(kind: &str, sha256: &str, number: i64) -> String {
    id("job", &[kind, sha256, &number.to_string()])
}

/// Id of a document by the hash of its text.
pub fn document(sha256: &str) -> String {
    id("doc", &[sha256])
}

/// Ids of a document's reports, in the order of its record. Those that stand in the same words with the same type are told apart by a number.
pub fn reports(document_sha256: &str, incidents: &[Incident]) -> Vec<String> {
    let mut seen: BTreeMap<((u32, u32), &str), u32> = BTreeMap::new();
    let mut ids = Vec::with_capacity(incidents.len());
    for incident in incidents {
        let words = incident.evidence.iter().find(|e| e.field == "type").or_else(|| incident.evidence.first()).map_or((0, 0), |e| (e.start, e.end));
        let n = seen.entry((words, &incident.kind)).or_default();
        let kind = if *n == 0 { incident.kind.clone() } else { format!("{}#{n}", incident.kind) };
        *n += 1;
        ids.push(id("rep", &[document_sha256, &words.0.to_string(), &words.1.to_string(), &kind]));
    }
    ids
}

/// Id of the `n`th incident that a report gives its id to; the first has the digits of the report's.
pub fn incident_of(report: &str, n: u32) -> String {
    match (n, report.strip_prefix("rep_")) {
        (0, Some(digits)) => format!("inc_{digits}"),
        _ => id("inc", &[report, &n.to_string()]),
    }
}

/// Id of a statement: its document, its place in it, and its kind.
pub fn statement(document_sha256: &str, words: (u32, u32), index: usize) -> String {
    id("stm", &[document_sha256, &words.0.to_string(), &words.1.to_string(), &index.to_string()])
}

/// Id of a quoted figure.
pub fn figure(document_sha256: &str, words: (u32, u32), index: usize) -> String {
    id("fig", &[document_sha256, &words.0.to_string(), &words.1.to_string(), &index.to_string()])
}

/// Id of a named actor that the lexicon does not know: persons and organisations of one name are kept apart.
pub fn actor(name: &str, kind: &str) -> String {
    id("act", &[&fold_name(name), class_of(kind)])
}

/// Id of another actor of the same name: it is the document's own.
pub fn namesake(name: &str, kind: &str, document_sha256: &str) -> String {
    id("act", &[&fold_name(name), class_of(kind), document_sha256])
}

fn class_of(kind: &str) -> &'static str {
    if is_person(kind) { "person" } else { "organisation" }
}

/// Id of a place that the gazetteer does not know.
pub fn place(name: &str, country: Option<&str>, admin1: Option<&str>) -> String {
    id("plc", &[&fold_name(name), country.unwrap_or(""), &fold_name(admin1.unwrap_or(""))])
}

/// A name in the form that it is looked up by: small letters, no accents, apostrophes and hyphens, no leading "the".
pub fn fold_name(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for word in name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–')).filter(|w| !w.is_empty()) {
        let start = folded.len();
        if start > 0 {
            folded.push(' ');
        }
        fold(word, &mut |c| folded.push(c));
    }
    match folded.strip_prefix("the ") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => folded,
    }
}

/// 80 bits of a hash over the parts, in Crockford's base 32: short enough to read out, long enough for any number of documents.
fn id(prefix: &str, parts: &[&str]) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part.as_bytes());
    }
    let bits = sha.finalize().iter().take(10).fold(0u128, |bits, &byte| bits << 8 | u128::from(byte));
    let digits = (0..16).rev().map(|n| char::from(DIGITS[(bits >> (5 * n) & 31) as usize]));
    format!("{prefix}_{}", digits.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_over_case_marks_and_hyphens() {
        assert_eq!(fold_name("Tehreek-i-Taliban  Pakistan"), "tehreek i taliban pakistan");
        assert_eq!(fold_name("The Médecins sans Frontières"), "medecins sans frontieres");
        assert_eq!(fold_name("Jama’at-ud-Da'wa"), "jamaat ud dawa");
        assert_eq!(fold_name("The"), "the");
        assert_eq!(fold_name(""), "");
    }

    #[test]
    fn ids_are_short_stable_and_apart() {
        assert_eq!(document(&sha256("")), "doc_q9dw31pzfds8nb46");
        assert_eq!(incident_of("rep_0123456789abcdef", 0), "inc_0123456789abcdef");
        assert_ne!(incident_of("rep_0123456789abcdef", 1), incident_of("rep_0123456789abcdef", 2));
        assert_eq!(actor("Lashkar-e-Khayal", "armed.rebel"), actor("lashkar e khayal", "armed.political_militia"));
        assert_ne!(actor("Qari", "person.militant"), actor("Qari", "armed.rebel"));
    }
}
