//! Settings: by flag, else by environment variable, else the default. Each is documented where it is declared.

pub mod lexicon;
pub mod size;
pub mod span;

use clap::{Args, ValueEnum};
pub use size::Size;
pub use span::Seconds;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What every sub-command takes.
#[derive(Args, Clone, Debug)]
pub struct LogSettings {
    /// What is logged: error, warn, info, debug, trace, or a filter such as "info,waqia::store=debug"
    #[arg(long, env = "WAQIA_LOG", default_value = "info", value_name = "FILTER", help_heading = "Logging")]
    pub log: String,
    /// How a log line looks
    #[arg(long, env = "WAQIA_LOG_FORMAT", default_value = "text", value_name = "FORMAT", help_heading = "Logging")]
    pub log_format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One readable line.
    Text,
    /// One JSON object per line.
    Json,
}

/// What the engine knows.
#[derive(Args, Clone, Debug, Default)]
pub struct EngineSettings {
    /// Folder of lexicon files that replace or add to the built-in ones (same names as under lexicon/)
    #[arg(long, env = "WAQIA_LEXICON", value_name = "DIR", help_heading = "Engine")]
    pub lexicon: Option<PathBuf>,
    /// Use the rules alone, without the learned scorers
    #[arg(long, env = "WAQIA_NO_MODELS", value_parser = clap::builder::FalseyValueParser::new(), help_heading = "Engine")]
    pub no_models: bool,
}

/// Where the knowledge base is.
#[derive(Args, Clone, Debug)]
pub struct BaseSettings {
    /// The knowledge base: one SQLite file, made where it is missing
    #[arg(long, env = "WAQIA_DATABASE", default_value = "waqia.db", value_name = "FILE", help_heading = "Knowledge base")]
    pub database: PathBuf,
    /// Connections for searches, sums and long lists; there is one more for small reads
    #[arg(long, env = "WAQIA_READERS", default_value_t = 4, value_name = "N", help_heading = "Knowledge base", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub readers: u32,
}

/// What a text may be.
#[derive(Args, Clone, Copy, Debug)]
pub struct TextSettings {
    /// Largest text of one document, e.g. 1MiB; longer ones are refused
    #[arg(long, env = "WAQIA_MAX_TEXT", default_value = "1MiB", value_name = "SIZE", help_heading = "Limits")]
    pub max_text: Size,
}

