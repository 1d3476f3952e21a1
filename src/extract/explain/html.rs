//! Explanations as one page that stands alone: no script, no other file, every word of the text escaped.

use super::{Explanation, Line, Topic};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}\
h1{font-size:1.3rem}h2{font-size:1rem;font-weight:600;margin:1.6rem 0 .3rem}h2 small{color:#595959;font-weight:400}\
dl{display:grid;grid-template-columns:6rem 1fr;gap:.1rem .8rem;margin:0}dt{color:#595959;text-align:right}dd{margin:0;overflow-wrap:anywhere}\
.frame,.incident{font-weight:600}.lost{color:#8a1c1c}.note{color:#6b4e00}.tags{font-family:ui-monospace,monospace;font-size:.85em}\
@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#161616}dt,h2 small{color:#a8a8a8}.lost{color:#ff9d9d}.note{color:#e6c36a}}";

/// One page with the explanations of some documents.
pub fn page(explanations: &[Explanation]) -> String {
    let title = match explanations {
        [one] => escape(&one.id),
        _ => format!("{} documents", explanations.len()),
    };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Explained: {title}</title><style>{STYLE}</style></head><body>\n"
    );
    for explanation in explanations {
        out.push_str(&format!("<h1>{}</h1>\n", escape(&explanation.id)));
        lines(&explanation.document, &mut out);
        for s in &explanation.sentences {
            let place = format!("sentence {}, {}–{}", s.number, s.start, s.end);
            out.push_str(&format!("<section><h2>{} <small>{place}</small></h2>\n", escape(&s.text)));
            lines(&s.lines, &mut out);
            out.push_str("</section>\n");
        }
    }
    out.push_str("</body></html>\n");
    out
}

fn lines(list: &[Line], out: &mut String) {
    if list.is_empty() {
        return;
    }
    out.push_str("<dl>\n");
    let mut last: Option<Topic> = None;
    for line in list {
        let label = line.topic.label();
        let shown = if last == Some(line.topic) { "" } else { label };
        last = Some(line.topic);
        out.push_str(&format!("<dt>{shown}</dt><dd class=\"{label}\">{}</dd>\n", escape(&line.text)));
    }
    out.push_str("</dl>\n");
}

/// Text inside an element or an attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // HTML has no other control characters than these.
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
