//! Names that are not to be shown, and texts without them. What is masked keeps its length in code points, so that offsets into a text stay
//! right; a value that is nothing but such a name becomes a label.

use crate::text::fold;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for a name that is withheld.
pub const LABEL: &str = "name withheld";
/// Stands for a letter of one.
const BLOCK: char = '█';

/// Whose names are withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mask {
    /// Names by their first word, the longest first; words are folded.
    names: BTreeMap<String, Vec<Vec<String>>>,
    /// Last names that others bear as well, by the whole name: masked where the actor is in the same answer or text.
    last: BTreeMap<Vec<String>, String>,
    /// Ids of the actors.
    actors: BTreeSet<String>,
}

/// An actor whose names are withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    /// Id.
    pub actor: String,
    /// All its names.
    pub names: Vec<String>,
    /// Whether the last word of its name is its own: nobody else of the base bears it.
    pub last_name_is_own: bool,
}

/// A word of a text: its place in code points and its folded form.
struct Word {
    start: usize,
    end: usize,
    folded: String,
}

impl Mask {
    /// For these actors; none where there are none.
    pub fn new(actors: &[Withheld]) -> Option<Self> {
        let mut mask = Self::default();
        for actor in actors {
            mask.actors.insert(actor.actor.clone());
            for name in &actor.names {
                let words: Vec<String> = words(&name.chars().collect::<Vec<_>>()).into_iter().map(|w| w.folded).collect();
                if let [_, .., last] = words.as_slice() {
                    if actor.last_name_is_own {
                        mask.add(vec![last.clone()]);
                    } else {
                        mask.last.insert(words.clone(), last.clone());
                    }
                }
                mask.add(words);
            }
        }
        (!mask.actors.is_empty()).then_some(mask)
    }

    fn add(&mut self, words: Vec<String>) {
        let Some(first) = words.first().cloned() else { return };
        let names = self.names.entry(first).or_default();
        if !names.contains(&words) {
            names.push(words);
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
    }

    /// Whether this is one of the actors.
    pub fn is_withheld(&self, actor: &str) -> bool {
        self.actors.contains(actor)
    }

    /// The text with a block for each letter of a withheld name; none where there is no such name. As long as the text, in code points.
    pub fn text(&self, text: &str) -> Option<String> {
        let mut last_names = BTreeSet::new();
        self.add_last_names(text, &mut last_names);
        self.masked(text, &last_names)
    }

    /// Masks all texts of a JSON value. A value that is nothing but a name becomes the label, as does whatever stands for the words of an actor
    /// beside its id. Where a withheld actor is in it, its last name is masked everywhere, whoever bears it.
    pub fn json(&self, value: &mut Value) {
        let mut last_names = BTreeSet::new();
        self.add_last_names_of(value, &mut last_names);
        self.json_with(value, &last_names);
    }

    /// The last names of withheld actors whom a text names.
    fn add_last_names<'m>(&'m self, text: &str, found: &mut BTreeSet<&'m str>) {
        if self.last.is_empty() {
            return;
        }
        let words = words(&text.chars().collect::<Vec<_>>());
        found.extend((0..words.len()).filter_map(|n| self.last.get(self.name_at(&words[n..])?)).map(String::as_str));
    }

    fn add_last_names_of<'m>(&'m self, value: &Value, found: &mut BTreeSet<&'m str>) {
        match value {
            Value::String(text) if self.actors.contains(text) => found.extend(self.last.values().map(String::as_str)),
            Value::String(text) => self.add_last_names(text, found),
            Value::Array(items) => items.iter().for_each(|item| self.add_last_names_of(item, found)),
            Value::Object(members) => members.values().for_each(|member| self.add_last_names_of(member, found)),
            _ => {}
        }
    }

    fn masked(&self, text: &str, last_names: &BTreeSet<&str>) -> Option<String> {
        let mut chars: Vec<char> = text.chars().collect();
        let words = words(&chars);
        let (mut masked, mut n) = (false, 0);
        while let Some(word) = words.get(n) {
            let length = match self.name_at(&words[n..]) {
                Some(name) => name.len(),
                None if last_names.contains(word.folded.as_str()) => 1,
                None => {
                    n += 1;
                    continue;
                }
            };
            let end = words[n + length - 1].end;
            chars[word.start..end].iter_mut().filter(|c| c.is_alphanumeric()).for_each(|c| *c = BLOCK);
            masked = true;
            n += length;
        }
        masked.then(|| chars.into_iter().collect())
    }

    /// The longest name that the words begin with.
    fn name_at(&self, words: &[Word]) -> Option<&Vec<String>> {
        let names = self.names.get(&words.first()?.folded)?;
        names.iter().find(|name| name.len() <= words.len() && name.iter().zip(words).all(|(part, word)| *part == word.folded))
    }

    fn json_with(&self, value: &mut Value, last_names: &BTreeSet<&str>) {
        match value {
            Value::String(text) => {
                if let Some(masked) = self.masked(text, last_names) {
                    *text = if masked.chars().any(|c| c.is_alphanumeric()) { masked } else { LABEL.to_owned() };
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json_with(item, last_names)),
            Value::Object(members) => {
                if self.speaks_of_withheld(members) {
                    hide_words(members);
                }
                // The words of a stretch of a text stay as long as it is.
                let is_stretch = members.contains_key("start") && members.contains_key("end") || members.contains_key("exact");
                for member in members.values_mut() {
                    match member {
                        Value::String(words) if is_stretch => *words = self.masked(words, last_names).unwrap_or_else(|| std::mem::take(words)),
                        other => self.json_with(other, last_names),
                    }
                }
            }
            _ => {}
        }
    }

    /// An object that is such an actor, or has one as `actor`.
    fn speaks_of_withheld(&self, members: &serde_json::Map<String, Value>) -> bool {
        let is = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|id| self.is_withheld(id));
        is(members.get("id")) || is(members.get("actor")) || is(members.get("actor").and_then(|actor| actor.get("id")))
    }
}

