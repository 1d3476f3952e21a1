//! Documents out of files, archives and streams, one at a time, so that any number of them needs the same memory: NDJSON and JSON arrays
//! ([`lines`], [`array`]), zip ([`archive`]), WARC ([`warc`]), RSS and Atom ([`feed`]), folders ([`folder`]).
//!
//! Each reader gives its documents to a [`Sink`]. [`Documents`] turns that round: a thread reads ahead, and its documents are taken from it.
//! What is wrong with a document costs that document; where nothing after it can be told apart any more, reading ends with an error.

mod archive;
mod array;
mod feed;
mod folder;
mod http;
mod limits;
mod lines;
mod sink;
mod warc;

pub(super) use folder::ending;
pub use folder::files_under;
pub use limits::{MAX_DOCUMENT, MAX_RATIO};

use super::read::{self, Format, ReadError, too_large};
use crate::model::document::Article;
use limits::Unpacked;
use sink::Sink;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// A document, or what is wrong with it.
pub type Given = Result<Article, ReadError>;

/// Documents that are read ahead at most.
const AHEAD: usize = 32;

/// Documents that another thread reads.
#[derive(Debug)]
pub struct Documents {
    given: Receiver<Given>,
    thread: Option<JoinHandle<()>>,
    n_files: Arc<AtomicU64>,
}

impl Documents {
    /// The documents of these files, one after the other, "-" being stdin; a file that cannot be opened costs itself.
    pub fn of_files(paths: Vec<PathBuf>) -> Self {
        let n_files = Arc::new(AtomicU64::new(0));
        let begun = n_files.clone();
        Self::spawn(n_files, 0, move |sink| {
            for path in paths {
                begun.fetch_add(1, Ordering::Relaxed);
                match path.as_os_str() == "-" {
                    true => of_stdin(sink)?,
                    false => of_path(&path, sink)?,
                }
            }
            ControlFlow::Continue(())
        })
    }

    /// The documents of one file; its ending says what it is.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        File::open(path)?;
        Ok(Self::of_files(vec![path.to_owned()]))
    }

    /// The documents of stdin; its beginning says what it is.
    pub fn of_stdin() -> Self {
        Self::spawn(Arc::default(), 0, of_stdin)
    }

    /// The documents of an open file of this format from the `skip`th on.
    pub fn of_spool(file: File, format: Format, name: String, skip: u64) -> Self {
        Self::spawn(Arc::default(), skip, move |sink| of_seekable(file, format, &name, sink))
    }

    /// Of how many files reading has begun.
    pub fn files_begun(&self) -> Arc<AtomicU64> {
        self.n_files.clone()
    }

    fn spawn(n_files: Arc<AtomicU64>, skip: u64, read: impl FnOnce(&mut Sink<'_>) -> ControlFlow<()> + Send + 'static) -> Self {
        let (give, given) = sync_channel(AHEAD);
        let thread = std::thread::spawn(move || {
            let mut send = |one| give.send(one).map_or(ControlFlow::Break(()), ControlFlow::Continue);
            let _ = read(&mut Sink::new(skip, &mut send));
        });
        Self { given, thread: Some(thread), n_files }
    }
}

impl Iterator for Documents {
    type Item = Given;

    fn next(&mut self) -> Option<Given> {
        match self.given.recv() {
            Ok(given) => Some(given),
            Err(_) => {
                let ended = self.thread.take()?.join();
                ended.err().map(|_| Err(ReadError { name: "input".to_owned(), line: None, problem: "reading failed; please report it".to_owned() }))
            }
        }
    }
}

/// The documents of `documents` whose text has `max` bytes at most; of the others, what is wrong.
pub fn not_too_large(documents: impl Iterator<Item = Given>, max: usize) -> impl Iterator<Item = Given> {
    documents.map(move |given| {
        given.and_then(|article| match too_large(&article, max) {
            Some(problem) => Err(ReadError { name: article.id.unwrap_or_default(), line: None, problem }),
            None => Ok(article),
        })
    })
}

