//! What the passes know of one text, each field filled by one pass and read by the later ones.

use super::intervals::Intervals;
use super::parts::Parts;
use super::{Input, Options, Stop};
use crate::lexicon::{Hit, Lexicon};
use crate::model::{Count, DateRange, record};
use crate::text::{Document, Span, TokenSpan};
use jiff::civil::Date;

/// The state of one run over one text.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// What was handed in.
    pub input: &'a Input<'a>,
    /// What is known of the world.
    pub lexicon: &'a Lexicon,
    /// Settings.
    pub options: &'a Options,
    /// Ends the run early where it is set.
    stop: Option<&'a Stop>,
    /// The text, read.
    pub doc: Document<'a>,
    /// Names and terms of the lexicon, by start, longest first; overlapping ones included.
    pub hits: Vec<Hit>,
    /// Per token the index of the first hit that begins there or later, and the number of hits at the end.
    hits_from: Vec<u32>,
    /// Per token its groups, date and place.
    parts: Parts,
    /// Per mention how far the mentions up to it reach, and where those from it on begin.
    extents: Vec<(u32, u32)>,
    /// Set aside: no word of the text can tell of an incident, and only incidents are wanted. It has no tags, and no pass but the first goes over it.
    pub set_aside: bool,
    /// ISO 639-1 language of the text.
    pub language: &'static str,
    /// Dateline and publication day.
    pub header: Header,
    /// Noun groups in order; they do not overlap.
    pub nouns: Vec<NounGroup>,
    /// Verb groups in order; they do not overlap.
    pub verbs: Vec<VerbGroup>,
    /// One clause per verb group, in the same order.
    pub clauses: Vec<super::clause::Clause>,
    /// Dates in order.
    pub dates: Vec<DateMention>,
    /// Place names in order.
    pub places: Vec<PlaceMention>,
    /// Mentions of actors in order of start.
    pub mentions: Vec<Mention>,
    /// Who is who: clusters of mentions, in order of first mention; `record.actors` has the same order.
    pub entities: Vec<Entity>,
    /// Who said what, in order of the cue.
    pub statements: Vec<Statement>,
    /// Bytes of what was said, each with its statement.
    said: Intervals<usize>,
    /// Tokens of figures about many acts ("a 50% increase in attacks"): no incidents of their own. In order; they do not overlap.
    pub aggregates: Vec<TokenSpan>,
    /// Words that could have told of an incident, and why they do not.
    pub losses: Vec<incident::loss::Loss<'a>>,
    /// What each sentence's incidents were compared with in the text, and what came of it.
    pub merges: Vec<incident::loss::Merge>,
    /// Places that names could also have stood for, or names that are no places here.
    pub place_losses: Vec<super::place::PlaceLoss>,
    /// Names of the lexicon that were set aside here.
    pub name_losses: Vec<super::actor::NameLoss>,
    /// Incidents after merging within the text.
    pub incidents: Vec<incident::Incident>,
    /// Relations, ready for the record.
    pub relations: Vec<record::Relation>,
    /// Figures, ready for the record.
    pub figures: Vec<record::Figure>,
    /// Notes, ready for the record.
    pub notes: Vec<record::Note>,
}

use super::incident;

mod groups;

pub use groups::{Determiner, NounGroup, VerbForm, VerbGroup, Voice};

/// What the head of a text says of it.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// "Islamabad, Pakistan" before the dash: the tokens of the place part.
    pub dateline_place: Option<TokenSpan>,
    /// First token after dateline and markers ("[TEXT]", "(Reuters) -").
    pub body_start: usize,
    /// Day of publication.
    pub published: Option<Date>,
    /// `input`, `text` or `inferred`.
    pub published_from: Option<&'static str>,
}

/// How a date's value came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBasis {
    /// The text gives day, month and year (or the whole of what is said).
    Explicit,
    /// Counted from the day of publication ("on Tuesday", "last week").
    Publication,
    /// Counted from another date in the text ("two days later").
    Text,
    /// The year was inferred ("January 30th" in a text without a date).
    YearInferred,
}

/// A date in the text.
#[derive(Clone, Debug)]
pub struct DateMention {
    /// Its tokens, prepositions left out.
    pub tokens: TokenSpan,
    /// What it means; `None` where it cannot be said ("last Friday" without any anchor).
    pub value: Option<DateRange>,
    /// How that came about.
    pub basis: DateBasis,
    /// A stretch rather than a point ("in the first year of Taliban rule", "during the 20-year war", "since 2007").
    pub duration: bool,
}

