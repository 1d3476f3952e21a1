//! What readers take at most, so that no input can fill the memory or go on without end.

use flate2::bufread::MultiGzDecoder;
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// Longest text, page, line, record or item that is read, in bytes, before its text is taken out; longer ones are refused.
pub const MAX_DOCUMENT: usize = 64 << 20;
/// How many times its packed size something may have unpacked. Text packs to a fifth, repetitive lines to a fiftieth; gzip can reach a thousand.
pub const MAX_RATIO: u64 = 200;
/// Unpacked bytes at which the ratio begins to count.
const FREE: u64 = 8 << 20;

/// Unpacked bytes; an error where there are more than the packed ones can honestly hold.
pub(super) struct Unpacked<R> {
    from: R,
    n: u64,
    packed: Packed,
}

enum Packed {
    /// So many bytes.
    Known(u64),
    /// As many as were taken so far.
    Counted(Rc<Cell<u64>>),
}

impl<'b> Unpacked<MultiGzDecoder<Counted<'b>>> {
    /// Of one or more gzip members.
    pub fn gzip(from: &'b mut dyn BufRead) -> Self {
        let taken = Rc::new(Cell::new(0));
        Self { from: MultiGzDecoder::new(Counted { from, taken: taken.clone() }), n: 0, packed: Packed::Counted(taken) }
    }
}

impl<R> Unpacked<R> {
    /// Of something that has so many bytes packed.
    pub fn of_size(from: R, packed: u64) -> Self {
        Self { from, n: 0, packed: Packed::Known(packed) }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.n += n as u64;
        let packed = match &self.packed {
            Packed::Known(n) => *n,
            Packed::Counted(n) => n.get(),
        };
        if self.n > FREE && self.n / MAX_RATIO > packed {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("it unpacks to more than {MAX_RATIO} times its size; unpack it first if that is right"),
            ));
        }
        Ok(n)
    }
}

/// Counts what is taken.
pub(super) struct Counted<'b> {
    from: &'b mut dyn BufRead,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.from.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.taken.set(self.taken.get() + n as u64);
        self.from.consume(n);
    }
}

/// Lets through so many bytes until it is filled again.
pub(super) struct Budget<'b> {
    from: &'b mut dyn BufRead,
    left: Rc<Cell<usize>>,
}

impl<'b> Budget<'b> {
    /// With what refills it.
    pub fn new(from: &'b mut dyn BufRead) -> (Self, Rc<Cell<usize>>) {
        let left = Rc::new(Cell::new(MAX_DOCUMENT));
        (Self { from, left: left.clone() }, left)
    }
}

impl Read for Budget<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(buffer.len());
        buffer[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Budget<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.left.get();
        let available = self.from.fill_buf()?;
        if left == 0 && !available.is_empty() {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("one item has more than {MAX_DOCUMENT} bytes")));
        }
        Ok(&available[..available.len().min(left)])
    }

    fn consume(&mut self, n: usize) {
        self.left.set(self.left.get().saturating_sub(n));
        self.from.consume(n);
    }
}
