//! Names, aliases and codes of filters, looked up; what means nothing is refused, never silently empty.

use super::{Invented, Policy};
use crate::api::problem::{Code, Fault, Problem};
use crate::api::{App, unavailable};
use crate::lexicon::Lexicon;
use crate::lexicon::codes::Codes;
use crate::lexicon::gazetteer::CountryCode;
use crate::model::casualty::CasualtyPolicy;
use crate::model::id::fold_name;
use crate::store::Store;
use crate::store::filter::Fictional;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the server understood each parameter to mean.
pub type Interpreted = Map<String, Value>;

/// Where values are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Resolver<'a> {
    /// Actors, places, documents, publishers.
    pub store: &'a Store,
    /// Countries.
    pub lexicon: &'a Lexicon,
    /// Codes.
    pub codes: &'a Codes,
}

impl<'a> From<&'a App> for Resolver<'a> {
    fn from(app: &'a App) -> Self {
        Self { store: &app.store, lexicon: &app.lexicon, codes: &app.codes }
    }
}

impl<'a> Resolver<'a> {
    /// Begins one request.
    pub fn begin(self) -> Run<'a> {
        Run { at: self, interpreted: Map::new(), faults: Vec::new() }
    }
}

/// One request's values on their way.
#[derive(Debug)]
pub struct Run<'a> {
    at: Resolver<'a>,
    interpreted: Interpreted,
    faults: Vec<Fault>,
}

