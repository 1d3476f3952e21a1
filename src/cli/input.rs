//! Documents from files and folders, one at a time, so that any number of them needs constant memory.

use crate::ingest::read::{Format, ReadError, articles, json_line, too_large};
use crate::model::document::Article;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Longest line of NDJSON and longest file of one text that is read; longer ones are refused, so that memory stays bounded.
pub const MAX_LINE: usize = 64 << 20;

/// A document, or what is wrong with it.
pub type Given = Result<Article, ReadError>;

/// The documents of one file or of stdin.
pub enum Documents {
    /// One a line.
    Lines {
        /// The open file.
        from: Box<dyn BufRead>,
        /// Its name.
        name: String,
        /// Lines read.
        n: usize,
        /// The line under way.
        line: Vec<u8>,
    },
    /// Read whole.
    Whole(VecDeque<Given>),
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

impl Documents {
    /// Opens a file; its ending says what it is. JSON files are read by the line where their first line is a whole object.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let name = path.display().to_string();
        let mut from = BufReader::with_capacity(1 << 16, File::open(path)?);
        match Format::of_path(path) {
            Format::NdJson => Ok(Self::lines(from, name)),
            Format::Json if starts_with_a_line(from.fill_buf()?) => Ok(Self::lines(from, name)),
            format => Self::whole(from, format, &name),
        }
    }

    /// NDJSON where the first character is a brace, else one plain text.
    pub fn of_stdin() -> io::Result<Self> {
        let mut from = BufReader::with_capacity(1 << 16, io::stdin());
        let is_json = without_mark(from.fill_buf()?).iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
        if is_json { Ok(Self::lines(from, "stdin".to_owned())) } else { Self::whole(from, Format::Plain, "stdin") }
    }

    fn lines(from: impl BufRead + 'static, name: String) -> Self {
        Self::Lines { from: Box::new(from), name, n: 0, line: Vec::new() }
    }

    fn whole(from: impl Read, format: Format, name: &str) -> io::Result<Self> {
        let mut bytes = Vec::new();
        // An array of many documents may be large; one text never is.
        let max = if format == Format::Json { u64::MAX } else { MAX_LINE as u64 };
        from.take(max).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == max {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {max} bytes")));
        }
        Ok(Self::Whole(articles(&bytes, format, name).into()))
    }
}

impl Iterator for Documents {
    type Item = Given;

    fn next(&mut self) -> Option<Given> {
        let (from, name, n, line) = match self {
            Self::Whole(articles) => return articles.pop_front(),
            Self::Lines { from, name, n, line } => (from, name, n, line),
        };
        loop {
            *n += 1;
            let problem = match read_line(from, line) {
                Ok(None) => return None,
                Ok(Some(Ok(()))) if line.trim_ascii().is_empty() => continue,
                Ok(Some(Ok(()))) => match json_line(line, &format!("{name}:{n}")) {
                    Ok(article) => return Some(Ok(article)),
                    Err(problem) => problem,
                },
                Ok(Some(Err(length))) => format!("the line has {length} bytes, more than {MAX_LINE}"),
                Err(error) => {
                    // Reading on would only fail again.
                    let failure = ReadError { name: name.clone(), line: Some(*n), problem: format!("cannot be read on: {error}") };
                    *self = Self::Whole(VecDeque::new());
                    return Some(Err(failure));
                }
            };
            return Some(Err(ReadError { name: name.clone(), line: Some(*n), problem }));
        }
    }
}

/// Whether the first line is an object that ends in it.
fn starts_with_a_line(beginning: &[u8]) -> bool {
    let line = without_mark(beginning).split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}") && beginning.contains(&b'\n')
}

/// Without a byte order mark before it.
fn without_mark(beginning: &[u8]) -> &[u8] {
    beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning)
}

/// Reads up to the next line break (left out). `Ok(None)` at the end; `Err(length)` where the line is too long and was skipped.
fn read_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<Result<(), u64>>> {
    line.clear();
    let n = from.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', line)?;
    if n == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if n > MAX_LINE {
        line.clear();
        return Ok(Some(Err(n as u64 + skip_line(from)?)));
    }
    Ok(Some(Ok(())))
}

fn skip_line(from: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let buffer = from.fill_buf()?;
        let end = buffer.iter().position(|b| *b == b'\n');
        let n = end.map_or(buffer.len(), |i| i + 1);
        from.consume(n);
        skipped += n as u64;
        if end.is_some() || n == 0 {
            return Ok(skipped);
        }
    }
}

/// The files of a folder and of those in it, by name; hidden ones, READMEs, folders of gold and what is no document are left out.
pub fn files_under(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let readable = matches!(entry.extension().and_then(|e| e.to_str()), Some("md" | "markdown" | "txt" | "html" | "htm" | "json" | "ndjson" | "jsonl"));
        if name.starts_with('.') || name == "readme.md" || name == "gold" {
            continue;
        }
        if entry.is_dir() {
            files.extend(files_under(&entry)?);
        } else if readable {
            files.push(entry);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<Result<String, String>> {
        let read = Documents::lines(io::Cursor::new(text.to_vec()), "f".to_owned());
        read.map(|given| given.map(|a| a.id.unwrap()).map_err(|e| e.to_string())).collect()
    }

    #[test]
    fn lines_are_read_one_by_one() {
        let got = lines(b"{\"id\":\"a\",\"text\":\"x\"}\n\n{\"text\":\"y\"}\nbroken\n{\"id\":7,\"text\":\"last\"}");
        assert_eq!(got[0].as_deref(), Ok("a"));
        assert_eq!(got[1].as_deref(), Ok("f:3"));
        assert!(got[2].as_ref().is_err_and(|e| e.starts_with("f, line 4: ")), "{:?}", got[2]);
        assert_eq!(got[3].as_deref(), Ok("7"));
    }

    #[test]
    fn a_byte_order_mark_is_allowed() {
        assert_eq!(lines(b"\xef\xbb\xbf{\"id\":\"a\",\"text\":\"x\"}\n"), [Ok("a".to_owned())]);
    }

    #[test]
    fn texts_that_are_too_large_are_named() {
        let read = Documents::lines(io::Cursor::new(br#"{"id":"a","text":"four"}"#), "f".to_owned());
        let given: Vec<Given> = not_too_large(read, 3).collect();
        assert_eq!(given[0].as_ref().unwrap_err().to_string(), "a: the text has 4 bytes, more than the 3 that --max-text allows");
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_whole() {
        let mut text = vec![b'a'; MAX_LINE + 10];
        text.extend_from_slice(b"\n{\"id\":\"next\",\"text\":\"x\"}\n");
        let got = lines(&text);
        assert!(got[0].as_ref().is_err_and(|e| e.contains(&format!("{} bytes", MAX_LINE + 11))), "{:?}", got[0]);
        assert_eq!(got[1].as_deref(), Ok("next"));
        assert_eq!(got.len(), 2);
    }

    #[test]
    fn json_files_are_lines_or_one_document() {
        assert!(starts_with_a_line(b"{\"id\":1,\"text\":\"x\"}\n{"));
        assert!(!starts_with_a_line(b"{\n \"id\": 1\n}"));
        assert!(!starts_with_a_line(b"[{\"text\":\"x\"}]\n"));
        assert!(!starts_with_a_line(b""));
        assert!(starts_with_a_line(b"\xef\xbb\xbf{\"id\":1,\"text\":\"x\"}\n{"));
    }
}
