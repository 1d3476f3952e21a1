//! The page's blocks, written anew for the search of its main text: a few elements with a few attributes, properly nested, bounded in number,
//! depth and length. What the sender's mark-up could do to a parser ends here.

use super::tags::{BLOCKS, Sink, Tag};
use std::fmt::Write;

/// Elements that are kept beside the [`BLOCKS`]; of all others only the words are.
const ALSO_KEPT: &[&str] = &["a", "aside", "br", "footer", "nav"];
/// Elements without an end.
const VOID: &[&str] = &["br", "hr"];
/// Elements that end tags of others do not reach across.
const TABLE: &[&str] = &["table", "tr", "td", "th"];
/// Attributes by which main text and its surroundings are told apart.
const ATTRIBUTES: &[&str] = &["class", "id", "role", "aria-hidden"];
/// Longest value of these that is kept, in bytes.
const MAX_ATTRIBUTE: usize = 256;

/// Most elements of a page that is searched, escaped signs counted. Pages of news have some thousand.
pub(super) const MAX_ELEMENTS: usize = 20_000;
/// Deepest nesting. Pages of news have some thirty.
pub(super) const MAX_DEPTH: usize = 64;
/// Longest outline, in bytes.
pub(super) const MAX_LENGTH: usize = 2 << 20;

/// The outline of one page.
#[derive(Debug, Default)]
pub(super) struct Outline {
    markup: String,
    open: Vec<&'static str>,
    n_elements: usize,
    too_large: bool,
}

impl Outline {
    /// The outline as mark-up; `None` where the page is beyond the limits.
    pub fn finish(mut self) -> Option<String> {
        self.close_down_to(0);
        (!self.too_large).then_some(self.markup)
    }

    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(name) = self.open.pop()
        {
            self.end(name);
        }
    }

    fn end(&mut self, name: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.markup, "</{name}>");
    }

    /// Ends what a new `name` ends without saying so: a paragraph before a block, an item before the next.
    fn end_implied(&mut self, name: &str) {
        let ended: &[&str] = match name {
            "a" | "br" => return,
            "li" => &["li", "p", "a"],
            "dd" | "dt" => &["dd", "dt", "p", "a"],
            "td" | "th" => &["td", "th", "p", "a"],
            "tr" => &["tr", "td", "th", "p", "a"],
            _ if self.open.iter().rev().take_while(|open| matches!(**open, "a" | "p")).any(|open| *open == "p") => &["p", "a"],
            _ => return,
        };
        let keep = self.open.iter().rposition(|open| !ended.contains(open)).map_or(0, |last| last + 1);
        self.close_down_to(keep);
    }

    /// Adds words. A parser puts what stands between two entities into a string of its own, so each counts as an element.
    fn escape(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<'])
            && self.n_elements <= MAX_ELEMENTS
        {
            let (before, sign) = rest.split_at(at);
            self.markup.push_str(before);
            self.markup.push_str(if sign.starts_with('&') { "&amp;" } else { "&lt;" });
            self.n_elements += 1;
            rest = &sign[1..];
        }
        self.markup.push_str(rest);
    }

    fn check(&mut self) {
        if self.n_elements > MAX_ELEMENTS || self.open.len() > MAX_DEPTH || self.markup.len() > MAX_LENGTH {
            self.too_large = true;
            self.markup = String::new();
        }
    }
}

impl Sink for Outline {
    fn open(&mut self, tag: &Tag) {
        let Some(&name) = BLOCKS.iter().chain(ALSO_KEPT).find(|kept| **kept == tag.name).filter(|_| !self.too_large) else { return };
        self.end_implied(name);
        // A link in a link: an end tag is missing, and words after it would all count as linked.
        let in_link = name == "a" && self.open.last() == Some(&"a");
        if in_link {
            self.close_down_to(self.open.len() - 1);
        }
        let is_void = VOID.contains(&name);
        self.n_elements += 1;
        let _ = write!(self.markup, "<{name}");
        for attribute in ATTRIBUTES {
            // Names of classes and ids need no escapes; a value that does is of no use here.
            let plain = |value: &&str| value.len() <= MAX_ATTRIBUTE && !value.contains(['&', '"', '<', '>']);
            if let Some(value) = tag.attribute(attribute).filter(plain) {
                let _ = write!(self.markup, " {attribute}=\"{value}\"");
            }
        }
        if tag.has("hidden") {
            self.markup.push_str(" hidden");
        }
        self.markup.push('>');
        if !is_void {
            self.open.push(name);
        }
        self.check();
    }

    fn close(&mut self, name: &str) {
        if self.too_large {
            return;
        }
        let across = TABLE.contains(&name);
        let reached = self.open.iter().rposition(|open| *open == name || !across && TABLE.contains(open));
        if let Some(at) = reached.filter(|&at| self.open[at] == name) {
            self.close_down_to(at);
        }
    }

    fn words(&mut self, text: &str) {
        if !self.too_large {
            self.escape(text);
            self.check();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tags::read;
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &str) {
        let mut outline = Outline::default();
        read(html, &mut outline);
        assert_eq!(outline.finish().as_deref(), Some(expect));
    }

    #[test]
    fn what_is_written_is_nested() {
        check("<p>a<p>b & c", "<p>a</p><p>b &amp; c</p>");
        check("1 < 2 &lt;b> &amp;amp;", "1 &lt; 2 &lt;b> &amp;amp;");
        check("a &lt;<b>div> &amp;<b>lt;", "a &lt;div> &amp;lt;");
        check("<ul><li>x<li><a href=y>z</ul>w", "<ul><li>x</li><li><a>z</a></li></ul>w");
        check("<div><b>t</b>wo</span></div></div>", "<div>two</div>");
        check("<div><table><tr><td>a</div><td>b</table>c", "<div><table><tr><td>a</td><td>b</td></tr></table>c</div>");
        check("<p><a>x<a>y</p>", "<p><a>x</a><a>y</a></p>");
        check("<div class='a b' id='&amp;' onclick=x hidden style=y>", "<div class=\"a b\" hidden></div>");
    }

    #[test]
    fn what_is_beyond_the_limits_is_told() {
        let outline = |html: &str| {
            let mut outline = Outline::default();
            read(html, &mut outline);
            outline.finish()
        };
        assert!(outline(&"<div>x".repeat(MAX_DEPTH)).is_some());
        assert_eq!(outline(&"<div>x".repeat(MAX_DEPTH + 1)), None);
        assert!(outline(&"<br>".repeat(MAX_ELEMENTS)).is_some());
        assert_eq!(outline(&"<br>".repeat(MAX_ELEMENTS + 1)), None);
        assert_eq!(outline(&"x".repeat(MAX_LENGTH + 1)), None);
        assert_eq!(outline(&"&amp;a".repeat(MAX_ELEMENTS + 1)), None);
    }
}
