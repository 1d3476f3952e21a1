//! `waqia serve`: listens, opens the base, answers until it is told to stop.

use crate::clock::{Clock, Stopwatch};
use crate::config::ServerConfig;
use crate::server::{self, ConnectionLimits};
use anyhow::{Context, Result};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Time that reads under way have left when the server is told to stop.
const LAST_READS: Duration = Duration::from_secs(2);

pub fn run(config: &ServerConfig) -> Result<ExitCode> {
    config.serve.check()?;
    let max_connections = server::descriptors::raise(config.serve.max_connections, config.base.readers)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the threads of the server")?;
    let outcome = runtime.block_on(serve(config, max_connections as usize));
    // A text that the engine still reads, for a client that was answered long ago, is not waited for.
    runtime.shutdown_background();
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: &ServerConfig, max_connections: usize) -> Result<()> {
    let watch = Stopwatch::start();
    // Before anything slow: a port in use is told at once.
    let bound = server::bind(config.serve.listen).await?;
    let app = server::open(config, bound.address, Clock::System).await?;
    let router = server::service(config, app.clone());
    // On stdout, so that who started the server can read where it is.
    writeln!(io::stdout(), "listening on http://{}", bound.address)?;
    tracing::info!(address = %bound.address, ms = watch.elapsed().as_millis() as u64, "ready to answer");
    let stop = async {
        stop_signal().await;
        app.jobs.stop();
        app.store.hurry(LAST_READS);
    };
    let limits = ConnectionLimits { max_connections, ..ConnectionLimits::from(&config.serve) };
    bound.serve(router, limits, stop).await;
    app.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// SIGINT (Ctrl-C) or SIGTERM (what container runtimes send).
async fn stop_signal() {
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "cannot listen for SIGINT");
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminated() => {}
    }
    tracing::info!("stopping: no new connections, requests under way may end");
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "cannot listen for SIGTERM");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending::<()>().await;
}
