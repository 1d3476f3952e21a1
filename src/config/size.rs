//! Sizes of memory and files: "512KiB", "16MiB", "1GB", "4096".

use std::fmt;
use std::str::FromStr;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub usize);

const UNITS: &[(&str, u64)] =
    &[("gib", 1 << 30), ("mib", 1 << 20), ("kib", 1 << 10), ("gb", 1_000_000_000), ("mb", 1_000_000), ("kb", 1_000), ("b", 1), ("", 1)];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.trim().to_ascii_lowercase();
        let number_end = lower.find(|c: char| !c.is_ascii_digit()).unwrap_or(lower.len());
        let (number, unit) = lower.split_at(number_end);
        let number: Option<u64> = number.parse().ok();
        let unit = UNITS.iter().find(|(name, _)| *name == unit.trim()).map(|(_, bytes)| *bytes);
        let bytes = number.zip(unit).and_then(|(n, u)| n.checked_mul(u)).and_then(|b| usize::try_from(b).ok());
        match bytes {
            Some(bytes) if bytes >= 1 => Ok(Self(bytes)),
            _ => Err("expected a size above zero such as 512KiB, 16MiB or 1GB".to_owned()),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0 as u64;
        let unit = UNITS.iter().take(3).find(|(_, unit)| bytes.is_multiple_of(*unit) && bytes > 0);
        match unit {
            Some((name, unit)) => write!(f, "{}{}iB", bytes / unit, name[..1].to_ascii_uppercase()),
            None => write!(f, "{bytes}B"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<usize>) {
        assert_eq!(text.parse::<Size>().ok().map(|s| s.0), expect, "{text}");
    }

    #[test]
    fn sizes_are_read() {
        check("16MiB", Some(16 << 20));
        check("1 kb", Some(1000));
        check("4096", Some(4096));
        check("7B", Some(7));
        check("0", None);
        check("", None);
        check("MiB", None);
        check("16 parsecs", None);
        check("99999999999999999999GiB", None);
        check("-1", None);
    }

    #[test]
    fn sizes_print_as_they_are_read() {
        for text in ["16MiB", "512KiB", "1GiB", "1000B"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
    }
}
