//! RSS (0.9 to 2.0) and Atom files, item by item.
//!
//! Names are taken as nearly all feeds write them, with the usual prefixes; what a feed declares as entities of its own is not looked at.

use super::limits::Budget;
use super::sink::Sink;
use super::{Given, MAX_DOCUMENT};
use crate::ingest::read::{self, Format, ReadError, clean, day};
use crate::model::document::{Article, MAX_LANGUAGE, MAX_SOURCE, MAX_TITLE, MAX_URL};
use jiff::civil::Date;
use jiff::fmt::rfc2822;
use quick_xml::encoding::DecodingReader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::io::BufRead;
use std::ops::ControlFlow;

static RFC_2822: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// Reads item after item.
pub(super) fn read(from: &mut dyn BufRead, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let (budget, left) = Budget::new(from);
    let mut reader = Reader::from_reader(DecodingReader::new(budget));
    // Feeds are written by hand and by scripts: an ampersand that begins nothing is one.
    reader.config_mut().allow_dangling_amp = true;
    let mut feed = Feed::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return sink.fail(&feed.name_of_item(name), None, format!("cannot be read on: {error}")),
        };
        match event {
            Event::Start(tag) => feed.open(&tag),
            Event::Empty(tag) => {
                feed.open(&tag);
                feed.close(tag.name().as_ref());
            }
            Event::End(tag) => feed.close(tag.name().as_ref()),
            Event::Text(text) => feed.words(&text.xml10_content()),
            Event::CData(text) => feed.words(&text.xml10_content()),
            Event::GeneralRef(reference) => feed.words(&resolved(&reference)),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        if !feed.is_one {
            return sink.fail(name, None, format!("is no RSS or Atom feed: its first element is <{}>", feed.root.chars().take(40).collect::<String>()));
        }
        if let Some(item) = feed.finished.take() {
            left.set(MAX_DOCUMENT);
            let name_of_item = feed.name_of_item(name);
            sink.give(&name_of_item, || item.document(&feed.channel, &name_of_item))?;
            feed.n_items += 1;
        }
    }
    if feed.depth > 0 || feed.root.is_empty() {
        return sink.fail(&feed.name_of_item(name), None, "ends inside of the feed".to_owned());
    }
    ControlFlow::Continue(())
}

/// A reference to a character; one that XML does not know is left for the reading of HTML.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    resolve_predefined_entity(reference).map_or_else(|| format!("&{};", &**reference), str::to_owned)
}

#[derive(Debug)]
struct Feed {
    depth: usize,
    root: String,
    is_one: bool,
    /// What holds for all items.
    channel: Item,
    item: Option<Item>,
    /// Depth of the item under way.
    item_depth: usize,
    /// The member under way: its name, its depth, and whether mark-up in it is kept.
    member: Option<(Member, usize, bool)>,
    text: String,
    finished: Option<Item>,
    n_items: u64,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            depth: 0,
            root: String::new(),
            is_one: true,
            channel: Item::default(),
            item: None,
            item_depth: 0,
            member: None,
            text: String::new(),
            finished: None,
            n_items: 0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Title,
    Link,
    Published,
    Updated,
    Content,
    Summary,
    Source,
    Language,
}

/// The last part of a name, unless its prefix makes it another one.
fn member_of(name: &str) -> Option<Member> {
    let name = name.strip_prefix("atom:").or_else(|| name.strip_prefix("rss:")).unwrap_or(name);
    Some(match name {
        "title" => Member::Title,
        "link" => Member::Link,
        "pubDate" | "published" | "issued" => Member::Published,
        "dc:date" | "updated" | "modified" => Member::Updated,
        "content:encoded" | "content" => Member::Content,
        "description" | "summary" => Member::Summary,
        "source" | "dc:publisher" => Member::Source,
        "language" | "dc:language" => Member::Language,
        _ => return None,
    })
}

impl Feed {
    fn name_of_item(&self, name: &str) -> String {
        format!("{name}, item {}", self.n_items + 1)
    }

    fn open(&mut self, tag: &BytesStart<'_>) {
        self.depth += 1;
        let (name, local) = (tag.name(), tag.local_name());
        if self.depth == 1 {
            self.root = local.into_inner().to_owned();
            self.is_one = matches!(self.root.as_str(), "rss" | "feed" | "RDF");
            self.channel.language = attribute(tag, "xml:lang");
        }
        if let Some((_, _, with_marks)) = self.member {
            if with_marks {
                self.text.extend(["<", local.into_inner(), ">"]);
            }
            return;
        }
        if self.item.is_none() && matches!(local.into_inner(), "item" | "entry") {
            self.item = Some(Item::default());
            self.item_depth = self.depth;
            return;
        }
        let own = match &self.item {
            Some(_) => self.depth == self.item_depth + 1,
            // `rss/channel/title`, `feed/title`.
            None => self.depth <= 3,
        };
        // A whole feed may stand in an Atom entry's source; its title is the publisher.
        let in_source = self.item.is_some() && self.depth == self.item_depth + 2 && local.into_inner() == "title";
        let Some(member) = member_of(name.as_ref()).filter(|_| own || in_source) else { return };
        let member = match member {
            Member::Source if self.root == "feed" => return,
            _ if in_source => Member::Source,
            Member::Link => {
                self.take_link(tag);
                member
            }
            member => member,
        };
        self.member = Some((member, self.depth, attribute(tag, "type").as_deref() == Some("xhtml")));
        self.text.clear();
        if member == Member::Content || member == Member::Summary || member == Member::Title {
            let plain = matches!(attribute(tag, "type").as_deref(), None | Some("text" | "text/plain")) && self.root == "feed";
            if let Some(item) = &mut self.item
                && member != Member::Title
            {
                item.is_plain = plain;
            }
        }
    }

