//! A body as it arrives, decoded, with its limits: never more of it is kept than who reads it keeps.

use crate::api::Shared;
use crate::api::problem::{Code, Fault, Problem};
use async_compression::tokio::bufread::{GzipDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use futures_util::stream::{BoxStream, StreamExt};
use std::io;
use std::time::Duration;
use tokio::io::AsyncBufRead;
use tokio::time::Instant;
use tokio_util::io::{ReaderStream, StreamReader};

/// Encodings of bodies that are read.
const ENCODINGS: &[&str] = &["gzip", "zstd", "identity"];
/// Decoded bytes that are made at a time.
const CHUNK: usize = 64 << 10;
/// Longest time for the body of a job.
const BULK_TIME: Duration = Duration::from_secs(3600);
/// Largest window that a zstd body may ask memory for, as a power of two: 8 MiB, which every decoder has to support (RFC 8878).
const ZSTD_WINDOW_LOG: u32 = 23;

/// A body that is read bit by bit.
pub struct Arriving {
    chunks: BoxStream<'static, io::Result<Bytes>>,
    encoding: &'static str,
    n_read: usize,
    max: usize,
    deadline: Instant,
}

impl Arriving {
    /// Begins to read: at most as many bytes as the settings allow, before and after decoding, in half the time of a request.
    ///
    /// # Errors
    /// 413 where the request announces more, 415 where its encoding is not read.
    pub fn new(request: Request, app: &Shared) -> Result<Self, Problem> {
        Self::within(request, app.max_body, app.request_timeout / 2)
    }

    /// Begins to read what may take as long as it comes fast enough, which the edge of the server sees to.
    ///
    /// # Errors
    /// 413 where the request announces more than `max` bytes, 415 where its encoding is not read.
    pub fn in_bulk(request: Request, max: usize) -> Result<Self, Problem> {
        Self::within(request, max, BULK_TIME)
    }

    fn within(request: Request, max: usize, time: Duration) -> Result<Self, Problem> {
        let encoding = encoding(request.headers())?;
        let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|n| n > max as u64) {
            return Err(too_large(max));
        }
        let mut n_sent = 0;
        let sent = request.into_body().into_data_stream().map(move |chunk| {
            let chunk = chunk.map_err(io::Error::other)?;
            n_sent += chunk.len();
            if n_sent > max { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(chunk) }
        });
        let chunks = match encoding {
            "gzip" => {
                let mut decoder = GzipDecoder::new(buffered(sent));
                decoder.multiple_members(true);
                ReaderStream::with_capacity(decoder, CHUNK).boxed()
            }
            "zstd" => {
                let mut decoder = ZstdDecoder::with_params(buffered(sent), &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]);
                decoder.multiple_members(true);
                ReaderStream::with_capacity(decoder, CHUNK).boxed()
            }
            _ => sent.boxed(),
        };
        Ok(Self { chunks, encoding, n_read: 0, max, deadline: Instant::now() + time })
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// 413 where there are too many, 408 where they do not arrive in time, 400 where they break off or cannot be decoded.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let late = |_| Problem::new(Code::RequestTimeout, "The body did not arrive in time.");
        let chunk = match tokio::time::timeout_at(self.deadline, self.chunks.next()).await.map_err(late)? {
            None => return Ok(None),
            Some(Ok(chunk)) => chunk,
            Some(Err(error)) if error.kind() == io::ErrorKind::FileTooLarge => return Err(too_large(self.max)),
            Some(Err(_)) if self.encoding == "identity" => return Err(Problem::new(Code::InvalidEncoding, "The body broke off before its end.")),
            Some(Err(_)) => {
                let detail = format!("The body is not {}, as the Content-Encoding header says, or broke off before its end.", self.encoding);
                return Err(Problem::new(Code::InvalidEncoding, detail));
            }
        };
        self.n_read += chunk.len();
        if self.n_read > self.max { Err(too_large(self.max)) } else { Ok(Some(chunk)) }
    }
}

/// The whole body.
///
/// # Errors
/// As [`Arriving`] tells them.
pub async fn bytes(request: Request, app: &Shared) -> Result<Vec<u8>, Problem> {
    let mut arriving = Arriving::new(request, app)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = arriving.chunk().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn buffered(sent: impl futures_util::Stream<Item = io::Result<Bytes>> + Send + 'static) -> impl AsyncBufRead + Send + 'static {
    StreamReader::new(sent.boxed())
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::PayloadTooLarge, format!("The body may have {max} bytes at most, also when it is decoded."))
}

/// The one encoding of the body.
fn encoding(headers: &HeaderMap) -> Result<&'static str, Problem> {
    let mut given = headers.get_all(header::CONTENT_ENCODING).iter();
    let Some(value) = given.next() else { return Ok("identity") };
    let name = value.to_str().unwrap_or("").trim().to_ascii_lowercase();
    let name = if name == "x-gzip" { "gzip" } else { name.as_str() };
    let known = ENCODINGS.iter().copied().find(|e| *e == name).filter(|_| given.next().is_none());
    known.ok_or_else(|| {
        let shown: String = name.chars().take(super::MAX_SHOWN).collect();
        let detail = format!("The content encoding \"{shown}\" is not read");
        let fault = Fault { detail: detail.clone(), allowed: ENCODINGS.iter().map(|&e| e.to_owned()).collect(), ..Fault::default() };
        Problem { errors: vec![fault], ..Problem::new(Code::UnsupportedMediaType, format!("{detail}. Read here, one at a time: {}.", ENCODINGS.join(", "))) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[track_caller]
    fn check(headers: &[(&str, &str)], expect: Result<&str, Code>) {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        let arriving = Arriving::within(request, 100, Duration::from_secs(1));
        assert_eq!(arriving.map(|a| a.encoding).map_err(|p| p.code), expect);
    }

    #[test]
    fn encodings_are_read_or_refused_by_name() {
        check(&[], Ok("identity"));
        check(&[("content-encoding", "GZIP")], Ok("gzip"));
        check(&[("content-encoding", "x-gzip")], Ok("gzip"));
        check(&[("content-encoding", "zstd")], Ok("zstd"));
        check(&[("content-encoding", "br")], Err(Code::UnsupportedMediaType));
        check(&[("content-encoding", "gzip, gzip")], Err(Code::UnsupportedMediaType));
        check(&[("content-encoding", "gzip"), ("content-encoding", "gzip")], Err(Code::UnsupportedMediaType));
        check(&[("content-length", "101")], Err(Code::PayloadTooLarge));
    }

    #[tokio::test]
    async fn what_is_sent_is_bounded_too() {
        // A stored block of no bytes, over and over: nothing comes out, however much goes in.
        let mut endless = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
        endless.extend(b"\0\0\0\xff\xff".repeat(1000));
        let request = Request::builder().header("content-encoding", "gzip").body(Body::from(endless)).unwrap();
        let mut arriving = Arriving::within(request, 1000, Duration::from_secs(5)).unwrap();
        assert_eq!(arriving.chunk().await.unwrap_err().code, Code::PayloadTooLarge);
    }
}
