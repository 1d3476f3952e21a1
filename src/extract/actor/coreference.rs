//! Who is who: joins mentions to entities, in the order of the text.

use super::crowd::Groups;
use super::descriptions::is_armed;
use super::draft::{Belongs, Draft, Drafts, Who, around, quotation_between, starting_in};
use super::entity::Figure;
use super::salience::{self, Role};
use super::topic::Topic;
use super::words::is_name_token;
use crate::extract::Analysis;
use crate::extract::analysis::{Determiner, MentionKind};
use crate::lexicon::actors::KnownRelation;
use crate::text::{Shape, Tag, TokenSpan};
use std::collections::{BTreeMap, BTreeSet};

/// Joins drafts, which are in the order of their start, to figures; `of[n]` is the figure of draft `n`.
pub(super) fn join(a: &Analysis<'_>, topic: &Topic, drafts: &Drafts) -> (Vec<Figure>, Vec<Option<usize>>) {
    let mut this = Joiner {
        a,
        topic,
        drafts: &drafts.list,
        figures: Vec::new(),
        of: vec![None; drafts.list.len()],
        roles: salience::roles(a, &drafts.list),
        genders: BTreeMap::new(),
        keys: BTreeMap::new(),
        persons: BTreeMap::new(),
        leaders: BTreeMap::new(),
        told: Vec::new(),
        groups: Groups::default(),
        crowds: BTreeMap::new(),
    };
    this.names();
    this.leaders();
    for n in (0..this.drafts.len()).take_while(|_| !a.is_stopped()) {
        if this.of[n].is_none() {
            let figure = this.unnamed(n);
            this.assign(n, figure);
        }
        if let Some(figure) = this.of[n] {
            this.told.push(n);
            this.remember_group(n, figure);
            this.figures[figure].drafts.push(n);
            let draft = &this.drafts[n];
            if draft.kind == MentionKind::People {
                this.crowds.entry(a.doc.lemma(draft.head)).or_default().push(n);
            }
        }
    }
    (this.figures, this.of)
}

/// What a figure is known by; no two have the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// Entry of the lexicon.
    Actor(u32),
    /// ISO code of a state without an entry.
    State(String),
    /// The words of an organisation's name.
    Organisation(Vec<u64>),
    /// The police, of a country other than the text's.
    Police(Option<String>),
}

/// So many mentions back are looked at for whom "he" or "the group" means: more than the sentences that they reach back over hold in prose.
pub(super) const MEMORY: usize = 400;

/// So many persons with one word in their names are told apart; nobody can who reads of more.
const MOST_NAMESAKES: usize = 200;

/// So many forms of one person's name are kept.
const MOST_FORMS: usize = 64;

pub(super) struct Joiner<'j, 'a> {
    pub(super) a: &'j Analysis<'a>,
    pub(super) topic: &'j Topic,
    pub(super) drafts: &'j [Draft],
    pub(super) figures: Vec<Figure>,
    pub(super) of: Vec<Option<usize>>,
    pub(super) roles: Vec<Role>,
    /// Figures of whom a title or word says whether they are women, with the first mention that does.
    genders: BTreeMap<usize, (usize, bool)>,
    /// Figures by what they are known by.
    keys: BTreeMap<Key, usize>,
    /// Figures of persons by each word of their names.
    persons: BTreeMap<u64, BTreeSet<usize>>,
    /// Of each organisation the first mention of a person whom the text calls its leader.
    leaders: BTreeMap<usize, usize>,
    /// Mentions so far of whom it is known who is meant.
    told: Vec<usize>,
    pub(super) groups: Groups,
    /// Mentions of people so far by their head's lemma.
    pub(super) crowds: BTreeMap<&'j str, Vec<usize>>,
}