impl Run<'_> {
    /// All that was understood.
    ///
    /// # Errors
    /// 400 with every value that meant nothing.
    pub fn finish(self) -> Result<Interpreted, Problem> {
        if self.faults.is_empty() { Ok(self.interpreted) } else { Err(Problem::of(Code::InvalidParameter, self.faults)) }
    }

    /// Notes what was understood.
    pub fn note(&mut self, name: &str, value: Value) {
        self.interpreted.insert(name.to_owned(), value);
    }

    /// A value that needs no looking up.
    pub fn given<T: Serialize>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        value.inspect(|value| self.note(name, json!(value)))
    }

    /// Whether invented documents are looked through; told in any case, because they are left out without a word of the client.
    pub fn fictional(&mut self, given: Option<Invented>) -> Fictional {
        let word = given.unwrap_or_default();
        let said = match word {
            Invented::Without => json!(false),
            Invented::Only => json!(true),
            Invented::Any => json!(Invented::WORDS[word as usize]),
        };
        self.note("fictional", said);
        word.into()
    }

    /// Which of several figures counts; told in any case.
    pub fn policy(&mut self, given: Option<Policy>) -> CasualtyPolicy {
        let word = given.unwrap_or_default();
        self.note("casualty_policy", json!(Policy::WORDS[word as usize]));
        word.into()
    }

    /// Codes of a list, full or by class.
    pub fn codes(&mut self, name: &str, list: &str, values: Vec<String>) -> Vec<String> {
        let Some(list) = self.at.codes.list(list) else { return values };
        let all = || list.classes().into_iter().chain(list.codes.iter().map(|c| c.code.as_str()));
        let fault = |value: &str| Fault::parameter(name, unknown(value, "a code of that list")).with_allowed(value, all());
        self.each(name, values, |value| all().any(|code| code == value).then(|| value.to_owned()), fault)
    }

    /// Words of a closed list.
    pub fn words(&mut self, name: &str, words: &[&str], values: Vec<String>) -> Vec<String> {
        let fault = |value: &str| Fault::parameter(name, unknown(value, "one of the words allowed")).with_allowed(value, words.iter().copied());
        self.each(name, values, |value| words.contains(&value).then(|| value.to_owned()), fault)
    }

    /// ISO codes, from codes or names; `unknown` is the empty code.
    pub fn countries(&mut self, name: &str, values: Vec<String>) -> Vec<String> {
        let countries = self.at.lexicon.gazetteer.countries();
        let by_name: BTreeMap<String, &str> = countries.iter().map(|c| (fold_name(&c.name), c.code.as_str())).collect();
        let gazetteer = &self.at.lexicon.gazetteer;
        let look_up = |value: &str| {
            if value == "unknown" {
                return Some(String::new());
            }
            let code = CountryCode::parse(&value.to_ascii_uppercase()).and_then(|code| gazetteer.country(code)).map(|country| country.code);
            let named = || by_name.get(&fold_name(value)).map(|code| (*code).to_owned());
            let alias = || gazetteer.named(value).find(|place| place.admin1().is_none() && place.kind.precision() == "country").and_then(|p| p.country);
            code.map(|c| c.as_str().to_owned()).or_else(named).or_else(|| alias().map(|c| c.as_str().to_owned()))
        };
        self.each(name, values, look_up, |value| {
            let names = countries.iter().map(|c| c.name.as_str());
            let suggestion = crate::api::suggest::nearest(value, names).map(str::to_owned);
            Fault { suggestion, ..Fault::parameter(name, unknown(value, "an ISO 3166-1 alpha-2 code or the English name of a country")) }
        })
    }

    /// Names of provinces as stored incidents have them, whatever the case of the letters.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn provinces(&mut self, name: &str, values: Vec<String>) -> Result<Vec<String>, Problem> {
        if values.is_empty() {
            return Ok(values);
        }
        let stored = self.at.store.provinces().await.map_err(unavailable)?;
        let by_name: BTreeMap<String, &str> = stored.iter().map(|(name, _)| (fold_name(name), name.as_str())).collect();
        let fault = |value: &str| Fault::parameter(name, unknown(value, "a province or state of any incident")).with_allowed(value, by_name.values().copied());
        Ok(self.each(name, values, |value| by_name.get(&fold_name(value)).map(|found| (*found).to_owned()), fault))
    }

    /// Ids of places, from ids or names.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn places(&mut self, name: &str, values: Vec<String>) -> Result<Vec<String>, Problem> {
        let mut found = Vec::new();
        for value in values {
            let places = self.at.store.resolve_place(&value).await.map_err(unavailable)?;
            if places.is_empty() {
                self.faults.push(Fault::parameter(name, unknown(&value, "the id or name of a place in any document")));
            }
            found.extend(places.into_iter().map(|p| (p.id, p.name)));
        }
        Ok(self.named(name, found))
    }

    /// Ids of actors, from ids or any names.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn actors(&mut self, name: &str, values: Vec<String>) -> Result<Vec<String>, Problem> {
        let mut found = Vec::new();
        for value in values {
            let actors = self.at.store.resolve_actor(&value).await.map_err(unavailable)?;
            if actors.is_empty() {
                let names = self.at.lexicon.actors.iter().flat_map(|a| [a.name.as_str(), a.key.as_str()]);
                let suggestion = crate::api::suggest::nearest(&value, names).map(str::to_owned);
                self.faults.push(Fault { suggestion, ..Fault::parameter(name, unknown(&value, "the id, name or alias of an actor")) });
            }
            found.extend(actors.into_iter().map(|a| (a.id, a.name)));
        }
        Ok(self.named(name, found))
    }

    /// Ids of documents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn documents(&mut self, name: &str, values: Vec<String>) -> Result<Vec<String>, Problem> {
        let mut found = Vec::new();
        for value in values {
            match self.at.store.document(&value).await.map_err(unavailable)? {
                Some(document) => found.push(document.id),
                None => self.faults.push(Fault::parameter(name, unknown(&value, "the id of a document"))),
            }
        }
        Ok(self.once(name, found))
    }

    /// Ids of incidents.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn incidents(&mut self, name: &str, values: Vec<String>) -> Result<Vec<String>, Problem> {
        let mut found = Vec::new();
        for value in values {
            match self.at.store.incident(&value).await.map_err(unavailable)? {
                Some(incident) => found.push(incident.row.merged_into.unwrap_or(incident.row.id)),
                None => self.faults.push(Fault::parameter(name, unknown(&value, "the id of an incident"))),
            }
        }
        Ok(self.once(name, found))
    }

    /// Names of publishers as documents have them, whatever the case of the letters.
    ///
    /// # Errors
    /// When the base cannot be read.
    pub async fn sources(&mut self, name: &str, values: Vec<String>) -> Result<Vec<String>, Problem> {
        if values.is_empty() {
            return Ok(values);
        }
        let stored = self.at.store.sources().await.map_err(unavailable)?;
        let by_name: BTreeMap<String, &str> = stored.iter().map(|(name, _)| (fold_name(name), name.as_str())).collect();
        let some = || by_name.values().copied().take(50);
        let fault = |value: &str| Fault::parameter(name, unknown(value, "the publisher of any document")).with_allowed(value, some());
        Ok(self.each(name, values, |value| by_name.get(&fold_name(value)).map(|found| (*found).to_owned()), fault))
    }

    /// What `look_up` makes of the values; those that it does not know are faults.
    fn each(&mut self, name: &str, values: Vec<String>, look_up: impl Fn(&str) -> Option<String>, fault: impl Fn(&str) -> Fault) -> Vec<String> {
        let mut found = Vec::new();
        for value in values {
            match look_up(&value) {
                Some(value) => found.push(value),
                None => self.faults.push(fault(&value)),
            }
        }
        self.once(name, found)
    }

    /// Notes the values, each once.
    fn once(&mut self, name: &str, values: Vec<String>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for value in values {
            if !found.contains(&value) {
                found.push(value);
            }
        }
        if !found.is_empty() {
            self.note(name, json!(found));
        }
        found
    }

    /// Notes ids with their names.
    fn named(&mut self, name: &str, found: Vec<(String, String)>) -> Vec<String> {
        let found: BTreeMap<String, String> = found.into_iter().collect();
        if !found.is_empty() {
            let entries: Vec<Value> = found.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
            self.note(name, Value::Array(entries));
        }
        found.into_keys().collect()
    }
}

fn unknown(value: &str, what: &str) -> String {
    format!("\"{}\" is not {what}", value.chars().take(80).collect::<String>())
}
