//! What the engine knows of the world: data files under `lexicon/`, loaded, checked and matched against texts.

pub mod actor_words;
pub mod actors;
pub mod codebooks;
pub mod codes;
pub mod contexts;
pub mod cues;
pub mod figures;
pub mod gazetteer;
pub mod languages;
pub mod organisations;
pub mod realis;
pub mod relations;
pub mod source;
pub mod spellings;
pub mod tags;
pub mod tellers;
pub mod terms;
pub mod trie;
pub mod triggers;

use crate::text::{Document, TextModel, TokenSpan};
use actor_words::ActorWords;
use actors::{Actor, Actors};
use codebooks::Codebooks;
use contexts::Contexts;
use cues::Cues;
use figures::FigureWords;
use gazetteer::Gazetteer;
use languages::Languages;
use organisations::OrganisationHeads;
use realis::Realis;
use relations::Relations;
use source::Source;
use spellings::Spellings;
use tellers::Tellers;
use terms::{Term, Terms};
use trie::{Case, Entry, Trie};
use triggers::Triggers;

/// Everything known, ready for matching. Immutable and shared by all threads.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Named actors.
    pub actors: Actors,
    /// Words that tell of incidents.
    pub triggers: Triggers,
    /// The same words as far as texts without tags show them.
    pub tellers: Tellers,
    /// Settings in which such words tell of no violence.
    pub contexts: Contexts,
    /// Words that say whether an act took place.
    pub realis: Realis,
    /// Words for people, sites, weapons, titles.
    pub terms: Terms,
    /// Words that report speech and thought.
    pub cues: Cues,
    /// Words by which texts quote statistics.
    pub figures: FigureWords,
    /// How texts tell that actors are related.
    pub relations: Relations,
    /// Words that the rules on actors ask for.
    pub actor_words: ActorWords,
    /// Words that head the names of organisations.
    pub organisations: OrganisationHeads,
    /// Small words that tell languages apart.
    pub languages: Languages,
    /// Countries, regions and towns.
    pub gazetteer: Gazetteer,
    /// What reading a text needs: tagger weights, allowed tags.
    pub text: TextModel,
    /// What event datasets include.
    pub codebooks: Codebooks,
    /// Names and terms by their words.
    pub trie: Trie,
    /// `sha256:…` over all data files.
    pub hash: String,
}

/// A data file that cannot be read as what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{file}{}: {problem}", line.map(|l| format!(" line {l}")).unwrap_or_default())]
pub struct LexiconError {
    /// The file, relative to the lexicon's folder.
    pub file: String,
    /// 1-based line, where known.
    pub line: Option<usize>,
    /// What is wrong and what to change.
    pub problem: String,
}

impl LexiconError {
    /// An error in `file` at `line`.
    pub fn new(file: &str, line: impl Into<Option<usize>>, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: line.into(), problem: problem.into() }
    }

    /// What the TOML reader says of the text of `file`.
    pub fn in_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().and_then(|s| text.get(..s.start)).map(|before| before.matches('\n').count() + 1);
        Self::new(file, line, error.message())
    }
}

/// A name or term of the lexicon found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub tokens: TokenSpan,
    /// What.
    pub entry: Entry,
}

impl Lexicon {
    /// The lexicon compiled into this crate.
    ///
    /// # Errors
    /// Never in a released build: the test suite loads it.
    pub fn embedded() -> Result<Self, LexiconError> {
        Self::load(&Source::embedded())
    }

    /// Loads every data file of `source`.
    ///
    /// # Errors
    /// Names the file, the line and what to change.
    pub fn load(source: &Source) -> Result<Self, LexiconError> {
        let mut trie = Trie::new(Spellings::load(source)?);
        let actors = Actors::load(source, &mut trie)?;
        let terms = Terms::load(source, &mut trie)?;
        let gazetteer = Gazetteer::load(source, &mut trie)?;
        let triggers = Triggers::load(source)?;
        let contexts = Contexts::load(source)?;
        let realis = Realis::load(source)?;
        let cues = Cues::load(source)?;
        let figures = FigureWords::load(source)?;
        let relations = Relations::load(source)?;
        let organisations = OrganisationHeads::load(source)?;
        let actor_words = ActorWords::load(source)?;
        let mut text = TextModel::embedded().map_err(|error| LexiconError::new("tagger weights", None, error.to_string()))?;
        text.allowed = tags::load(source)?;
        tags::add_unknown(&mut text, &triggers, &terms);
        let tellers = Tellers::of(&triggers, &text);
        let languages = Languages::default();
        let codebooks = Codebooks::load(source)?;
        let hash = source.hash();
        Ok(Self {
            actors,
            terms,
            triggers,
            tellers,
            contexts,
            realis,
            cues,
            figures,
            relations,
            organisations,
            actor_words,
            languages,
            gazetteer,
            text,
            codebooks,
            trie,
            hash,
        })
    }

    /// Whether a name or term shows that a text speaks of a conflict.
    pub fn speaks_of_conflict(&self, entry: Entry) -> bool {
        match entry {
            Entry::Term(index) => self.terms.get(index).is_some_and(Term::speaks_of_conflict),
            Entry::Actor(index) => self.actors.get(index).is_some_and(Actor::speaks_of_conflict),
            Entry::Demonym(_) => false,
        }
    }

    /// All hits in a text, in order of their start; at each start the longest first. Overlaps are left in: who asks decides.
    pub fn hits(&self, doc: &Document<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        for start in 0..doc.len() {
            self.trie.matches(doc, start, &mut |end, entry, case: Case| {
                let tokens = TokenSpan::new(start, end);
                if case.admits(doc, tokens) {
                    hits.push(Hit { tokens, entry });
                }
            });
        }
        hits.sort_by_key(|h| (h.tokens.start, u32::MAX - h.tokens.end));
        hits
    }
}

/// Parses a TOML data file; the error names file and line.
fn parse_toml<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, LexiconError> {
    toml::from_str(text).map_err(|e| {
        let line = e.span().map(|s| text.get(..s.start).unwrap_or("").matches('\n').count() + 1);
        LexiconError::new(path, line, e.message())
    })
}
