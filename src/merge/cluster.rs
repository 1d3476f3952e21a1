//! Which reports tell one incident, as a function of the set of reports: average linkage over the scores of pairs, under what forbids and what
//! curators decided. Whoever calls gives the reports in the order of their ids, so that ties, and the rounding of sums, never depend on which
//! report came first.

use std::collections::{BTreeMap, BTreeSet};

/// How two reports stand to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tie {
    /// Above 0 they are rather one incident than two.
    Score(f64),
    /// They never are in one incident, whatever others say.
    Never,
}

/// Pairs that curators decided on, by the places of the reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Their incidents are one.
    pub same: Vec<(usize, usize)>,
    /// They are not of one incident.
    pub apart: Vec<(usize, usize)>,
}

/// Sorts `n` reports into incidents: lists of places in order, by the first of each. `tie` is asked for `a < b`.
///
/// Incidents of which curators said that two reports are one are united whole, unless other reports in them are to be kept apart: then what
/// curators united goes first, and the others find their place around it.
pub fn partition(n: usize, tie: impl Fn(usize, usize) -> Tie, constraints: &Constraints) -> Vec<Vec<usize>> {
    let kept_apart: BTreeSet<(usize, usize)> = constraints.apart.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
    let apart = |a: usize, b: usize| kept_apart.contains(&(a.min(b), a.max(b)));
    let tie = |a: usize, b: usize| if apart(a, b) { Tie::Never } else { tie(a, b) };
    let alone: Vec<Vec<usize>> = (0..n).map(|i| vec![i]).collect();
    let found = linkage(alone, &tie);
    if constraints.same.is_empty() {
        return found;
    }
    let mut clusters = Vec::new();
    for united in unite(found, &constraints.same) {
        if united.iter().enumerate().any(|(i, &a)| united[i + 1..].iter().any(|&b| apart(a, b))) {
            let atoms = unite(united.into_iter().map(|i| vec![i]).collect(), &constraints.same);
            clusters.extend(linkage(atoms, &tie));
        } else {
            clusters.push(united);
        }
    }
    clusters.sort_unstable();
    clusters
}

/// Parts of `n` reports that pairs connect, in order; those without any pair are alone.
pub fn components(n: usize, pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..n).collect();
    let root = |of: &mut Vec<usize>, mut i: usize| {
        while of[i] != i {
            of[i] = of[of[i]];
            i = of[i];
        }
        i
    };
    for &(a, b) in pairs.iter().filter(|(a, b)| *a < n && *b < n) {
        let (x, y) = (root(&mut of, a), root(&mut of, b));
        // The lowest is the root, so that parts come out in order.
        of[x.max(y)] = x.min(y);
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for i in 0..n {
        parts.entry(root(&mut of, i)).or_default().push(i);
    }
    parts.into_values().collect()
}

/// Which incident each cluster of reports keeps, `of` telling in which each report is now: of a cluster's and an incident's claims on each other
/// the one with most reports goes first, then the incident with the lowest number, which is the older. None where a cluster has to get a new one.
pub fn keep(clusters: &[Vec<usize>], of: &[Option<i64>]) -> Vec<Option<i64>> {
    let mut shared: BTreeMap<(i64, usize), usize> = BTreeMap::new();
    for (n, cluster) in clusters.iter().enumerate() {
        for incident in cluster.iter().filter_map(|&i| of.get(i).copied().flatten()) {
            *shared.entry((incident, n)).or_default() += 1;
        }
    }
    let mut claims: Vec<((i64, usize), usize)> = shared.into_iter().collect();
    // Stable: claims of the same weight stay in the order of the incidents.
    claims.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    let mut kept: Vec<Option<i64>> = vec![None; clusters.len()];
    let mut taken: Vec<i64> = Vec::new();
    for ((incident, n), _) in claims {
        if kept[n].is_none() && !taken.contains(&incident) {
            kept[n] = Some(incident);
            taken.push(incident);
        }
    }
    kept
}

/// Unites the lists that hold the two ends of a pair.
fn unite(mut lists: Vec<Vec<usize>>, pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    for (a, b) in pairs {
        let at = |x: &usize| lists.iter().position(|l| l.contains(x));
        let (Some(i), Some(j)) = (at(a), at(b)) else { continue };
        if i != j {
            let (first, second) = (i.min(j), i.max(j));
            let more = lists.remove(second);
            lists[first].extend(more);
            lists[first].sort_unstable();
        }
    }
    lists.sort_unstable();
    lists
}

/// Average linkage: the two clusters with the best mean score are made one, as long as that mean is above 0 and nothing forbids it. Of equal
/// means the one with the lowest first reports goes first.
fn linkage(mut clusters: Vec<Vec<usize>>, tie: &impl Fn(usize, usize) -> Tie) -> Vec<Vec<usize>> {
    clusters.sort_unstable();
    // Sums over all pairs of two clusters; none where they may not meet. Row i has the clusters after it.
    let mut sums: Vec<Vec<Option<f64>>> = clusters.iter().enumerate().map(|(i, a)| clusters[i + 1..].iter().map(|b| sum(a, b, tie)).collect()).collect();
    while let Some((i, j)) = best(&clusters, &sums) {
        let gone: Vec<Option<f64>> = (0..clusters.len()).map(|k| between(&sums, j, k)).collect();
        for k in (0..clusters.len()).filter(|&k| k != i && k != j) {
            let both = between(&sums, i, k).zip(gone[k]).map(|(x, y)| x + y);
            let (row, column) = (i.min(k), i.max(k) - i.min(k) - 1);
            sums[row][column] = both;
        }
        let more = clusters.remove(j);
        clusters[i].extend(more);
        clusters[i].sort_unstable();
        sums.remove(j);
        for (row, values) in sums.iter_mut().enumerate().take(j) {
            values.remove(j - row - 1);
        }
    }
    clusters
}

