//! `as_of`: an answer from the base as it was.

use super::filter::{Interpreted, Moment, Resolver};
use super::problem::{Code, Fault, Problem};
use super::query::{Bad, QueryValue, schema};
use super::{App, unavailable};
use crate::query;
use crate::store::Store;
use jiff::civil::Date;
use serde_json::json;
use utoipa::openapi::schema::{Schema, Type};

query! {
    /// When.
    pub struct AsOf {
        /// The base as it was: at a moment (RFC 3339), at the end of a day (UTC), or at one of its revisions (a number). Does not go with `q`.
        as_of: Option<When>,
    }
}

/// A point in the base's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// After the transaction of this number.
    Revision(i64),
    /// After the transactions up to this moment, in UTC.
    Moment(String),
    /// At the end of this day, in UTC.
    Day(Date),
}

impl QueryValue for When {
    fn parse(text: &str) -> Result<Self, Bad> {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().map(Self::Revision).map_err(|_| "is not the number of a revision".into());
        }
        let Moment(moment) = Moment::parse(text)
            .map_err(|_| Bad::from("is neither a moment such as 2023-02-03T10:00:00Z, nor a day such as 2023-02-03, nor the number of a revision"))?;
        Ok(moment.parse().map_or_else(|_| Self::Moment(moment), Self::Day))
    }

    fn schema() -> Schema {
        schema(Type::String).build().into()
    }
}

/// The base that a request reads, and what `as_of` was taken for.
#[derive(Clone, Debug)]
pub struct Read {
    /// The base as it is, or as it was.
    pub store: Store,
    /// The revision asked for.
    pub revision: Option<i64>,
}

impl AsOf {
    /// The base to read. `words`: whether the request looks for words.
    ///
    /// # Errors
    /// 400 where that time is not kept or has not come, or words are looked for: the index has those of today.
    pub async fn read(&self, app: &App, words: bool) -> Result<Read, Problem> {
        let Some(when) = &self.as_of else { return Ok(Read { store: app.store.clone(), revision: None }) };
        if words {
            let fault = Fault::parameter("q", "does not go with `as_of`: the index of words knows only what is there now; leave one of the two out");
            return Err(Problem::of(Code::ConflictingParameters, vec![fault]));
        }
        let revision = self.revision(app, when).await?;
        let since = app.store.past_since().await.map_err(unavailable)?;
        if revision < since {
            return Err(refused(format!("is before the base's revision {since}; what was changed before it was not kept")));
        }
        Ok(Read { store: app.store.as_of(revision), revision: Some(revision) })
    }

    async fn revision(&self, app: &App, when: &When) -> Result<i64, Problem> {
        // As the base writes times.
        let now = app.clock.now();
        let now = now.round(jiff::Unit::Second).unwrap_or(now);
        let moment = match when {
            When::Revision(revision) => {
                let last = app.store.revision().await.map_err(unavailable)?;
                return if *revision <= last { Ok(*revision) } else { Err(refused(format!("has not come: the base's revision is {last}"))) };
            }
            When::Moment(moment) if moment.parse::<jiff::Timestamp>().is_ok_and(|moment| moment > now) => return Err(refused("lies in the future".to_owned())),
            When::Moment(moment) => moment.clone(),
            When::Day(day) if *day > now.to_zoned(jiff::tz::TimeZone::UTC).date() => return Err(refused("lies in the future".to_owned())),
            When::Day(day) => format!("{day}T23:59:59Z"),
        };
        app.store.revision_at(&moment).await.map_err(unavailable)
    }

    /// The query of a link that leads to the same time, with its question mark.
    pub fn query(&self) -> String {
        match &self.as_of {
            None => String::new(),
            Some(When::Revision(revision)) => format!("?as_of={revision}"),
            Some(When::Moment(moment)) => format!("?as_of={moment}"),
            Some(When::Day(day)) => format!("?as_of={day}"),
        }
    }
}

fn refused(detail: String) -> Problem {
    Problem::of(Code::InvalidParameter, vec![Fault::parameter("as_of", detail)])
}

impl Read {
    /// Where names are looked up: among those of then.
    pub fn resolver<'a>(&'a self, app: &'a App) -> Resolver<'a> {
        Resolver { store: &self.store, lexicon: &app.lexicon, codes: &app.codes }
    }

    /// Says which revision the answer is of.
    pub fn note(&self, interpreted: &mut Interpreted) {
        if let Some(revision) = self.revision {
            interpreted.insert("as_of".to_owned(), json!({ "revision": revision }));
        }
    }

    /// The problem of an id that is not there.
    pub async fn missing(&self, app: &App, what: &str, id: &str) -> Problem {
        match self.revision {
            None => super::moved::missing(app, what, id).await,
            Some(revision) => {
                Problem { detail: format!("There was no {what} \"{id}\" at revision {revision} of the base.").into(), ..Problem::not_found(what, id) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_moment_a_day_or_a_revision() {
        assert_eq!(When::parse("17"), Ok(When::Revision(17)));
        assert_eq!(When::parse("2023-02-03"), Ok(When::Day(Date::constant(2023, 2, 3))));
        assert_eq!(When::parse("2023-02-03T12:00:00+05:00"), Ok(When::Moment("2023-02-03T07:00:00Z".to_owned())));
        for text in ["yesterday", "2023-02", "-1", "1.5", "99999999999999999999"] {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }
}
