//! The text of a page, by html5ever's tokenizer: entities, raw text and broken mark-up are read as a browser reads them, without building a
//! tree. What is stored is the text taken out, and all offsets count in it.

use super::read::day;
use crate::model::document::Article;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::RefCell;

/// Elements whose text nobody reads as part of a page.
const UNSEEN: &[&str] = &["script", "style", "noscript", "noframes", "iframe", "template", "svg", "math", "object", "select", "textarea", "button"];
/// Elements around the story.
const AROUND: &[&str] = &["nav", "footer", "aside", "form", "menu", "dialog"];
/// Elements that begin a new paragraph.
const BLOCKS: &[&str] = &[
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

/// Takes text, headline, day, publisher, address and language of a page into `article`.
pub(super) fn take(html: &str, article: &mut Article) {
    let mut page = read(html, true);
    // A menu that is never closed would swallow the page.
    if page.text.trim().is_empty() {
        page = read(html, false);
    }
    article.text = page.text.trim().to_owned();
    article.title = page.title.or(page.head).filter(|t| !t.is_empty());
    article.source = page.source;
    article.url = page.url;
    article.language = page.language;
    article.published = page.published.and_then(|p| day(&p).ok());
}

fn read(html: &str, leave_out_around: bool) -> Page {
    let sink = Sink { page: RefCell::new(Page { leave_out_around, ..Page::default() }) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // It only stops early for scripts, which the sink never asks to run.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.page.into_inner()
}

#[derive(Default)]
struct Page {
    leave_out_around: bool,
    text: String,
    /// Open elements whose text is left out.
    skipping: Vec<String>,
    in_title: bool,
    /// White space is due before the next word: a space, a line break or an empty line.
    gap: &'static str,
    /// `<title>`.
    head: Option<String>,
    title: Option<String>,
    source: Option<String>,
    url: Option<String>,
    language: Option<String>,
    published: Option<String>,
}

struct Sink {
    page: RefCell<Page>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut page = self.page.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return page.open(&tag),
            Token::TagToken(tag) => page.close(&tag.name),
            Token::CharacterTokens(text) => page.words(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Page {
    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        match name {
            "html" => self.language = attribute(tag, "lang").map(|l| l.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase()),
            "meta" => self.note_meta(tag),
            "link" if attribute(tag, "rel") == Some("canonical") => self.url = self.url.take().or_else(|| attribute(tag, "href").map(str::to_owned)),
            "time" if self.published.is_none() => self.published = attribute(tag, "datetime").filter(|d| day(d).is_ok()).map(str::to_owned),
            "br" => self.widen("\n"),
            "title" => {
                self.in_title = self.head.is_none();
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            _ if self.is_left_out(name) && !tag.self_closing => self.skipping.push(name.to_owned()),
            _ if BLOCKS.contains(&name) => self.widen("\n\n"),
            _ => {}
        }
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "noscript" | "noframes" | "iframe" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn close(&mut self, name: &str) {
        if name == "title" {
            self.in_title = false;
        } else if self.is_left_out(name) {
            // Also closes what was left open inside.
            if let Some(at) = self.skipping.iter().rposition(|open| open == name) {
                self.skipping.truncate(at);
            }
        } else if BLOCKS.contains(&name) {
            self.widen("\n\n");
        }
    }

    fn words(&mut self, text: &str) {
        if self.in_title {
            let head = self.head.get_or_insert_default();
            *head = format!("{head} {text}").split_whitespace().collect::<Vec<_>>().join(" ");
            return;
        }
        if !self.skipping.is_empty() || text.is_empty() {
            return;
        }
        // A no-break space is part of the words ("10 000"); only what HTML calls white space is folded.
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        for (n, word) in text.split(is_space).enumerate() {
            if n > 0 {
                self.widen(" ");
            }
            if !word.is_empty() {
                if !self.text.is_empty() {
                    self.text.push_str(self.gap);
                }
                self.gap = "";
                self.text.push_str(word);
            }
        }
    }

    fn widen(&mut self, gap: &'static str) {
        let width = |gap: &str| gap.len() + usize::from(gap.starts_with('\n'));
        if width(gap) > width(self.gap) {
            self.gap = gap;
        }
    }

    fn is_left_out(&self, name: &str) -> bool {
        UNSEEN.contains(&name) || self.leave_out_around && AROUND.contains(&name)
    }

    fn note_meta(&mut self, tag: &Tag) {
        let (Some(key), Some(content)) = (attribute(tag, "property").or_else(|| attribute(tag, "name")), attribute(tag, "content")) else { return };
        let place = match key.to_ascii_lowercase().as_str() {
            "og:title" => &mut self.title,
            "og:site_name" => &mut self.source,
            "og:url" => &mut self.url,
            "article:published_time" | "datepublished" | "dc.date" | "dc.date.issued" | "pubdate" | "date" if day(content).is_ok() => &mut self.published,
            _ => return,
        };
        place.get_or_insert_with(|| content.trim().to_owned());
    }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|a| &*a.name.local == name).map(|a| a.value.trim()).filter(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &str) {
        let mut article = Article::default();
        take(html, &mut article);
        assert_eq!(article.text, expect);
    }

    #[test]
    fn paragraphs_and_entities_are_kept() {
        check("<p>A bomb &amp; a gun.<p>“Two”&nbsp;men&#8217;s<br>car", "A bomb & a gun.\n\n“Two”\u{a0}men’s\ncar");
        check("<div>one\n   <b>t</b>wo <i>three</i></div><div> </div><ul><li>x</li><li>y</li></ul>", "one two three\n\nx\n\ny");
        check("plain text < 3 & more", "plain text < 3 & more");
        check("", "");
    }

    #[test]
    fn what_is_no_text_is_left_out() {
        check("<script>if (a < b) { '</p>' }</script><p>x</p><style>p{}</style><!-- c --><noscript><p>y</p></noscript>", "x");
        check("<nav><ul><li>Home</ul></nav><article><p>Story</p></article><footer>© us</footer>", "Story");
        check("<svg><text>in a picture</text></svg>after<template><p>t</p></template>", "after");
        check("<nav>never closed <p>but all there is", "never closed\n\nbut all there is");
        check("</nav></p></script>still here", "still here");
    }

    #[test]
    fn the_head_gives_what_is_known() {
        let mut a = Article::default();
        let html = r#"<html lang="en-GB"><head><title>Blast &amp; more | Site</title><meta property="og:title" content="Blast in Hangu">
            <meta property="og:site_name" content="The Site"><meta property="article:published_time" content="2007-07-19T08:00:00+05:00">
            <link rel=canonical href="https://site.example/1"></head><body><h1>Blast in Hangu</h1><p>HANGU.</p></body></html>"#;
        take(html, &mut a);
        assert_eq!((a.title.as_deref(), a.source.as_deref(), a.url.as_deref()), (Some("Blast in Hangu"), Some("The Site"), Some("https://site.example/1")));
        assert_eq!((a.language.as_deref(), a.published.unwrap().to_string().as_str()), (Some("en"), "2007-07-19"));
        assert_eq!(a.text, "Blast in Hangu\n\nHANGU.");
    }
}
