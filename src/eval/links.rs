//! How well documents were linked by the incidents that they tell: pairwise, and by document (B³, Bagga and Baldwin 1998).

use std::collections::{BTreeMap, BTreeSet};

/// A document with the incidents that it was found to tell, and the one that it tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linked {
    /// The document.
    pub document: String,
    /// Incidents that were found; two documents that share one are linked.
    pub found: BTreeSet<String>,
    /// By the gold.
    pub gold: String,
}

/// Precision and recall, of pairs and by document.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkScores {
    /// Pairs that are linked, and rightly.
    pub hits: usize,
    /// Pairs that are linked.
    pub linked: usize,
    /// Pairs that should be.
    pub gold: usize,
    /// Mean over the documents of the share of those linked with it (itself too) that should be.
    pub precision: f64,
    /// Mean over the documents of the share of those that should be linked with it that are.
    pub recall: f64,
}

impl LinkScores {
    /// Scores documents.
    pub fn of(documents: &[Linked]) -> Self {
        let mut by_incident: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut by_gold: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (n, document) in documents.iter().enumerate() {
            document.found.iter().for_each(|incident| by_incident.entry(incident).or_default().push(n));
            by_gold.entry(&document.gold).or_default().insert(n);
        }
        let mut scores = Self::default();
        for (n, document) in documents.iter().enumerate() {
            let mut linked: BTreeSet<usize> = document.found.iter().filter_map(|i| by_incident.get(i.as_str())).flatten().copied().collect();
            linked.insert(n);
            let Some(gold) = by_gold.get(document.gold.as_str()) else { continue };
            let hits = linked.intersection(gold).count();
            scores.hits += hits - 1;
            scores.linked += linked.len() - 1;
            scores.gold += gold.len() - 1;
            scores.precision += hits as f64 / linked.len() as f64;
            scores.recall += hits as f64 / gold.len() as f64;
        }
        let n = documents.len().max(1) as f64;
        // Each pair was seen from both ends.
        Self { hits: scores.hits / 2, linked: scores.linked / 2, gold: scores.gold / 2, precision: scores.precision / n, recall: scores.recall / n }
    }

    /// F1 of the pairs.
    pub fn pair_f1(&self) -> f64 {
        if self.linked + self.gold == 0 { 0.0 } else { 2.0 * self.hits as f64 / (self.linked + self.gold) as f64 }
    }

    /// F1 by document.
    pub fn cubed_f1(&self) -> f64 {
        if self.precision + self.recall > 0.0 { 2.0 * self.precision * self.recall / (self.precision + self.recall) } else { 0.0 }
    }
}

impl std::fmt::Display for LinkScores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |n: usize, of: usize| 100.0 * n as f64 / of.max(1) as f64;
        write!(
            f,
            "pairs P {:>5.1} R {:>5.1} F1 {:>5.1}   B³ P {:>5.1} R {:>5.1} F1 {:>5.1}",
            share(self.hits, self.linked),
            share(self.hits, self.gold),
            100.0 * self.pair_f1(),
            100.0 * self.precision,
            100.0 * self.recall,
            100.0 * self.cubed_f1(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(documents: &[(&str, &[&str])]) -> LinkScores {
        let linked = |(n, (gold, found)): (usize, &(&str, &[&str]))| Linked {
            document: n.to_string(),
            found: found.iter().map(|f| (*f).to_owned()).collect(),
            gold: (*gold).to_owned(),
        };
        LinkScores::of(&documents.iter().enumerate().map(linked).collect::<Vec<_>>())
    }

    #[test]
    fn pairs_and_documents_are_counted() {
        let right = of(&[("a", &["x"]), ("a", &["x", "y"]), ("b", &["z"])]);
        assert_eq!((right.hits, right.linked, right.gold, right.pair_f1(), right.cubed_f1()), (1, 1, 1, 1.0, 1.0));
        let alone = of(&[("a", &["x"]), ("a", &[]), ("b", &["z"])]);
        assert_eq!((alone.hits, alone.linked, alone.gold), (0, 0, 1));
        assert!((alone.precision - 1.0).abs() < 1e-9 && (alone.recall - 2.0 / 3.0).abs() < 1e-9);
        let wrong = of(&[("a", &["x"]), ("b", &["x"])]);
        assert_eq!((wrong.hits, wrong.linked, wrong.gold), (0, 1, 0));
        assert!((wrong.precision - 0.5).abs() < 1e-9 && (wrong.recall - 1.0).abs() < 1e-9);
    }
}
