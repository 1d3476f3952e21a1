//! The files of a folder, or of an archive, that hold documents.

use std::io;
use std::path::{Path, PathBuf};

/// Endings of files that are read.
const ENDINGS: [&str; 14] = ["md", "markdown", "txt", "html", "htm", "xhtml", "json", "ndjson", "jsonl", "rss", "atom", "xml", "warc", "zip"];

/// The files of a folder and of those in it, by name; hidden ones, READMEs, folders of gold and what is no document are left out.
///
/// # Errors
/// When a folder cannot be read.
pub fn files_under(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if is_left_out(&name) {
            continue;
        }
        if entry.is_dir() {
            files.extend(files_under(&entry)?);
        } else if is_readable(&entry) {
            files.push(entry);
        }
    }
    Ok(files)
}

/// Whether an entry of an archive is read, by its path in it.
pub(super) fn is_wanted(path: &str) -> bool {
    !path.split(['/', '\\']).any(is_left_out) && is_readable(Path::new(path))
}

/// A file or folder that is no document, by its name.
fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || ["readme.md", "gold", "__macosx"].iter().any(|other| name.eq_ignore_ascii_case(other))
}

fn is_readable(path: &Path) -> bool {
    ending(path).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The ending in small letters; of `a.warc.gz` that is `warc`.
pub fn ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    if ending == "gz" { ending_of_unpacked(path) } else { Some(ending) }
}

fn ending_of_unpacked(path: &Path) -> Option<String> {
    Some(Path::new(path.file_stem()?).extension()?.to_str()?.to_ascii_lowercase())
}
