//! NDJSON: one document a line.

use super::sink::Sink;
use super::{MAX_DOCUMENT, ReadError, without_mark};
use crate::ingest::read::json_line;
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

/// Reads line after line; one that is too long is skipped whole.
pub(super) fn read(mut from: &mut dyn BufRead, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut line = Vec::new();
    for n in 1.. {
        match read_line(&mut from, &mut line) {
            Ok(None) => break,
            Ok(Some(Ok(()))) if line.trim_ascii().is_empty() => {}
            Ok(Some(Ok(()))) => {
                sink.give(name, || json_line(&line, &format!("{name}:{n}")).map_err(|problem| ReadError { name: name.to_owned(), line: Some(n), problem }))?
            }
            Ok(Some(Err(length))) => sink.fail(name, Some(n), format!("the line has {length} bytes, more than {MAX_DOCUMENT}"))?,
            // Reading on would only fail again.
            Err(error) => return sink.fail(name, Some(n), format!("cannot be read on: {error}")),
        }
    }
    ControlFlow::Continue(())
}

/// Whether the first line is an object that ends in it.
pub(super) fn starts_with_one(beginning: &[u8]) -> bool {
    let line = without_mark(beginning).split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}") && beginning.contains(&b'\n')
}

/// Reads up to the next line break (left out). `Ok(None)` at the end; `Err(length)` where the line is too long and was skipped.
fn read_line(from: &mut &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<Result<(), u64>>> {
    line.clear();
    let n = from.by_ref().take(MAX_DOCUMENT as u64 + 1).read_until(b'\n', line)?;
    if n == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if n > MAX_DOCUMENT {
        line.clear();
        return Ok(Some(Err(n as u64 + skip_line(from)?)));
    }
    Ok(Some(Ok(())))
}

fn skip_line(from: &mut &mut dyn BufRead) -> io::Result<u64> {
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
