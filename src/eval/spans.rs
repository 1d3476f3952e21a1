//! Whether every span of a record says what stands there.

use crate::model::Record;

/// All spans of the record that do not agree with the source; empty for a sound record.
pub fn faults(record: &Record, source: &str) -> Vec<String> {
    let chars: Vec<char> = source.chars().collect();
    let mut faults = Vec::new();
    let mut check = |what: &str, start: u32, end: u32, text: &str| {
        let there: Option<String> = chars.get(start as usize..end as usize).map(|c| c.iter().collect());
        if there.as_deref() != Some(text) {
            faults.push(format!("{what}: {start}..{end} says {there:?}, the record {text:?}"));
        }
    };
    if let Some(d) = &record.document.dateline {
        check("dateline", d.start, d.end, &d.text);
    }
    for incident in &record.incidents {
        for e in &incident.evidence {
            check(&e.field, e.start, e.end, &e.text);
        }
    }
    for actor in &record.actors {
        for m in &actor.mentions {
            check("actor", m.start, m.end, &m.text);
        }
    }
    for s in &record.statements {
        if let Some(speaker) = &s.speaker {
            check("speaker", speaker.start, speaker.end, &speaker.text);
        }
        for (what, list) in [("content", &s.content), ("quote", &s.quotes)] {
            for e in list {
                check(what, e.start, e.end, &e.text);
            }
        }
        if let Some(cue) = &s.cue {
            check("cue", cue.start, cue.end, &cue.text);
        }
    }
    for r in &record.relations {
        check("relation", r.start, r.end, &r.text);
    }
    for f in &record.figures {
        check("figure", f.start, f.end, &f.text);
    }
    for p in &record.places {
        check("place", p.start, p.end, &p.text);
    }
    faults
}
