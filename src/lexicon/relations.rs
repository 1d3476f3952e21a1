//! How texts tell that actors are related: `lexicon/relations.toml`.

use super::LexiconError;
use super::source::Source;
use serde::Deserialize;

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
        any: Vec<String>,
        /// May be missing.
        optional: bool,
    },
    /// Up to four adjectives, nouns or articles.
    Modifiers,
    /// The noun group that one of these lemmas heads: the relation's subject, without a name.
    Head(Vec<String>),
}

/// What follows the verb of a clause pattern and holds the relation's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClausePattern {
    /// Lemmas of the verb.
    pub verbs: Vec<String>,
    /// Words that must follow in this order before the object.
    pub words: Vec<Vec<String>>,
    /// Prepositions of the object; none for a direct object.
    pub prepositions: Vec<String>,
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
        Ok(Self { list })
    }

    /// All patterns.
    pub fn iter(&self) -> impl Iterator<Item = &RelationPattern> {
        self.list.iter()
    }
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

fn alternatives(words: &str) -> Vec<String> {
    words.split('|').map(str::to_owned).collect()
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
    let (mut prepositions, mut preposition_optional) = (Vec::new(), false);
    if let Some(last) = rest.last().copied() {
        let (plain, optional) = last.strip_suffix('?').map_or((last, false), |w| (w, true));
        let list = alternatives(plain);
        if list.iter().all(|p| PREPOSITIONS.contains(&p.as_str())) {
            (prepositions, preposition_optional) = (list, optional);
            rest.pop();
        }
    }
    Some(ClausePattern { verbs, words: rest.iter().map(|w| alternatives(w)).collect(), prepositions, preposition_optional, place })
}
