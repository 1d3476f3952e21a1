//! The command line.

use std::process::ExitCode;

/// Records are made of many small strings and lists: its lists of free blocks by size serve them sooner than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    waqia::cli::run(std::env::args_os())
}
