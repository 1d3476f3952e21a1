//! Zip archives: each entry is read like a file. The list of the entries is in memory, so their number is bounded; archives in archives are
//! not opened.

use super::limits::Unpacked;
use super::of_plain_stream;
use super::sink::Sink;
use super::{folder, is_gzip};
use crate::ingest::read::Format;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use zip::ZipArchive;
use zip::read::ZipFile;

/// Most entries of an archive.
const MAX_ENTRIES: u64 = 100_000;
/// As far from its end the record that ends an archive can begin: its 22 bytes, a comment of 64 KiB and the locator of the 64-bit form.
const TAIL: u64 = 22 + 65_535 + 20;

/// Reads the entries that folders would be searched for.
pub(super) fn read(mut from: impl Read + Seek, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let (size, n_entries) = match n_entries(&mut from) {
        Ok(found) => found,
        Err(error) => return sink.fail(name, None, format!("cannot be read: {error}")),
    };
    if n_entries > MAX_ENTRIES {
        return sink.fail(name, None, format!("it has {n_entries} entries, more than {MAX_ENTRIES}; split it"));
    }
    let mut archive = match ZipArchive::new(BufReader::with_capacity(1 << 16, from)) {
        Ok(archive) => archive,
        Err(error) => return sink.fail(name, None, format!("is no zip archive that can be read: {error}")),
    };
    let mut packed = 0_u64;
    for n in 0..archive.len() {
        let path = archive.name_for_index(n).and_then(Result::ok).map(|name| name.into_owned()).unwrap_or_default();
        let name_of_entry = format!("{name}/{path}");
        let is_wanted = folder::is_wanted(&path);
        let file = match archive.by_index(n) {
            Ok(file) => file,
            Err(error) if is_wanted => {
                sink.fail(&name_of_entry, None, format!("cannot be unpacked: {error}"))?;
                continue;
            }
            Err(_) => continue,
        };
        packed = packed.saturating_add(file.compressed_size());
        if packed > size {
            return sink.fail(name, None, "its entries lie over each other, which only a bomb needs".to_owned());
        }
        if is_wanted && !file.is_dir() {
            of_entry(file, &path, &name_of_entry, sink)?;
        }
    }
    ControlFlow::Continue(())
}

fn of_entry<R: Read>(file: ZipFile<'_, R>, path: &str, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let format = Format::of_path(Path::new(path));
    let packed = file.compressed_size();
    let mut from = BufReader::with_capacity(1 << 16, Unpacked::of_size(file, packed));
    if format == Format::Zip || is_gzip(&mut from).unwrap_or(false) {
        return sink.fail(name, None, "is packed inside of an archive; unpack the archive first".to_owned());
    }
    of_plain_stream(&mut from, Some(format), name, sink)
}

/// Length of an archive and the highest number of entries that anything in its tail claims: the list is not read where it would be too long.
fn n_entries(from: &mut (impl Read + Seek)) -> io::Result<(u64, u64)> {
    let size = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    from.take(TAIL).read_to_end(&mut tail)?;
    let mut most = 0;
    for at in 0..tail.len() {
        let rest = &tail[at..];
        if rest.starts_with(b"PK\x05\x06")
            && let Some(&[low, high]) = rest.get(10..12)
        {
            most = most.max(u64::from(u16::from_le_bytes([low, high])));
        }
        if rest.starts_with(b"PK\x06\x07")
            && let Some(place) = rest.get(8..16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes)
        {
            most = most.max(n_entries_64(from, place)?);
        }
    }
    from.rewind()?;
    Ok((size, most))
}

/// Of the 64-bit record at this place; 0 where there is none.
fn n_entries_64(from: &mut (impl Read + Seek), place: u64) -> io::Result<u64> {
    from.seek(SeekFrom::Start(place))?;
    let mut record = Vec::new();
    from.take(40).read_to_end(&mut record)?;
    let n = record.get(32..40).filter(|_| record.starts_with(b"PK\x06\x06")).and_then(|bytes| bytes.try_into().ok());
    Ok(n.map_or(0, u64::from_le_bytes))
}
