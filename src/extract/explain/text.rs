//! Explanations as plain text for a terminal.

use super::{Explanation, Line};

/// Columns before a finding.
const INDENT: &str = "            ";

/// The explanation of one document, lines broken by "\n", with a line break at the end.
pub fn print(explanation: &Explanation) -> String {
    let mut out = format!("{}\n", explanation.id);
    lines(&explanation.document, &mut out);
    for sentence in &explanation.sentences {
        out.push_str(&format!("\n[{}] {}–{} {}\n", sentence.number, sentence.start, sentence.end, sentence.text));
        lines(&sentence.lines, &mut out);
    }
    out
}

/// A topic is named once, on the first of its lines.
fn lines(list: &[Line], out: &mut String) {
    let mut last = None;
    for line in list {
        let label = if last == Some(line.topic) { "" } else { line.topic.label() };
        last = Some(line.topic);
        out.push_str(&format!("  {label:<9} {}\n", line.text.replace('\n', &format!("\n{INDENT}"))));
    }
}
