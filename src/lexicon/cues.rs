//! Words that report speech and thought: `lexicon/cues/*.tsv`.

use super::LexiconError;
use super::source::{Source, rows};
use super::trie::Mix;
use crate::text::{Document, Said, WordMap, Words, word_hash};
use serde::Deserialize;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

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
    /// The noun phrase before a relative pronoun, and nothing else ("the raid, to which they put their name").
    Before,
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
    /// Their hashes.
    pub hashes: Vec<u64>,
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

/// Lemmas in a row, each with its alternatives.
pub type Phrase = Vec<Words>;

/// What content makes of a statement's kind.
#[derive(Clone, Debug)]
pub struct ContentRule {
    /// Name of the rule.
    pub id: String,
    /// Kinds that it may change.
    pub from: Vec<&'static str>,
    /// The kind it gives.
    pub kind: &'static str,
    /// Rows of lemmas with their alternatives, one of which must stand in the content; `None` where the modal decides alone.
    pub phrases: Option<Vec<Phrase>>,
    /// Who the content must be about.
    pub subject: Option<Subject>,
    /// Only for speakers of this kind.
    pub speaker: Option<SpeakerKind>,
    /// Only for cues that begin with one of these lemmas; any where empty.
    pub cues: Vec<String>,
    /// Rows of lemmas that must not stand in the content.
    pub without: Vec<Phrase>,
    /// The content is a noun phrase that tells an act ("the bombing").
    pub act: bool,
    /// The verb group of the phrase must be passive, without "by".
    pub passive: bool,
    /// The content names an armed group or speaks of armed people.
    pub names_armed: bool,
    /// Who does what the phrase tells is the state or its forces.
    pub by_state: bool,
    /// The words are all quotation and give no act, number, day, place, weapon or actor.
    pub bare: bool,
    /// Whether the phrase must be negated.
    pub negated: Option<bool>,
    /// The modal that must stand in the verb group.
    pub modal: Option<Modal>,
    /// Texts to which it applies.
    pub matches: Vec<String>,
    /// Texts to which it does not.
    pub rejects: Vec<String>,
}

/// Who the content of a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Subject {
    /// The speaker.
    #[serde(rename = "self")]
    Own,
    /// Somebody else.
    #[serde(rename = "other")]
    Other,
}

/// Of what kind the speaker of a statement must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpeakerKind {
    /// An armed group or one of its people.
    Armed,
    /// A state, its organs and officials.
    Official,
    /// Neither: relatives, villagers, lawyers, parties.
    Civil,
}

/// What modal a content must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modal {
    /// No modal and no infinitive.
    None,
    /// Any modal, or an infinitive.
    Any,
    /// "must"
    Must,
    /// "should"
    Should,
    /// "will", "would"
    Will,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContentFile {
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: String,
    from: Vec<String>,
    kind: String,
    #[serde(default)]
    phrases: Vec<String>,
    subject: Option<Subject>,
    speaker: Option<SpeakerKind>,
    #[serde(default)]
    cues: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    act: bool,
    #[serde(default)]
    passive: bool,
    #[serde(default)]
    names_armed: bool,
    #[serde(default)]
    by_state: bool,
    #[serde(default)]
    bare: bool,
    negated: Option<bool>,
    modal: Option<Modal>,
    matches: Vec<String>,
    rejects: Vec<String>,
}

/// Words for a way by which something was said ("press conference").
#[derive(Clone, Debug)]
pub struct ChannelWords {
    /// Lemmas in a row.
    pub words: Vec<String>,
    /// Place of its row: the lower, the more telling.
    pub rank: usize,
}

/// A way by which something is said.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Code of the statement channel list.
    pub code: String,
    /// A text with a statement that came that way.
    pub example: String,
}