impl Joiner<'_, '_> {
    /// Names first, over the whole text: a short form before its long one is joined as well.
    fn names(&mut self) {
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        // Long names first, so that "Khan" finds "Imran Khan" wherever he stands.
        order.sort_by_key(|&n| (std::cmp::Reverse(self.drafts[n].tokens.len()), n));
        for n in order.into_iter().take_while(|_| !self.a.is_stopped()) {
            let draft = &self.drafts[n];
            let figure = match &draft.who {
                Who::Lexicon(actors) => actors.first().map(|&actor| self.known(actor, n)),
                Who::State(iso) => Some(self.find_or_add(Key::State(iso.clone()), || Figure { state: Some(iso.clone()), ..Figure::default() })),
                Who::ShortFor(long) => self.of.get(*long).copied().flatten(),
                Who::Name if draft.kind == MentionKind::Person => Some(self.person(n)),
                Who::Name => Some(self.organisation(n)),
                Who::Unnamed | Who::Back => None,
            };
            self.assign(n, figure);
        }
    }

    fn assign(&mut self, n: usize, figure: Option<usize>) {
        self.of[n] = figure;
        if let (Some(figure), Some(gender)) = (figure, self.gender_of(&self.drafts[n])) {
            let known = self.genders.entry(figure).or_insert((n, gender));
            *known = (*known).min((n, gender));
        }
    }

    /// Of each organisation the person whom the text calls its leader, once all names are joined.
    fn leaders(&mut self) {
        for (d, draft) in self.drafts.iter().enumerate() {
            if let Some(Belongs::To(token)) = draft.belongs
                && draft.kind == MentionKind::Person
                && draft.titles.iter().any(|t| is_leader(t))
                && let Some(owner) = self.named_at(token)
            {
                self.leaders.entry(owner).or_insert(d);
            }
        }
    }

    /// Keeps a name of a person, and where it stands.
    fn add_name(&mut self, figure: usize, words: Vec<u64>, start: u32) {
        for &word in &words {
            self.persons.entry(word).or_default().insert(figure);
        }
        let figure = &mut self.figures[figure];
        figure.starts.insert(start);
        figure.longest.get_or_insert(start);
        if figure.names.len() < MOST_FORMS && !figure.names.contains(&words) {
            figure.names.push(words);
        }
    }

    pub(super) fn find_or_add(&mut self, key: Key, new: impl FnOnce() -> Figure) -> usize {
        let figures = &mut self.figures;
        *self.keys.entry(key).or_insert_with(|| {
            figures.push(new());
            figures.len() - 1
        })
    }

    fn known(&mut self, actor: u32, n: usize) -> usize {
        let others = if let Who::Lexicon(all) = &self.drafts[n].who { all[1..].to_vec() } else { Vec::new() };
        let person = self.drafts[n].kind == MentionKind::Person;
        let figure = self.find_or_add(Key::Actor(actor), || Figure { actor: Some(actor), candidates: others, person, ..Figure::default() });
        if person {
            self.add_name(figure, name_words(self.a, self.drafts[n].tokens), self.drafts[n].tokens.start);
        }
        figure
    }

    /// The same words in the same order, some left out: "Muttaqi" is "Amir Khan Muttaqi".
    fn person(&mut self, n: usize) -> usize {
        let words = name_words(self.a, self.drafts[n].tokens);
        let gender = self.gender_of(&self.drafts[n]);
        let other = |f: usize| gender.is_some() && self.gender(f).is_some_and(|g| Some(g) != gender);
        let fits = |figure: &Figure| figure.person && figure.names.iter().any(|known| is_part(&words, known));
        // Of several Khans the one most spoken of and last named before this mention, else the first after it.
        let here = self.drafts[n].tokens.start;
        let sentence = self.a.doc.sentence_of(here as usize);
        // All that fit have all words: those with the rarest are the fewest.
        let with_rarest = words.iter().map(|word| self.persons.get(word)).min_by_key(|some| some.map_or(0, BTreeSet::len)).flatten();
        let namesakes = with_rarest.into_iter().flatten().copied().take(MOST_NAMESAKES);
        let likeliest = namesakes.filter(|&index| fits(&self.figures[index]) && !other(index)).min_by_key(|&index| {
            let f = &self.figures[index];
            let mut before = f.starts.range(..=here).rev();
            let Some(&last) = before.next() else { return (1, i64::from(f.longest.unwrap_or(0))) };
            let n_before = 1 + before.take(7).count() as i64;
            let distance = sentence.saturating_sub(self.a.doc.sentence_of(last as usize)).min(8) as i64;
            (0, distance - n_before)
        });
        let figure = likeliest.unwrap_or_else(|| {
            self.figures.push(Figure { person: true, ..Figure::default() });
            self.figures.len() - 1
        });
        self.add_name(figure, words, here);
        figure
    }

