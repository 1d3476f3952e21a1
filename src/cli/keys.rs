//! `waqia keys`: makes, lists and revokes the keys that may write. A running server notices within a second.

use crate::api::auth::token;
use crate::clock::Clock;
use crate::config::BaseSettings;
use crate::model::key::{Key, NewKey, Scope};
use crate::store::{Store, StoreOptions};
use anyhow::{Result, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;
use std::io::{self, Write};
use std::process::ExitCode;

/// Longest name of a key, in characters.
const MAX_NAME: usize = 64;

#[derive(Args, Debug)]
pub struct KeysArgs {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key and print it; it is not shown again
    Create(CreateArgs),
    /// List the keys that were made
    List(ListArgs),
    /// Take a key no longer
    Revoke(RevokeArgs),
}

#[derive(Args, Debug)]
struct CreateArgs {
    /// What it is called; stands as `who` in the history of what is written with it
    #[arg(long, value_parser = name)]
    name: String,
    /// What it may do; each scope includes those before it
    #[arg(long, value_parser = PossibleValuesParser::new(Scope::ALL.map(Scope::name)).try_map(|name| name.parse::<Scope>()))]
    scope: Scope,
    /// Requests a minute; without it as many as the server's --key-limit
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    per_minute: Option<u32>,
    /// Last day on which it is taken (UTC), as YYYY-MM-DD; without it there is no end
    #[arg(long, value_name = "DATE")]
    expires: Option<Date>,
    #[command(flatten)]
    base: BaseSettings,
}

#[derive(Args, Debug)]
struct ListArgs {
    /// One JSON array instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    base: BaseSettings,
}

#[derive(Args, Debug)]
struct RevokeArgs {
    /// The key's name
    name: String,
    #[command(flatten)]
    base: BaseSettings,
}

pub fn run(args: &KeysArgs) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let now = Clock::System.now();
    runtime.block_on(async {
        match &args.command {
            KeysCommand::Create(args) => create(args, now).await,
            KeysCommand::List(args) => list(args, now).await,
            KeysCommand::Revoke(args) => revoke(args, now).await,
        }
    })
}

async fn create(args: &CreateArgs, now: Timestamp) -> Result<ExitCode> {
    let expires_at = args.expires.map(end_of).transpose()?;
    if expires_at.is_some_and(|end| end <= now) {
        bail!("--expires {} is past, so the key would never be taken", args.expires.map(|day| day.to_string()).unwrap_or_default());
    }
    let key = token::generate()?;
    let hash = token::hash(&key)?;
    let public_part = token::public_part(&key).unwrap_or_default().to_owned();
    let new = NewKey { name: args.name.clone(), public_part, hash, scope: args.scope, per_minute: args.per_minute, expires_at };
    let store = open(&args.base).await?;
    let added = store.add_key(&new, now).await;
    store.close().await;
    added?;
    // On stdout the key alone, for `KEY=$(waqia keys create …)`.
    writeln!(io::stdout(), "{key}")?;
    writeln!(io::stderr(), "made the key \"{}\" ({}) in {}; keep it, it is not shown again", new.name, new.scope.name(), args.base.database.display())?;
    Ok(ExitCode::SUCCESS)
}

async fn list(args: &ListArgs, now: Timestamp) -> Result<ExitCode> {
    let store = open_existing(&args.base).await?;
    let keys = store.keys().await;
    store.close().await;
    let rows: Vec<Listed> = keys?.iter().map(|key| Listed::of(key, now)).collect();
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let table: Vec<[String; 7]> = std::iter::once(Listed::HEAD.map(str::to_owned)).chain(rows.iter().map(Listed::cells)).collect();
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 7] = std::array::from_fn(width);
    for row in &table {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn revoke(args: &RevokeArgs, now: Timestamp) -> Result<ExitCode> {
    let store = open_existing(&args.base).await?;
    let revoked = store.revoke_key(&args.name, now).await;
    let keys = store.keys().await;
    store.close().await;
    if revoked? {
        writeln!(io::stdout(), "revoked the key \"{}\"", args.name)?;
        return Ok(ExitCode::SUCCESS);
    }
    match keys?.iter().find(|key| key.made.name == args.name).and_then(|key| key.revoked_at) {
        Some(when) => bail!("the key \"{}\" was revoked before, at {when}", args.name),
        None => bail!("there is no key \"{}\" in {}; `waqia keys list` shows all", args.name, args.base.database.display()),
    }
}

async fn open(base: &BaseSettings) -> Result<Store> {
    Ok(Store::open(&base.database, StoreOptions { n_readers: 1, ..StoreOptions::default() }).await?)
}

/// A name that was misspelt must not make a new base.
async fn open_existing(base: &BaseSettings) -> Result<Store> {
    if !base.database.is_file() {
        bail!("there is no base {}; name it with --database", base.database.display());
    }
    open(base).await
}

/// The first moment after that day.
fn end_of(day: Date) -> Result<Timestamp> {
    Ok(day.checked_add(1.day())?.to_zoned(TimeZone::UTC)?.timestamp())
}

fn name(text: &str) -> Result<String, String> {
    let n = text.chars().count();
    let fits = (1..=MAX_NAME).contains(&n) && text.chars().all(|c| c.is_alphanumeric() || "-_.@ ".contains(c)) && text.trim() == text;
    if fits { Ok(text.to_owned()) } else { Err(format!("expected 1 to {MAX_NAME} letters, digits, spaces, or any of - _ . @")) }
}

/// A key as it is shown.
#[derive(Debug, Serialize)]
struct Listed {
    name: String,
    public_part: String,
    scope: Scope,
    state: &'static str,
    per_minute: Option<u32>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl Listed {
    const HEAD: [&str; 7] = ["NAME", "KEY", "SCOPE", "STATE", "CREATED", "EXPIRES", "LAST USED"];

    fn of(key: &Key, now: Timestamp) -> Self {
        Self {
            name: key.made.name.clone(),
            public_part: key.made.public_part.clone(),
            scope: key.made.scope,
            state: key.state(now),
            per_minute: key.made.per_minute,
            created_at: key.created_at,
            expires_at: key.made.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }

    fn cells(&self) -> [String; 7] {
        let time = |time: Option<Timestamp>| time.map_or_else(|| "–".to_owned(), |time| time.to_string());
        [
            self.name.clone(),
            format!("waqia_{}_…", self.public_part),
            self.scope.name().to_owned(),
            self.state.to_owned(),
            time(Some(self.created_at)),
            time(self.expires_at),
            time(self.last_used_at),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_until_the_end_of_its_last_day() {
        assert_eq!(end_of("2027-02-28".parse().unwrap()).unwrap().to_string(), "2027-03-01T00:00:00Z");
        assert!(end_of(Date::MAX).is_err());
    }

    #[test]
    fn names_are_short_and_plain() {
        for good in ["alice", "feed of AFP", "a@b.example", "ne_1-2", "ünal"] {
            assert_eq!(name(good).as_deref(), Ok(good));
        }
        for bad in ["", " ", " a", "a\n", "a\"b", "<b>", &"x".repeat(65)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
