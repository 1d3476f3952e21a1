//! Everything a server needs before it can answer: base, lexicon, seeds.

use crate::api::{self, App, Shared, Writes};
use crate::clock::Clock;
use crate::config::lexicon::SourceError;
use crate::config::{ServerConfig, SettingsError};
use crate::dashboard;
use crate::extract::Options;
use crate::lexicon::codes::Codes;
use crate::lexicon::{Lexicon, LexiconError};
use crate::store::{Store, StoreError, StoreOptions};
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

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
    /// The base could not be opened or filled.
    #[error(transparent)]
    Store(#[from] StoreError),
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
    let options = StoreOptions { n_readers: config.base.readers, ..StoreOptions::default() };
    let store = Store::open(&config.base.database, options).await?;
    Ok(Arc::new(App {
        store,
        lexicon: Arc::new(lexicon),
        codes: Arc::new(codes),
        options: Options { models: !config.engine.no_models },
        clock,
        started: clock.now(),
        max_body: settings.max_body.0,
        request_timeout: settings.request_timeout.0,
        engine_slots: Arc::new(Semaphore::new(settings.extract_jobs())),
        public_url: settings.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        writes: writes(address),
    }))
}

/// API and pages with all layers around them.
pub fn service(config: &ServerConfig, app: Shared) -> Router {
    let settings = &config.serve;
    let limits = super::Limits { max_requests: settings.max_requests as usize, timeout: settings.request_timeout.0 };
    super::wrap(api::router(app.clone()).merge(dashboard::router()), app, limits)
}

fn writes(address: SocketAddr) -> Writes {
    if address.ip().is_loopback() {
        tracing::info!(%address, "no keys are made and the address is a loopback one: anybody on this machine may write");
        Writes::FromThisMachine
    } else {
        tracing::info!(%address, "the address is not a loopback one: nobody may write");
        Writes::Refused
    }
}
