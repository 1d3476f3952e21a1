//! Articles on their way into the base, those of one transaction: looked up, read by the engine, stored ([`super::run`]). The steps are apart so
//! that whoever reads chooses the threads, and holds none of them while others write.

use super::read::{ReadError, too_large};
use super::run::{Ingested, Outcome, Settings};
use super::sketch::sketch;
use crate::clock::Stopwatch;
use crate::extract::{self, Input, Options, Stop};
use crate::lexicon::Lexicon;
use crate::merge::duplicate;
use crate::merge::sketch::DocumentSketch;
use crate::metrics::{Stored, metrics};
use crate::model::document::{Article, NewDocument};
use crate::model::{Record, id};
use crate::store::{Store, StoreError, pack};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Articles of one transaction, in their order.
#[derive(Debug)]
pub struct Batch {
    /// Each article, whatever became of it so far.
    pub items: Vec<Item>,
}

/// One article of a batch on its way.
#[derive(Debug)]
pub struct Item {
    index: usize,
    name: Option<String>,
    pub(super) state: State,
}

#[derive(Debug)]
pub(super) enum State {
    Given(Box<Given>),
    Read(Box<Extracted>),
    Done(Outcome),
}

#[derive(Debug)]
pub(super) struct Given {
    article: Article,
    sha256: String,
}

/// What the engine found in an article, and what is kept of it: made where the engine reads, so that whoever stores it has less to do.
#[derive(Debug)]
pub(super) struct Extracted {
    pub article: Article,
    pub sha256: String,
    pub record: Record,
    packed: Vec<u8>,
    pub signature: Vec<u32>,
    pub bands: Vec<u32>,
    pub sketch: DocumentSketch,
}

impl Extracted {
    /// # Errors
    /// When the record cannot be written as JSON.
    pub(super) fn new(article: Article, sha256: String, record: Record) -> Result<Self, StoreError> {
        let signature = duplicate::signature(&article.text);
        let sketch = sketch(article.title.as_deref(), &article.text, &record);
        Ok(Self { packed: pack(&record)?, bands: duplicate::bands(&signature), article, sha256, record, signature, sketch })
    }

    /// The record as it is stored.
    pub(super) fn packed(&self) -> &[u8] {
        &self.packed
    }

    pub(super) fn as_new(&self, near_duplicate_of: Option<String>) -> NewDocument<'_> {
        let Self { article, sha256, record, packed, signature, bands, .. } = self;
        NewDocument { article, sha256, record, packed, signature, bands, near_duplicate_of }
    }
}

impl Batch {
    /// Takes articles with their places in the run; those that are blank or too large are done with at once.
    pub fn new(articles: impl IntoIterator<Item = (usize, Result<Article, ReadError>)>, settings: &Settings) -> Self {
        Self { items: articles.into_iter().map(|(index, article)| Item::new(index, article, settings.max_text)).collect() }
    }

    /// Finds the texts that are stored already: they are not read again. Two equal texts in one batch are told apart when they are stored.
    /// Those that were withdrawn are refused, unless they are to be restored.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn look_up(&mut self, store: &Store, restore: bool) -> Result<(), StoreError> {
        let hashes: Vec<String> = self.items.iter().filter_map(|i| if let State::Given(g) = &i.state { Some(g.sha256.clone()) } else { None }).collect();
        let existing: BTreeMap<String, String> = store.stored_texts(&hashes).await?.into_iter().collect();
        let withdrawn = if restore { Vec::new() } else { store.withdrawn_texts(&hashes).await? };
        let withdrawn: BTreeMap<String, String> =
            withdrawn.into_iter().map(|(hash, reason, at)| (hash, format!("this text was withdrawn on {at}: {reason}"))).collect();
        for item in &mut self.items {
            let State::Given(given) = &item.state else { continue };
            if let Some(document) = existing.get(&given.sha256) {
                item.state = State::Done(Outcome::Existing { document: document.clone() });
            } else if let Some(problem) = withdrawn.get(&given.sha256) {
                item.state = State::Done(Outcome::Failed { problem: problem.clone() });
            }
        }
        Ok(())
    }

    /// Whether nothing is left to be stored.
    pub fn is_done(&self) -> bool {
        self.items.iter().all(|item| matches!(item.state, State::Done(_)))
    }
}

impl Item {
    fn new(index: usize, article: Result<Article, ReadError>, max_text: usize) -> Self {
        let failed = |name, problem| Self { index, name, state: State::Done(Outcome::Failed { problem }) };
        let article = match article {
            Ok(article) => article,
            Err(e) => return failed(Some(e.name.clone()), e.to_string()),
        };
        if article.text.trim().is_empty() {
            return failed(article.id, "the text is empty".to_owned());
        }
        if let Some(problem) = too_large(&article, max_text) {
            return failed(article.id, problem);
        }
        let sha256 = id::sha256(&article.text);
        Self { index, name: article.id.clone(), state: State::Given(Box::new(Given { article, sha256 })) }
    }

    /// Length of the text that is still to be read, in bytes; `None` where there is nothing to read.
    pub fn unread(&self) -> Option<usize> {
        if let State::Given(given) = &self.state { Some(given.article.text.len()) } else { None }
    }

    /// Lets the engine read the text; nothing happens where that was done or `stop` is set before the end. A fault of the engine costs the
    /// document, not the run.
    pub fn read(&mut self, lexicon: &Lexicon, models: bool, stop: &Stop) {
        let State::Given(given) = &mut self.state else { return };
        let Given { article, sha256 } = given.as_mut();
        let name = article.id.clone().unwrap_or_else(|| id::document(sha256));
        let input = Input { id: &name, text: &article.text, published: article.published, title: article.title.as_deref() };
        let options = Options { models, ..Options::default() };
        let read = || {
            let watch = Stopwatch::start();
            let record = extract::extract_until(&input, lexicon, &options, stop)?;
            metrics().engine_read(input.text.len(), watch.elapsed());
            Some(record)
        };
        let read = match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Some(record)) => Extracted::new(std::mem::take(article), std::mem::take(sha256), record).map_err(|e| e.to_string()),
            Ok(None) => return,
            Err(_) => Err("the engine failed on this document; please report it".to_owned()),
        };
        self.state = match read {
            Ok(extracted) => State::Read(Box::new(extracted)),
            Err(problem) => State::Done(Outcome::Failed { problem }),
        };
    }

    pub(super) fn into_done(self) -> Ingested {
        let outcome = match self.state {
            State::Done(outcome) => outcome,
            _ => Outcome::Failed { problem: "was not read".to_owned() },
        };
        metrics().document(match outcome {
            Outcome::Stored { .. } => Stored::New,
            Outcome::Existing { .. } => Stored::Existing,
            Outcome::Failed { .. } => Stored::Failed,
        });
        Ingested { index: self.index, name: self.name, outcome }
    }
}
