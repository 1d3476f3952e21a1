//! Keys: who may write, from wherever.

use jiff::Timestamp;
use serde::Serialize;
use std::str::FromStr;

/// What a key may do; each scope includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Send documents.
    Ingest,
    /// Correct what was read from them.
    Curate,
    /// Look after the base.
    Admin,
}

impl Scope {
    /// All of them, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Ingest, Self::Curate, Self::Admin];

    /// As it is written on the command line and in the base.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Curate => "curate",
            Self::Admin => "admin",
        }
    }

    /// Whether a key of this scope may do what `needed` allows.
    pub fn includes(self, needed: Self) -> bool {
        self >= needed
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|scope| scope.name() == name).ok_or_else(|| format!("expected {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// A key as it is made. The key itself is never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// What it is called; stands as `who` in the history of what is written with it.
    pub name: String,
    /// The part of the key by which it is found.
    pub public_part: String,
    /// Hash of the whole key, a PHC string.
    pub hash: String,
    /// What it may do.
    pub scope: Scope,
    /// Requests a minute; `None`: as many as the server allows any key.
    pub per_minute: Option<u32>,
    /// From when on it is not taken any more.
    pub expires_at: Option<Timestamp>,
}

/// A key that the base has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Number of the row.
    pub id: i64,
    /// What it was made with.
    pub made: NewKey,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From when on it is not taken any more, by decision.
    pub revoked_at: Option<Timestamp>,
}

impl Key {
    /// Whether it is taken at this time.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.made.expires_at.is_none_or(|end| now < end)
    }

    /// `active`, `expired` or `revoked`.
    pub fn state(&self, now: Timestamp) -> &'static str {
        match self.revoked_at {
            Some(_) => "revoked",
            None if self.is_valid(now) => "active",
            None => "expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_includes_those_before_it() {
        assert!(Scope::Admin.includes(Scope::Ingest) && Scope::Curate.includes(Scope::Ingest) && Scope::Ingest.includes(Scope::Ingest));
        assert!(!Scope::Ingest.includes(Scope::Curate) && !Scope::Curate.includes(Scope::Admin));
        assert_eq!("curate".parse(), Ok(Scope::Curate));
        assert_eq!("root".parse::<Scope>().unwrap_err(), "expected ingest, curate, admin");
    }
}