    fn organisation(&mut self, n: usize) -> usize {
        self.find_or_add(Key::Organisation(name_words(self.a, self.drafts[n].tokens)), Figure::default)
    }

    fn unnamed(&mut self, n: usize) -> Option<usize> {
        let draft = &self.drafts[n];
        match (draft.kind, &draft.who) {
            (MentionKind::Pronoun, _) => self.pronoun(n),
            (MentionKind::Description, Who::Back) if draft.belongs.is_some() => self.office(n).or_else(|| Some(self.new_unnamed())),
            (MentionKind::Description, Who::Back) => self.group(n),
            (MentionKind::Description, _) => self.beside_name(n).or_else(|| self.known_branch(n)).or_else(|| Some(self.new_unnamed())),
            (MentionKind::People, _) => Some(self.people(n)),
            (MentionKind::Organisation, Who::Unnamed) => Some(self.police(None)),
            _ => None,
        }
    }

    /// "Jamaat-ul-Ahrar, a faction of the TTP, …": a description in apposition is the group named before or behind it.
    fn beside_name(&self, n: usize) -> Option<usize> {
        let phrase = self.drafts[n].phrase;
        let (start, end) = (phrase.start as usize, phrase.end as usize);
        let closed = |i: usize| matches!(self.a.doc.word(i), "," | "." | ";" | "(" | "which" | "that" | "who") || self.a.doc.tag(i).is_verb();
        let named = |d: &Draft| d.kind == MentionKind::Organisation && !matches!(d.who, Who::Unnamed);
        let before = around(self.drafts, start).find(|(_, d)| {
            named(d) && start > 0 && self.a.doc.word(start - 1) == "," && comma_after(self.a, d.tokens.end as usize) + 1 == start && closed(end)
        });
        let reach = TokenSpan::new(end + 1, end + 1 + Analysis::LONGEST_PHRASE as usize);
        let behind = starting_in(self.drafts, reach)
            .find(|(_, d)| named(d) && self.a.doc.word(end) == "," && d.phrase.start as usize == end + 1 && self.a.doc.word(d.tokens.end as usize) == ",");
        before.or(behind).and_then(|(d, _)| self.of[d])
    }

    /// "the Islamic State group's regional branch" where the text names one group that the lexicon knows as such a branch.
    fn known_branch(&self, n: usize) -> Option<usize> {
        let draft = &self.drafts[n];
        let branch = matches!(self.a.doc.word(draft.head), "branch" | "affiliate" | "arm" | "wing" | "chapter" | "franchise");
        let one = self.a.noun_at(draft.head).is_some_and(|g| self.a.nouns[g].determiner != Determiner::Indefinite);
        let Some(Belongs::To(token)) = draft.belongs.filter(|_| branch && one) else { return None };
        let entry = |f: &Figure| f.actor.filter(|_| !f.person).and_then(|x| self.a.lexicon.actors.get(x));
        let key = entry(&self.figures[self.named_at(token)?])?.key.as_str();
        let is_branch = |f: &Figure| {
            let of_it = |r: &KnownRelation| matches!(r.relation.as_str(), "affiliate_of" | "part_of" | "faction_of") && r.object.as_deref() == Some(key);
            entry(f).is_some_and(|x| x.relations.iter().any(of_it))
        };
        let mut branches = self.known_actors().filter(|&f| is_branch(&self.figures[f]));
        let first = branches.next()?;
        branches.next().is_none().then_some(first)
    }

    /// Figures that the lexicon knows: few, however long the text is.
    fn known_actors(&self) -> impl Iterator<Item = usize> {
        let known = self.keys.range(Key::Actor(0)..=Key::Actor(u32::MAX));
        known.map(|(_, &figure)| figure)
    }