/// A place name in the text, resolved as far as possible.
#[derive(Clone, Debug, Default)]
pub struct PlaceMention {
    /// Its tokens ("Mir Ali"; "X district" includes "district").
    pub tokens: TokenSpan,
    /// The name alone, without the word beside it that says what it is ("Bannu" of "Bannu district").
    pub core: TokenSpan,
    /// Name in the gazetteer, or as the text has it where unknown.
    pub name: String,
    /// Gazetteer id.
    pub gazetteer: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Province or state.
    pub admin1: Option<String>,
    /// District.
    pub admin2: Option<String>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Code of the place precision list that fits an incident there: exact, near, admin2, admin1, area, country.
    pub precision: &'static str,
    /// Index into `places` of the place that the text says it lies in ("Mir Ali, North Waziristan").
    pub inside: Option<usize>,
    /// Stands for a government here ("Kabul said").
    pub metonym: bool,
    /// Stands in the dateline.
    pub dateline: bool,
}

/// What a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MentionKind {
    /// Organisation, state or group, named (lexicon or shape).
    Organisation,
    /// A person by name.
    Person,
    /// People by what they are ("three policemen", "a senior police official", "officials").
    People,
    /// A description that refers back ("the group", "the ultra-conservative group", "the militant outfit").
    Description,
    /// he, she, they, who.
    Pronoun,
}

/// One mention of an actor.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The name without titles and determiner ("Amir Khan Muttaqi"), or the noun phrase without determiner ("senior police official").
    pub tokens: TokenSpan,
    /// The whole noun phrase with title, determiner, "of …" part ("Afghan Foreign Minister Amir Khan Muttaqi", "an affiliate of the banned Tehreek-i-Taliban Pakistan (TTP)").
    pub phrase: TokenSpan,
    /// Head token.
    pub head: usize,
    /// What it is.
    pub kind: MentionKind,
    /// The term that names it, for people ("policemen" → police).
    pub term: Option<u32>,
    /// How many.
    pub count: Option<Count>,
    /// ISO country of a demonym inside ("Afghan officials" → AF).
    pub country: Option<String>,
    /// Index into `entities`; `None` for pronouns and crowds that refer to nobody known.
    pub entity: Option<usize>,
}

/// Somebody or something that the text speaks of.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// Canonical name; `None` for the unnamed.
    pub name: Option<String>,
    /// Index into `lexicon.actors`.
    pub actor: Option<u32>,
    /// Code of the actor type list.
    pub kind: String,
    /// Words that describe an unnamed one.
    pub description: Option<String>,
    /// Indices into `mentions`.
    pub mentions: Vec<usize>,
    /// Titles and offices given in the text.
    pub titles: Vec<String>,
    /// Index into `entities` of what it belongs to.
    pub affiliation: Option<usize>,
    /// Indices into `lexicon.actors` that the name could also be.
    pub candidates: Vec<u32>,
    /// Key of a state (country) that is not in the actor files: ISO code.
    pub state: Option<String>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Code of the statement kind list.
    pub kind: &'static str,
    /// `direct`, `mixed` or `indirect`.
    pub mode: &'static str,
    /// Tokens of the speaker's noun phrase.
    pub speaker: Option<TokenSpan>,
    /// The speaker's entity.
    pub entity: Option<usize>,
    /// Entity on whose behalf it is said.
    pub on_behalf_of: Option<usize>,
    /// The word or idiom that reports it.
    pub cue: Option<TokenSpan>,
    /// To whom: entity.
    pub addressee: Option<usize>,
    /// Bytes of what was said, one or more spans in order.
    pub content: Vec<Span>,
    /// Bytes between quotation marks inside the content.
    pub quotes: Vec<Span>,
    /// By which way: code of the statement channel list.
    pub channel: Option<String>,
    /// What became of a claim or denial: code of the claim standing list, set by the `standings` pass.
    pub standing: Option<&'static str>,
    /// When it was said.
    pub said_on: Option<DateRange>,
    /// For accusations, claims and denials: tokens of the accused / of what is claimed.
    pub object: Option<TokenSpan>,
    /// Indices into `incidents`, set by the `links` pass.
    pub about: Vec<usize>,
    /// 0 to 1.
    pub confidence: f64,
}

impl<'a> Analysis<'a> {
    /// Reads the text and finds the lexicon's hits; the passes do the rest.
    pub fn new(input: &'a Input<'a>, lexicon: &'a Lexicon, options: &'a Options) -> Self {
        Self::until(input, lexicon, options, None)
    }

