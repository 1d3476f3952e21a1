//! Code lists: `lexicon/codes/*.tsv`, one list per file, with the columns code, label, description and any number of crosswalk columns.

use super::LexiconError;
use super::codebooks::Codebooks;
use super::source::Source;
use std::collections::BTreeMap;

/// All code lists.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    lists: BTreeMap<String, CodeList>,
}

/// One closed list of codes.
#[derive(Clone, Debug, Default)]
pub struct CodeList {
    /// Name of the list: that of its file without the ending.
    pub name: String,
    /// Names of the columns after code, label and description.
    pub crosswalks: Vec<String>,
    /// The codes, in the order of the file.
    pub codes: Vec<Code>,
}

/// One code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// The code: `class.type` or `class.type.subtype` where the list has classes.
    pub code: String,
    /// A few words for people.
    pub label: String,
    /// When it is given.
    pub description: String,
    /// What other codebooks call it, one value per crosswalk column; empty where they have nothing.
    pub crosswalk: Vec<String>,
}

const FIXED_COLUMNS: [&str; 3] = ["code", "label", "description"];

impl Codes {
    /// Loads `codes/*.tsv`; the codebooks of `codebooks.toml` are a list besides.
    ///
    /// # Errors
    /// Names file and line where a row has too few or too many columns, or a code is given twice or is not one.
    pub fn load(source: &Source) -> Result<Self, LexiconError> {
        let mut lists = BTreeMap::new();
        for (path, text) in source.under("codes/", ".tsv") {
            let name = path.trim_start_matches("codes/").trim_end_matches(".tsv").to_owned();
            lists.insert(name.clone(), CodeList::read(name, path, text)?);
        }
        let codebooks = Codebooks::load(source)?;
        if !codebooks.iter().as_slice().is_empty() {
            lists.insert("codebooks".to_owned(), codebooks.code_list());
        }
        Ok(Self { lists })
    }

    /// The list of that name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// All lists by name.
    pub fn iter(&self) -> impl Iterator<Item = &CodeList> {
        self.lists.values()
    }
}

impl CodeList {
    fn read(name: String, path: &str, text: &str) -> Result<Self, LexiconError> {
        let mut rows = text.lines().zip(1..).map(|(line, n)| (n, line.trim_end_matches('\r'))).filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        let header: Vec<&str> = rows.next().map(|(_, line)| line.split('\t').map(str::trim).collect()).unwrap_or_default();
        if !header.starts_with(&FIXED_COLUMNS) {
            return Err(LexiconError::new(path, 1, "the first line must name the columns, beginning with code, label, description"));
        }
        let mut list = Self { name, crosswalks: header[3..].iter().map(|&c| c.to_owned()).collect(), codes: Vec::new() };
        for (line, row) in rows {
            let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
            if cells.len() > header.len() || cells.len() < FIXED_COLUMNS.len() {
                return Err(LexiconError::new(path, line, format!("has {} columns, the first line names {}", cells.len(), header.len())));
            }
            if !is_code(cells[0]) {
                return Err(LexiconError::new(
                    path,
                    line,
                    format!("\"{}\" is not a code: use a–z, 0–9, _ and dots between class, type and sub-type", cells[0]),
                ));
            }
            if list.get(cells[0]).is_some() {
                return Err(LexiconError::new(path, line, format!("code \"{}\" is given twice", cells[0])));
            }
            let cell = |i: usize| cells.get(i).copied().unwrap_or("").to_owned();
            let crosswalk = (3..header.len()).map(cell).collect();
            list.codes.push(Code { code: cell(0), label: cell(1), description: cell(2), crosswalk });
        }
        Ok(list)
    }

    /// The code of that name.
    pub fn get(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|c| c.code == code)
    }

    /// Classes of the list (the part before the first dot), in order; empty where the list has none.
    pub fn classes(&self) -> Vec<&str> {
        let mut classes: Vec<&str> = self.codes.iter().filter_map(|c| c.code.split_once('.')).map(|(class, _)| class).collect();
        classes.dedup();
        classes
    }
}

fn is_code(text: &str) -> bool {
    let part = |p: &str| p.starts_with(|c: char| c.is_ascii_lowercase()) && p.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    text.split('.').count() <= 3 && text.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Codes, LexiconError> {
        let mut source = Source::default();
        source.insert("codes/colours.tsv".to_owned(), text.to_owned());
        Codes::load(&source)
    }

    #[track_caller]
    fn check_error(text: &str, expect: &str) {
        let error = load(text).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(expect), "{error}");
    }

    #[test]
    fn a_list_is_read_with_its_crosswalk() {
        let codes = load(
            "# a comment\ncode\tlabel\tdescription\tacled\tgtd\nwarm.red\tRed\tLike blood\t1\t2\nwarm.orange\tOrange\t\t\ncold.blue\tBlue\tLike ink\t3\t4\n",
        )
        .unwrap();
        let list = codes.list("colours").unwrap();
        assert_eq!(list.crosswalks, ["acled", "gtd"]);
        assert_eq!(list.classes(), ["warm", "cold"]);
        assert_eq!(list.get("cold.blue").unwrap().crosswalk, ["3", "4"]);
        assert_eq!(list.get("warm.orange").unwrap().crosswalk, ["", ""]);
        assert!(codes.list("tastes").is_none());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check_error("name\tlabel\n", "line 1: the first line must name the columns");
        check_error("code\tlabel\tdescription\nred\tRed\n", "line 2: has 2 columns");
        check_error("code\tlabel\tdescription\nRed\tRed\tx\n", "line 2: \"Red\" is not a code");
        check_error("code\tlabel\tdescription\nred\tRed\tx\n\nred\tRed\tx\n", "line 4: code \"red\" is given twice");
        check_error("", "line 1");
    }

    #[test]
    fn the_lists_compiled_in_can_be_read() {
        let codes = Codes::load(&Source::embedded()).unwrap();
        for list in codes.iter() {
            assert!(!list.codes.is_empty(), "{} is empty", list.name);
        }
    }
}
