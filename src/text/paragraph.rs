//! Lines and paragraphs: which line breaks end something and which only wrap.

use super::{Document, TokenSpan};

/// What stands before a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Break {
    /// Nothing, or blanks.
    #[default]
    None,
    /// A line break that only wraps a line.
    Wrap,
    /// A line break that ends a sentence (a headline above wrapped lines).
    Line,
    /// The end of a paragraph.
    Paragraph,
}

impl Break {
    /// Whether the token is the first one of a line.
    pub(super) fn starts_line(self) -> bool {
        self != Self::None
    }
}

/// What stands before each token.
pub(super) fn breaks(doc: &Document<'_>) -> Vec<Break> {
    let mut breaks = vec![Break::None; doc.len()];
    let mut lines = Vec::new();
    let mut line_start = 0;
    let mut end = 0;
    for (i, token) in doc.tokens().iter().enumerate() {
        let start = token.span.start as usize;
        // Nearly every gap is nothing or one blank.
        if i > 0 && start > end + usize::from(doc.source().as_bytes().get(end) == Some(&b' ')) {
            let gap = doc.source().get(end..start).unwrap_or("");
            match n_line_breaks(gap) {
                0 => {}
                n => {
                    let indent = gap.len() - gap.trim_end_matches([' ', '\t']).len();
                    lines.push(Line { next: i, width: end - line_start, indent, blank: n > 1 });
                    line_start = start - indent;
                }
            }
        }
        end = token.span.end as usize;
    }
    let last = end - line_start;
    if let Some(first) = breaks.first_mut() {
        *first = Break::Paragraph;
    }
    let wrap = wrap_width(doc, &lines, last);
    let mut indent = 0;
    for line in &lines {
        breaks[line.next] = classify(doc, line, wrap, indent);
        indent = line.indent;
    }
    breaks
}

/// The paragraphs that `breaks` part.
pub(super) fn paragraphs(breaks: &[Break]) -> Vec<TokenSpan> {
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for (i, &before) in breaks.iter().enumerate().skip(1) {
        if before == Break::Paragraph {
            paragraphs.push(TokenSpan::new(start, i));
            start = i;
        }
    }
    if !breaks.is_empty() {
        paragraphs.push(TokenSpan::new(start, breaks.len()));
    }
    paragraphs
}

/// A line that ends before token `next`.
struct Line {
    next: usize,
    /// Bytes of the line that ends, indent included.
    width: usize,
    /// Blanks before the next line.
    indent: usize,
    /// Whether empty lines follow.
    blank: bool,
}

/// Line breaks in a gap; `\r\n` counts once.
fn n_line_breaks(gap: &str) -> usize {
    let mut n = 0;
    let mut previous = ' ';
    for c in gap.chars() {
        n += usize::from(matches!(c, '\r' | '\u{85}' | '\u{2028}') || (c == '\n' && previous != '\r')) + 2 * usize::from(c == '\u{2029}');
        previous = c;
    }
    n
}

/// Width that lines are wrapped to; `None` where they are not wrapped: then most lines could have held the first word of the next.
fn wrap_width(doc: &Document<'_>, lines: &[Line], last: usize) -> Option<usize> {
    let widest = lines.iter().map(|line| line.width).chain([last]).max()?;
    let singles: Vec<&Line> = lines.iter().filter(|line| !line.blank).collect();
    if !(40..=120).contains(&widest) || singles.is_empty() {
        return None;
    }
    let n_full = singles.iter().filter(|line| (line.width + 1 + next_width(doc, line)) * 100 >= widest * 85).count();
    (n_full * 10 >= singles.len() * 6).then_some(widest)
}

/// Bytes of the first unbroken run of the next line.
fn next_width(doc: &Document<'_>, line: &Line) -> usize {
    let start = doc.token(line.next).span.start as usize;
    doc.source().as_bytes().get(start..).unwrap_or(&[]).iter().take(80).take_while(|b| !b.is_ascii_whitespace()).count()
}

fn classify(doc: &Document<'_>, line: &Line, wrap: Option<usize>, indent: usize) -> Break {
    if line.blank {
        return Break::Paragraph;
    }
    let starts_lower = doc.raw(line.next).starts_with(char::is_lowercase);
    match wrap {
        Some(_) if line.indent >= indent + 2 => Break::Paragraph,
        Some(width) if !starts_lower && (line.width + 1 + next_width(doc, line)) * 100 < width * 60 => Break::Line,
        Some(_) => Break::Wrap,
        None if starts_lower && !ends_sentence(doc.raw(line.next - 1)) => Break::Wrap,
        None => Break::Paragraph,
    }
}

fn ends_sentence(raw: &str) -> bool {
    raw.ends_with(['.', '!', '?', ':', '"', '”', '…', '۔', '。'])
}
