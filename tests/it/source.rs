//! Rust source as text: enough of a lexer to tell code from comments and string literals, and to read the paths that code names.

use std::path::{Path, PathBuf};

/// One file without its comments and tests.
#[derive(Debug)]
pub struct Source {
    /// The code; each string literal is left as one `"`.
    pub code: String,
    /// The string literals in their order.
    pub literals: Vec<String>,
}

impl Source {
    /// Reads source text; what follows `#[cfg(test)] mod` is left out.
    pub fn read(text: &str) -> Self {
        let mut source = Self { code: String::new(), literals: Vec::new() };
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let skip = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if let Some((len, literal)) = string(rest).filter(|_| !source.code.ends_with(|c: char| c.is_alphanumeric() || c == '_')) {
                source.code.push('"');
                source.literals.push(literal.to_owned());
                len
            } else if let Some(len) = character(rest) {
                source.code.push('\'');
                len
            } else {
                source.code.push(c);
                c.len_utf8()
            };
            rest = &rest[skip..];
        }
        if let Some(tests) = source.code.find("#[cfg(test)]\nmod ") {
            source.code.truncate(tests);
            source.literals.truncate(source.code.matches('"').count());
        }
        source
    }

    /// The literals that directly follow one of `openings` ("`.note(`"), blanks aside.
    pub fn literals_after<'a>(&'a self, openings: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.code.match_indices('"').zip(&self.literals).filter_map(|((at, _), literal)| {
            let before = self.code[..at].trim_end();
            openings.iter().any(|o| before.ends_with(o)).then_some(literal.as_str())
        })
    }

    /// Every path that starts at `root` (`crate`, `waqia`, `std`, …), cut after `depth` further names; groups in braces are spread out.
    pub fn paths(&self, root: &str, depth: usize) -> Vec<Vec<String>> {
        let words = words(&self.code);
        let mut found = Vec::new();
        for at in 0..words.len() {
            let inner = at > 0 && words[at - 1] == "::";
            if words[at] == root && !inner {
                spread(&words, at + 1, depth, &mut Vec::new(), &mut found);
            }
        }
        found
    }
}

/// Length and content of the string literal at the start: plain, raw, byte or C string.
fn string(text: &str) -> Option<(usize, &str)> {
    let prefix = text.bytes().take_while(|b| matches!(b, b'b' | b'c' | b'r')).count();
    let hashes = text[prefix..].bytes().take_while(|&b| b == b'#').count();
    let raw = text[..prefix].ends_with('r');
    let start = prefix + hashes + 1;
    if prefix > 2 || hashes > 0 && !raw || text.as_bytes().get(start - 1) != Some(&b'"') {
        return None;
    }
    if raw {
        let end = start + text[start..].find(&format!("\"{}", "#".repeat(hashes)))?;
        return Some((end + 1 + hashes, &text[start..end]));
    }
    let mut escaped = false;
    for (i, b) in text.bytes().enumerate().skip(start) {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((i + 1, &text[start..i])),
            _ => {}
        }
    }
    None
}

/// Length of the character literal at the start; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return inside[2..].find('\'').map(|end| end + 4);
    }
    let c = inside.chars().next()?;
    inside[c.len_utf8()..].starts_with('\'').then(|| c.len_utf8() + 2)
}

/// Identifiers, `::` and single signs.
fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while let Some(c) = rest.chars().next() {
        let len = if c.is_alphanumeric() || c == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            c.len_utf8()
        };
        words.push(&rest[..len]);
        rest = rest[len..].trim_start();
    }
    words
}

/// Follows a path from the word after its last name; returns where it ends.
fn spread(words: &[&str], at: usize, depth: usize, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let name = words.get(at + 1).copied().unwrap_or("");
    if words.get(at) != Some(&"::") || !(name == "{" || name == "*" || name.starts_with(|c: char| c.is_alphabetic() || c == '_')) {
        found.push(path.iter().take(depth).cloned().collect());
        return at;
    }
    if name != "{" {
        path.push(name.to_owned());
        let end = spread(words, at + 2, depth, path, found);
        path.pop();
        return end;
    }
    let mut at = at + 2;
    while at < words.len() && words[at] != "}" {
        if words[at] == "," {
            at += 1;
            continue;
        }
        path.push(words[at].to_owned());
        at = spread(words, at + 1, depth, path, found);
        path.pop();
        // `as name`
        while at < words.len() && words[at] != "," && words[at] != "}" {
            at += 1;
        }
    }
    at + 1
}

/// The checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Text of a file of the checkout.
#[track_caller]
pub fn file(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// All files under a folder of the checkout with one of the endings, by path relative to the checkout, sorted. A missing folder has none.
pub fn files_under(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && name != "node_modules" {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path.strip_prefix(root()).expect("below the checkout").to_owned());
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let source = Source::read("use crate::a; // crate::b\nlet s = \"crate::c \\\" d\"; let r = r#\"x\"y\"#; let c = '\"'; fn f<'a>() {} /* crate::e */");
        assert_eq!(source.paths("crate", 1), [["a"]]);
        assert_eq!(source.literals, ["crate::c \\\" d", "x\"y"]);
    }

    #[test]
    fn groups_are_spread_out() {
        let source = Source::read("use crate::{a::{b, c as d}, e}; let x = crate::f::g(crate::h::I); use std::time::Instant;");
        let paths: Vec<String> = source.paths("crate", 2).iter().map(|p| p.join(".")).collect();
        assert_eq!(paths, ["a.b", "a.c", "e", "f.g", "h.I"]);
        assert_eq!(source.paths("std", 2), [["time", "Instant"]]);
    }

    #[test]
    fn tests_are_left_out() {
        let source = Source::read("let a = \"one\";\n#[cfg(test)]\nmod tests { use crate::b; const C: &str = \"two\"; }");
        assert_eq!((source.paths("crate", 1).len(), source.literals.len()), (0, 1));
    }
}
