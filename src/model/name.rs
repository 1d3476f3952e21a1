//! Names of actors as they are compared: words, the sound of transliterated words, initials, and the keys that names are looked up by.

use super::id::fold_name;

/// Articles and links inside names ("Lashkar-e-Taiba", "Jamaat-ud-Dawa", "bin"), which the press leaves out, adds and spells as it likes.
const LINKS: &[&str] = &[
    "al", "an", "ar", "as", "ash", "az", "e", "el", "i", "ibn", "bin", "ben", "bint", "of", "the", "and", "for", "u", "ud", "ul", "un", "ur", "us", "uz", "ut",
    "de", "la", "del",
];

/// Names longer than this are cut before they become keys, in characters.
const LONGEST_KEY: usize = 80;

/// A name as it is compared with others: its words and their sounds, worked out once for however many comparisons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// As it is written.
    pub text: String,
    /// Its words ([`words`]).
    pub words: Vec<Word>,
}

/// A word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded.
    pub text: String,
    /// How it sounds ([`sound`]).
    pub sound: String,
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        let words = words(&text).into_iter().map(|text| Word { sound: sound(&text), text }).collect();
        Self { text, words }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// Words of a name, folded, without articles and links; all of them where nothing else is left.
pub fn words(name: &str) -> Vec<String> {
    let folded = fold_name(name);
    let all = || folded.split(' ').map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty());
    let bare: Vec<String> = all().filter(|w| !LINKS.contains(w)).map(str::to_owned).collect();
    if bare.is_empty() { all().map(str::to_owned).collect() } else { bare }
}

/// How a folded word sounds where it was transliterated: its consonants, with spellings of one sound made one and vowels left out but at
/// the beginning. "Mohammed" and "Muhammad", "Tehreek" and "Tahrik", "Akhundzada" and "Akhunzada" sound the same. A word of another script
/// stays as it is.
pub fn sound(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let letters: Vec<char> = word.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut sound = String::with_capacity(letters.len());
    let mut i = 0;
    while let Some(&letter) = letters.get(i) {
        let next = letters.get(i + 1).copied().unwrap_or(' ');
        let (one, n) = match (letter, next) {
            ('k' | 'g' | 't' | 'd' | 'b' | 'c' | 'j', 'h') => (consonant(letter), 2),
            ('s' | 'z', 'h') => (letter, 2),
            ('p', 'h') => ('f', 2),
            ('c', 'k') => ('k', 2),
            ('d', 'z') => ('z', 2),
            // "Mohammed", but not "Mehsud", "Fazlullah".
            ('h', _) if i > 0 && !is_vowel(next) => (' ', 1),
            (vowel, _) if is_vowel(vowel) && i > 0 => (' ', 1),
            ('y', _) if i > 0 => (' ', 1),
            ('o' | 'u', _) => ('u', 1),
            ('e' | 'i', _) => ('i', 1),
            _ => (consonant(letter), 1),
        };
        // A doubled letter is one: nothing stood between the two.
        let doubled = i > 0 && letters[i - 1] == letter;
        if one != ' ' && !(doubled && sound.ends_with(one)) {
            sound.push(one);
        }
        i += n;
    }
    sound
}

