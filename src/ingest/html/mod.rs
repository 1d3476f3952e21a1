//! The text of a page and what its head says of it. What is stored is the text taken out, and all offsets count in it.
//!
//! A page is read once by a tokenizer, in linear time, which gives its head and all its words ([`page`]). Beside that an outline of its blocks
//! is written ([`outline`]), small enough that the search for the main text ([`main_text`]) cannot be made to take long.

mod main_text;
mod outline;
mod page;
mod tags;

use super::read::day;
use crate::model::document::{Article, MAX_SOURCE, MAX_TITLE, MAX_URL};
use outline::Outline;
use page::Page;
use tags::{Sink, Tag};

/// Takes text, headline, day, publisher, address and language of a page into `article`.
pub(super) fn take(html: &str, article: &mut Article) {
    let mut both = Both { page: Page::new(true), outline: Outline::default() };
    tags::read(html, &mut both);
    let Both { mut page, outline } = both;
    // A menu that is never closed, or a form around everything, would swallow the page.
    if page.text().is_empty() {
        let mut all = Page::new(false);
        tags::read(html, &mut all);
        page = all;
    }
    article.text = match outline.finish() {
        Some(outline) => main_text::find(&outline, page.text()).unwrap_or_else(|| page.text().to_owned()),
        None => {
            article.notes.push(format!(
                "the page has more than {} elements, {} levels or {} bytes of text and mark-up; its main text was not told from what stands around it",
                outline::MAX_ELEMENTS,
                outline::MAX_DEPTH,
                outline::MAX_LENGTH
            ));
            page.text().to_owned()
        }
    };
    let head = page.head;
    article.title = head.headline.or(head.title).filter(|t| !t.is_empty()).map(|title| cut(title, article));
    article.source = head.source.filter(|s| fits(s, MAX_SOURCE));
    article.url = head.url.filter(|u| fits(u, MAX_URL));
    article.language = head.language;
    article.published = head.published.and_then(|p| day(&p).ok());
}

struct Both {
    page: Page,
    outline: Outline,
}

impl Sink for Both {
    fn open(&mut self, tag: &Tag) {
        self.page.open(tag);
        if !self.page.is_unseen() {
            self.outline.open(tag);
        }
    }

    fn close(&mut self, name: &str) {
        self.page.close(name);
        if !self.page.is_unseen() {
            self.outline.close(name);
        }
    }

    fn words(&mut self, text: &str) {
        if !self.page.is_unseen() {
            self.outline.words(text);
        }
        self.page.words(text);
    }
}

fn fits(text: &str, max: usize) -> bool {
    text.chars().nth(max).is_none()
}

/// A headline of bearable length; pages are not refused for theirs, since who sends a page did not write it.
fn cut(title: String, article: &mut Article) -> String {
    match title.char_indices().nth(MAX_TITLE) {
        None => title,
        Some((end, _)) => {
            article.notes.push(format!("the page's title was cut after {MAX_TITLE} characters"));
            title[..end].to_owned()
        }
    }
}

#[cfg(test)]
mod tests;
