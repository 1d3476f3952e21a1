//! The lines of a body, one by one as they arrive.

use super::Arriving;
use crate::api::problem::Problem;

/// Lines that are not blank.
pub struct Lines {
    body: Arriving,
    /// What has arrived and was not given yet.
    buffer: Vec<u8>,
    /// Where in it the next line begins.
    start: usize,
    /// Up to where no line break was found.
    seen: usize,
    n_lines: u64,
    ended: bool,
}

impl Lines {
    /// The lines of this body.
    pub fn new(body: Arriving) -> Self {
        Self { body, buffer: Vec::new(), start: 0, seen: 0, n_lines: 0, ended: false }
    }

    /// The next line that is not blank, without its break, and its number from 1; `None` at the end.
    ///
    /// # Errors
    /// Those of the body.
    pub async fn next(&mut self) -> Result<Option<(u64, &[u8])>, Problem> {
        loop {
            let Some((start, end)) = self.take_line() else {
                if self.ended {
                    return Ok(None);
                }
                self.fill().await?;
                continue;
            };
            self.n_lines += 1;
            if !self.buffer[start..end].trim_ascii().is_empty() {
                return Ok(Some((self.n_lines, &self.buffer[start..end])));
            }
        }
    }

    /// The next whole line in the buffer.
    fn take_line(&mut self) -> Option<(usize, usize)> {
        let start = self.start;
        let end = match self.buffer[self.seen..].iter().position(|b| *b == b'\n') {
            Some(at) => self.seen + at,
            None if self.ended && start < self.buffer.len() => self.buffer.len(),
            None => {
                self.seen = self.buffer.len();
                return None;
            }
        };
        self.start = (end + 1).min(self.buffer.len());
        self.seen = self.start;
        Some((start, end))
    }

    async fn fill(&mut self) -> Result<(), Problem> {
        self.buffer.drain(..self.start);
        self.seen -= self.start;
        self.start = 0;
        match self.body.chunk().await? {
            Some(chunk) => self.buffer.extend_from_slice(&chunk),
            None => self.ended = true,
        }
        Ok(())
    }
}