/// All cues.
#[derive(Debug, Default)]
pub struct Cues {
    channels: Vec<Channel>,
    /// By their first word, more words first.
    channel_words: WordMap<Vec<ChannelWords>>,
    list: Vec<Cue>,
    rules: Vec<ContentRule>,
    /// Rules by the hashes of the words with which their phrases begin; looked up, never iterated.
    rules_by_word: HashMap<u64, Vec<u16>, BuildHasherDefault<Mix>>,
    /// Indices by part and first word, more words first.
    first: WordMap<Vec<u32>>,
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
            this.first.entry(&cue.words[0]).push(index as u32);
        }
        for indices in this.first.values_mut() {
            // Stable: of two equally long ones the earlier row wins.
            indices.sort_by_key(|&i| std::cmp::Reverse(this.list[i as usize].words.len()));
        }
        if let Some(text) = source.get(CONTENT) {
            let file: ContentFile = toml::from_str(text).map_err(|e| LexiconError::in_toml(CONTENT, text, &e))?;
            this.rules = file.rule.into_iter().map(read_rule).collect::<Result<_, _>>().map_err(|problem| LexiconError::new(CONTENT, None, problem))?;
        }
        this.list_rules_by_word();
        this.load_channels(source)?;
        Ok(this)
    }

    fn list_rules_by_word(&mut self) {
        for (index, rule) in self.rules.iter().enumerate() {
            for word in rule.phrases.iter().flatten().filter_map(|phrase| phrase.first()).flat_map(Words::iter) {
                self.rules_by_word.entry(word_hash(word)).or_default().push(index as u16);
            }
        }
    }

    fn load_channels(&mut self, source: &Source) -> Result<(), LexiconError> {
        for (rank, (line, row)) in rows(source.get(CHANNELS).unwrap_or_default()).enumerate() {
            let &[code, words, example] = row.as_slice() else {
                return Err(LexiconError::new(CHANNELS, line, format!("{} columns instead of 3", row.len())));
            };
            self.channels.push(Channel { code: code.to_owned(), example: example.to_owned() });
            for words in words.split('|') {
                let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
                let entry = self.channel_words.entry(&words[0]);
                entry.push(ChannelWords { words, rank });
            }
        }
        self.channel_words.values_mut().for_each(|list| list.sort_by_key(|c| std::cmp::Reverse(c.words.len())));
        Ok(())
    }

    /// The ways by which something is said, the most telling first.
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Words for such ways that begin with the lemma of token `i`, more words first.
    pub fn channel_words(&self, doc: &Document<'_>, i: usize) -> &[ChannelWords] {
        self.channel_words.of_lemma(doc, i).map_or(&[], Vec::as_slice)
    }

    /// What content makes of a kind, in the order of the file.
    pub fn content_rules(&self) -> &[ContentRule] {
        &self.rules
    }

    /// Cues that begin with this lemma, those of more words first.
    pub fn starting(&self, lemma: &str) -> impl Iterator<Item = (u32, &Cue)> {
        self.first.get(lemma).into_iter().flatten().map(|&i| (i, &self.list[i as usize]))
    }

    /// Those of the content rules, in the order of the file, that ask for no phrase or for one that may begin with a word said.
    pub fn content_rules_for(&self, said: &Said) -> impl Iterator<Item = &ContentRule> {
        let mut begun = vec![false; self.rules.len()];
        for rules in said.hashes().filter_map(|hash| self.rules_by_word.get(&hash)) {
            rules.iter().for_each(|&rule| begun[usize::from(rule)] = true);
        }
        self.rules.iter().zip(begun).filter(|(rule, begun)| *begun || rule.phrases.is_none()).map(|(rule, _)| rule)
    }

    /// Cues that begin with the lemma of token `i`.
    pub fn of_lemma(&self, doc: &Document<'_>, i: usize) -> impl Iterator<Item = (u32, &Cue)> {
        self.first.of_lemma(doc, i).into_iter().flatten().map(|&i| (i, &self.list[i as usize]))
    }

    /// Cues that begin with the lemma of token `i`, then, where that is another word, those that begin with the word itself.
    pub fn of_form(&self, doc: &Document<'_>, i: usize) -> impl Iterator<Item = (u32, &Cue)> {
        let by_word = if doc.token(i).is_own_lemma() { None } else { self.first.of_word(doc, i) };
        self.of_lemma(doc, i).chain(by_word.into_iter().flatten().map(|&i| (i, &self.list[i as usize])))
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

const CONTENT: &str = "cues/content.toml";

const CHANNELS: &str = "cues/channels.tsv";

/// The code of a statement kind.
fn kind_code(kind: &str) -> Result<&'static str, String> {
    STATEMENT_KINDS.iter().find(|&&k| k == kind).copied().ok_or_else(|| format!("\"{kind}\" is no statement kind; one of {STATEMENT_KINDS:?}"))
}

fn read_rule(raw: RawRule) -> Result<ContentRule, String> {
    let in_rule = |problem: String| format!("rule {}: {problem}", raw.id);
    let says = !raw.phrases.is_empty() || raw.modal.is_some() || raw.act || raw.bare;
    if !says || raw.matches.is_empty() || raw.rejects.is_empty() {
        return Err(in_rule("needs phrases, a modal, \"act\" or \"bare\", a text that it matches and one that it does not".to_owned()));
    }
    let phrase = |p: &String| p.split(' ').map(|word| Words::of(word.split('|'))).collect();
    Ok(ContentRule {
        from: raw.from.iter().map(|k| kind_code(k).map_err(in_rule)).collect::<Result<_, _>>()?,
        kind: kind_code(&raw.kind).map_err(in_rule)?,
        phrases: (!raw.phrases.is_empty()).then(|| raw.phrases.iter().map(phrase).collect()),
        subject: raw.subject,
        speaker: raw.speaker,
        cues: raw.cues,
        without: raw.without.iter().map(phrase).collect(),
        act: raw.act,
        passive: raw.passive,
        names_armed: raw.names_armed,
        by_state: raw.by_state,
        bare: raw.bare,
        negated: raw.negated,
        modal: raw.modal,
        id: raw.id,
        matches: raw.matches,
        rejects: raw.rejects,
    })
}

fn read_row(row: &[&str], part: CuePart) -> Result<Cue, String> {
    let (words, kind, frames, example) = match (part, row) {
        (CuePart::Phrase, &[words, kind, example]) => (words, kind, "", example),
        (CuePart::Verb | CuePart::Noun, &[words, kind, frames, example]) => (words, kind, frames, example),
        _ => return Err(format!("{} columns; the first line of the file names them", row.len())),
    };
    let kind = kind_code(kind)?;
    if words.is_empty() || words.starts_with('*') || example.is_empty() {
        return Err("a cue needs a first word and an example".to_owned());
    }
    let mut cue = Cue {
        words: words.split(' ').map(str::to_owned).collect(),
        hashes: words.split(' ').map(word_hash).collect(),
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
        "before" => Frame::Before,
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
