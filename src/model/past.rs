//! What is known from before of who wrote an item, and of what it answers.

use super::BrandId;

/// For one item: the brands that its author or its thread was about before. Empty where nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Each brand that was asked for and of which something is known.
    pub brands: Vec<PastOfBrand>,
}

/// What is known from before of one brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastOfBrand {
    /// The brand.
    pub brand: BrandId,
    /// Kept items of the same author that are about it, at most a handful.
    pub n_by_author: usize,
    /// What the item answers, or the post that its thread began with, is about it.
    pub in_thread: bool,
}

impl Past {
    /// Whether anything is known that could tip the scales.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.brands.iter().any(|past| past.in_thread || past.n_by_author > 0)
    }

    /// What is known of `brand`.
    #[must_use]
    pub fn of(&self, brand: &BrandId) -> Option<&PastOfBrand> {
        self.brands.iter().find(|past| past.brand == *brand)
    }
}