fn between(sums: &[Vec<Option<f64>>], a: usize, b: usize) -> Option<f64> {
    if a == b { None } else { sums[a.min(b)][a.max(b) - a.min(b) - 1] }
}

fn sum(a: &[usize], b: &[usize], tie: &impl Fn(usize, usize) -> Tie) -> Option<f64> {
    let mut total = 0.0;
    for (&x, &y) in a.iter().flat_map(|x| b.iter().map(move |y| (x, y))) {
        match tie(x.min(y), x.max(y)) {
            Tie::Score(score) => total += score,
            Tie::Never => return None,
        }
    }
    Some(total)
}

fn best(clusters: &[Vec<usize>], sums: &[Vec<Option<f64>>]) -> Option<(usize, usize)> {
    let mut best: Option<(f64, usize, usize)> = None;
    for (i, row) in sums.iter().enumerate() {
        for (at, sum) in row.iter().enumerate() {
            let j = i + 1 + at;
            let Some(sum) = sum else { continue };
            let mean = sum / (clusters[i].len() * clusters[j].len()) as f64;
            if mean > best.map_or(0.0, |(mean, _, _)| mean) {
                best = Some((mean, i, j));
            }
        }
    }
    best.map(|(_, i, j)| (i, j))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(n: usize, scores: &[(usize, usize, f64)]) -> impl Fn(usize, usize) -> Tie {
        move |a, b| {
            assert!(a < b && b < n);
            let found = scores.iter().find(|(x, y, _)| (*x, *y) == (a, b)).map_or(-1.0, |s| s.2);
            if found.is_finite() { Tie::Score(found) } else { Tie::Never }
        }
    }

    #[test]
    fn means_decide_and_what_is_forbidden_stays_apart() {
        let none = Constraints::default();
        assert_eq!(partition(0, of(0, &[]), &none), Vec::<Vec<usize>>::new());
        // A chain whose ends are unlike is cut at its weakest link.
        let chain = [(0, 1, 3.0), (1, 2, 2.0), (0, 2, -4.0)];
        assert_eq!(partition(3, of(3, &chain), &none), [vec![0, 1], vec![2]]);
        let close = [(0, 1, 3.0), (1, 2, 2.0), (0, 2, -1.0)];
        assert_eq!(partition(3, of(3, &close), &none), [vec![0, 1, 2]]);
        let forbidden = [(0, 1, 3.0), (1, 2, 2.0), (0, 2, f64::NEG_INFINITY)];
        assert_eq!(partition(3, of(3, &forbidden), &none), [vec![0, 1], vec![2]]);
        // Of equal means the first reports go first.
        let even = [(0, 1, f64::NEG_INFINITY), (0, 2, 1.0), (1, 2, 1.0)];
        assert_eq!(partition(3, of(3, &even), &none), [vec![0, 2], vec![1]]);
    }

    #[test]
    fn curators_have_the_last_word() {
        let two = [(0, 1, 3.0), (2, 3, 3.0)];
        let same = Constraints { same: vec![(1, 2)], apart: Vec::new() };
        assert_eq!(partition(4, of(4, &two), &same), [vec![0, 1, 2, 3]], "whole incidents are united");
        let one_out = Constraints { same: vec![(1, 2)], apart: vec![(0, 3)] };
        assert_eq!(partition(4, of(4, &two), &one_out), [vec![0, 1, 2], vec![3]]);
        let split = Constraints { same: Vec::new(), apart: vec![(0, 1)] };
        assert_eq!(partition(4, of(4, &two), &split), [vec![0], vec![1], vec![2, 3]]);
        let not_even_vetoes = [(0, 1, f64::NEG_INFINITY)];
        assert_eq!(partition(2, of(2, &not_even_vetoes), &Constraints { same: vec![(0, 1)], apart: Vec::new() }), [vec![0, 1]]);
    }

    #[test]
    fn pairs_connect() {
        assert_eq!(components(5, &[(3, 1), (4, 3), (0, 9)]), [vec![0], vec![1, 3, 4], vec![2]]);
        assert_eq!(components(0, &[]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn the_larger_part_keeps_the_incident_then_the_older_incident_is_kept() {
        assert_eq!(keep(&[vec![0], vec![1, 2]], &[Some(7), Some(7), Some(7)]), [None, Some(7)]);
        assert_eq!(keep(&[vec![0, 1]], &[Some(9), Some(4)]), [Some(4)]);
        assert_eq!(keep(&[vec![0, 1, 2]], &[Some(9), Some(4), Some(9)]), [Some(9)]);
        assert_eq!(keep(&[vec![0, 3], vec![1, 2]], &[Some(1), Some(1), Some(2), None]), [Some(1), Some(2)]);
        assert_eq!(keep(&[vec![0]], &[None]), [None]);
    }
}
