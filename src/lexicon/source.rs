//! Where data files come from: the copies compiled in, with single files replaced by those of a folder. Reading the folder is the caller's.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// All data files by their path under `lexicon/`, with `/` between parts.
#[derive(Clone, Debug, Default)]
pub struct Source {
    files: BTreeMap<String, std::borrow::Cow<'static, str>>,
}

include!(concat!(env!("OUT_DIR"), "/lexicon_files.rs"));

impl Source {
    /// The files compiled in.
    pub fn embedded() -> Self {
        Self { files: EMBEDDED.iter().map(|&(path, text)| (path.to_owned(), text.into())).collect() }
    }

    /// Puts a file in, replacing the one of that path.
    pub fn insert(&mut self, path: String, text: String) {
        self.files.insert(path, text.into());
    }

    /// The file of that path.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// All files below a folder that end so, in the order of their paths.
    pub fn under<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter(move |(p, _)| p.starts_with(folder) && p.ends_with(ending)).map(|(p, t)| (p.as_str(), t.as_ref()))
    }

    /// `sha256:…` over paths and contents.
    pub fn hash(&self) -> String {
        let mut sha = Sha256::new();
        for (path, text) in &self.files {
            for part in [path.as_bytes(), text.as_bytes()] {
                sha.update((part.len() as u64).to_le_bytes());
                sha.update(part);
            }
        }
        let hex: String = sha.finalize().iter().map(|b| format!("{b:02x}")).collect();
        format!("sha256:{hex}")
    }
}

/// Rows of a tab-separated file: comment lines (`#`) and the header left out, each with its 1-based line number.
pub fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines()
        .enumerate()
        .map(|(n, line)| (n + 1, line.trim_end_matches('\r')))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .skip(1)
        .map(|(n, line)| (n, line.split('\t').map(str::trim).collect()))
}
