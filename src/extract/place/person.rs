//! Persons whose names are place names too: "Bell" in a text that tells of Sgt. Bell.

use super::Name;
use super::context::{adjacent, is_capital, is_initial};
use super::find::Scene;
use crate::extract::Analysis;
use crate::lexicon::gazetteer::PlaceWord;
use crate::text::{Document, Tag};
use std::collections::BTreeSet;

/// Words that stand behind a first name, an initial or a title anywhere in the text.
pub(super) fn last_names(a: &Analysis<'_>, after_title: &[(usize, bool)]) -> BTreeSet<u64> {
    let (doc, gazetteer) = (&a.doc, &a.lexicon.gazetteer);
    let is_last = |i: usize| {
        if !is_capital(doc, i) {
            return false;
        }
        let word = gazetteer.word(doc, i);
        let behind_title = after_title.binary_search_by_key(&i, |&(end, _)| end).is_ok_and(|at| after_title[at].1);
        let behind_name = i > 0 && adjacent(doc, i) && (gazetteer.is_personal_name(doc, i - 1) && is_capital(doc, i - 1) || is_initial(doc, i - 1));
        (behind_title || behind_name) && !word.names_kind() && !word.has(PlaceWord::INSTITUTION) && !word.has(PlaceWord::TIME)
    };
    if doc.all_caps() {
        return BTreeSet::new();
    }
    (0..doc.len()).filter(|&i| is_last(i)).map(|i| doc.token(i).hash).collect()
}

/// Whether the name is rather a person's here: a last name of the text, next to a verb of speech, before an age.
pub(super) fn is_meant(scene: &Scene<'_, '_>, name: &Name) -> bool {
    let (doc, gazetteer) = (&scene.a.doc, &scene.a.lexicon.gazetteer);
    let (start, end) = (name.core.start as usize, name.core.end as usize);
    if name.core.len() != 1 || name.wants.is_some() {
        return false;
    }
    let same = |i: usize| doc.sentence_of(i) == doc.sentence_of(start);
    // "an official in Miranshah, who …"
    let behind_preposition = start > 0 && gazetteer.word(doc, start - 1).has(PlaceWord::PREPOSITION);
    let says =
        |i: usize| same(i) && matches!(doc.word(i), "said" | "says" | "told" | "added" | "explained" | "recalled" | "testified" | "wrote" | "who" | "whose");
    scene.persons.contains(&doc.token(start).hash)
        || start > 0 && says(start - 1) && !matches!(doc.word(start - 1), "who" | "whose")
        || says(end)
        || doc.tag(end) == Tag::Comma && (says(end + 1) && !behind_preposition || is_age(doc, end + 1))
}

/// "25,"
fn is_age(doc: &Document<'_>, i: usize) -> bool {
    doc.raw(i).len() <= 2 && doc.raw(i).bytes().all(|b| b.is_ascii_digit()) && !doc.raw(i).is_empty() && doc.tag(i + 1) == Tag::Comma
}