/// How `waqia serve` answers.
#[derive(Args, Clone, Debug)]
pub struct ServeSettings {
    /// Address and port to listen on; port 0 takes a free one and prints it
    #[arg(long, env = "WAQIA_LISTEN", default_value = "127.0.0.1:8000", value_name = "ADDR:PORT", help_heading = "Server")]
    pub listen: SocketAddr,
    /// The address that clients see, where a proxy stands in front: used in links (without it the Host header is), and writing needs a key
    #[arg(long, env = "WAQIA_PUBLIC_URL", value_name = "URL", help_heading = "Server")]
    pub public_url: Option<String>,
    /// Folder of documents (.md, .txt) that fill an empty base at the first start, or "none"; without it the built-in ones
    #[arg(long, env = "WAQIA_SEEDS", value_name = "DIR", help_heading = "Server")]
    pub seeds: Option<PathBuf>,
    /// Largest request body, e.g. 16MiB
    #[arg(long, env = "WAQIA_MAX_BODY", default_value = "16MiB", value_name = "SIZE", help_heading = "Limits")]
    pub max_body: Size,
    /// Largest body of a job (`Prefer: respond-async`, zip, WARC, feeds), also when it is decoded
    #[arg(long, env = "WAQIA_MAX_BULK", default_value = "1GiB", value_name = "SIZE", help_heading = "Limits")]
    pub max_bulk: Size,
    /// What is kept at most, in a folder beside the knowledge base, for jobs that wait; more is answered 507
    #[arg(long, env = "WAQIA_MAX_SPOOL", default_value = "4GiB", value_name = "SIZE", help_heading = "Limits")]
    pub max_spool: Size,
    /// Jobs that wait at most; more are answered 429
    #[arg(long, env = "WAQIA_MAX_JOBS", default_value_t = 16, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub max_jobs: u32,
    /// Smaller than a body, which may hold many.
    #[command(flatten)]
    pub text: TextSettings,
    /// Connections open at once; another one takes the place of the one that is idle longest
    #[arg(long, env = "WAQIA_MAX_CONNECTIONS", default_value_t = 1024, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_connections: u32,
    /// Requests worked on at once; more are answered 503 with Retry-After
    #[arg(long, env = "WAQIA_MAX_REQUESTS", default_value_t = 256, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_requests: u32,
    /// Feeds of server-sent events open at once; more are answered 503 with Retry-After
    #[arg(long, env = "WAQIA_MAX_FEEDS", default_value_t = 64, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub max_feeds: u32,
    /// Requests a minute with a key that was made without a number of its own; more are answered 429 with Retry-After
    #[arg(long, env = "WAQIA_KEY_LIMIT", default_value_t = 600, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub key_limit: u32,
    /// Texts a minute that /v1/extract reads for one address without a key; 0 means none. Programs on the machine of a server that only listens there are not limited
    #[arg(long, env = "WAQIA_ANONYMOUS_LIMIT", default_value_t = 60, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub anonymous_limit: u32,
    /// Texts read by the engine at once; 0 means one per processor
    #[arg(long, env = "WAQIA_EXTRACT_JOBS", default_value_t = 0, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(0..=1024))]
    pub extract_jobs: u32,
    /// Time for one request, from its headers to the start of the answer
    #[arg(long, env = "WAQIA_REQUEST_TIMEOUT", default_value = "30s", value_name = "TIME", help_heading = "Limits")]
    pub request_timeout: Seconds,
    /// Time for one read of the knowledge base; a longer one is stopped and answered 503
    #[arg(long, env = "WAQIA_QUERY_TIMEOUT", default_value = "10s", value_name = "TIME", help_heading = "Limits")]
    pub query_timeout: Seconds,
    /// Time for a client to send the headers of a request; also how long a connection may wait for its next request
    #[arg(long, env = "WAQIA_HEADER_TIMEOUT", default_value = "15s", value_name = "TIME", help_heading = "Limits")]
    pub header_timeout: Seconds,
    /// A connection on which no byte moves for so long is closed
    #[arg(long, env = "WAQIA_IDLE_TIMEOUT", default_value = "60s", value_name = "TIME", help_heading = "Limits")]
    pub idle_timeout: Seconds,
    /// An answer that is read at fewer bytes a second, over 15 s of waiting for the client, ends the connection
    #[arg(long, env = "WAQIA_MIN_SEND_RATE", default_value = "8KiB", value_name = "SIZE", help_heading = "Limits")]
    pub min_send_rate: Size,
    /// A body that comes at fewer bytes a second, over 10 s of waiting for the client, is answered 408
    #[arg(long, env = "WAQIA_MIN_RECEIVE_RATE", default_value = "1KiB", value_name = "SIZE", help_heading = "Limits")]
    pub min_receive_rate: Size,
    /// Time for running requests to end after SIGINT or SIGTERM
    #[arg(long, env = "WAQIA_SHUTDOWN_TIMEOUT", default_value = "20s", value_name = "TIME", help_heading = "Limits")]
    pub shutdown_timeout: Seconds,
    /// A statement that the base works on for longer is logged, with its route and its text
    #[arg(long, env = "WAQIA_SLOW_QUERY", default_value = "500ms", value_name = "TIME", help_heading = "Server")]
    pub slow_query: Seconds,
    /// Whether /metrics tells the counters of the service; "off" where a server without a proxy faces the public
    #[arg(long, env = "WAQIA_METRICS", default_value = "on", value_name = "ON|OFF", help_heading = "Server")]
    pub metrics: Switch,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Everything that serving takes.
#[derive(Args, Clone, Debug)]
pub struct ServerConfig {
    /// How it answers.
    #[command(flatten)]
    pub serve: ServeSettings,
    /// What it answers from.
    #[command(flatten)]
    pub base: BaseSettings,
    /// What it knows.
    #[command(flatten)]
    pub engine: EngineSettings,
    /// What it tells.
    #[command(flatten)]
    pub log: LogSettings,
}

/// Settings that do not go together.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingsError {
    /// The idle cap would cut requests that are still worked on.
    #[error("--idle-timeout ({idle}) must be longer than --request-timeout ({request}), or requests would be cut off while they are worked on")]
    IdleTooShort {
        /// `--idle-timeout`
        idle: Seconds,
        /// `--request-timeout`
        request: Seconds,
    },
    /// More requests than connections can never be reached.
    #[error("--max-requests ({requests}) is above --max-connections ({connections}), so it would never take effect; lower the one or raise the other")]
    MoreRequestsThanConnections {
        /// `--max-requests`
        requests: u32,
        /// `--max-connections`
        connections: u32,
    },
    /// A job that could never be kept.
    #[error("--max-bulk ({bulk}) is above --max-spool ({spool}), so that such a job could never be kept; lower the one or raise the other")]
    BulkAboveSpool {
        /// `--max-bulk`
        bulk: Size,
        /// `--max-spool`
        spool: Size,
    },
    /// A public URL that cannot stand before a path.
    #[error("--public-url \"{0}\" must start with http:// or https://, name a host, and have no query or fragment")]
    PublicUrl(String),
    /// A folder that is not there.
    #[error("{setting} {}: no such folder", path.display())]
    NoFolder {
        /// The flag.
        setting: &'static str,
        /// Its value.
        path: PathBuf,
    },
}

impl ServeSettings {
    /// Checks what no single setting shows.
    ///
    /// # Errors
    /// Names both settings and what to change.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.idle_timeout <= self.request_timeout {
            return Err(SettingsError::IdleTooShort { idle: self.idle_timeout, request: self.request_timeout });
        }
        if self.max_requests > self.max_connections {
            return Err(SettingsError::MoreRequestsThanConnections { requests: self.max_requests, connections: self.max_connections });
        }
        if self.max_bulk > self.max_spool {
            return Err(SettingsError::BulkAboveSpool { bulk: self.max_bulk, spool: self.max_spool });
        }
        if let Some(url) = &self.public_url
            && !is_base_url(url)
        {
            return Err(SettingsError::PublicUrl(url.clone()));
        }
        match &self.seeds {
            Some(path) if !self.no_seeds() && !path.is_dir() => Err(SettingsError::NoFolder { setting: "--seeds", path: path.clone() }),
            _ => Ok(()),
        }
    }

    /// Whether an empty base is to stay empty.
    pub fn no_seeds(&self) -> bool {
        self.seeds.as_ref().is_some_and(|path| path.as_os_str() == "none")
    }

    /// How many texts are read at once.
    pub fn extract_jobs(&self) -> usize {
        match self.extract_jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n as usize,
        }
    }
}

impl EngineSettings {
    /// Checks that the folder is there.
    ///
    /// # Errors
    /// Names the folder.
    pub fn check(&self) -> Result<(), SettingsError> {
        match &self.lexicon {
            Some(path) if !path.is_dir() => Err(SettingsError::NoFolder { setting: "--lexicon", path: path.clone() }),
            _ => Ok(()),
        }
    }
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or("");
        !host.is_empty() && rest.chars().all(|c| c.is_ascii_graphic() && !"?#\"<>\\".contains(c))
    })
}
