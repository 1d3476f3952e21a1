//! How alike two names are.

use super::Wanted;
use crate::model::name::{Name, Word, acronym, initials, is_person};
use crate::model::resolution::Candidate;

/// In what way a name of a text is a name of a candidate. The number of words tells how much it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Word for word.
    Same(usize),
    /// Word for word by sound ("Mohammed", "Muhammad").
    Sound(usize),
    /// One has the other's last name and no other name that it lacks ("Wali Khan", "Abdul Wali Khan", "A. W. Khan"); the shorter's words.
    Part(usize),
    /// One is the acronym that the other's initials make.
    Acronym,
}

/// How alike two names are; None where they cannot be names of one actor.
pub fn likeness(one: &Name, other: &Name, kind: &str) -> Option<Likeness> {
    let (a, b) = (&one.words, &other.words);
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a.iter().map(|w| &w.text).eq(b.iter().map(|w| &w.text)) {
        return Some(Likeness::Same(a.len()));
    }
    if a.len() == b.len() && a.iter().zip(b).all(|(x, y)| sounds_like(x, y)) {
        return Some(Likeness::Sound(a.len()));
    }
    if is_person(kind) {
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        return is_part(short, long).then_some(Likeness::Part(short.len()));
    }
    let stands_for = |short: &str, long: &str| acronym(short).is_some_and(|letters| letters.chars().count() > 2 && initials(long).contains(&letters));
    (stands_for(&one.text, &other.text) || stands_for(&other.text, &one.text)).then_some(Likeness::Acronym)
}

/// The best likeness of a wanted actor with any name of a candidate; None as well for a person and an organisation, and where a full name
/// speaks against it.
pub(super) fn best(wanted: &Wanted, candidate: &Candidate) -> Option<Likeness> {
    let person = is_person(&wanted.kind);
    if person != is_person(&candidate.kind) || person && is_contradicted(wanted, candidate) {
        return None;
    }
    candidate.names.iter().filter_map(|name| likeness(&wanted.name, name, &wanted.kind)).min_by_key(|found| match found {
        Likeness::Same(n) => (0, usize::MAX - n),
        Likeness::Sound(n) => (1, usize::MAX - n),
        Likeness::Part(n) => (2, usize::MAX - n),
        Likeness::Acronym => (3, 0),
    })
}

/// "Joaquín López" is not the "López" who is "Carlos López" elsewhere: of full names with the same last name each must fit. Those of the
/// lexicon may have other names besides; one must fit.
fn is_contradicted(wanted: &Wanted, candidate: &Candidate) -> bool {
    let own = &wanted.name.words;
    let Some(last) = own.last().filter(|_| own.len() > 1) else { return false };
    let full = |name: &&Name| name.words.len() > 1 && name.words.last().is_some_and(|l| sounds_like(l, last));
    let mut fits = candidate.names.iter().filter(full).map(|name| likeness(&wanted.name, name, &wanted.kind).is_some()).peekable();
    fits.peek().is_some() && if candidate.known { !fits.any(|f| f) } else { !fits.all(|f| f) }
}

/// Equal, or of one sound and about one length.
fn sounds_like(x: &Word, y: &Word) -> bool {
    let (a, b) = (&x.text, &y.text);
    a == b || a.len().min(b.len()) > 2 && a.len().abs_diff(b.len()) < 4 && x.sound == y.sound
}

/// Whether the words of the shorter stand in the longer one in their order, the last as its last; a single letter stands for a word that
/// begins with it.
fn is_part(short: &[Word], long: &[Word]) -> bool {
    let (Some((last, given)), Some((family, others))) = (short.split_last(), long.split_last()) else { return false };
    if !sounds_like(last, family) {
        return false;
    }
    let mut others = others.iter();
    let initial = |x: &str, y: &str| x.chars().count() == 1 && y.starts_with(x) || y.chars().count() == 1 && x.starts_with(y);
    given.iter().all(|word| others.any(|other| sounds_like(word, other) || initial(&word.text, &other.text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_persons() {
        let person = |one, other| likeness(&Name::from(one), &Name::from(other), "person.other");
        assert_eq!(person("Imran Khan", "imran  khan"), Some(Likeness::Same(2)));
        assert_eq!(person("Mohammed Husain", "Muhammad Hussain"), Some(Likeness::Sound(2)));
        assert_eq!(person("Wali Khan", "Abdul Wali Khan"), Some(Likeness::Part(2)));
        assert_eq!(person("Abdul Wali Khan", "Khan"), Some(Likeness::Part(1)));
        assert_eq!(person("A. W. Khan", "Abdul Wali Khan"), Some(Likeness::Part(3)));
        for (one, other) in [("Imran Khan", "Aslam Khan"), ("Imran", "Imran Khan"), ("Khan Bahadur", "Bahadur Khan"), ("Rahim", "Karim"), ("", "Khan")] {
            assert_eq!(person(one, other), None, "{one}, {other}");
        }
    }

    #[test]
    fn a_full_name_speaks_against_another() {
        let wanted = |name: &str| Wanted { actor: 0, name: name.into(), kind: "person.other".to_owned(), context: Default::default() };
        let lopez = Candidate { names: ["López", "Carlos López"].map(Name::from).to_vec(), kind: "person.other".to_owned(), ..Candidate::default() };
        assert_eq!(best(&wanted("López"), &lopez), Some(Likeness::Same(1)));
        assert_eq!(best(&wanted("Juan Carlos López"), &lopez), Some(Likeness::Part(2)));
        assert_eq!(best(&wanted("Joaquín López"), &lopez), None);
    }

    #[test]
    fn names_of_organisations() {
        let group = |one, other| likeness(&Name::from(one), &Name::from(other), "armed.rebel");
        assert_eq!(group("Jaish-e-Islam", "Jaish ul-Islam"), Some(Likeness::Same(2)));
        assert_eq!(group("Lashkar-e-Khurasan", "Lashkar-i-Khorasan"), Some(Likeness::Sound(2)));
        assert_eq!(group("BRG", "Baloch Republican Guards"), Some(Likeness::Acronym));
        assert_eq!(group("Baloch Republican Guards", "Brg"), None, "no acronym");
        assert_eq!(group("Baloch Republican Guards", "Republican Guards"), None, "no part stands for an organisation");
    }
}
