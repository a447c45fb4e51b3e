//! What is asked of the kept mentions, and what is found wrong with the database.

use super::{BrandId, Sentiment};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which mentions are to be shown; the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Only of this brand.
    pub brand: Option<BrandId>,
    /// Only those first read at or after this moment.
    pub since: Option<Timestamp>,
    /// Only with this feeling.
    pub sentiment: Option<Sentiment>,
    /// Also spam, the brand's own posts, and what somebody said is not meant.
    pub all: bool,
    /// At most so many.
    pub limit: usize,
}

impl Look {
    /// The newest `limit`, of every brand.
    #[must_use]
    pub fn newest(limit: usize) -> Self {
        Self { brand: None, since: None, sentiment: None, all: false, limit }
    }
}

/// Something that is wrong with the database, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// What was looked at: `pages`, `references`, `search`, `counters`, `schema`.
    pub part: String,
    /// What is wrong, and what to do.
    pub message: String,
}
