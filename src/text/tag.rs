//! Penn Treebank part-of-speech tags, as UD English carries them in its XPOS column.

macro_rules! tags {
    ($($name:ident = $label:literal),* $(,)?) => {
        /// A Penn Treebank tag.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the variants are the tag set's own names")]
        pub enum Tag { #[default] $($name),* }

        impl Tag {
            /// All tags, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The label used in treebanks.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label),* }
            }

            /// The tag of a treebank label; unknown labels (`GW`, `AFX`, `XX`, …) are `X`.
            pub fn from_label(label: &str) -> Self {
                match label { $($label => Self::$name,)* _ => Self::X }
            }
        }
    };
}

tags! {
    X = "X", NN = "NN", NNS = "NNS", NNP = "NNP", NNPS = "NNPS", VB = "VB", VBD = "VBD", VBG = "VBG", VBN = "VBN", VBP = "VBP", VBZ = "VBZ",
    MD = "MD", IN = "IN", TO = "TO", DT = "DT", PDT = "PDT", CD = "CD", JJ = "JJ", JJR = "JJR", JJS = "JJS", RB = "RB", RBR = "RBR", RBS = "RBS", RP = "RP",
    PRP = "PRP", PRPS = "PRP$", WP = "WP", WPS = "WP$", WDT = "WDT", WRB = "WRB", CC = "CC", EX = "EX", POS = "POS", UH = "UH", FW = "FW", LS = "LS", ADD = "ADD",
    SYM = "SYM", Dollar = "$", Comma = ",", Stop = ".", Colon = ":", OpenQuote = "``", CloseQuote = "''", OpenBracket = "-LRB-", CloseBracket = "-RRB-", Hyphen = "HYPH", Nfp = "NFP",
}

impl Tag {
    /// Common and proper nouns.
    #[inline]
    pub fn is_noun(self) -> bool {
        matches!(self, Self::NN | Self::NNS | Self::NNP | Self::NNPS)
    }

    /// Proper nouns.
    #[inline]
    pub fn is_proper(self) -> bool {
        matches!(self, Self::NNP | Self::NNPS)
    }

    /// Verb forms; modals are not among them.
    #[inline]
    pub fn is_verb(self) -> bool {
        matches!(self, Self::VB | Self::VBD | Self::VBG | Self::VBN | Self::VBP | Self::VBZ)
    }

    /// Adjectives.
    #[inline]
    pub fn is_adjective(self) -> bool {
        matches!(self, Self::JJ | Self::JJR | Self::JJS)
    }

    /// Adverbs.
    #[inline]
    pub fn is_adverb(self) -> bool {
        matches!(self, Self::RB | Self::RBR | Self::RBS)
    }

    /// Punctuation and symbols.
    #[inline]
    pub fn is_punctuation(self) -> bool {
        matches!(
            self,
            Self::Comma
                | Self::Stop
                | Self::Colon
                | Self::OpenQuote
                | Self::CloseQuote
                | Self::OpenBracket
                | Self::CloseBracket
                | Self::Hyphen
                | Self::Nfp
                | Self::SYM
        )
    }
}

/// A set of tags, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TagSet(pub u64);

impl TagSet {
    /// The set of these tags.
    pub fn of(tags: &[Tag]) -> Self {
        Self(tags.iter().fold(0, |bits, &tag| bits | 1 << tag as u8))
    }

    /// Whether `tag` is in it.
    #[inline]
    pub fn has(self, tag: Tag) -> bool {
        self.0 >> tag as u8 & 1 == 1
    }

    /// Whether no tag is in it.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