    pub(super) fn new_unnamed(&mut self) -> usize {
        self.figures.push(Figure { unnamed: true, ..Figure::default() });
        self.figures.len() - 1
    }

    /// "the Taliban supreme leader": who leads that organisation, if the text names him.
    fn office(&self, n: usize) -> Option<usize> {
        let Some(Belongs::To(token)) = self.drafts[n].belongs else { return None };
        let owner = self.named_at(token)?;
        let key = self.figures[owner].actor.and_then(|x| self.a.lexicon.actors.get(x)).map(|x| x.key.as_str());
        let leads = |f: &Figure| {
            let relations = f.actor.filter(|_| f.person).and_then(|x| self.a.lexicon.actors.get(x)).map_or(&[][..], |x| &x.relations);
            relations.iter().any(|r| r.relation == "leader_of" && r.object.as_deref() == key && key.is_some() && !self.topic.outside_dates(&r.from, &r.to))
        };
        let known = self.known_actors().filter(|&f| leads(&self.figures[f])).min();
        known.or_else(|| self.leaders.get(&owner).and_then(|&d| self.of[d]))
    }

    /// The figure of the name that starts at a token.
    fn named_at(&self, token: usize) -> Option<usize> {
        let (n, _) = starting_in(self.drafts, TokenSpan::one(token)).find(|(_, d)| !matches!(d.who, Who::Back | Who::Unnamed))?;
        self.of[n]
    }

    /// "the group": the organisation most in mind.
    fn group(&mut self, n: usize) -> Option<usize> {
        let here = &self.drafts[n];
        let armed = self.a.noun_at(here.head).is_some_and(|g| is_armed(self.a, &self.a.nouns[g]));
        let party = self.a.doc.lemma(here.head) == "party";
        let head = self.a.doc.token(here.head);
        let short = head.shape.has(Shape::CAPITAL) && self.a.lexicon.organisations.last(head.hash).is_some() && here.tokens.len() == 1;
        if short {
            return self.most_salient(n, 40, 0, |this, d, _| {
                let name = &this.drafts[d];
                name.kind == MentionKind::Organisation && name.tokens.len() > 1 && name.tokens.range().any(|i| this.a.doc.token(i).hash == head.hash)
            });
        }
        self.most_salient(n, 12, 1, |this, d, figure| {
            let draft = &this.drafts[d];
            let kind = this.kind_of(figure, d);
            let body = draft.kind == MentionKind::Organisation || draft.kind == MentionKind::Description;
            let fits = if party {
                kind == "organisation.party"
            } else {
                !kind.starts_with("state.") && !kind.starts_with("external.") && kind != "organisation.international" && kind != "organisation.media"
            };
            body && fits && (!armed || kind.starts_with("armed.") || kind.is_empty()) && !this.figures[figure].person
        })
    }

    pub(super) fn kind_of(&self, figure: usize, draft: usize) -> &str {
        let own = self.figures[figure].actor.and_then(|x| self.a.lexicon.actors.get(x)).map(|x| x.kind.as_str());
        own.unwrap_or(self.drafts[draft].actor_type.as_str())
    }

    /// he, she, his: the person most in mind; who: whoever stands right before; they: a group or several people.
    fn pronoun(&mut self, n: usize) -> Option<usize> {
        let token = self.drafts[n].tokens.start as usize;
        let word = self.a.doc.word(token);
        if word == "who" {
            let end = token - usize::from(token > 0 && self.a.doc.word(token - 1) == ",");
            let (nearest, _) = around(&self.drafts[..n], end).rev().find(|(_, d)| d.phrase.end as usize == end && d.kind != MentionKind::Pronoun)?;
            return self.of[nearest];
        }
        let female = matches!(word, "she" | "her");
        let plural = word == "they";
        self.most_salient(n, 3, 2, |this, d, figure| {
            let draft = &this.drafts[d];
            let person = draft.kind == MentionKind::Person || draft.kind == MentionKind::Pronoun && this.figures[figure].person;
            let single = draft.kind == MentionKind::People
                && !matches!(this.a.doc.tag(draft.head), Tag::NNS | Tag::NNPS)
                && draft.count.is_none_or(|c| c.figure() == Some(1))
                && !this.is_collective(draft);
            if plural {
                return draft.kind == MentionKind::People && !single
                    || draft.kind == MentionKind::Organisation && this.kind_of(figure, d).starts_with("armed.");
            }
            (person || single) && this.gender(figure).is_none_or(|g| g == female)
        })
    }

