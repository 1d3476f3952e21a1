//! Numbers as LEB128 varints: how weights are packed before they are deflated.

/// What is left of some bytes that [`put`] wrote.
#[derive(Debug)]
pub struct Reader<'b> {
    /// The bytes not yet read.
    pub bytes: &'b [u8],
}

impl Reader<'_> {
    /// The next number; `None` where the bytes end early.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    /// The next byte as it stands.
    pub fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(byte)
    }

    /// A number up to `most`.
    pub fn size(&mut self, most: usize) -> Option<usize> {
        self.number().map(|n| n as usize).filter(|&n| n <= most)
    }
}

/// Appends a number.
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 128 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A weight so that those near 0 make small numbers.
pub fn zigzag(weight: i16) -> u64 {
    let wide = i32::from(weight);
    u64::from((wide << 1 ^ wide >> 31) as u32)
}

/// The weight of which [`zigzag`] made this number.
pub fn unzigzag(number: u64) -> Option<i16> {
    let wide = (number >> 1) as i64 ^ -((number & 1) as i64);
    i16::try_from(wide).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for weight in [0, 1, -1, i16::MAX, i16::MIN] {
            assert_eq!(unzigzag(zigzag(weight)), Some(weight));
        }
        let mut bytes = Vec::new();
        put(&mut bytes, u64::MAX);
        assert_eq!(Reader { bytes: &bytes }.number(), Some(u64::MAX));
        assert_eq!(Reader { bytes: &bytes[1..3] }.number(), None);
    }
}