    /// Atom has the address in an attribute.
    fn take_link(&mut self, tag: &BytesStart<'_>) {
        let is_alternate = attribute(tag, "rel").is_none_or(|rel| rel == "alternate");
        if let Some(item) = &mut self.item
            && is_alternate
            && item.link.is_none()
        {
            item.link = attribute(tag, "href");
        }
    }

    fn close(&mut self, name: &str) {
        match self.member {
            Some((member, depth, _)) if depth == self.depth => {
                self.member = None;
                let text = std::mem::take(&mut self.text);
                let item = self.item.as_mut().unwrap_or(&mut self.channel);
                item.set(member, text);
            }
            Some((_, _, true)) => {
                let local = name.rsplit(':').next().unwrap_or(name);
                self.text.extend(["</", local, ">"]);
            }
            _ => {}
        }
        if self.item.is_some() && self.depth == self.item_depth {
            self.finished = self.item.take();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn words(&mut self, text: &str) {
        match self.member {
            Some((_, _, true)) => self.text.push_str(&quick_xml::escape::escape(text)),
            Some(_) => self.text.push_str(text),
            None => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = tag.try_get_attribute(name).ok()??;
    value.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned).filter(|v| !v.is_empty())
}

/// An item, or the feed itself.
#[derive(Debug, Default)]
struct Item {
    title: Option<String>,
    link: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    content: Option<String>,
    summary: Option<String>,
    source: Option<String>,
    language: Option<String>,
    /// Content and summary hold no HTML.
    is_plain: bool,
}

impl Item {
    /// The first one that is not blank counts.
    fn set(&mut self, member: Member, text: String) {
        let place = match member {
            Member::Title => &mut self.title,
            Member::Link => &mut self.link,
            Member::Published => &mut self.published,
            Member::Updated => &mut self.updated,
            Member::Content => &mut self.content,
            Member::Summary => &mut self.summary,
            Member::Source => &mut self.source,
            Member::Language => &mut self.language,
        };
        if place.is_none() && !text.trim().is_empty() {
            *place = Some(text);
        }
    }

    fn document(self, channel: &Self, name: &str) -> Given {
        let error = |problem: &str| ReadError { name: name.to_owned(), line: None, problem: problem.to_owned() };
        let title = self.title.as_deref().map(without_marks);
        let mut article = Article { id: Some(name.to_owned()), media_type: "text/plain".to_owned(), ..Article::default() };
        if let Some(content) = self.content.or(self.summary) {
            if self.is_plain {
                article.text = clean(content.trim().into(), &mut article.notes).into_owned();
            } else {
                let page = read::articles(content.as_bytes(), Format::Html, name).pop().unwrap_or_else(|| Err(error("holds no document")))?;
                article = Article { title: None, url: None, source: None, published: None, language: None, ..page };
            }
        }
        if article.text.trim().is_empty() {
            article.text = title.clone().filter(|t| !t.is_empty()).ok_or_else(|| error("has neither text nor title"))?;
        }
        article.title = title.filter(|t| !t.is_empty()).map(|t| t.chars().take(MAX_TITLE).collect());
        article.url = self.link.map(|l| l.trim().to_owned()).filter(|l| l.chars().nth(MAX_URL).is_none());
        let source = self.source.as_deref().or(channel.title.as_deref()).map(without_marks);
        article.source = source.filter(|s| !s.is_empty() && s.chars().nth(MAX_SOURCE).is_none());
        let language = self.language.as_deref().or(channel.language.as_deref()).map(|l| l.trim().split(['-', '_']).next().unwrap_or("").to_ascii_lowercase());
        article.language = language.filter(|l| !l.is_empty() && l.chars().nth(MAX_LANGUAGE).is_none());
        if let Some(given) = self.published.or(self.updated) {
            match date(given.trim()) {
                Some(date) => article.published = Some(date),
                None => article.notes.push(format!("its date \"{}\" cannot be read", read::beginning(given.trim()))),
            }
        }
        Ok(article)
    }
}

/// A headline as text: feeds write it as HTML as often as not.
fn without_marks(text: &str) -> String {
    let text = if text.contains(['<', '&']) {
        let page = read::articles(text.as_bytes(), Format::Html, "").pop();
        page.and_then(Result::ok).map(|page| page.text).unwrap_or_default()
    } else {
        text.to_owned()
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    clean(words.join(" ").into(), &mut Vec::new()).into_owned()
}

/// The day where the publisher was: RFC 2822 in RSS, RFC 3339 in Atom.
fn date(text: &str) -> Option<Date> {
    RFC_2822.parse_zoned(text).map(|z| z.date()).ok().or_else(|| day(text).ok())
}
