//! Sketches as bytes, a few hundred for a document: varints, lists with their lengths, ordered numbers by their distances.

use super::sketch::{DocumentSketch, PlaceSketch, ReportSketch, Told};
use super::words::Words;
use crate::text::varint::{Reader, put};

/// Most entries of any list.
const MAX_LENGTH: usize = 1 << 16;

impl DocumentSketch {
    /// Packs a sketch.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        optional(&mut out, self.published.map(zigzag));
        put(&mut out, self.words.weights.len() as u64);
        let mut last = 0;
        for &(word, weight) in &self.words.weights {
            put(&mut out, u64::from(word - last));
            out.push(weight);
            last = word;
        }
        // Names and keys are words: their places do.
        let places =
            |list: &[u32]| list.iter().filter_map(|w| self.words.weights.binary_search_by_key(w, |x| x.0).ok()).map(|at| at as u32).collect::<Vec<_>>();
        ordered(&mut out, &places(&self.words.names));
        ordered(&mut out, &places(&self.words.keys));
        put(&mut out, self.words.ages.len() as u64);
        out.extend(&self.words.ages);
        ordered(&mut out, &self.words.streets);
        ordered(&mut out, &self.places);
        put(&mut out, self.reports.len() as u64);
        self.reports.iter().for_each(|r| r.write(&mut out));
        out
    }

    /// Unpacks a sketch; none of other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut r = Reader { bytes };
        let published = match read_optional(&mut r)? {
            Some(day) => Some(unzigzag(day)?),
            None => None,
        };
        let n_words = r.size(MAX_LENGTH)?;
        let mut weights = Vec::with_capacity(n_words);
        let mut last = 0u32;
        for _ in 0..n_words {
            last = last.checked_add(u32::try_from(r.number()?).ok()?)?;
            weights.push((last, r.byte()?));
        }
        let at = |list: Vec<u32>| list.into_iter().map(|n| weights.get(n as usize).map(|w| w.0)).collect::<Option<Vec<u32>>>();
        let (names, keys) = (at(read_ordered(&mut r)?)?, at(read_ordered(&mut r)?)?);
        let ages = (0..r.size(MAX_LENGTH)?).map(|_| r.byte()).collect::<Option<_>>()?;
        let streets = read_ordered(&mut r)?;
        let places = read_ordered(&mut r)?;
        let reports = (0..r.size(MAX_LENGTH)?).map(|_| ReportSketch::read(&mut r)).collect::<Option<_>>()?;
        r.bytes.is_empty().then_some(Self { published, words: Words { weights, names, keys, ages, streets }, places, reports })
    }
}

impl ReportSketch {
    fn write(&self, out: &mut Vec<u8>) {
        text(out, &self.kind);
        let told = match self.told {
            Told::Day => 0,
            Told::Vaguely => 1,
            Told::Not => 2,
        };
        out.push(told << 2 | u8::from(self.happened) << 1 | u8::from(self.background));
        optional(out, self.window.map(|w| zigzag(w.0)));
        if let Some((first, last)) = self.window {
            put(out, u64::from((last - first).max(0).cast_unsigned()));
        }
        text(out, &self.country);
        optional(out, self.place.as_ref().map(|p| u64::from(p.name)));
        if let Some(place) = &self.place {
            place.write(out);
        }
        optional(out, self.killed.map(u64::from));
        optional(out, self.injured.map(u64::from));
        ordered(out, &self.doers);
        put(out, self.victims.len() as u64);
        self.victims.iter().for_each(|name| ordered(out, name));
        ordered(out, &self.nouns);
        for list in [&self.targets, &self.weapons] {
            put(out, list.len() as u64);
            list.iter().for_each(|code| text(out, code));
        }
    }

    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let kind = read_text(r)?;
        let flags = r.byte()?;
        let told = match flags >> 2 {
            0 => Told::Day,
            1 => Told::Vaguely,
            2 => Told::Not,
            _ => return None,
        };
        let window = match read_optional(r)? {
            Some(first) => {
                let first = unzigzag(first)?;
                Some((first, first.checked_add(i32::try_from(r.number()?).ok()?)?))
            }
            None => None,
        };
        let country = read_text(r)?;
        let place = match read_optional(r)? {
            Some(name) => Some(PlaceSketch::read(u32::try_from(name).ok()?, r)?),
            None => None,
        };
        let mut figure = || read_optional(r)?.map(|n| u32::try_from(n).ok()).map_or(Some(None), |n| n.map(Some));
        let (killed, injured) = (figure()?, figure()?);
        let doers = read_ordered(r)?;
        let victims = (0..r.size(MAX_LENGTH)?).map(|_| read_ordered(r)).collect::<Option<_>>()?;
        let nouns = read_ordered(r)?;
        let mut codes = || (0..r.size(MAX_LENGTH)?).map(|_| read_text(r)).collect::<Option<Vec<_>>>();
        let (targets, weapons) = (codes()?, codes()?);
        Some(Self {
            kind,
            background: flags & 1 != 0,
            happened: flags & 2 != 0,
            window,
            told,
            country,
            place,
            killed,
            injured,
            doers,
            victims,
            nouns,
            targets,
            weapons,
        })
    }
}

