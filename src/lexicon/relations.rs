//! How texts tell that actors are related: `lexicon/relations.toml`.

use super::LexiconError;
use super::source::Source;
use super::trie::Mix;
use crate::text::{Document, Filter, Words, word_hash};
use serde::Deserialize;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// One piece of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// The relation's subject.
    X,
    /// The relation's object, an actor.
    Y,
    /// The relation's object, a place.
    Place,
    /// One of these words or lemmas.
    Words {
        /// Any one of them.
        any: Words,
        /// May be missing.
        optional: bool,
    },
    /// Up to four adjectives, nouns or articles.
    Modifiers,
    /// The noun group that one of these lemmas heads: the relation's subject, without a name.
    Head(Words),
}

/// What follows the verb of a clause pattern and holds the relation's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClausePattern {
    /// Lemmas of the verb.
    pub verbs: Words,
    /// Words that must follow in this order before the object.
    pub words: Vec<Words>,
    /// Prepositions of the object; none for a direct object.
    pub prepositions: Words,
    /// The preposition may be missing.
    pub preposition_optional: bool,
    /// The object is a place.
    pub place: bool,
}

/// One way of telling a relation.
#[derive(Clone, Debug)]
pub struct RelationPattern {
    /// Name of the pattern.
    pub id: String,
    /// Code of the actor relation list.
    pub relation: String,
    /// Words in a row.
    pub forms: Vec<Vec<Element>>,
    /// Verbs with their arguments.
    pub clauses: Vec<ClausePattern>,
    /// The clauses' subject is the relation's object ("X designated Y": Y designated_by X).
    pub inverse: bool,
    /// Both must be named.
    pub named: bool,
    /// The subject must be a person.
    pub person: bool,
    /// The object where the form has none ("banned").
    pub fixed_object: Option<String>,
    /// Texts in which it must be found.
    pub matches: Vec<String>,
    /// Texts in which it must not be found.
    pub rejects: Vec<String>,
}

/// All patterns, in the order of the file.
#[derive(Debug, Default)]
pub struct Relations {
    list: Vec<RelationPattern>,
    /// Forms by the words or lemmas of which each needs one.
    forms: Index,
    /// Hashes of those words.
    form_words: Filter,
    /// Clauses by the lemmas of their verbs.
    clauses: Index,
}

/// Ways of telling by the hash of a word; looked up, never iterated.
type Index = HashMap<u64, Vec<Way>, BuildHasherDefault<Mix>>;

/// A form or clause of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    pattern: u16,
    clause: bool,
    index: u16,
    n_actors: u8,
}

impl Way {
    /// Its place among all ways of telling: pattern by pattern, forms before clauses, as they are listed.
    pub fn place(self) -> u64 {
        u64::from(self.pattern) << 32 | u64::from(self.clause) << 16 | u64::from(self.index)
    }

    /// How many actors a form asks for.
    pub fn n_actors(self) -> usize {
        usize::from(self.n_actors)
    }
}

/// What a way of telling asks for.
#[derive(Clone, Copy, Debug)]
pub enum Telling<'r> {
    /// Words in a row.
    Form(&'r [Element]),
    /// A verb with its arguments.
    Clause(&'r ClausePattern),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pattern: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    relation: String,
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    clauses: Vec<String>,
    #[serde(default)]
    inverse: bool,
    #[serde(default)]
    named: bool,
    #[serde(default)]
    person: bool,
    /// Told either way round; kept for readers of the file.
    #[serde(default)]
    symmetric: bool,
    fixed_object: Option<String>,
    matches: Vec<String>,
    rejects: Vec<String>,
}

const FILE: &str = "relations.toml";

impl Relations {
    /// Loads `relations.toml`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let Some(text) = source.get(FILE) else { return Ok(Self::default()) };
        let file: File = toml::from_str(text).map_err(|e| LexiconError::in_toml(FILE, text, &e))?;
        let list = file.pattern.into_iter().map(read).collect::<Result<_, _>>().map_err(|problem| LexiconError::new(FILE, None, problem))?;
        let mut this = Self { list, ..Self::default() };
        for (pattern, p) in this.list.iter().enumerate() {
            let way = |clause: bool, index: usize| Way { pattern: pattern as u16, clause, index: index as u16, n_actors: 0 };
            for (index, form) in p.forms.iter().enumerate() {
                let n_actors = form.iter().filter(|element| matches!(element, Element::X | Element::Y)).count() as u8;
                add(&mut this.forms, rarest(form), Way { n_actors, ..way(false, index) });
            }
            for (index, clause) in p.clauses.iter().enumerate() {
                add(&mut this.clauses, Some(&clause.verbs), way(true, index));
            }
        }
        this.forms.keys().for_each(|&hash| this.form_words.add(hash));
        Ok(this)
    }

    /// The forms for which token `i` is a word that they need.
    pub fn forms_with(&self, doc: &Document<'_>, i: usize) -> impl Iterator<Item = Way> {
        let token = doc.token(i);
        let lemma = Some(token.lemma_hash).filter(|&lemma| lemma != token.hash);
        let listed = std::iter::once(token.hash).chain(lemma).filter(|&hash| self.form_words.may_have(hash));
        listed.filter_map(|hash| self.forms.get(&hash)).flatten().copied()
    }

    /// The clauses whose verb may be the one that heads at token `i`.
    pub fn clauses_with(&self, doc: &Document<'_>, i: usize) -> impl Iterator<Item = Way> {
        self.clauses.get(&doc.token(i).lemma_hash).into_iter().flatten().copied()
    }

    /// The pattern of a way of telling, and what that asks for.
    pub fn get(&self, way: Way) -> Option<(&RelationPattern, Telling<'_>)> {
        let pattern = self.list.get(usize::from(way.pattern))?;
        let index = usize::from(way.index);
        let telling = if way.clause { pattern.clauses.get(index).map(Telling::Clause) } else { pattern.forms.get(index).map(|f| Telling::Form(f)) };
        telling.map(|telling| (pattern, telling))
    }

    /// All patterns.
    pub fn iter(&self) -> impl Iterator<Item = &RelationPattern> {
        self.list.iter()
    }
}

