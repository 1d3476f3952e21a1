//! Values of now, taken when they are asked for.

use super::Adding;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fs;

/// Values of now that others know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// Texts that the engine may read at once.
    pub engine_slots: usize,
    /// How many it reads.
    pub engine_slots_used: usize,
    /// Size of the base's file, in bytes.
    pub base_bytes: u64,
    /// Size of its log, in bytes.
    pub log_bytes: u64,
    /// Revision of the base.
    pub revision: i64,
    /// When the server started, in seconds since 1970.
    pub started: i64,
}

#[derive(Debug)]
pub(super) struct Levels {
    engine_slots: Gauge,
    engine_slots_used: Gauge,
    base_bytes: Gauge,
    log_bytes: Gauge,
    revision: Gauge,
    resident_bytes: Gauge,
    open_files: Gauge,
    started: Gauge,
}

impl Levels {
    pub fn new(registry: &mut Registry) -> Self {
        registry.register("waqia_build", "Version of the program and its engine", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let mut add = Adding(registry);
        Self {
            engine_slots: add.one("engine_slots", "Texts that the engine may read at once", Gauge::default()),
            engine_slots_used: add.one("engine_slots_in_use", "Texts that the engine reads", Gauge::default()),
            base_bytes: add.one("store_base_bytes", "Size of the knowledge base's file", Gauge::default()),
            log_bytes: add.one("store_log_bytes", "Size of the base's write-ahead log (-wal)", Gauge::default()),
            revision: add.one("store_revision", "Revision of the base", Gauge::default()),
            resident_bytes: add.one("process_resident_memory_bytes", "Memory of the process", Gauge::default()),
            open_files: add.one("process_open_fds", "Open files and connections of the process", Gauge::default()),
            started: add.one("process_start_time_seconds", "When the server started, in seconds since 1970", Gauge::default()),
        }
    }

    /// Sets each. What the system does not tell stays as it is.
    pub fn take(&self, sample: &Sample) {
        let known = [
            (&self.engine_slots, Some(sample.engine_slots as u64)),
            (&self.engine_slots_used, Some(sample.engine_slots_used as u64)),
            (&self.base_bytes, Some(sample.base_bytes)),
            (&self.log_bytes, Some(sample.log_bytes)),
            (&self.revision, Some(sample.revision.unsigned_abs())),
            (&self.started, Some(sample.started.unsigned_abs())),
            (&self.resident_bytes, resident_bytes()),
            (&self.open_files, open_files()),
        ];
        for (gauge, value) in known {
            if let Some(value) = value.and_then(|value| i64::try_from(value).ok()) {
                gauge.set(value);
            }
        }
    }
}

/// Linux only.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Linux only.
fn open_files() -> Option<u64> {
    // Reading the folder opens it.
    Some((fs::read_dir("/proc/self/fd").ok()?.count() as u64).saturating_sub(1))
}
