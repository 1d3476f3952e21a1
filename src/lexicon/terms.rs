//! Common words the engine knows: people, sites, weapons, titles. Tab-separated files, one row a term.

use super::LexiconError;
use super::actors::name_words;
use super::source::{Source, rows};
use super::trie::{Case, Entry, Trie};

/// What kind of thing a term names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    /// A person or group by what it is ("policeman", "gunmen", "villagers"): `people.tsv`.
    People,
    /// A building, vehicle or spot ("mosque", "convoy"): `sites.tsv`.
    Site,
    /// A weapon or means ("car bomb"): `weapons.tsv`.
    Weapon,
    /// A title or office before or after a name ("Foreign Minister"): `titles.tsv`.
    Title,
}

/// One term.
#[derive(Clone, Debug)]
pub struct Term {
    /// The words, singular.
    pub term: String,
    /// Singular and plural, where there are two.
    pub forms: Vec<String>,
    /// What kind of thing.
    pub kind: TermKind,
    /// Class within the kind: people: militant, police, military, official, civilian, …; titles: office, rank, …; sites and weapons: their code.
    pub class: String,
    /// Code of the actor type list (people), else empty.
    pub actor_type: String,
    /// Code of the target type list (people, sites), else empty.
    pub target_type: String,
    /// For people: a word for several at once ("police", "family", "crowd").
    pub collective: bool,
}

impl Term {
    /// Militants, gunmen and their like.
    pub fn is_militant(&self) -> bool {
        self.kind == TermKind::People && matches!(self.class.as_str(), "militant" | "gunman" | "bomber" | "kidnapper" | "criminal" | "cadre")
    }

    /// Police, soldiers, guards.
    pub fn is_of_security(&self) -> bool {
        self.kind == TermKind::People && matches!(self.class.as_str(), "police" | "military" | "guard")
    }

    /// Whether it shows that a text speaks of a conflict: armed people, weapons, posts of the security forces.
    pub fn speaks_of_conflict(&self) -> bool {
        match self.kind {
            TermKind::People => self.is_militant() || self.is_of_security() || self.class == "rioter",
            TermKind::Weapon => true,
            TermKind::Site => self.target_type.starts_with("security."),
            TermKind::Title => false,
        }
    }
}

/// All terms.
#[derive(Debug, Default)]
pub struct Terms {
    list: Vec<Term>,
}

impl Terms {
    /// Loads the term files; singular and plural of each term go into the trie.
    pub(super) fn load(source: &Source, trie: &mut Trie) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        for (file, kind) in
            [("people.tsv", TermKind::People), ("sites.tsv", TermKind::Site), ("weapons.tsv", TermKind::Weapon), ("titles.tsv", TermKind::Title)]
        {
            let Some(text) = source.get(file) else { continue };
            for (line, row) in rows(text) {
                let (Some(&term), Some(&class)) = (row.first(), row.get(1)) else {
                    return Err(LexiconError::new(file, line, "a row needs at least a term and a class, with a tab between them"));
                };
                this.add(term, kind, class, &row, trie);
            }
        }
        Ok(this)
    }

    fn add(&mut self, term: &str, kind: TermKind, class: &str, row: &[&str], trie: &mut Trie) {
        let index = Entry::Term(self.list.len() as u32);
        let column = |n: usize| row.get(n).copied().unwrap_or("").to_owned();
        let (actor_type, target_type, number, plural) = match kind {
            TermKind::People => (column(2), column(3), column(4), column(5)),
            TermKind::Site => (String::new(), class.to_owned(), String::new(), column(2)),
            TermKind::Weapon => (String::new(), String::new(), String::new(), column(2)),
            TermKind::Title => (String::new(), String::new(), String::new(), String::new()),
        };
        trie.insert(&name_words(term), index, Case::Any);
        let plural = if plural.is_empty() { plural_of(term) } else { plural };
        let mut forms = vec![term.to_owned()];
        if plural != "-" {
            trie.insert(&name_words(&plural), index, Case::Any);
            forms.push(plural);
        }
        self.list.push(Term { term: term.to_owned(), forms, kind, class: class.to_owned(), actor_type, target_type, collective: number == "collective" });
    }

    /// The term of an index that a hit carries.
    pub fn get(&self, index: u32) -> Option<&Term> {
        self.list.get(index as usize)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Term> {
        self.list.iter()
    }
}

/// The regular plural of the last word, with the irregular ones that end a compound ("policeman", "schoolchild").
fn plural_of(term: &str) -> String {
    if let Some(stem) = term.strip_suffix("man") {
        return format!("{stem}men");
    }
    if let Some(stem) = term.strip_suffix("child") {
        return format!("{stem}children");
    }
    match term.as_bytes() {
        [.., b's' | b'x' | b'z'] | [.., b'c' | b's', b'h'] => format!("{term}es"),
        [.., before, b'y'] if !b"aeiou".contains(before) => format!("{}ies", &term[..term.len() - 1]),
        _ => format!("{term}s"),
    }
}