/// All documents in `bytes`.
pub(super) fn of_bytes(bytes: &[u8], format: Format, name: &str) -> Vec<Given> {
    let mut all = Vec::new();
    let mut keep = |given| {
        all.push(given);
        ControlFlow::Continue(())
    };
    let _ = of_seekable(io::Cursor::new(bytes), format, name, &mut Sink::new(0, &mut keep));
    all
}

fn of_stdin(sink: &mut Sink<'_>) -> ControlFlow<()> {
    of_stream(&mut BufReader::with_capacity(1 << 16, io::stdin()), None, "stdin", sink)
}

fn of_path(path: &Path, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let name = path.display().to_string();
    match File::open(path) {
        Ok(file) => of_seekable(file, Format::of_path(path), &name, sink),
        Err(error) => sink.fail(&name, None, format!("cannot be read: {error}")),
    }
}

fn of_seekable(from: impl Read + Seek, format: Format, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    match format {
        Format::Zip => archive::read(from, name, sink),
        format => of_stream(&mut BufReader::with_capacity(1 << 16, from), Some(format), name, sink),
    }
}

/// Reads a stream that may be gzip; without a format its beginning tells that.
fn of_stream(from: &mut dyn BufRead, format: Option<Format>, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    match is_gzip(from) {
        Ok(true) => of_plain_stream(&mut BufReader::with_capacity(1 << 16, Unpacked::gzip(from)), format, name, sink),
        Ok(false) => of_plain_stream(from, format, name, sink),
        Err(error) => sink.fail(name, None, format!("cannot be read: {error}")),
    }
}

fn of_plain_stream(from: &mut dyn BufRead, format: Option<Format>, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let beginning = match from.fill_buf() {
        Ok(beginning) => beginning,
        Err(error) => return sink.fail(name, None, format!("cannot be read: {error}")),
    };
    match format.unwrap_or_else(|| format_of(beginning)) {
        Format::NdJson => lines::read(from, name, sink),
        Format::Json if array::is_array(beginning) => array::read(from, name, sink),
        Format::Json if lines::starts_with_one(beginning) => lines::read(from, name, sink),
        Format::Warc => warc::read(from, name, sink),
        Format::Feed => feed::read(from, name, sink),
        Format::Zip => sink.fail(name, None, "a zip archive is read from a file, not from a stream; save it first".to_owned()),
        format => sink.give(name, || one(from, format, name)),
    }
}

/// A text, a page or a JSON object that is the whole input.
fn one(from: &mut dyn BufRead, format: Format, name: &str) -> Given {
    let error = |problem| ReadError { name: name.to_owned(), line: None, problem };
    let mut bytes = Vec::new();
    from.take(MAX_DOCUMENT as u64 + 1).read_to_end(&mut bytes).map_err(|e| error(format!("cannot be read: {e}")))?;
    if bytes.len() > MAX_DOCUMENT {
        return Err(error(format!("it has more than {MAX_DOCUMENT} bytes")));
    }
    read::articles(&bytes, format, name).pop().unwrap_or_else(|| Err(error("holds no document".to_owned())))
}

fn is_gzip(from: &mut dyn BufRead) -> io::Result<bool> {
    Ok(from.fill_buf()?.starts_with(b"\x1f\x8b"))
}

/// What a stream without a name is; plain text where nothing speaks for something else.
fn format_of(beginning: &[u8]) -> Format {
    let text = without_mark(beginning).trim_ascii_start();
    let head = text.get(..1024).unwrap_or(text).to_ascii_lowercase();
    let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
    match text.first() {
        Some(b'{') => Format::NdJson,
        Some(b'[') if text.get(1..).unwrap_or_default().trim_ascii_start().first() == Some(&b'{') => Format::Json,
        Some(b'<') if has(b"<rss") || has(b"<feed") || has(b"<rdf:rdf") => Format::Feed,
        Some(b'<') if has(b"<html") || has(b"<!doctype html") => Format::Html,
        _ if text.starts_with(b"WARC/") => Format::Warc,
        _ if text.starts_with(b"PK\x03\x04") => Format::Zip,
        _ => Format::Plain,
    }
}

/// Without a byte order mark before it.
fn without_mark(beginning: &[u8]) -> &[u8] {
    beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning)
}

#[cfg(test)]
mod tests;
