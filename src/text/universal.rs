//! Universal part-of-speech tags from Penn tags, lemmas and the words around.

use super::Tag;

/// A token as far as its universal tag depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<'a> {
    /// Normalised form.
    pub word: &'a str,
    /// Lemma.
    pub lemma: &'a str,
    /// Penn tag.
    pub tag: Tag,
}

/// The universal tag (<https://universaldependencies.org/u/pos/>) of token `i` of a sentence, as UD English converts Penn tags.
///
/// What the conversion takes from the parse is told by the next words: whether "after" heads a clause, whether "have" is an auxiliary.
pub fn universal(sentence: &[Tagged<'_>], i: usize) -> &'static str {
    let Some(token) = sentence.get(i) else { return "X" };
    let after = &sentence[i + 1..];
    match token.tag {
        Tag::NN if is_pronoun(token.word) => "PRON",
        Tag::NN if token.word == "%" => "SYM",
        Tag::NN | Tag::NNS => "NOUN",
        Tag::NNP if after.first().is_some_and(|next| next.tag.is_noun()) && is_adjective(token.word) => "ADJ",
        Tag::NNP | Tag::NNPS | Tag::ADD => "PROPN",
        Tag::JJ | Tag::JJR | Tag::JJS => "ADJ",
        Tag::RB if matches!(token.lemma, "not" | "n't") => "PART",
        Tag::RB | Tag::RBR | Tag::RBS | Tag::WRB => "ADV",
        Tag::MD => "AUX",
        tag if tag.is_verb() => verb(token, after),
        Tag::IN => preposition(token.word, after),
        Tag::RP => "ADP",
        Tag::TO | Tag::POS => "PART",
        Tag::DT if matches!(token.word, "this" | "that" | "these" | "those") && !before_noun(after) => "PRON",
        Tag::DT | Tag::PDT => "DET",
        Tag::WDT if token.word == "what" || (token.word == "which" && after.first().is_some_and(|next| matches!(next.tag, Tag::NN | Tag::NNS | Tag::JJ))) => {
            "DET"
        }
        Tag::PRP | Tag::PRPS | Tag::WP | Tag::WPS | Tag::WDT | Tag::EX => "PRON",
        Tag::CC => "CCONJ",
        Tag::CD | Tag::LS => "NUM",
        Tag::UH => "INTJ",
        Tag::SYM | Tag::Dollar => "SYM",
        Tag::FW | Tag::X => "X",
        _ => "PUNCT",
    }
}

fn is_pronoun(word: &str) -> bool {
    matches!(
        word,
        "something"
            | "anything"
            | "nothing"
            | "everything"
            | "someone"
            | "anyone"
            | "everyone"
            | "somebody"
            | "anybody"
            | "nobody"
            | "everybody"
            | "none"
            | "no-one"
    )
}

/// Adjectives that names are made of: the treebank keeps them adjectives ("National Guard").
fn is_adjective(word: &str) -> bool {
    let common = matches!(
        word,
        "united"
            | "new"
            | "red"
            | "american"
            | "middle"
            | "supreme"
            | "white"
            | "black"
            | "green"
            | "blue"
            | "saudi"
            | "great"
            | "grand"
            | "prime"
            | "first"
            | "second"
            | "major"
            | "western"
            | "eastern"
            | "northern"
            | "southern"
            | "central"
            | "british"
            | "european"
            | "african"
            | "indian"
            | "iraqi"
            | "iranian"
            | "canadian"
            | "russian"
            | "high"
            | "big"
            | "good"
            | "main"
            | "holy"
            | "royal"
            | "federal"
            | "civil"
            | "public"
            | "republican"
            | "revolutionary"
            | "communist"
            | "muslim"
            | "democratic"
            | "creative"
            | "executive"
            | "independent"
            | "religious"
            | "presidential"
    );
    common || word.len() > 6 && ["ional", "ical", "ial", "bal", "amic", "ative"].iter().any(|end| word.ends_with(end))
}

fn verb(token: &Tagged<'_>, after: &[Tagged<'_>]) -> &'static str {
    let follows = |tags: &[Tag]| after.iter().take(6).find(|next| !may_part(next)).is_some_and(|next| tags.contains(&next.tag));
    let auxiliary = match token.lemma {
        "be" => true,
        "have" => follows(&[Tag::VBN, Tag::VBD]),
        "do" => follows(&[Tag::VB, Tag::VBP]),
        "get" => after.first().is_some_and(|next| next.tag == Tag::VBN),
        _ => false,
    };
    if auxiliary { "AUX" } else { "VERB" }
}

/// Whether a token may stand between an auxiliary and its verb.
fn may_part(token: &Tagged<'_>) -> bool {
    matches!(token.tag, Tag::RB | Tag::RBR | Tag::PRP)
}

fn preposition(word: &str, after: &[Tagged<'_>]) -> &'static str {
    let clause = match word {
        "that" | "if" | "though" | "although" | "whether" | "while" | "unless" | "whereas" | "lest" | "so" | "once" => true,
        "because" => after.first().is_some_and(|next| next.word != "of"),
        "as" | "after" | "before" | "since" | "until" | "till" | "like" | "than" | "for" | "except" | "with" => before_clause(after) || before_gerund(after),
        _ => before_gerund(after),
    };
    if clause { "SCONJ" } else { "ADP" }
}

/// "by killing", not "of shooting victims".
fn before_gerund(after: &[Tagged<'_>]) -> bool {
    let verb = after.iter().position(|token| token.tag != Tag::RB).unwrap_or(0);
    after.get(verb).is_some_and(|token| token.tag == Tag::VBG)
}

/// Whether a subject and its verb follow: a finite verb before any mark, preposition or conjunction.
fn before_clause(after: &[Tagged<'_>]) -> bool {
    for (i, token) in after.iter().take(8).enumerate() {
        match token.tag {
            Tag::VBD | Tag::VBZ | Tag::VBP | Tag::MD => return i > 0,
            Tag::IN if token.word != "of" => return false,
            Tag::CC | Tag::WDT | Tag::WP => return false,
            tag if tag.is_punctuation() && tag != Tag::Hyphen => return false,
            _ => {}
        }
    }
    false
}

/// Whether a noun group goes on, so that a determiner belongs to it.
fn before_noun(after: &[Tagged<'_>]) -> bool {
    let group = after.iter().find(|next| !matches!(next.tag, Tag::RB | Tag::OpenQuote));
    group.is_some_and(|next| next.tag.is_noun() || next.tag.is_adjective() || matches!(next.tag, Tag::CD | Tag::VBG | Tag::VBN))
}
