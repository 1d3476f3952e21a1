//! Many ranges, of which some are to be found by what they overlap, without looking at the others.

/// Half-open ranges with a value each.
#[derive(Clone, Debug)]
pub struct Intervals<T> {
    /// By start; of equals in the order given.
    list: Vec<(u32, u32, T)>,
    /// A tree over the list: node `n` has the greatest end of those below it, its children are `2 n` and `2 n + 1`, the root is 1.
    reach: Vec<u32>,
    /// Number of leaves of the tree.
    n_leaves: usize,
}

impl<T> Default for Intervals<T> {
    fn default() -> Self {
        Self { list: Vec::new(), reach: Vec::new(), n_leaves: 0 }
    }
}

impl<T: Copy> Intervals<T> {
    /// Of ranges (start, end) with their values, in any order.
    pub fn new(ranges: impl IntoIterator<Item = (u32, u32, T)>) -> Self {
        let mut list: Vec<(u32, u32, T)> = ranges.into_iter().collect();
        list.sort_by_key(|range| range.0);
        let n_leaves = list.len().next_power_of_two();
        let mut reach = vec![0; n_leaves * 2];
        for (leaf, range) in list.iter().enumerate() {
            reach[n_leaves + leaf] = range.1;
        }
        for node in (1..n_leaves).rev() {
            reach[node] = reach[node * 2].max(reach[node * 2 + 1]);
        }
        Self { list, reach, n_leaves }
    }

    /// The values of those that share something with `start..end`, by start.
    pub fn overlapping(&self, start: u32, end: u32) -> Vec<T> {
        let n_begun = self.list.partition_point(|range| range.0 < end);
        let mut found = Vec::new();
        if n_begun > 0 && start < end {
            self.collect(1, 0..self.n_leaves, (n_begun, start), &mut found);
        }
        found
    }

    /// Whether one of them holds the whole of `start..end`.
    pub fn hold(&self, start: u32, end: u32) -> bool {
        let n_begun = self.list.partition_point(|range| range.0 <= start);
        n_begun > 0 && self.greatest_end(1, 0..self.n_leaves, n_begun) >= end
    }

    /// Adds those below a node that are among the first `n_begun` and end behind `after`.
    fn collect(&self, node: usize, leaves: std::ops::Range<usize>, (n_begun, after): (usize, u32), found: &mut Vec<T>) {
        if leaves.start >= n_begun || self.reach[node] <= after {
            return;
        }
        if leaves.len() == 1 {
            found.extend(self.list.get(leaves.start).map(|range| range.2));
            return;
        }
        let middle = leaves.start + leaves.len() / 2;
        self.collect(node * 2, leaves.start..middle, (n_begun, after), found);
        self.collect(node * 2 + 1, middle..leaves.end, (n_begun, after), found);
    }

    /// The greatest end of those below a node that are among the first `n_begun`.
    fn greatest_end(&self, node: usize, leaves: std::ops::Range<usize>, n_begun: usize) -> u32 {
        if leaves.start >= n_begun {
            return 0;
        }
        if leaves.end <= n_begun {
            return self.reach[node];
        }
        let middle = leaves.start + leaves.len() / 2;
        self.greatest_end(node * 2, leaves.start..middle, n_begun).max(self.greatest_end(node * 2 + 1, middle..leaves.end, n_begun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_look_at_each_finds() {
        // Every pattern of lengths: nested, alike, empty, apart.
        let ranges: Vec<(u32, u32, usize)> = (0..97).map(|n: usize| ((n * 37 % 61) as u32, (n * 37 % 61 + n * n % 13) as u32, n)).collect();
        for n in [0, 1, 2, 3, 31, 32, 33, 97] {
            let ranges = &ranges[..n];
            let intervals = Intervals::new(ranges.iter().copied());
            for start in 0..75 {
                for end in start..75 {
                    let mut found = intervals.overlapping(start, end);
                    found.sort_unstable();
                    let all = ranges.iter().filter(|r| r.0 < end && start < r.1 && start < end);
                    assert_eq!(found, all.map(|r| r.2).collect::<Vec<_>>(), "{n}: {start}..{end}");
                    assert_eq!(intervals.hold(start, end), ranges.iter().any(|r| r.0 <= start && end <= r.1), "{n}: {start}..{end}");
                }
            }
        }
    }
}