    pub(super) fn is_collective(&self, draft: &Draft) -> bool {
        draft.term.and_then(|t| self.a.lexicon.terms.get(t)).is_some_and(|t| t.collective)
    }

    /// Whether a figure is a woman, where a title or word says so.
    fn gender(&self, figure: usize) -> Option<bool> {
        self.genders.get(&figure).map(|&(_, woman)| woman)
    }

    /// The same for the words of one mention: its title, its apposition, the pronoun.
    fn gender_of(&self, draft: &Draft) -> Option<bool> {
        draft.phrase.range().chain(draft.apposition.range()).find_map(|i| match self.a.doc.word(i) {
            "mrs" | "mrs." | "ms" | "ms." | "miss" | "begum" | "woman" | "girl" | "schoolgirl" | "spokeswoman" | "mother" | "daughter" | "sister" | "wife"
            | "she" | "widow" => Some(true),
            "mr" | "mr." | "man" | "boy" | "spokesman" | "policeman" | "father" | "son" | "brother" | "husband" | "he" | "businessman" => Some(false),
            _ => None,
        })
    }

    /// The figure of the earlier mention that is most in mind: by role, less `loss` for each sentence between; the latest among equals.
    fn most_salient(&self, n: usize, sentences: usize, loss: i32, fits: impl Fn(&Self, usize, usize) -> bool) -> Option<usize> {
        let here = self.drafts[n].tokens.start as usize;
        let sentence = self.a.doc.sentence_of(here);
        let mut best: Option<(i32, usize)> = None;
        for &d in self.told.iter().rev().take(MEMORY) {
            let draft = &self.drafts[d];
            let Some(figure) = self.of[d] else { continue };
            let at = draft.tokens.start as usize;
            let distance = sentence.saturating_sub(self.a.doc.sentence_of(at));
            // Nobody further back can be more in mind.
            if distance > sentences || best.is_some_and(|(known, _)| known >= Role::MOST - distance as i32 * loss) {
                break;
            }
            if draft.phrase.end as usize > here || quotation_between(self.a, at, here) || !fits(self, d, figure) {
                continue;
            }
            let score = self.roles[d].weight() - distance as i32 * loss;
            if best.is_none_or(|(known, _)| score > known) {
                best = Some((score, figure));
            }
        }
        best.map(|(_, figure)| figure)
    }
}

/// The token behind a name and its short form in brackets ("Jaish-e-Mohammed (JM), a militant group").
fn comma_after(a: &Analysis<'_>, end: usize) -> usize {
    let bracketed = a.doc.word(end) == "(" && a.doc.word(end + 2) == ")" && a.doc.token(end + 1).shape.has(Shape::ALL_CAPS);
    if bracketed { end + 3 } else { end }
}

fn is_leader(title: &str) -> bool {
    let lower = title.to_lowercase();
    ["leader", "chief", "head", "emir", "amir", "ameer", "supremo"].iter().any(|w| lower.split(|c: char| !c.is_alphanumeric()).any(|part| part == *w))
}

/// Hashes of a name's words; hyphens, particles in small letters and stops left out.
fn name_words(a: &Analysis<'_>, tokens: TokenSpan) -> Vec<u64> {
    let words: Vec<u64> = tokens.range().filter(|&i| is_name_token(a, i)).map(|i| a.doc.token(i).hash).collect();
    if words.is_empty() { tokens.range().map(|i| a.doc.token(i).hash).collect() } else { words }
}

/// Whether `short` is `long` with words left out, in the same order.
fn is_part(short: &[u64], long: &[u64]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|w| rest.any(|l| l == w))
}
