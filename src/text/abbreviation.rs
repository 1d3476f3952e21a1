//! Words that are written with a full stop of their own.

/// How an abbreviation behaves before a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Stands before a name, so it never ends a sentence ("Lt.", "Mr.").
    Title,
    /// A month or a day; keeps the stop before a number.
    Calendar,
    /// Keeps the stop only before a number ("No. 4", "Rs. 500").
    Number,
    /// May end a sentence ("etc.", "Ltd.").
    General,
}

/// Sorted by word; `Title` and `Calendar` entries need a capital in the text ("sat.", "col." in lower case are words).
static WORDS: &[(&str, Abbreviation)] = &{
    use Abbreviation::{Calendar as C, General as G, Number as N, Title as T};
    [
        ("acad", T),
        ("addl", T),
        ("adm", T),
        ("al", G),
        ("amb", T),
        ("approx", G),
        ("apr", C),
        ("art", N),
        ("assn", G),
        ("asst", T),
        ("atty", T),
        ("aug", C),
        ("ave", G),
        ("bde", G),
        ("bldg", G),
        ("blvd", G),
        ("bn", G),
        ("brig", T),
        ("bros", G),
        ("ca", N),
        ("capt", T),
        ("cdr", T),
        ("cf", N),
        ("ch", N),
        ("cie", G),
        ("cmdr", T),
        ("cmdt", T),
        ("co", G),
        ("col", T),
        ("comdr", T),
        ("comm", T),
        ("const", T),
        ("corp", G),
        ("cpl", T),
        ("ct", G),
        ("dec", C),
        ("dept", G),
        ("dist", G),
        ("dr", T),
        ("dy", T),
        ("engr", T),
        ("esq", G),
        ("est", G),
        ("etc", G),
        ("feb", C),
        ("fig", N),
        ("fr", T),
        ("fri", C),
        ("ft", T),
        ("gen", T),
        ("gov", T),
        ("govt", G),
        ("hav", T),
        ("hon", T),
        ("hq", G),
        ("hwy", G),
        ("inc", G),
        ("insp", T),
        ("intl", G),
        ("jan", C),
        ("jr", G),
        ("jul", C),
        ("jun", C),
        ("lt", T),
        ("ltd", G),
        ("maj", T),
        ("mar", C),
        ("md", T),
        ("messrs", T),
        ("mgr", T),
        ("mohd", T),
        ("mon", C),
        ("mr", T),
        ("mrs", T),
        ("ms", T),
        ("msgr", T),
        ("mt", T),
        ("mtn", G),
        ("natl", G),
        ("nk", T),
        ("no", N),
        ("nos", N),
        ("nov", C),
        ("oct", C),
        ("op", N),
        ("para", N),
        ("pl", G),
        ("pp", N),
        ("pres", T),
        ("prof", T),
        ("pt", T),
        ("pte", G),
        ("pvt", T),
        ("qtr", G),
        ("rd", G),
        ("regt", G),
        ("rep", T),
        ("reps", T),
        ("rev", T),
        ("rs", N),
        ("sat", C),
        ("sec", N),
        ("sen", T),
        ("sens", T),
        ("sep", C),
        ("sept", C),
        ("sgt", T),
        ("shri", T),
        ("smt", T),
        ("spc", T),
        ("sq", N),
        ("sqn", T),
        ("sr", T),
        ("st", T),
        ("ste", T),
        ("sub", T),
        ("sun", C),
        ("supt", T),
        ("thu", C),
        ("thur", C),
        ("thurs", C),
        ("tue", C),
        ("tues", C),
        ("univ", G),
        ("viz", G),
        ("vol", N),
        ("vs", G),
        ("wed", C),
    ]
};

/// What `word` (without its stop) is an abbreviation of, if of anything.
pub(super) fn abbreviation(word: &str) -> Option<Abbreviation> {
    let bytes = word.as_bytes();
    if !(2..=8).contains(&bytes.len()) {
        return None;
    }
    let mut lower = [0u8; 8];
    for (to, from) in lower.iter_mut().zip(bytes) {
        *to = from.to_ascii_lowercase();
    }
    let found = WORDS.binary_search_by(|(known, _)| known.as_bytes().cmp(&lower[..bytes.len()])).ok()?;
    let kind = WORDS[found].1;
    let capital = bytes[0].is_ascii_uppercase();
    match kind {
        Abbreviation::Title | Abbreviation::Calendar => capital.then_some(kind),
        Abbreviation::Number | Abbreviation::General => Some(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0), "binary search needs order");
    }

    #[test]
    fn capitals_make_titles() {
        assert_eq!(abbreviation("Lt"), Some(Abbreviation::Title));
        assert_eq!(abbreviation("sat"), None);
        assert_eq!(abbreviation("etc"), Some(Abbreviation::General));
        assert_eq!(abbreviation("killed"), None);
    }
}
