//! Which groups, date and place each token belongs to: asked for so often that looking through their lists would be a good part of the work.

use crate::text::TokenSpan;

/// What holds a token, by index; [`NONE`] where nothing does.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Into `Analysis::nouns`.
    pub noun: u32,
    /// Into `Analysis::verbs`.
    pub verb: u32,
    /// Into `Analysis::dates`.
    pub date: u32,
    /// Into `Analysis::places`.
    pub place: u32,
}

/// An index of nothing.
const NONE: u32 = u32::MAX;

/// A token that nothing holds.
const ALONE: Part = Part { noun: NONE, verb: NONE, date: NONE, place: NONE };

/// One [`Part`] per token.
#[derive(Clone, Debug, Default)]
pub struct Parts(Vec<Part>);

impl Parts {
    /// Of a text of so many tokens, of which nothing is known.
    pub fn new(n_tokens: usize) -> Self {
        Self(vec![ALONE; n_tokens])
    }

    /// What holds token `i`, as far as the member goes that `of` names; nothing past the end.
    #[inline]
    pub fn at(&self, i: usize, of: impl Fn(&Part) -> u32) -> Option<usize> {
        self.0.get(i).map(of).filter(|&index| index != NONE).map(|index| index as usize)
    }

    /// Writes the indices of these spans, which are in order of their start, into the member that `of` names. Where one reaches into the next,
    /// the tokens from there on belong to the next alone.
    pub fn set(&mut self, spans: impl Iterator<Item = TokenSpan>, of: impl Fn(&mut Part) -> &mut u32) {
        self.0.iter_mut().for_each(|part| *of(part) = NONE);
        let mut spans = spans.zip(0..).peekable();
        while let Some((span, index)) = spans.next() {
            let end = spans.peek().map_or(span.end, |(next, _)| span.end.min(next.start)).max(span.start);
            if let Some(parts) = self.0.get_mut(span.start as usize..end as usize) {
                parts.iter_mut().for_each(|part| *of(part) = index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_of_two_overlapping_spans_has_all_from_its_start_on() {
        let mut parts = Parts::new(6);
        parts.set([TokenSpan::new(0, 4), TokenSpan::new(2, 3), TokenSpan::new(5, 6)].into_iter(), |part| &mut part.date);
        let dates: Vec<Option<usize>> = (0..7).map(|i| parts.at(i, |part| part.date)).collect();
        assert_eq!(dates, [Some(0), Some(0), Some(1), None, None, Some(2), None]);
        assert!((0..7).all(|i| parts.at(i, |part| part.noun).is_none()));
        parts.set([].into_iter(), |part| &mut part.date);
        assert!((0..7).all(|i| parts.at(i, |part| part.date).is_none()));
    }
}
