//! The main text of a page, told from menus, teasers and comments by `dom_smoothie`, which scores blocks by words, commas and links.

use super::page::Page;
use super::tags;
use dom_smoothie::{Config, Readability};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pages with less text are taken whole: there is too little to tell blocks apart by. In bytes.
const MIN_PAGE: usize = 1000;
/// A main text that is shorter was not found, in bytes.
const MIN_FOUND: usize = 500;
/// A page of which less than one part in so many would be left is a list of reports, such as a weekly summary, and taken whole.
const MIN_SHARE: usize = 4;

/// The main text of an outlined page whose whole text is `whole`; `None` where there is none to be found.
pub(super) fn find(outline: &str, whole: &str) -> Option<String> {
    if whole.len() < MIN_PAGE {
        return None;
    }
    let config = Config { disable_json_ld: true, ..Config::default() };
    // A fault in reading a page costs the search, not the page.
    let found = catch_unwind(AssertUnwindSafe(|| Readability::new(outline, None, Some(config)).and_then(|mut page| page.parse())));
    let found = found.ok()?.ok()?;
    let mut page = Page::new(false);
    tags::read(&found.content, &mut page);
    let text = page.text();
    (text.len() >= MIN_FOUND && text.len() >= whole.len() / MIN_SHARE).then(|| text.to_owned())
}
