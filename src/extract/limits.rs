//! How large a record may be: some times its text. A text made for it can tell an act every few letters and have the words of one sentence
//! repeated in a hundred statements; what goes beyond is left out, and notes say how much.

use crate::extract::Analysis;
use crate::model::Record;
use crate::model::record::Note;
use serde::Serialize;

/// Bytes of JSON that each list of a record may have whatever the text.
const FREE: usize = 64 * 1024;

/// So many items are rendered without being measured: no list of so few is large beside [`FREE`].
const FEW: usize = 24;

/// An incident has at most so many participants. Of the texts of the development sets none has more than 13.
pub const MOST_PARTICIPANTS: usize = 200;

/// How many mentions of one actor are given. The densest text of the development sets has 147 in 22,000 bytes.
pub fn most_mentions(a: &Analysis<'_>) -> usize {
    500 + a.input.text.len() / 50
}

/// A list of a record, and how many bytes of JSON it may have for each byte of the text beside what it may have anyway. What it has at most in
/// the texts of the development sets that are longer than 1,000 bytes is given for each.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    what: &'static str,
    per_byte: usize,
}

/// 11.8 in the densest text.
pub const INCIDENTS: Limit = Limit { what: "incidents", per_byte: 16 };
/// 5.8
pub const ACTORS: Limit = Limit { what: "actors", per_byte: 8 };
/// 6.3
pub const STATEMENTS: Limit = Limit { what: "statements", per_byte: 8 };
/// 1.4
pub const RELATIONS: Limit = Limit { what: "relations", per_byte: 3 };
/// 1.6
pub const FIGURES: Limit = Limit { what: "figures", per_byte: 3 };
/// 2.9
pub const PLACES: Limit = Limit { what: "places", per_byte: 5 };
/// 0.9
pub const NOTES: Limit = Limit { what: "notes", per_byte: 2 };

/// What was left out of a record.
#[derive(Debug, Default)]
pub struct LeftOut(Vec<Note>);

impl LeftOut {
    /// Renders the first items of a list, as many as its limit has room for, and at least one.
    pub fn within<T: Serialize>(&mut self, a: &Analysis<'_>, limit: Limit, n_items: usize, render: impl Fn(usize) -> T) -> Vec<T> {
        let most = FREE + limit.per_byte * a.input.text.len();
        let mut list: Vec<T> = (0..n_items.min(FEW)).map(&render).collect();
        let mut bytes = 0;
        if n_items > FEW {
            bytes = list.iter().map(json_bytes).sum();
        }
        for n in FEW..n_items {
            let item = render(n);
            bytes += json_bytes(&item);
            if bytes > most {
                break;
            }
            list.push(item);
        }
        if list.len() < n_items {
            self.say(limit.what, list.len(), n_items);
        }
        list
    }

    /// Notes how much is left out where each of some lists, of these lengths, keeps so many items.
    pub fn cut(&mut self, what: &str, lengths: impl Iterator<Item = usize>, most: usize) {
        let (n_kept, n_items) = lengths.fold((0, 0), |(kept, all), length| (kept + length.min(most), all + length));
        if n_kept < n_items {
            self.say(what, n_kept, n_items);
        }
    }

    /// Notes that a list holds only the first items of its kind.
    fn say(&mut self, what: &str, n_kept: usize, n_items: usize) {
        let text = format!("{what}: the first {n_kept} of {n_items}, the others would make the record too large for its text");
        self.0.push(Note { code: "record.cut".to_owned(), text, start: 0, end: 0 });
    }

    /// Writes the notes into the record, and takes those indices out of it that point to what it does not hold.
    pub fn settle(self, record: &mut Record) {
        if self.0.is_empty() {
            return;
        }
        let (n_incidents, n_actors, n_statements) = (record.incidents.len(), record.actors.len(), record.statements.len());
        let within = |index: &u32, n: usize| (*index as usize) < n;
        for statement in &mut record.statements {
            statement.about.retain(|i| within(i, n_incidents));
            if let Some(speaker) = &mut statement.speaker {
                speaker.index = speaker.index.filter(|i| within(i, n_actors));
            }
        }
        for participant in record.incidents.iter_mut().flat_map(|i| &mut i.participants) {
            participant.asserted_by = participant.asserted_by.filter(|i| within(i, n_statements));
        }
        record.notes.extend(self.0);
    }
}

/// Bytes of an item as JSON.
fn json_bytes<T: Serialize>(item: &T) -> usize {
    serde_json::to_vec(item).map_or(0, |json| json.len())
}

#[cfg(test)]
mod tests {
    use crate::extract::{Input, Options, extract};
    use crate::lexicon::Lexicon;
    use crate::model::Record;

    fn read(text: &str) -> Record {
        let lexicon = Lexicon::embedded().expect("the embedded lexicon loads");
        extract(&Input { id: "case", text, ..Input::default() }, &lexicon, &Options::default())
    }

    fn cuts(record: &Record) -> Vec<&str> {
        record.notes.iter().filter(|n| n.code == "record.cut").map(|n| n.text.as_str()).collect()
    }

    #[test]
    fn a_record_is_not_many_times_its_text() {
        for unit in ["he said that ", "U.S. ", "“We did it,” he said. ", "Another attack in Peshawar killed 3 people. "] {
            let text = unit.repeat(12_000 / unit.len());
            let record = read(&text);
            let bytes = serde_json::to_vec(&record).map_or(0, |json| json.len());
            assert!(bytes < 30 * text.len(), "{unit}: {bytes} bytes for {}", text.len());
        }
    }

    #[test]
    fn what_is_left_out_is_told_and_no_index_points_to_it() {
        let text = "Another attack in Peshawar killed 3 people. ".repeat(500) + "The TTP claimed the attack in Peshawar.";
        let record = read(&text);
        let told = cuts(&record).into_iter().find(|t| t.starts_with("incidents: ")).expect("a note on incidents");
        let numbers: Vec<usize> = told.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        assert_eq!(numbers[0], record.incidents.len(), "{told}");
        assert!(numbers[1] > numbers[0], "{told}");
        assert!(record.statements.iter().flat_map(|s| &s.about).all(|&i| (i as usize) < record.incidents.len()));
        assert!(record.statements.iter().filter_map(|s| s.speaker.as_ref()?.index).all(|i| (i as usize) < record.actors.len()));
        let asserted = record.incidents.iter().flat_map(|i| &i.participants).filter_map(|p| p.asserted_by);
        assert!(asserted.into_iter().all(|s| (s as usize) < record.statements.len()));
    }

    #[test]
    fn one_actor_mentioned_without_end_has_not_all_its_mentions() {
        let text = "Pakistan Pakistan said so. ".repeat(600);
        let record = read(&text);
        assert!(cuts(&record).iter().any(|t| t.starts_with("mentions of actors: ")), "{:?}", record.notes);
        assert!(record.actors.iter().all(|a| a.mentions.len() <= 500 + text.len() / 50));
    }

    #[test]
    fn a_plain_text_has_no_such_note() {
        let record = read("Gunmen killed three policemen in Peshawar on Monday, officials said. The TTP claimed the attack.");
        assert!(cuts(&record).is_empty());
    }
}
