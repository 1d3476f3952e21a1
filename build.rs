//! Lists the data files of `lexicon/` and the documents of `seeds/`, so that each is compiled in without being named by hand.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=lexicon");
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=web");
    println!("cargo:rerun-if-changed=seeds");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("lexicon_files.rs"), table(&root.join("lexicon"), "Path under `lexicon/` and text of each data file.", is_lexicon)?)?;
    fs::write(out.join("seed_files.rs"), table(&root.join("seeds"), "Name and text of each seed document.", is_seed)?)
}

fn is_lexicon(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "toml" || e == "tsv" || e == "txt")
}

fn is_seed(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "md") && path.file_name().is_some_and(|n| n != "README.md")
}

/// Rust code of a table `EMBEDDED` with all files below a folder that `wanted` lets through.
fn table(root: &Path, comment: &str, wanted: fn(&Path) -> bool) -> io::Result<String> {
    let mut files = Vec::new();
    collect(root, wanted, &mut files)?;
    files.sort();
    let mut code = format!("/// {comment}\nstatic EMBEDDED: &[(&str, &str)] = &[\n");
    for file in files {
        let path = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        // Writing to a string cannot fail.
        let _ = writeln!(code, "    ({path:?}, include_str!({:?})),", file.display().to_string());
    }
    code.push_str("];\n");
    Ok(code)
}

fn collect(folder: &Path, wanted: fn(&Path) -> bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, wanted, files)?;
        } else if wanted(&path) {
            files.push(path);
        }
    }
    Ok(())
}
