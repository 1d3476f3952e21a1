//! Mark-up as tags and words, by html5gum's tokenizer: entities, raw text and broken mark-up are read as a browser reads them, in time and
//! memory that grow with the length of the page and nothing else.

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use std::convert::Infallible;

/// Attributes that are looked at; all others are dropped while they are read.
const KEPT: &[&str] = &["aria-hidden", "class", "content", "datetime", "hidden", "href", "id", "lang", "name", "property", "rel", "role"];
/// Longest value of an attribute, in bytes; longer ones count as not given.
const MAX_VALUE: usize = 4096;

/// Elements that begin a new paragraph.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
];

/// A start tag.
#[derive(Debug, Default)]
pub(super) struct Tag {
    pub name: String,
    pub self_closing: bool,
    /// Each of [`KEPT`] once at most, the first that the tag gives.
    attributes: Vec<(&'static str, String)>,
}

impl Tag {
    /// A value that is not blank.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty())
    }

    /// Whether the attribute is there, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(n, _)| *n == name)
    }
}

/// What takes the tags and words of a page in their order.
pub(super) trait Sink {
    fn open(&mut self, tag: &Tag);
    fn close(&mut self, name: &str);
    fn words(&mut self, text: &str);
}

/// Reads a page.
pub(super) fn read(html: &str, sink: &mut impl Sink) {
    let mut tag = None::<Tag>;
    let mut attribute = None;
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => tag = Some(Tag { name: text(name), ..Tag::default() }),
            // Those of an end tag are told, too, and mean nothing.
            CallbackEvent::AttributeName { name } => {
                attribute = tag.as_mut().and_then(|tag| {
                    let name = KEPT.iter().find(|k| k.as_bytes() == name).filter(|k| !tag.has(k))?;
                    tag.attributes.push((name, String::new()));
                    Some(())
                });
            }
            CallbackEvent::AttributeValue { value } => {
                if let (Some(()), Some((_, kept))) = (attribute.take(), tag.as_mut().and_then(|tag| tag.attributes.last_mut()))
                    && value.len() <= MAX_VALUE
                {
                    *kept = text(value);
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(tag) = tag.take() {
                    sink.open(&Tag { self_closing, ..tag });
                }
            }
            CallbackEvent::EndTag { name } => sink.close(&String::from_utf8_lossy(name)),
            CallbackEvent::String { value } => sink.words(&String::from_utf8_lossy(value)),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    // A text in memory cannot fail to be read.
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
