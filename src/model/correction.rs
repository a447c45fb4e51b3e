//! What a person says is otherwise than we judged it.

use super::{BrandId, ItemId, Kind, Phase, Sentiment};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that is otherwise than we judged it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum Change {
    /// What the author feels toward the brand.
    Sentiment(Sentiment),
    /// Whether the brand is meant at all.
    Relevant(bool),
    /// Whether the item is spam, for all its brands.
    Spam(bool),
    /// The kinds of opportunity; none means that nobody has to act.
    Kinds(Vec<Kind>),
    /// The part of the customer's journey.
    Phase(Phase),
    /// Whether somebody acted on it.
    Done(bool),
}

impl Change {
    /// Whether it is about the whole item and not about one brand.
    #[must_use]
    pub fn is_of_item(&self) -> bool {
        matches!(self, Self::Spam(_))
    }
}

/// One correction as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The item.
    pub item: ItemId,
    /// The brand; `None` where the whole item is meant.
    pub brand: Option<BrandId>,
    /// What it is.
    pub change: Change,
    /// What stood there before.
    pub before: Change,
    /// When it was said.
    pub at: Timestamp,
    /// Who said it.
    pub who: String,
}

/// What came of an attempt to correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Corrected {
    /// It is so now; what stood there before, in the order of the changes.
    Done(Vec<Correction>),
    /// There is no such item.
    NoItem,
    /// The item is not about that brand, but about these.
    OtherBrands(Vec<BrandId>),
    /// The item is about several brands, and it was not said which one is meant.
    WhichBrand(Vec<BrandId>),
}
