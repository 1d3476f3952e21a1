//! Words that report speech and thought: `lexicon/cues/*.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use std::collections::BTreeMap;

/// Code list of statement kinds, as in the taxonomy.
pub const STATEMENT_KINDS: [&str; 17] = [
    "claim",
    "denial",
    "accusation",
    "condemnation",
    "praise",
    "condolence",
    "appeal",
    "demand",
    "threat",
    "warning",
    "announcement",
    "offer",
    "rejection",
    "report",
    "retraction",
    "no_comment",
    "other",
];

/// What may follow a cue and is then its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// "that …"
    That,
    /// A clause without "that".
    Bare,
    /// "whether", "who", "how", …
    Wh,
    /// "to leave"
    To,
    /// "leaving"
    Ing,
    /// A noun phrase.
    Np,
    /// Words in quotation marks.
    Quote,
    /// Nothing: the cue says it all ("claimed responsibility").
    Nothing,
    /// "told reporters that"
    WhomThat,
    /// "told him he …"
    WhomBare,
    /// "asked him whether"
    WhomWh,
    /// "urged them to"
    WhomTo,
    /// "called the attack cowardly": noun phrase and what it is called.
    WhomName,
    /// "described the attack as cowardly", "blamed the group for …": noun phrase, then one of the cue's prepositions.
    WhomThen,
    /// All from the `*` of the cue on.
    Whole,
    /// "… saying that".
    SayIng,
    /// The noun phrase at `*` is who speaks ("quoted him as saying").
    SpeakerObject,
    /// Who is said to have said it is the passive's subject ("was quoted as saying").
    SpeakerSubject,
}

/// A set of frames, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frames(u32);

impl Frames {
    /// Whether the frame is in it.
    pub fn has(self, frame: Frame) -> bool {
        self.0 >> frame as u32 & 1 == 1
    }

    /// Whether one of the frames is in it.
    pub fn any(self, frames: &[Frame]) -> bool {
        frames.iter().any(|&f| self.has(f))
    }

    fn add(&mut self, frame: Frame) {
        self.0 |= 1 << frame as u32;
    }
}

/// What kind of word a cue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CuePart {
    /// `verbs.tsv`
    Verb,
    /// `nouns.tsv`
    Noun,
    /// `phrases.tsv`: stands before its source ("according to").
    Phrase,
}

/// One cue.
#[derive(Clone, Debug)]
pub struct Cue {
    /// Its lemmas; `*` stands for a noun phrase.
    pub words: Vec<String>,
    /// Verb, noun or phrase.
    pub part: CuePart,
    /// The statement kind it suggests.
    pub kind: &'static str,
    /// What may follow.
    pub frames: Frames,
    /// Prepositions whose noun phrase is the content ("complained *about*").
    pub prepositions: Vec<String>,
    /// Prepositions between somebody and the content ("accused Kabul *of*").
    pub whom_prepositions: Vec<String>,
    /// A text in which it must be found.
    pub example: String,
}

/// All cues.
#[derive(Debug, Default)]
pub struct Cues {
    list: Vec<Cue>,
    /// Indices by part and first word, more words first.
    first: BTreeMap<String, Vec<u32>>,
}

impl Cues {
    /// Loads `cues/verbs.tsv`, `nouns.tsv` and `phrases.tsv`.
    pub(super) fn load(source: &Source) -> Result<Self, LexiconError> {
        let mut this = Self::default();
        for (file, part) in [("cues/verbs.tsv", CuePart::Verb), ("cues/nouns.tsv", CuePart::Noun), ("cues/phrases.tsv", CuePart::Phrase)] {
            for (line, row) in rows(source.get(file).unwrap_or_default()) {
                let cue = read_row(&row, part).map_err(|problem| LexiconError::new(file, line, problem))?;
                this.list.push(cue);
            }
        }
        for (index, cue) in this.list.iter().enumerate() {
            this.first.entry(cue.words[0].clone()).or_default().push(index as u32);
        }
        for indices in this.first.values_mut() {
            // Stable: of two equally long ones the earlier row wins.
            indices.sort_by_key(|&i| std::cmp::Reverse(this.list[i as usize].words.len()));
        }
        Ok(this)
    }

    /// Cues that begin with this lemma, those of more words first.
    pub fn starting(&self, lemma: &str) -> impl Iterator<Item = (u32, &Cue)> {
        self.first.get(lemma).into_iter().flatten().map(|&i| (i, &self.list[i as usize]))
    }

    /// The cue of an index.
    pub fn get(&self, index: u32) -> Option<&Cue> {
        self.list.get(index as usize)
    }

    /// All of them, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Cue> {
        self.list.iter()
    }
}

fn read_row(row: &[&str], part: CuePart) -> Result<Cue, String> {
    let (words, kind, frames, example) = match (part, row) {
        (CuePart::Phrase, &[words, kind, example]) => (words, kind, "", example),
        (CuePart::Verb | CuePart::Noun, &[words, kind, frames, example]) => (words, kind, frames, example),
        _ => return Err(format!("{} columns; the first line of the file names them", row.len())),
    };
    let kind = *STATEMENT_KINDS.iter().find(|&&k| k == kind).ok_or_else(|| format!("\"{kind}\" is no statement kind; one of {STATEMENT_KINDS:?}"))?;
    if words.is_empty() || words.starts_with('*') || example.is_empty() {
        return Err("a cue needs a first word and an example".to_owned());
    }
    let mut cue = Cue {
        words: words.split(' ').map(str::to_owned).collect(),
        part,
        kind,
        frames: Frames::default(),
        prepositions: Vec::new(),
        whom_prepositions: Vec::new(),
        example: example.to_owned(),
    };
    for frame in frames.split(',').filter(|f| !f.is_empty()) {
        read_frame(&mut cue, frame)?;
    }
    Ok(cue)
}

fn read_frame(cue: &mut Cue, frame: &str) -> Result<(), String> {
    let known = match frame {
        "that" => Frame::That,
        "bare" => Frame::Bare,
        "wh" => Frame::Wh,
        "to" => Frame::To,
        "ing" => Frame::Ing,
        "np" => Frame::Np,
        "quote" => Frame::Quote,
        "none" => Frame::Nothing,
        "whom_that" => Frame::WhomThat,
        "whom_bare" => Frame::WhomBare,
        "whom_wh" => Frame::WhomWh,
        "whom_to" => Frame::WhomTo,
        "whom_name" => Frame::WhomName,
        "whole" => Frame::Whole,
        "say_ing" => Frame::SayIng,
        "speaker_object" => Frame::SpeakerObject,
        "speaker_subject" => Frame::SpeakerSubject,
        other => {
            let (list, word) = match other.strip_prefix("whom_") {
                Some(word) => {
                    cue.frames.add(Frame::WhomThen);
                    (&mut cue.whom_prepositions, word)
                }
                None => (&mut cue.prepositions, other),
            };
            let preposition = word.strip_suffix("_np").unwrap_or(word);
            if !PREPOSITIONS.contains(&preposition) {
                return Err(format!("\"{other}\" is no frame and no preposition"));
            }
            list.push(preposition.to_owned());
            return Ok(());
        }
    };
    cue.frames.add(known);
    Ok(())
}

/// Prepositions that frames may name.
const PREPOSITIONS: [&str; 17] =
    ["about", "against", "as", "at", "beyond", "by", "for", "from", "in", "into", "of", "on", "over", "to", "toward", "upon", "with"];
