//! What people said is spam, or is not, with the texts: what later verdicts learn from.

/// The texts that people called spam or not spam, and others of the same house to hold them against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpamLessons {
    /// Texts and whether they are spam, newest first; each item once, as it was last said to be.
    pub said: Vec<(String, bool)>,
    /// Texts that nobody said anything of and that were not taken for spam, newest first.
    pub others: Vec<String>,
    /// Changes with each correction.
    pub mark: i64,
}
