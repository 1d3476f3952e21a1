//! Everything a server needs before it can answer: base, lexicon, seeds.

use crate::api::auth::{Access, Keyless};
use crate::api::engine::EngineSlots;
use crate::api::events::Feeds;
use crate::api::masked::Masks;
use crate::api::{self, App, Shared};
use crate::clock::{Clock, Stopwatch};
use crate::config::lexicon::SourceError;
use crate::config::{ServeSettings, ServerConfig, SettingsError, Switch};
use crate::dashboard;
use crate::extract::Options;
use crate::ingest::jobs::{JobSettings, Jobs};
use crate::ingest::{IngestError, Outcome, Settings, renew, seed};
use crate::lexicon::codes::Codes;
use crate::lexicon::{Lexicon, LexiconError};
use crate::store::{JobLimits, Store, StoreError, StoreOptions};
use axum::Router;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a read waits for a connection: whoever asks would rather be told to come back.
const READ_PATIENCE: Duration = Duration::from_secs(2);

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Settings that do not go together.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The address is taken.
    #[error(transparent)]
    Bind(#[from] super::BindError),
    /// The lexicon's files could not be read.
    #[error("cannot read the lexicon")]
    Source(#[from] SourceError),
    /// The lexicon's files are wrong.
    #[error("the lexicon is wrong")]
    Lexicon(#[from] LexiconError),
    /// The base could not be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The base could not be filled.
    #[error("cannot fill the base")]
    Fill(#[from] IngestError),
}

/// Opens the base, loads the lexicon and fills an empty base. `address` is where the server listens: it decides who may write.
///
/// # Errors
/// Says what is wrong with the settings, the lexicon or the base.
pub async fn open(config: &ServerConfig, address: SocketAddr, clock: Clock) -> Result<Shared, StartError> {
    let settings = &config.serve;
    settings.check()?;
    let source = config.engine.source()?;
    let lexicon = Lexicon::load(&source)?;
    let codes = Codes::load(&source)?;
    let options = StoreOptions {
        n_readers: config.base.readers,
        read_time: Some(settings.query_timeout.0),
        read_patience: READ_PATIENCE,
        // Half of the requests may wait for heavy reads; the other half is for those that do not.
        slow: settings.slow_query.0,
        max_waiting: (settings.max_requests as usize / 2).max(1),
        ..StoreOptions::default()
    };
    let store = Store::open(&config.base.database, options).await?;
    let lexicon = Arc::new(lexicon);
    fill(&store, &lexicon, config, clock).await?;
    let access = access(settings, address);
    tell_who_may_write(&store, access.keyless, clock.now()).await?;
    let jobs = Jobs::start(store.clone(), job_settings(config, &lexicon, clock)).await?;
    Ok(Arc::new(App {
        store,
        jobs,
        max_bulk: settings.max_bulk.0,
        lexicon,
        codes: Arc::new(codes),
        options: Options { models: !config.engine.no_models, ..Options::default() },
        scorer: OnceLock::new(),
        clock,
        started: clock.now(),
        max_body: settings.max_body.0,
        request_timeout: settings.request_timeout.0,
        max_text: settings.text.max_text.0,
        engine_slots: EngineSlots::new(settings.extract_jobs()),
        metrics: settings.metrics == Switch::On,
        masks: Masks::default(),
        feeds: Feeds::new(settings.max_feeds as usize, settings.idle_timeout.0),
        public_url: settings.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        access,
    }))
}

fn job_settings(config: &ServerConfig, lexicon: &Arc<Lexicon>, clock: Clock) -> JobSettings {
    let settings = &config.serve;
    JobSettings {
        lexicon: lexicon.clone(),
        models: !config.engine.no_models,
        max_text: settings.text.max_text.0,
        limits: JobLimits { jobs: u64::from(settings.max_jobs), bytes: settings.max_spool.0 as u64 },
        clock,
    }
}

/// The lexicon's actors where they are new, the seed documents where the base is empty.
async fn fill(store: &Store, lexicon: &Arc<Lexicon>, config: &ServerConfig, clock: Clock) -> Result<(), IngestError> {
    let watch = Stopwatch::start();
    if seed::lexicon(store, lexicon, clock.now()).await? {
        tracing::info!(ms = watch.elapsed().as_millis() as u64, "stored the lexicon's actors");
    }
    let renewed = renew(store, lexicon, clock.now()).await?;
    if renewed > 0 {
        tracing::info!(incidents = renewed, ms = watch.elapsed().as_millis() as u64, "made incidents anew by the rules of this version");
    }
    if config.serve.no_seeds() {
        return Ok(());
    }
    let settings = Settings { models: !config.engine.no_models, max_text: config.serve.text.max_text.0, ..Settings::new(clock.now(), "seeds") };
    let stored = seed::fill(store, lexicon.clone(), config.serve.seeds.as_deref(), &settings).await?;
    for document in &stored {
        if let Outcome::Failed { problem } = &document.outcome {
            tracing::warn!(document = document.name, problem, "a seed document could not be stored");
        }
    }
    if !stored.is_empty() {
        tracing::info!(documents = stored.len(), ms = watch.elapsed().as_millis() as u64, "filled the empty base with seed documents");
    }
    Ok(())
}

/// API and pages with all layers around them.
pub fn service(config: &ServerConfig, app: Shared) -> Router {
    let settings = &config.serve;
    let limits =
        super::Limits { max_requests: settings.max_requests as usize, timeout: settings.request_timeout.0, min_receive_rate: settings.min_receive_rate.0 };
    super::wrap(api::router(app.clone()).merge(dashboard::router()), app, limits)
}

/// What decides who may do what on a server that listens on `address`.
fn access(settings: &ServeSettings, address: SocketAddr) -> Access {
    let on_loopback = address.ip().to_canonical().is_loopback();
    let keyless = if settings.public_url.is_some() {
        Keyless::Nobody("This server stands behind a proxy (--public-url), so that writing needs a key.")
    } else if on_loopback {
        Keyless::FromThisMachine
    } else {
        Keyless::Nobody("This server can be reached from other machines, so that writing needs a key.")
    };
    Access::new(keyless, on_loopback, settings.key_limit, settings.anonymous_limit)
}

/// Says who may write, and how to change that.
async fn tell_who_may_write(store: &Store, keyless: Keyless, now: Timestamp) -> Result<(), StoreError> {
    let keys = store.keys().await?;
    let n_keys = keys.iter().filter(|key| key.is_valid(now)).count();
    match keyless {
        Keyless::FromThisMachine if keys.is_empty() => tracing::info!(
            "no key was ever made, so any program on this machine may write; behind a proxy set --public-url, or make a key, because a proxy that adds no header to what it forwards looks like such a program"
        ),
        _ if n_keys > 0 => tracing::info!(n_keys, "writing needs a key"),
        _ => tracing::warn!("writing needs a key, and there is none: waqia keys create --name NAME --scope ingest --database {}", store.path().display()),
    }
    Ok(())
}