fn consonant(letter: char) -> char {
    match letter {
        'q' | 'c' => 'k',
        'w' => 'v',
        other => other,
    }
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// The initials of a name of two words or more, small: with and without articles and links, for "JuD" and "TTP".
pub fn initials(name: &str) -> Vec<String> {
    let first = |words: &mut dyn Iterator<Item = &str>| words.filter_map(|w| w.chars().next()).collect::<String>();
    let folded = fold_name(name);
    let bare = words(name);
    let mut all = vec![first(&mut bare.iter().map(String::as_str)), first(&mut folded.split(' '))];
    all.dedup();
    all.retain(|letters| letters.chars().count() > 1);
    all
}

/// A name that is an acronym ("TTP", "LeJ", "JuD"), small: one word of two to eight letters, at least two of them capitals and no
/// fewer than half.
pub fn acronym(name: &str) -> Option<String> {
    let letters: Vec<char> = name.trim().chars().filter(|&c| c != '.').collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    let is = (2..=8).contains(&letters.len()) && letters.iter().all(|c| c.is_alphabetic()) && capitals >= 2 && 2 * capitals >= letters.len();
    is.then(|| letters.iter().flat_map(|c| c.to_lowercase()).collect())
}

/// Whether a code of the actor type list is for persons, as against organisations and states.
pub fn is_person(kind: &str) -> bool {
    kind.starts_with("person") || kind.starts_with("people")
}

/// What a name is looked up by, at least one key: the sound of all its words; of persons that of the last one as well, of organisations
/// their initials. Persons and organisations share no key. What shares a key may be the same; nothing else is compared.
pub fn keys(name: &str, kind: &str) -> Vec<String> {
    let words = words(name);
    let sounds: Vec<String> = words.iter().map(|w| sound(w)).collect();
    let cut = |text: String| text.chars().take(LONGEST_KEY).collect::<String>();
    let mut keys = Vec::new();
    if is_person(kind) {
        keys.push(cut(format!("p:{}", sounds.join(" "))));
        keys.extend(sounds.last().map(|last| cut(format!("l:{last}"))));
    } else {
        keys.push(cut(format!("o:{}", sounds.join(" "))));
        keys.extend(acronym(name).map(|a| format!("a:{a}")));
        keys.extend(initials(name).into_iter().filter(|i| i.chars().count() > 2).map(|i| cut(format!("a:{i}"))));
    }
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_sound_the_same() {
        let same = [
            &["mohammed", "muhammad", "mohamad", "muhammed", "mohammad"][..],
            &["tehreek", "tehrik", "tahreek", "tahrik"],
            &["akhundzada", "akhunzada"],
            &["hussain", "hussein", "husain"],
            &["usama", "osama"],
            &["omar", "umar", "omer"],
            &["mehsud", "mahsud", "masood"],
            &["yousuf", "yusuf", "yousaf"],
            &["qasim", "kasim", "qassem"],
            &["sayed", "syed", "saeed"],
            &["ahmed", "ahmad"],
            &["fazlullah", "fazlulla"],
        ];
        for group in same {
            for word in group {
                assert_eq!(sound(word), sound(group[0]), "{word} and {}", group[0]);
            }
        }
        for (one, other) in [("mullah", "khan"), ("karim", "rahim"), ("wazir", "nazir"), ("swat", "swabi"), ("bilal", "jalal")] {
            assert_ne!(sound(one), sound(other));
        }
        assert_eq!(sound("طالبان"), "طالبان");
        assert_eq!(sound(""), "");
    }

    #[test]
    fn words_go_without_articles_and_links() {
        assert_eq!(words("Lashkar-e-Taiba"), ["lashkar", "taiba"]);
        assert_eq!(words("the Al-Badr"), ["badr"]);
        assert_eq!(words("El"), ["el"]);
        assert_eq!(words(" - "), Vec::<String>::new());
    }

    #[test]
    fn acronyms_and_initials_meet() {
        assert_eq!(acronym("TTP").as_deref(), Some("ttp"));
        assert_eq!(acronym("LeJ").as_deref(), Some("lej"));
        assert_eq!(acronym("B.L.A.").as_deref(), Some("bla"));
        for name in ["Taliban", "Al", "I", "ISLAMABADIANS", "M16", ""] {
            assert_eq!(acronym(name), None, "{name}");
        }
        assert!(keys("Tehreek-i-Taliban Pakistan", "armed.rebel").contains(&"a:ttp".to_owned()));
        assert!(keys("Jamaat-ud-Dawa", "armed.rebel").contains(&"a:jud".to_owned()));
        assert!(keys("TTP", "armed.rebel").contains(&"a:ttp".to_owned()));
    }

    #[test]
    fn persons_and_organisations_share_no_key() {
        let person = keys("Jamal Khan", "person.official");
        assert_eq!(person, ["l:kn", "p:jml kn"]);
        assert!(keys("Jamal Khan", "organisation.ngo").iter().all(|k| !person.contains(k)));
        assert!(keys("Zarb", "person.other").len() == 2 && !keys("", "person.other").is_empty());
    }
}