    /// The same, as far as it comes before it is stopped; then it is to be thrown away.
    pub fn until(input: &'a Input<'a>, lexicon: &'a Lexicon, options: &'a Options, stop: Option<&'a Stop>) -> Self {
        let is_stopped = || stop.is_some_and(Stop::is_stopped);
        let mut doc = if is_stopped() { Document::untagged("") } else { Document::untagged(input.text) };
        let set_aside = options.incidents_only && super::language::is_parsed(&doc, lexicon) && !lexicon.may_tell(&doc);
        let mut hits = Vec::new();
        if !set_aside {
            doc.add_tags_while(&lexicon.text, || !is_stopped());
            hits = if is_stopped() { Vec::new() } else { lexicon.hits(&doc) };
        }
        let (hits_from, parts) = (hits_from(&hits, doc.len()), Parts::new(doc.len()));
        Self {
            input,
            lexicon,
            options,
            stop,
            doc,
            hits,
            hits_from,
            parts,
            extents: Vec::new(),
            set_aside,
            language: super::language::PARSED,
            header: Header::default(),
            nouns: Vec::new(),
            verbs: Vec::new(),
            clauses: Vec::new(),
            dates: Vec::new(),
            places: Vec::new(),
            mentions: Vec::new(),
            entities: Vec::new(),
            statements: Vec::new(),
            said: Intervals::default(),
            aggregates: Vec::new(),
            losses: Vec::new(),
            merges: Vec::new(),
            place_losses: Vec::new(),
            name_losses: Vec::new(),
            incidents: Vec::new(),
            relations: Vec::new(),
            figures: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Whether the run is to end. Every loop over the sentences, tokens, groups or mentions of a text asks at each step that is more than a
    /// look-up, and leaves: what is found by then is not used.
    #[inline]
    pub fn is_stopped(&self) -> bool {
        self.stop.is_some_and(Stop::is_stopped)
    }

    /// Words of the source for the record.
    pub fn excerpt(&self, span: Span) -> record::Excerpt {
        let (start, end) = self.doc.chars(span);
        record::Excerpt { start, end, text: span.text(self.doc.source()).to_owned() }
    }

    /// Leaves a note on some tokens.
    pub fn note(&mut self, code: &str, tokens: TokenSpan, text: impl Into<String>) {
        let (start, end) = self.doc.chars(self.doc.span(tokens));
        self.notes.push(record::Note { code: code.to_owned(), text: text.into(), start, end });
    }

    /// The noun group that holds token `i`.
    #[inline]
    pub fn noun_at(&self, i: usize) -> Option<usize> {
        self.parts.at(i, |part| part.noun)
    }

    /// The verb group that holds token `i`.
    #[inline]
    pub fn verb_at(&self, i: usize) -> Option<usize> {
        self.parts.at(i, |part| part.verb)
    }

    /// Takes in the groups that were found; their tokens stay as they are from then on.
    pub fn set_groups(&mut self, nouns: Vec<NounGroup>, verbs: Vec<VerbGroup>) {
        self.parts.set(nouns.iter().map(|n| n.tokens), |part| &mut part.noun);
        self.parts.set(verbs.iter().map(|v| v.tokens), |part| &mut part.verb);
        (self.nouns, self.verbs) = (nouns, verbs);
    }

    /// Takes in the dates that were found, in order.
    pub fn set_dates(&mut self, dates: Vec<DateMention>) {
        self.parts.set(dates.iter().map(|d| d.tokens), |part| &mut part.date);
        self.dates = dates;
    }

    /// Takes in the places that were found, in order.
    pub fn set_places(&mut self, places: Vec<PlaceMention>) {
        self.parts.set(places.iter().map(|p| p.tokens), |part| &mut part.place);
        self.places = places;
    }

    /// Takes in who was found; mentions in order of `tokens.start`.
    pub fn set_actors(&mut self, mentions: Vec<Mention>, entities: Vec<Entity>) {
        self.extents = mentions.iter().map(|m| m.tokens.cover(m.phrase)).map(|all| (all.end, all.start)).collect();
        for i in 1..self.extents.len() {
            self.extents[i].0 = self.extents[i].0.max(self.extents[i - 1].0);
        }
        for i in (1..self.extents.len()).rev() {
            self.extents[i - 1].1 = self.extents[i - 1].1.min(self.extents[i].1);
        }
        (self.mentions, self.entities) = (mentions, entities);
    }

    /// Takes in the statements; what each says stays as it is from then on.
    pub fn set_statements(&mut self, statements: Vec<Statement>) {
        let content = |(n, s): (usize, &Statement)| s.content.iter().map(|c| (c.start, c.end, n)).collect::<Vec<_>>();
        self.said = Intervals::new(statements.iter().enumerate().flat_map(content));
        self.statements = statements;
    }

    /// The statements whose content shares a byte with `span`, by index, in order.
    pub fn statements_over(&self, span: Span) -> Vec<usize> {
        let mut list = self.said.overlapping(span.start, span.end);
        list.sort_unstable();
        list.dedup();
        list
    }

    /// Mentions whose noun phrase shares a token with `tokens`, in order. Mentions lie in order of `tokens.start`, a phrase at most
    /// [`Self::LONGEST_PHRASE`] tokens around.
    pub fn mentions_in(&self, tokens: TokenSpan) -> impl Iterator<Item = (usize, &Mention)> {
        let from = self.extents.partition_point(|&(end, _)| end <= tokens.start);
        let reach = tokens.end.saturating_add(Self::LONGEST_PHRASE);
        // Slices, for a pair of iterators steps over each item that it skips.
        let (mentions, extents) = (self.mentions.get(from..).unwrap_or_default(), self.extents.get(from..).unwrap_or_default());
        let near = (from..).zip(mentions.iter().zip(extents));
        near.take_while(move |(_, (_, (_, start)))| *start < tokens.end)
            .map(|(index, (mention, _))| (index, mention))
            .filter(move |(_, m)| m.tokens.start + Self::LONGEST_PHRASE >= tokens.start && m.tokens.start <= reach)
            .filter(move |(_, m)| m.phrase.overlaps(tokens) || m.tokens.overlaps(tokens))
    }

    /// No noun phrase reaches further from its name than this.
    pub const LONGEST_PHRASE: u32 = 64;

    /// Indices of the places that begin inside `tokens`.
    pub fn places_in(&self, tokens: TokenSpan) -> std::ops::Range<usize> {
        self.places.partition_point(|p| p.tokens.start < tokens.start)..self.places.partition_point(|p| p.tokens.start < tokens.end)
    }

    /// Index of the place that holds token `i`.
    #[inline]
    pub fn place_at(&self, i: usize) -> Option<usize> {
        self.parts.at(i, |part| part.place)
    }

    /// The dates that begin inside `tokens`, with their indices.
    pub fn dates_in(&self, tokens: TokenSpan) -> impl Iterator<Item = (usize, &DateMention)> {
        let range = self.dates.partition_point(|d| d.tokens.start < tokens.start)..self.dates.partition_point(|d| d.tokens.start < tokens.end);
        self.dates[range.clone()].iter().zip(range).map(|(d, i)| (i, d))
    }

    /// Index of the date that holds token `i`.
    #[inline]
    pub fn date_at(&self, i: usize) -> Option<usize> {
        self.parts.at(i, |part| part.date)
    }

    /// Whether some of the tokens are part of a figure about many acts.
    pub fn is_aggregate(&self, tokens: TokenSpan) -> bool {
        let after = self.aggregates.partition_point(|t| t.end <= tokens.start);
        self.aggregates.get(after).is_some_and(|t| t.overlaps(tokens))
    }

    /// The hits that begin inside `tokens`.
    pub fn hits_in(&self, tokens: TokenSpan) -> &[Hit] {
        let from = |token: u32| self.hits_from.get(token as usize).map_or(self.hits.len(), |&at| at as usize);
        &self.hits[from(tokens.start)..from(tokens.end.max(tokens.start))]
    }

    /// The clauses of a sentence, with their indices.
    pub fn clauses_of(&self, sentence: usize) -> impl Iterator<Item = (usize, &super::clause::Clause)> {
        let range = self.verbs.partition_point(|v| v.sentence < sentence)..self.verbs.partition_point(|v| v.sentence <= sentence);
        let range = range.start.min(self.clauses.len())..range.end.min(self.clauses.len());
        self.clauses[range.clone()].iter().zip(range).map(|(c, i)| (i, c))
    }

    /// The clauses of the sentence that a noun group stands in: those that it can be subject or object of.
    pub fn clauses_beside(&self, noun: usize) -> impl Iterator<Item = &super::clause::Clause> {
        let sentence = self.nouns.get(noun).map_or(usize::MAX, |n| n.sentence);
        self.clauses_of(sentence).map(|(_, c)| c)
    }

    /// The noun groups of a sentence, with their indices.
    pub fn nouns_of(&self, sentence: usize) -> impl Iterator<Item = (usize, &NounGroup)> {
        let range = self.nouns.partition_point(|n| n.sentence < sentence)..self.nouns.partition_point(|n| n.sentence <= sentence);
        self.nouns[range.clone()].iter().zip(range).map(|(n, i)| (i, n))
    }
}

/// Where the hits of each token begin.
fn hits_from(hits: &[Hit], n_tokens: usize) -> Vec<u32> {
    let mut from = Vec::with_capacity(n_tokens + 1);
    for (at, hit) in hits.iter().enumerate() {
        from.resize(from.len().max(hit.tokens.start as usize + 1), at as u32);
    }
    from.resize(n_tokens + 1, hits.len() as u32);
    from
}