/// What an actor is called.
fn hide_words(members: &mut serde_json::Map<String, Value>) {
    for (name, value) in members {
        match (name.as_str(), value) {
            ("name" | "text" | "label", value @ Value::String(_)) => *value = LABEL.into(),
            ("names", Value::Array(names)) => names.truncate(1),
            ("mentions", Value::Array(mentions)) => mentions.iter_mut().filter(|m| m.is_string()).for_each(|m| *m = LABEL.into()),
            _ => {}
        }
    }
}

/// The words of a text. A possessive belongs to none.
fn words(chars: &[char]) -> Vec<Word> {
    let is_apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ' | '`');
    let mut words = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        while at < chars.len() && (chars[at].is_alphanumeric() || is_apostrophe(chars[at]) && chars.get(at + 1).is_some_and(|c| c.is_alphanumeric())) {
            at += 1;
        }
        let possessive = at - start > 2 && matches!(chars[at - 1], 's' | 'S') && is_apostrophe(chars[at - 2]);
        let end = if possessive { at - 2 } else { at };
        let mut folded = String::new();
        fold(&chars[start..end].iter().collect::<String>(), &mut |c| folded.push(c));
        words.push(Word { start, end, folded });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mask(names: &[&str], last_name_is_own: bool) -> Mask {
        let names = names.iter().map(|n| (*n).to_owned()).collect();
        Mask::new(&[Withheld { actor: "act_1".to_owned(), names, last_name_is_own }]).unwrap()
    }

    #[track_caller]
    fn check(mask: &Mask, text: &str, expect: &str) {
        let masked = mask.text(text).unwrap_or_else(|| text.to_owned());
        assert_eq!(masked, expect);
        assert_eq!(masked.chars().count(), text.chars().count(), "offsets stay right");
    }

    #[test]
    fn names_become_blocks_of_their_length() {
        let own = mask(&["Noor Testwali", "Abu Da'wa"], true);
        check(&own, "Police held Noor Testwali, they said.", "Police held ████ ████████, they said.");
        check(&own, "NOOR  TESTWALI's house; noor-testwali", "████  ████████'s house; ████-████████");
        check(&own, "Testwali was freed. Noor was not there.", "████████ was freed. Noor was not there.");
        check(&own, "Abu Da’wa and Abu Dawa spoke.", "███ ██’██ and ███ ████ spoke.");
        check(&own, "Noorani Testwalis", "Noorani Testwalis");
        check(&own, "", "");
    }

    #[test]
    fn a_last_name_that_others_bear_is_masked_beside_the_whole_name_only() {
        let shared = mask(&["Noor Khan"], false);
        check(&shared, "Gen. Khan spoke to Noor Khan. Khan was silent.", "Gen. ████ spoke to ████ ████. ████ was silent.");
        check(&shared, "Khan said so.", "Khan said so.");
    }

    #[test]
    fn a_value_that_is_a_name_becomes_a_label() {
        let mask = mask(&["Noor Khan"], false);
        let mut value = json!({
            "name": "Noor Khan", "n": 3, "list": ["Noor Khan", "by Noor Khan"],
            "speaker": {"actor": {"id": "act_1", "name": "Noor Khan"}, "text": "Khan", "name": "Noor Khan"},
            "party": {"actor": "act_1", "name": "Khan", "mentions": ["the accused Khan"], "role": "target"},
            "other": {"actor": "act_2", "name": "Ali Khan"},
            "detail": {"id": "act_1", "names": [{"name": "Noor Khan"}, {"name": "N. K."}]},
            "span": {"start": 3, "end": 12, "text": "Noor Khan"},
        });
        mask.json(&mut value);
        assert_eq!(
            value,
            json!({
                "name": LABEL, "n": 3, "list": [LABEL, "by ████ ████"],
                "speaker": {"actor": {"id": "act_1", "name": LABEL}, "text": LABEL, "name": LABEL},
                "party": {"actor": "act_1", "name": LABEL, "mentions": [LABEL], "role": "target"},
                "other": {"actor": "act_2", "name": "Ali ████"},
                "detail": {"id": "act_1", "names": [{"name": LABEL}]},
                "span": {"start": 3, "end": 12, "text": "████ ████"},
            })
        );
        assert_eq!(Mask::new(&[]), None);
    }
}
