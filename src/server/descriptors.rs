//! File descriptors: as many as the connections need, or fewer connections. Without a descriptor neither the base's files nor a new
//! connection can be opened, so connections must never take the last ones.

use super::crowd::N_RESERVED;

/// For the program itself: standard streams, the runtime, the listener, files that are read and closed again.
const OWN: u64 = 64;
/// Of one connection to the base: the file, its log, the shared memory of the log, a temporary file.
const PER_READER: u64 = 4;
/// With fewer connections than this a server is of no use.
const FEWEST: u64 = 8;

/// The system allows too few open files.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("only {limit} files may be open at once, and {wanted} are needed to serve even {FEWEST} connections; raise the limit (ulimit -n)")]
pub struct TooFew {
    limit: u64,
    wanted: u64,
}

/// Raises the limit on open files as far as `max_connections` and `readers` of the base need and the system allows; gives how many
/// connections there may be.
///
/// # Errors
/// When hardly any connection could be served.
pub fn raise(max_connections: u32, readers: u32) -> Result<u32, TooFew> {
    let wanted = needed(u64::from(max_connections), readers);
    let limit = match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) => limit,
        Err(error) => {
            tracing::warn!(%error, "cannot learn how many files may be open");
            return Ok(max_connections);
        }
    };
    let connections = allowed(limit, max_connections, readers)?;
    if connections < max_connections {
        tracing::warn!(
            max_connections = connections,
            asked = max_connections,
            limit,
            wanted,
            "fewer connections than asked for: too few files may be open (ulimit -n)"
        );
    }
    Ok(connections)
}

fn needed(connections: u64, readers: u32) -> u64 {
    // One for the writer, one for a connection to the base that a command or check opens beside.
    connections + N_RESERVED as u64 + OWN + (u64::from(readers) + 2) * PER_READER
}

fn allowed(limit: u64, max_connections: u32, readers: u32) -> Result<u32, TooFew> {
    let least = needed(FEWEST.min(u64::from(max_connections)), readers);
    if limit < least {
        return Err(TooFew { limit, wanted: least });
    }
    let left = limit - needed(0, readers);
    Ok(u32::try_from(left).unwrap_or(u32::MAX).min(max_connections))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_base() {
        assert_eq!(allowed(20_000, 1024, 4), Ok(1024));
        assert_eq!(allowed(1024, 1024, 4), Ok(1024 - 16 - 64 - 24));
        assert_eq!(allowed(112, 1024, 4), Ok(8));
        assert_eq!(allowed(105, 1, 4), Ok(1));
        assert_eq!(allowed(111, 1024, 4), Err(TooFew { limit: 111, wanted: 112 }));
        assert_eq!(allowed(u64::MAX, 100_000, 64), Ok(100_000));
    }
}
