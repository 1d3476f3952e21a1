//! Spans of time: "30s", "500ms", "2m".

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A span of time, at most a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub Duration);

const UNITS: &[(&str, u64)] = &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000)];
const DAY_MS: u64 = 86_400_000;

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let number_end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(number_end);
        let number: Option<u64> = number.parse().ok();
        let unit = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, ms)| *ms);
        match number.zip(unit).and_then(|(n, u)| n.checked_mul(u)) {
            Some(ms) if (1..=DAY_MS).contains(&ms) => Ok(Self(Duration::from_millis(ms))),
            _ => Err("expected a time such as 500ms, 30s or 2m, above zero and at most 24h".to_owned()),
        }
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            ms if ms % 1000 == 0 => write!(f, "{}s", ms / 1000),
            ms => write!(f, "{ms}ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect_ms: Option<u64>) {
        assert_eq!(text.parse::<Seconds>().ok().map(|s| s.0), expect_ms.map(Duration::from_millis), "{text}");
    }

    #[test]
    fn spans_are_read() {
        check("30s", Some(30_000));
        check("500ms", Some(500));
        check("2m", Some(120_000));
        check("5", Some(5_000));
        check("0s", None);
        check("25h", None);
        check("s", None);
        check("1 fortnight", None);
        check("18446744073709551615h", None);
    }

    #[test]
    fn spans_print_as_they_are_read() {
        assert_eq!("30s".parse::<Seconds>().unwrap().to_string(), "30s");
        assert_eq!("500ms".parse::<Seconds>().unwrap().to_string(), "500ms");
        assert_eq!("2m".parse::<Seconds>().unwrap().to_string(), "120s");
    }
}
