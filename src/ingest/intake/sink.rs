//! Where readers put their documents.

use super::{Given, ReadError};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Takes documents in their order; those at the beginning may be unwanted, because an earlier run had them.
pub(super) struct Sink<'s> {
    skip: u64,
    take: &'s mut dyn FnMut(Given) -> ControlFlow<()>,
}

impl<'s> Sink<'s> {
    /// Leaves out the first `skip` documents.
    pub fn new(skip: u64, take: &'s mut dyn FnMut(Given) -> ControlFlow<()>) -> Self {
        Self { skip, take }
    }

    /// The next document; it is not made where it is unwanted. A fault of the reader costs the document.
    pub fn give(&mut self, name: &str, make: impl FnOnce() -> Given) -> ControlFlow<()> {
        if self.skip > 0 {
            self.skip -= 1;
            return ControlFlow::Continue(());
        }
        let failed = |_| Err(ReadError { name: name.to_owned(), line: None, problem: "reading failed on this document; please report it".to_owned() });
        (self.take)(catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(failed))
    }

    /// What is wrong stands in place of a document.
    pub fn fail(&mut self, name: &str, line: Option<usize>, problem: String) -> ControlFlow<()> {
        self.give(name, || Err(ReadError { name: name.to_owned(), line, problem }))
    }
}