impl PlaceSketch {
    fn write(&self, out: &mut Vec<u8>) {
        put(out, u64::from(self.admin1));
        put(out, u64::from(self.admin2));
        text(out, &self.country);
        optional(out, self.at.map(|(latitude, _)| zigzag(latitude)));
        if let Some((_, longitude)) = self.at {
            put(out, zigzag(longitude));
        }
        out.push(u8::from(self.is_point));
        ordered(out, &self.site);
    }

    fn read(name: u32, r: &mut Reader<'_>) -> Option<Self> {
        let (admin1, admin2) = (u32::try_from(r.number()?).ok()?, u32::try_from(r.number()?).ok()?);
        let country = read_text(r)?;
        let at = match read_optional(r)? {
            Some(latitude) => Some((unzigzag(latitude)?, unzigzag(r.number()?)?)),
            None => None,
        };
        let is_point = r.byte()? != 0;
        Some(Self { name, admin1, admin2, country, at, is_point, site: read_ordered(r)? })
    }
}

/// 0 is none, other numbers are one higher.
fn optional(out: &mut Vec<u8>, number: Option<u64>) {
    put(out, number.map_or(0, |n| n + 1));
}

fn read_optional(r: &mut Reader<'_>) -> Option<Option<u64>> {
    r.number().map(|n| n.checked_sub(1))
}

fn zigzag(n: i32) -> u64 {
    u64::from((n << 1 ^ n >> 31).cast_unsigned())
}

fn unzigzag(n: u64) -> Option<i32> {
    i32::try_from((n >> 1) as i64 ^ -((n & 1) as i64)).ok()
}

fn text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn read_text(r: &mut Reader<'_>) -> Option<String> {
    let length = r.size(MAX_LENGTH)?;
    let (bytes, rest) = r.bytes.split_at_checked(length)?;
    r.bytes = rest;
    String::from_utf8(bytes.to_vec()).ok()
}

fn ordered(out: &mut Vec<u8>, numbers: &[u32]) {
    put(out, numbers.len() as u64);
    let mut last = 0;
    for &number in numbers {
        put(out, u64::from(number - last));
        last = number;
    }
}

fn read_ordered(r: &mut Reader<'_>) -> Option<Vec<u32>> {
    let length = r.size(MAX_LENGTH)?;
    let mut last = 0u32;
    let mut numbers = Vec::with_capacity(length);
    for _ in 0..length {
        last = last.checked_add(u32::try_from(r.number()?).ok()?)?;
        numbers.push(last);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sketches_come_back() {
        let place = PlaceSketch { name: 7, admin1: 0, admin2: u32::MAX, country: "PK".into(), at: Some((-34_008, 71_579)), is_point: true, site: vec![3, 9] };
        let report = ReportSketch {
            kind: "explosion.bomb".into(),
            happened: true,
            window: Some((-3, 4)),
            country: "PK".into(),
            place: Some(place),
            killed: Some(0),
            doers: vec![5],
            victims: vec![vec![1, 2], vec![]],
            targets: vec!["security.police".into()],
            ..ReportSketch::default()
        };
        let words = Words { weights: vec![(1, 9), (8, 3), (300, 127)], names: vec![8, 300], keys: vec![300], ages: vec![4, 30], streets: vec![77] };
        let sketch = DocumentSketch { published: Some(19_000), words, places: vec![4, 1000], reports: vec![report.clone(), ReportSketch::default()] };
        let bytes = sketch.to_bytes();
        assert_eq!(DocumentSketch::from_bytes(&bytes), Some(sketch));
        assert_eq!(DocumentSketch::from_bytes(&DocumentSketch::default().to_bytes()), Some(DocumentSketch::default()));
        for end in 0..bytes.len() {
            assert_eq!(DocumentSketch::from_bytes(&bytes[..end]), None, "{end}");
        }
    }
}
