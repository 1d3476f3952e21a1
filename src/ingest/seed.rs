//! Filling a base: the lexicon's actors at every start with a new lexicon, the seed documents at the first start.

use super::read::{self, Format};
use super::run::{IngestError, Ingested, Settings, documents};
use super::sketch;
use crate::lexicon::Lexicon;
use crate::lexicon::actors::Actor;
use crate::model::actor::{ActorName, KnownActor, KnownTie};
use crate::store::Store;
use crate::store::filter::{DocumentFilter, Fictional, Total};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;

include!(concat!(env!("OUT_DIR"), "/seed_files.rs"));

/// Stores the lexicon's actors, unless those of this very lexicon are stored already; gives whether it did. Before that, makes what merging
/// compares of documents that were stored by an older version.
///
/// # Errors
/// When the base cannot be written.
pub async fn lexicon(store: &Store, lexicon: &Lexicon, now: Timestamp) -> Result<bool, IngestError> {
    if sketch::is_due(store).await? {
        sketch::renew(store, now).await?;
    }
    if store.lexicon().await? == lexicon.hash {
        return Ok(false);
    }
    let mut actors: Vec<KnownActor> = lexicon.actors.iter().map(known).collect();
    // States that have no entry of their own are known from the gazetteer.
    let missing = lexicon.gazetteer.countries().iter().filter(|c| lexicon.actors.by_key(&c.key).is_none());
    actors.extend(missing.map(|c| KnownActor {
        key: c.key.clone(),
        name: c.name.clone(),
        kind: "state.government".to_owned(),
        country: Some(c.code.as_str().to_owned()),
        source: "ISO 3166-1".to_owned(),
        ..KnownActor::default()
    }));
    let mut writer = store.write(now, "lexicon").await?;
    writer.seed_actors(&actors, &lexicon.hash).await?;
    writer.commit().await?;
    Ok(true)
}

/// Stores the seed documents in a base without documents: those of `folder`, else those compiled in. Gives what became of each; nothing
/// where the base has documents.
///
/// # Errors
/// When the folder cannot be read or the base cannot be written.
pub async fn fill(store: &Store, lexicon: Arc<Lexicon>, folder: Option<&Path>, settings: &Settings) -> Result<Vec<Ingested>, IngestError> {
    let any = DocumentFilter { fictional: Fictional::Any, ..DocumentFilter::default() };
    if store.count_documents(&any, Some(0)).await? != Total::Exact(0) {
        return Ok(Vec::new());
    }
    let files = match folder {
        Some(folder) => files_of(folder)?,
        None => EMBEDDED.iter().map(|&(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect(),
    };
    let articles = files.iter().flat_map(|(name, bytes)| read::articles(bytes, Format::of_path(Path::new(name)), stem(name))).collect::<Vec<_>>();
    documents(store, lexicon, articles, settings, |_| {}).await
}

/// Readable files of a folder by name; a README and folders inside are left out.
fn files_of(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, IngestError> {
    let error = |source| IngestError::Folder { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let readable = matches!(path.extension().and_then(|e| e.to_str()), Some("md" | "txt" | "html" | "htm" | "json" | "ndjson" | "jsonl"));
        if path.is_file() && readable && !name.starts_with('.') && !name.eq_ignore_ascii_case("readme.md") {
            files.push((name, std::fs::read(&path).map_err(error)?));
        }
    }
    files.sort();
    Ok(files)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn known(actor: &Actor) -> KnownActor {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let name = |name: &String, kind: &str| ActorName {
        name: name.clone(),
        kind: kind.to_owned(),
        script: script(name).map(str::to_owned),
        valid_from: None,
        valid_to: None,
        ambiguous: actor.ambiguous.contains(name),
    };
    let mut names: Vec<ActorName> = Vec::new();
    for (list, kind) in [(&actor.aliases, "alias"), (&actor.acronyms, "acronym"), (&actor.native, "native")] {
        names.extend(list.iter().map(|n| name(n, kind)));
    }
    names.extend(actor.former.iter().map(|f| ActorName { valid_to: given(&f.until), ..name(&f.name, "former") }));
    let relations = actor.relations.iter().map(|r| KnownTie {
        // The entry itself is the side that is not given.
        subject: r.subject.clone().unwrap_or_else(|| actor.key.clone()),
        relation: r.relation.clone(),
        object: r.object.clone().unwrap_or_else(|| actor.key.clone()),
        valid_from: given(&r.from),
        valid_to: given(&r.to),
    });
    KnownActor {
        key: actor.key.clone(),
        name: actor.name.clone(),
        kind: actor.kind.clone(),
        country: actor.country.clone(),
        tags: actor.tags.clone(),
        names,
        valid_from: given(&actor.valid.from),
        valid_to: given(&actor.valid.to),
        source: actor.source.clone(),
        relations: relations.collect(),
    }
}

/// ISO 15924 code of a name that is not written in Latin letters, by its first letter.
fn script(name: &str) -> Option<&'static str> {
    let letter = name.chars().find(|c| c.is_alphabetic())?;
    Some(match u32::from(letter) {
        0x0370..=0x03ff => "Grek",
        0x0400..=0x052f => "Cyrl",
        0x0590..=0x05ff => "Hebr",
        0x0600..=0x077f | 0x08a0..=0x08ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => "Arab",
        0x0900..=0x097f => "Deva",
        0x0980..=0x09ff => "Beng",
        0x0a00..=0x0a7f => "Guru",
        0x0b80..=0x0bff => "Taml",
        0x0c00..=0x0c7f => "Telu",
        0x0d80..=0x0dff => "Sinh",
        0x0f00..=0x0fff => "Tibt",
        0x1000..=0x109f => "Mymr",
        0x3040..=0x30ff => "Jpan",
        0x4e00..=0x9fff => "Hani",
        _ => return None,
    })
}