fn add(index: &mut Index, words: Option<&Words>, way: Way) {
    for word in words.into_iter().flat_map(Words::iter) {
        let ways = index.entry(word_hash(word)).or_default();
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
}

/// Of the words that a form cannot do without those that are the longest, and so the rarest.
fn rarest(form: &[Element]) -> Option<&Words> {
    let needed = form.iter().filter_map(|element| match element {
        Element::Words { any, optional: false } | Element::Head(any) => Some(any),
        _ => None,
    });
    needed.max_by_key(|words| words.iter().map(str::len).min())
}

fn read(raw: Raw) -> Result<RelationPattern, String> {
    let problem = |what: &str| format!("pattern {}: {what}", raw.id);
    if raw.matches.is_empty() || raw.rejects.is_empty() {
        return Err(problem("needs a text that it matches and one that it does not"));
    }
    let forms: Vec<Vec<Element>> = raw.forms.iter().map(|f| f.split(' ').map(element).collect()).collect();
    let bound = |f: &Vec<Element>| f.iter().any(|e| matches!(e, Element::X | Element::Head(_))) && f.iter().any(|e| matches!(e, Element::Y | Element::Place));
    if !forms.iter().all(|f| bound(f) || raw.fixed_object.is_some()) {
        return Err(problem("each form needs X (or @) and Y (or P)"));
    }
    if !forms.iter().all(|f| rarest(f).is_some()) {
        return Err(problem("each form needs a word that is not optional"));
    }
    let clauses =
        raw.clauses.iter().map(|c| clause(c).ok_or_else(|| problem(&format!("\"{c}\" is no clause: S, verbs, words, O or P")))).collect::<Result<_, _>>()?;
    let _ = raw.symmetric;
    Ok(RelationPattern {
        forms,
        clauses,
        id: raw.id,
        relation: raw.relation,
        inverse: raw.inverse,
        named: raw.named,
        person: raw.person,
        fixed_object: raw.fixed_object,
        matches: raw.matches,
        rejects: raw.rejects,
    })
}

fn alternatives(words: &str) -> Words {
    Words::of(words.split('|'))
}

fn element(word: &str) -> Element {
    match word {
        "X" => Element::X,
        "Y" => Element::Y,
        "P" => Element::Place,
        "~" => Element::Modifiers,
        _ => match (word.strip_prefix('@'), word.strip_suffix('?')) {
            (Some(head), _) => Element::Head(alternatives(head)),
            (None, Some(optional)) => Element::Words { any: alternatives(optional), optional: true },
            (None, None) => Element::Words { any: alternatives(word), optional: false },
        },
    }
}

/// Prepositions before the object of a clause.
const PREPOSITIONS: [&str; 14] = ["to", "for", "with", "of", "from", "on", "against", "in", "at", "inside", "across", "along", "alongside", "between"];

fn clause(text: &str) -> Option<ClausePattern> {
    let mut words: Vec<&str> = text.split(' ').filter(|w| *w != "~").collect();
    let place = match words.pop()? {
        "O" => false,
        "P" => true,
        _ => return None,
    };
    if words.first() != Some(&"S") || words.len() < 2 {
        return None;
    }
    let verbs = alternatives(words[1]);
    let mut rest: Vec<&str> = words[2..].to_vec();
    let (mut prepositions, mut preposition_optional) = (Words::default(), false);
    if let Some(last) = rest.last().copied() {
        let (plain, optional) = last.strip_suffix('?').map_or((last, false), |w| (w, true));
        let list = alternatives(plain);
        if list.iter().all(|p| PREPOSITIONS.contains(&p)) {
            (prepositions, preposition_optional) = (list, optional);
            rest.pop();
        }
    }
    Some(ClausePattern { verbs, words: rest.iter().map(|w| alternatives(w)).collect(), prepositions, preposition_optional, place })
}
