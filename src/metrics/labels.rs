//! The labels: closed sets, so that no client can make new series.

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use std::fmt::{self, Write};

/// Why a request or a connection was turned away or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// As many requests were worked on as may be.
    Overloaded,
    /// As many answers were streamed as may be.
    TooManyStreams,
    /// Every connection was at work.
    NoConnection,
    /// A connection without a request was closed for another one.
    IdleClosed,
    /// The client did not read fast enough.
    SlowReader,
    /// The body did not come fast enough.
    SlowBody,
    /// A key or a client sent more requests than it may.
    RateLimited,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stored {
    /// It is new.
    New,
    /// It was there.
    Existing,
    /// It could not be read or stored.
    Failed,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Answered {
    pub method: &'static str,
    pub route: String,
    pub status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Lasted {
    pub method: &'static str,
    pub route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Kind {
    pub reason: Refusal,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Outcome {
    pub outcome: Stored,
}

impl EncodeLabelValue for Refusal {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> fmt::Result {
        encoder.write_str(match self {
            Self::Overloaded => "overloaded",
            Self::TooManyStreams => "too_many_streams",
            Self::NoConnection => "no_connection",
            Self::IdleClosed => "idle_closed",
            Self::SlowReader => "slow_reader",
            Self::SlowBody => "slow_body",
            Self::RateLimited => "rate_limited",
        })
    }
}

impl EncodeLabelValue for Stored {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> fmt::Result {
        encoder.write_str(match self {
            Self::New => "stored",
            Self::Existing => "existing",
            Self::Failed => "failed",
        })
    }
}

/// The method, or "other": anybody may send a method of their own making.
pub(super) fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

pub(super) fn status_class(status: u16) -> &'static str {
    match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
