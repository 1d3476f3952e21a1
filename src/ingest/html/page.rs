//! All that is read of a page, and what its head says.

use super::super::read::day;
use super::tags::{BLOCKS, Sink, Tag};

/// Elements whose text nobody reads as part of a page.
const UNSEEN: &[&str] = &["script", "style", "noscript", "noframes", "iframe", "template", "svg", "math", "object", "select", "textarea", "button"];
/// Elements around the story.
const AROUND: &[&str] = &["nav", "footer", "aside", "form", "menu", "dialog"];

/// What the head of a page says.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// `<title>`.
    pub title: Option<String>,
    /// The headline without the site's name, as it is given to others.
    pub headline: Option<String>,
    pub source: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
    pub published: Option<String>,
}

/// A page as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub head: Head,
    leave_out_around: bool,
    text: String,
    /// Open elements whose text is left out, as places in [`UNSEEN`] and [`AROUND`] behind it.
    skipping: Vec<usize>,
    /// How many of each of these are open.
    n_skipping: [u32; UNSEEN.len() + AROUND.len()],
    /// How many of those never shown are open.
    n_unseen: usize,
    in_title: bool,
    /// White space is due before the next word: a space, a line break or an empty line.
    gap: &'static str,
}

impl Page {
    /// An empty page; `leave_out_around`: menus, footers, forms and the like are to be left out.
    pub fn new(leave_out_around: bool) -> Self {
        Self { leave_out_around, ..Self::default() }
    }

    /// What was read so far, without white space around it.
    pub fn text(&self) -> &str {
        self.text.trim()
    }

    /// Whether what comes next is never shown as text: the title, or in an element such as a script.
    pub fn is_unseen(&self) -> bool {
        self.in_title || self.n_unseen > 0
    }

    fn left_out(&self, name: &str) -> Option<usize> {
        let unseen = UNSEEN.iter().position(|n| *n == name);
        let around = || AROUND.iter().position(|n| *n == name).filter(|_| self.leave_out_around);
        unseen.or_else(|| around().map(|at| UNSEEN.len() + at))
    }

    fn skip(&mut self, element: usize) {
        self.skipping.push(element);
        self.n_skipping[element] += 1;
        self.n_unseen += usize::from(element < UNSEEN.len());
    }

    /// Also closes what was left open inside. The count is asked first: an end tag without its start would look through all that is open.
    fn end_skip(&mut self, element: usize) {
        while self.n_skipping[element] > 0
            && let Some(inner) = self.skipping.pop()
        {
            self.n_skipping[inner] -= 1;
            self.n_unseen -= usize::from(inner < UNSEEN.len());
            if inner == element {
                return;
            }
        }
    }

    fn widen(&mut self, gap: &'static str) {
        let width = |gap: &str| gap.len() + usize::from(gap.starts_with('\n'));
        if width(gap) > width(self.gap) {
            self.gap = gap;
        }
    }
}

impl Sink for Page {
    fn open(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        match name {
            "html" | "meta" | "link" | "time" => self.head.note(tag),
            "br" => self.widen("\n"),
            "title" => self.in_title = self.head.title.as_deref().unwrap_or_default().is_empty(),
            _ => match self.left_out(name) {
                Some(element) if !tag.self_closing => self.skip(element),
                None if BLOCKS.contains(&name) => self.widen("\n\n"),
                _ => {}
            },
        }
    }

    fn close(&mut self, name: &str) {
        if name == "title" {
            self.in_title = false;
        } else if let Some(element) = self.left_out(name) {
            self.end_skip(element);
        } else if BLOCKS.contains(&name) {
            self.widen("\n\n");
        }
    }

    fn words(&mut self, text: &str) {
        if self.in_title {
            let title = self.head.title.get_or_insert_default();
            for word in text.split_whitespace() {
                if !title.is_empty() {
                    title.push(' ');
                }
                title.push_str(word);
            }
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
}

impl Head {
    fn note(&mut self, tag: &Tag) {
        match tag.name.as_str() {
            "html" => self.language = tag.attribute("lang").map(|l| l.chars().take_while(char::is_ascii_alphabetic).take(8).collect::<String>().to_lowercase()),
            "link" if tag.attribute("rel") == Some("canonical") => self.url = self.url.take().or_else(|| tag.attribute("href").map(str::to_owned)),
            "time" if self.published.is_none() => self.published = tag.attribute("datetime").filter(|d| day(d).is_ok()).map(str::to_owned),
            "meta" => self.note_meta(tag),
            _ => {}
        }
    }

    fn note_meta(&mut self, tag: &Tag) {
        let (Some(key), Some(content)) = (tag.attribute("property").or_else(|| tag.attribute("name")), tag.attribute("content")) else { return };
        let place = match key.to_ascii_lowercase().as_str() {
            "og:title" => &mut self.headline,
            "og:site_name" => &mut self.source,
            "og:url" => &mut self.url,
            "article:published_time" | "datepublished" | "dc.date" | "dc.date.issued" | "pubdate" | "date" if day(content).is_ok() => &mut self.published,
            _ => return,
        };
        place.get_or_insert_with(|| content.to_owned());
    }
}
