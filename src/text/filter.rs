//! A set of hashes that is asked before a table: most words of a text are ruled out by one bit.

/// A set of hashes that may answer "perhaps" for others too.
#[derive(Clone, Debug)]
pub struct Filter(Box<[u64]>);

impl Default for Filter {
    fn default() -> Self {
        Self(vec![0; 1 << (Self::BITS - 6)].into_boxed_slice())
    }
}

impl Filter {
    /// log2 of the number of bits: with a thousand words in the set one of 256 others passes.
    const BITS: u32 = 18;

    fn at(hash: u64) -> (usize, u64) {
        let bit = hash >> (64 - Self::BITS);
        ((bit >> 6) as usize, 1 << (bit & 63))
    }

    /// Puts a hash in.
    pub fn add(&mut self, hash: u64) {
        let (at, bit) = Self::at(hash);
        self.0[at] |= bit;
    }

    /// Whether the hash may have been put in.
    #[inline]
    pub fn may_have(&self, hash: u64) -> bool {
        let (at, bit) = Self::at(hash);
        self.0[at] & bit != 0
    }
}
