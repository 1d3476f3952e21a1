//! A JSON array of documents, of which one is in memory at a time.

use super::sink::Sink;
use super::{MAX_DOCUMENT, ReadError, without_mark};
use crate::ingest::read::json_line;
use std::io::BufRead;
use std::ops::ControlFlow;

/// Whether the first character is a bracket.
pub(super) fn is_array(beginning: &[u8]) -> bool {
    without_mark(beginning).trim_ascii_start().first() == Some(&b'[')
}

/// Reads item after item. Only brackets, commas and quotation marks are looked at; what stands between them is read by itself.
pub(super) fn read(from: &mut dyn BufRead, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut items = Items { from, line: 1, item: Vec::new(), n_bytes: 0, n_items: 0, ended: false };
    if let Err(problem) = items.open() {
        return sink.fail(name, Some(items.line), problem);
    }
    loop {
        let name_of_item = format!("{name}#{}", items.n_items);
        match items.next() {
            Ok(true) if items.n_bytes > MAX_DOCUMENT => {
                sink.fail(&name_of_item, None, format!("it has {} bytes, more than {MAX_DOCUMENT}", items.n_bytes))?;
            }
            Ok(true) => sink.give(&name_of_item, || {
                json_line(&items.item, &name_of_item).map_err(|problem| ReadError { name: name_of_item.clone(), line: None, problem })
            })?,
            Ok(false) => return ControlFlow::Continue(()),
            Err(problem) => return sink.fail(name, Some(items.line), problem),
        }
    }
}

struct Items<'b> {
    from: &'b mut dyn BufRead,
    /// 1-based.
    line: usize,
    /// The item under way, as far as it is kept, and its length.
    item: Vec<u8>,
    n_bytes: usize,
    n_items: usize,
    /// The closing bracket has come.
    ended: bool,
}

impl Items<'_> {
    /// Takes what stands before the first item.
    fn open(&mut self) -> Result<(), String> {
        loop {
            match self.byte()? {
                Some(b'[') => return Ok(()),
                Some(b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf) => {}
                _ => return Err("is no array".to_owned()),
            }
        }
    }

    /// Takes the next item; false after the last.
    fn next(&mut self) -> Result<bool, String> {
        self.item.clear();
        self.n_bytes = 0;
        if self.ended {
            return self.close();
        }
        let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
        loop {
            let byte = self.byte()?.ok_or("ends inside of the array")?;
            if quoted {
                (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            } else {
                match byte {
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b']' | b',' if depth == 0 => return self.separated(byte),
                    b'}' | b']' => depth = depth.checked_sub(1).ok_or("closes a brace that was not opened")?,
                    _ => {}
                }
            }
            self.n_bytes += 1;
            if self.item.len() < MAX_DOCUMENT {
                self.item.push(byte);
            }
        }
    }

    /// A comma or the closing bracket has come.
    fn separated(&mut self, byte: u8) -> Result<bool, String> {
        self.ended = byte == b']';
        if !self.item.trim_ascii().is_empty() {
            self.n_items += 1;
            return Ok(true);
        }
        match self.n_items {
            0 if self.ended => self.close(),
            n => Err(format!("item {n} is missing between commas or brackets")),
        }
    }

    /// Nothing may stand after the array.
    fn close(&mut self) -> Result<bool, String> {
        while let Some(byte) = self.byte()? {
            if !byte.is_ascii_whitespace() {
                return Err("goes on after the end of the array".to_owned());
            }
        }
        Ok(false)
    }

    fn byte(&mut self) -> Result<Option<u8>, String> {
        let byte = self.from.fill_buf().map_err(|e| format!("cannot be read on: {e}"))?.first().copied();
        if byte.is_some() {
            self.from.consume(1);
        }
        self.line += usize::from(byte == Some(b'\n'));
        Ok(byte)
    }
}
