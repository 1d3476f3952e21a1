//! The lexicon that the settings name: the files compiled in, with those of a folder laid over them.

use super::{EngineSettings, SettingsError};
use crate::lexicon::source::Source;
use std::io;
use std::path::{Path, PathBuf};

/// Why the data files could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no such folder.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A file or folder could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

impl EngineSettings {
    /// Reads the data files.
    ///
    /// # Errors
    /// Names the file or folder that could not be read.
    pub fn source(&self) -> Result<Source, SourceError> {
        self.check()?;
        let mut source = Source::embedded();
        if let Some(folder) = &self.lexicon {
            overlay(folder, folder, &mut source)?;
        }
        Ok(source)
    }
}

fn overlay(root: &Path, folder: &Path, source: &mut Source) -> Result<(), SourceError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| SourceError::Read { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.is_dir() {
            overlay(root, &path, source)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "tsv" || e == "txt") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
            source.insert(name, text);
        }
    }
    Ok(())
}
