//! The towns of a text by where they are: what lies around a place, and which was named last in its province.

use crate::extract::Analysis;
use crate::extract::analysis::PlaceMention;
use crate::lexicon::gazetteer::kilometres;
use crate::text::TokenSpan;
use std::collections::{BTreeMap, BTreeSet};

/// A town reaches so far.
const NEAR_KM: f64 = 25.0;

/// Cells of so many degrees of latitude, one degree of longitude wide. What lies within [`NEAR_KM`] is in the same cell or in one beside it.
const CELL: f64 = 0.25;

/// From this latitude on one cell goes around the pole: beyond 77 degrees a degree of longitude is less than [`NEAR_KM`] wide.
const POLAR: f64 = 76.0;

/// A cell by its number from the south and from the west.
type Cell = (i32, i32);

/// Places named in a text as towns, by index into `Analysis::places`.
#[derive(Debug, Default)]
pub struct Towns<'a> {
    /// The first mention of each place, in order.
    by_cell: BTreeMap<Cell, Vec<usize>>,
    /// All mentions, in order.
    by_province: BTreeMap<Option<&'a str>, Vec<usize>>,
}

impl<'a> Towns<'a> {
    /// Those of a text.
    pub fn of(a: &'a Analysis<'_>) -> Self {
        let mut this = Self::default();
        let mut known: BTreeSet<(&str, Cell)> = BTreeSet::new();
        for (n, p) in a.places.iter().enumerate().filter(|(_, p)| p.precision == "exact" && !p.metonym) {
            if !p.dateline {
                this.by_province.entry(p.admin1.as_deref()).or_default().push(n);
            }
            let Some((cell, id)) = p.latitude.zip(p.longitude).map(cell).zip(p.gazetteer.as_deref()) else { continue };
            if known.insert((id, cell)) {
                this.by_cell.entry(cell).or_default().push(n);
            }
        }
        this
    }

    /// The town named first of those that a quarter lies in or beside.
    pub fn around(&self, a: &'a Analysis<'_>, quarter: &PlaceMention) -> Option<&'a PlaceMention> {
        let at = quarter.latitude.zip(quarter.longitude)?;
        let is_near = |&n: &usize| {
            let p = &a.places[n];
            p.name != quarter.name && p.latitude.zip(p.longitude).is_some_and(|q| kilometres(at, q) < NEAR_KM)
        };
        let first = |cell: Cell| self.by_cell.get(&cell).and_then(|list| list.iter().copied().find(is_near));
        around(at).filter_map(first).min().map(|n| &a.places[n])
    }

    /// The town of a province that was named last in some words.
    pub fn last_in(&self, a: &'a Analysis<'_>, province: Option<&str>, words: TokenSpan) -> Option<&'a PlaceMention> {
        let list = self.by_province.get(&province)?;
        let before = list.partition_point(|&n| a.places[n].tokens.start < words.end);
        let last = &a.places[*list.get(before.checked_sub(1)?)?];
        (last.tokens.start >= words.start).then_some(last)
    }
}

fn cell((latitude, longitude): (f64, f64)) -> Cell {
    let row = (latitude / CELL).floor() as i32;
    (row, column(row, longitude))
}

fn column(row: i32, longitude: f64) -> i32 {
    if f64::from(row).abs() * CELL > POLAR { 0 } else { (longitude.floor() as i32).rem_euclid(360) }
}

/// The cell of a point and those beside it; one may come more than once.
fn around(at: (f64, f64)) -> impl Iterator<Item = Cell> {
    let row = cell(at).0;
    (row - 1..=row + 1).flat_map(move |row| [-1.0, 0.0, 1.0].map(|east| (row, column(row, at.1 + east))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_within_reach_is_in_a_cell_beside() {
        let offsets = [-0.224, -0.1, 0.0, 0.1, 0.224];
        for latitude in [-89.9, -77.1, -76.9, -33.4, -0.1, 0.0, 33.99, 34.0, 51.5, 76.9, 77.0, 77.1, 83.2] {
            for longitude in [-180.0, -179.99, -0.01, 0.0, 71.5, 71.99, 179.99, 180.0] {
                for (north, east) in offsets.iter().flat_map(|n| offsets.iter().map(move |e| (*n, *e))) {
                    let scale = f64::cos(f64::to_radians(latitude)).max(0.01);
                    let (here, there) = ((latitude, longitude), (latitude + north, longitude + east / scale));
                    if there.0.abs() <= 90.0 && kilometres(here, there) < NEAR_KM {
                        assert!(around(here).any(|c| c == cell(there)), "{here:?} {there:?}");
                    }
                }
            }
        }
    }
}
